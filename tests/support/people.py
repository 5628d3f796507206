"""What people do in a chat, and which of it Telegram shows to the bot."""

import re
import uuid

from tests.support.message_text import MAX_LENGTH, user_text
from tests.support.world import Json, World

_COMMAND = re.compile(r"/\w+(?:@(?P<bot>\w+))?")
_LONG_AGO = 1_700_000_000


def person(user_id: int) -> Json:
    """A user account."""
    return {
        "id": user_id,
        "is_bot": False,
        "first_name": f"User{user_id}",
        "username": f"user{user_id}",
        "language_code": "de",
    }


def say(
    world: World, text: str, *, chat_id: int, user_id: int, reply_to: int | None, thread: int | None
) -> int:
    """A user writes a message; returns its id."""
    assert 1 <= len(text) <= MAX_LENGTH, "Telegram's apps send 1 to 4096 characters a message"
    chat = world.open_chat(chat_id)
    sender = person(user_id)
    replied = None
    if thread is not None:
        world.open_topic(chat, thread)
        replied = _topic_start(chat, sender, thread)
    if reply_to is not None:
        replied = world.message(chat_id, reply_to)
        assert replied is not None, f"there is no message {reply_to} in chat {chat_id}"
    message = world.add_message(chat, sender, user_text(text), thread=thread or 0, reply_to=replied)
    if _visible(world, message):
        world.updates.push("message", message)
    message_id: int = message["message_id"]
    return message_id


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
        "from": person(user_id),
        "chat_instance": str(chat_id),
        "message": message,
        "data": data,
    }
    world.updates.push("callback_query", query)
    return query_id


def _visible(world: World, message: Json) -> bool:
    """Privacy mode: of a group the bot sees its commands and the replies to it.

    A plain mention is not enough, and "/help@other_bot" is for another bot.
    """
    if message["chat"]["type"] == "private" or world.me["can_read_all_group_messages"]:
        return True
    if message.get("reply_to_message", {}).get("from", {}).get("id") == world.me["id"]:
        return True
    command = _COMMAND.match(message["text"])
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
