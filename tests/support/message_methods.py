"""The Bot API methods about messages."""

import time

from telegram.constants import ReactionEmoji

from tests.support.api_error import bad_request
from tests.support.inline_keyboard import read_inline_keyboard
from tests.support.message_text import read_caption, read_text
from tests.support.params import Params
from tests.support.world import Json, World

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_MAX_CALLBACK_ANSWER = 200
_REACTIONS = frozenset(str(emoji.value) for emoji in ReactionEmoji)


async def send_message(world: World, params: Params) -> Json:
    """sendMessage"""
    text = read_text(params, too_long="message is too long")
    markup = read_inline_keyboard(params, required_inline=False)
    params.object("link_preview_options")
    chat = world.chat(params.text("chat_id"))
    thread = _thread(world, chat, params)
    replied = _replied(world, chat, params)
    _admit(world, chat)
    return world.add_message(
        chat, world.me, text.to_json(), thread=thread, reply_to=replied, reply_markup=markup
    )


async def send_document(world: World, params: Params) -> Json:
    """sendDocument: a new file or the id of one that is there."""
    caption = read_caption(params)
    markup = read_inline_keyboard(params, required_inline=False)
    chat = world.chat(params.text("chat_id"))
    thread = _thread(world, chat, params)
    replied = _replied(world, chat, params)
    content = {"document": _document(world, params), **caption.to_caption_json()}
    _admit(world, chat)
    return world.add_message(
        chat, world.me, content, thread=thread, reply_to=replied, reply_markup=markup
    )


async def edit_message_text(world: World, params: Params) -> Json:
    """editMessageText"""
    text = read_text(params, too_long="MESSAGE_TOO_LONG")
    markup = read_inline_keyboard(params, required_inline=True)
    params.object("link_preview_options")
    message = _own_message(world, params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    _admit(world, message["chat"])
    world.edit_message(message, text, markup)
    return message


async def edit_message_reply_markup(world: World, params: Params) -> Json:
    """editMessageReplyMarkup"""
    markup = read_inline_keyboard(params, required_inline=True)
    message = _own_message(world, params)
    _admit(world, message["chat"])
    world.edit_message(message, None, markup)
    return message


async def delete_message(world: World, params: Params) -> bool:
    """deleteMessage: in a group only the bot's own, which is no administrator there."""
    message = _message(world, params, "delete")
    own = message["from"]["id"] == world.me["id"]
    if not own and message["chat"]["type"] != "private":
        raise bad_request("message can't be deleted")
    world.delete_message(message)
    return True


async def send_chat_action(world: World, params: Params) -> bool:
    """sendChatAction"""
    _thread(world, world.chat(params.text("chat_id")), params)
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


async def answer_callback_query(world: World, params: Params) -> bool:
    """answerCallbackQuery: each query can be answered once."""
    query_id = params.text("callback_query_id")
    if len(params.text("text")) > _MAX_CALLBACK_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if query_id not in world.open_queries:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    world.open_queries.remove(query_id)
    return True


async def answer_inline_query(world: World, params: Params) -> bool:
    """answerInlineQuery: each query can be answered once."""
    world.inline.answer(params)
    world.changed.fire()
    return True


async def set_message_reaction(world: World, params: Params) -> bool:
    """setMessageReaction: a bot has one emoji at most for a message."""
    _message(world, params, "react")
    reactions = params.array("reaction")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(
        item.get("type") != "emoji" or item.get("emoji") not in _REACTIONS for item in reactions
    ):
        raise bad_request("REACTION_INVALID")
    return True


def _document(world: World, params: Params) -> Json:
    upload = params.upload("document")
    if upload:
        if not upload.data:
            raise bad_request("file must be non-empty")
        return world.files.add(upload.name, upload.data)
    file_id = params.text("document")
    if not file_id:
        raise bad_request("there is no document in the request")
    return world.files.document(file_id)


def _message(world: World, params: Params, purpose: str) -> Json:
    chat = world.chat(params.text("chat_id"))
    if "message_id" not in params:
        raise bad_request("message identifier is not specified")
    message = world.message(chat["id"], params.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return message


def _own_message(world: World, params: Params) -> Json:
    message = _message(world, params, "edit")
    if message["from"]["id"] != world.me["id"]:
        raise bad_request("message can't be edited")
    return message


def _thread(world: World, chat: Json, params: Params) -> int:
    thread = params.integer("message_thread_id")
    if thread and not world.has_topic(chat, thread):
        raise bad_request("message thread not found")
    return thread


def _replied(world: World, chat: Json, params: Params) -> Json | None:
    reply = params.object("reply_parameters")
    if not reply:
        return None
    message = world.message(chat["id"], reply.get("message_id", 0))
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def _admit(world: World, chat: Json) -> None:
    world.rate_limits.admit(chat["id"], time.monotonic())
