"""Who wrote, and where: people and places by the names under which the catalogue keeps them."""

from dataclasses import dataclass

from telegram import Message, Update
from telegram.constants import ChatType

PREFIX = "telegram:"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: a chat, a topic in it, the message that it replies to."""

    chat: int
    thread: int | None = None
    reply_to: int | None = None


def person_of(message: Message) -> str:
    """Whose message it is: a person's, or a chat's that writes as itself.

    For the latter, Telegram names the same stand-in as the sender in all groups.
    """
    if message.sender_chat is not None:
        return person(message.sender_chat.id)
    return person(message.from_user.id if message.from_user else message.chat_id)


def person(number: int) -> str:
    """A person's name here."""
    return f"{PREFIX}{number}"


def place_of(message: Message) -> str:
    """The chat, and its topic if it has some: elsewhere a thread is only a chain of replies."""
    thread = message.message_thread_id if message.is_topic_message else None
    return f"{PREFIX}{message.chat_id}" + (f":{thread}" if thread else "")


def chat_of(place: str) -> str:
    """The chat in which a place is a topic, or which it is."""
    return ":".join(place.split(":")[:2])


def target_of(message: Message) -> Target:
    """A reply to a message, in its topic."""
    thread = message.message_thread_id if message.is_topic_message else None
    return Target(message.chat_id, thread, message.message_id)


def target_at(place: str) -> Target:
    """A message into a place, in reply to nothing."""
    chat, _, thread = place.removeprefix(PREFIX).partition(":")
    return Target(int(chat), int(thread) if thread else None)


def is_group(message: Message) -> bool:
    """Whether several people read along."""
    return message.chat.type != ChatType.PRIVATE


def whose(update: Update) -> str:
    """Whose update it is; "" if nobody's."""
    message = update.message or update.edited_message
    if message is not None:
        return person_of(message)
    return person(update.effective_user.id) if update.effective_user is not None else ""
