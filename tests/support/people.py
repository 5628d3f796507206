"""What people do in a chat, and which of it Telegram shows to the bot."""

import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.message_text import MAX_CAPTION, MAX_LENGTH, user_text
from tests.support.world import Json, World

_COMMAND = re.compile(r"/\w+(?:@(?P<bot>\w+))?")
_LONG_AGO = 1_700_000_000
_MAX_INLINE_QUERY = 256


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes, and whose it is."""

    chat: int
    user: int
    reply_to: int | None = None
    thread: int | None = None
    language: str = "de"
    ago: int = 0  # seconds


def say(world: World, text: str, place: Place) -> int:
    """A user writes a message; returns its id."""
    assert 1 <= len(text) <= MAX_LENGTH, "Telegram's apps send 1 to 4096 characters a message"
    return _post(world, user_text(text).to_json(), place)


def post(world: World, content: Mapping[str, Any], place: Place) -> int:
    """A user sends something else, perhaps with a caption; returns the message's id."""
    assert content, "a message has to hold something"
    caption = content.get("caption", "")
    assert len(caption) <= MAX_CAPTION, "Telegram's apps send at most 1024 characters a caption"
    captioned = user_text(caption).to_caption_json() if caption else {}
    return _post(world, {**content, **captioned}, place)


def edit(world: World, text: str, chat_id: int, message_id: int, user_id: int) -> None:
    """A user changes an own message."""
    assert 1 <= len(text) <= MAX_LENGTH, "Telegram's apps send 1 to 4096 characters a message"
    message = world.message(chat_id, message_id)
    assert message is not None, f"there is no message {message_id} in chat {chat_id}"
    assert message["from"]["id"] == user_id, f"message {message_id} is not user {user_id}'s"
    assert "text" in message, f"message {message_id} has no text"
    world.rewrite_message(message, user_text(text))
    if _visible(world, message):
        world.updates.push("edited_message", message)


def press(world: World, *, chat_id: int, message_id: int, data: str, user_id: int) -> str:
    """A user presses the button with this callback data; returns the query's id."""
    message = world.message(chat_id, message_id)
    assert message is not None, f"there is no message {message_id} in chat {chat_id}"
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    choices = [button.get("callback_data") for row in rows for button in row]
    assert data in choices, f"message {message_id} has no button {data!r}, only {choices}"
    query_id = uuid.uuid4().hex
    world.open_queries.add(query_id)
    query = {
        "id": query_id,
        "from": world.person(user_id),
        "chat_instance": str(chat_id),
        "message": message,
        "data": data,
    }
    world.updates.push("callback_query", query)
    return query_id


def ask_inline(world: World, query: str, user_id: int, language: str) -> str:
    """A user types a query behind the bot's name; returns the query's id."""
    assert len(query) <= _MAX_INLINE_QUERY, "Telegram's apps send at most 256 characters a query"
    query_id = uuid.uuid4().hex
    inline_query = {
        "id": query_id,
        "from": world.person(user_id, language),
        "query": query,
        "offset": "",
        "chat_type": "sender",
    }
    world.inline.open[query_id] = inline_query
    world.updates.push("inline_query", inline_query)
    return query_id


def react(world: World, emoji: str, chat_id: int, message_id: int) -> None:
    """The owner of a private chat reacts; in groups only administrators see that."""
    assert chat_id > 0, "the bot is no administrator, it would not see a group's reactions"
    message = world.message(chat_id, message_id)
    assert message is not None, f"there is no message {message_id} in chat {chat_id}"
    new = [{"type": "emoji", "emoji": emoji}] if emoji else []
    reaction = {
        "chat": message["chat"],
        "message_id": message_id,
        "user": world.person(chat_id),
        "date": int(time.time()),
        "old_reaction": world.reactions.get((chat_id, message_id), []),
        "new_reaction": new,
    }
    world.reactions[chat_id, message_id] = new
    world.updates.push("message_reaction", reaction)


def _post(world: World, content: Json, place: Place) -> int:
    chat = world.open_chat(place.chat)
    assert place.chat < 0 or not world.is_barred(place.chat), (
        f"user {place.chat} has blocked the bot and has to unblock it before writing"
    )
    sender = world.person(place.user, place.language)
    replied = None
    if place.thread is not None:
        world.open_topic(chat, place.thread)
        replied = _topic_start(chat, sender, place.thread)
    if place.reply_to is not None:
        replied = world.message(place.chat, place.reply_to)
        assert replied is not None, f"there is no message {place.reply_to} in chat {place.chat}"
    message = world.add_message(chat, sender, content, thread=place.thread or 0, reply_to=replied)
    message["date"] -= place.ago
    if _visible(world, message):
        world.updates.push("message", message)
    message_id: int = message["message_id"]
    return message_id


def _visible(world: World, message: Json) -> bool:
    """Privacy mode: of a group the bot sees its commands and the replies to it.

    A plain mention is not enough, and "/help@other_bot" is for another bot. A bot that
    is out sees nothing.
    """
    if world.is_barred(message["chat"]["id"]):
        return False
    if message["chat"]["type"] == "private" or world.me["can_read_all_group_messages"]:
        return True
    if message.get("reply_to_message", {}).get("from", {}).get("id") == world.me["id"]:
        return True
    command = _COMMAND.match(message.get("text") or message.get("caption", ""))
    return command is not None and command["bot"] in (None, world.me["username"])


def _topic_start(chat: Json, sender: Json, thread: int) -> Json:
    """The service message that began a topic.

    Telegram reports every plain message in a topic as a reply to it.
    """
    return {
        "message_id": thread,
        "from": sender,
        "chat": chat,
        "date": _LONG_AGO,
        "message_thread_id": thread,
        "is_topic_message": True,
        "forum_topic_created": {"name": f"Thema {thread}", "icon_color": 7322096},
    }
