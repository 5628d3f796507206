"""The chats and messages behind the Bot API."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from tests.support.api_error import ApiError, bad_request
from tests.support.bot_files import Files
from tests.support.bot_inline import InlineQueries
from tests.support.bot_webhook import Webhook
from tests.support.message_text import MessageText
from tests.support.rate_limit import RateLimits
from tests.support.signal import Signal
from tests.support.updates import UpdateQueue

Json = dict[str, Any]


class World:
    """Everything Telegram remembers; it belongs to the server's loop."""

    def __init__(self, bot_id: int, *, privacy: bool) -> None:
        self.me: Json = {
            "id": bot_id,
            "is_bot": True,
            "first_name": "Beleg",
            "username": "beleg_test_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": not privacy,
            "supports_inline_queries": True,
        }
        self.updates = UpdateQueue()
        self.changed = Signal()
        self.webhook = Webhook(self.updates)
        self.files = Files()
        self.inline = InlineQueries()
        self.rate_limits = RateLimits()
        self.open_queries: set[str] = set()
        self.reactions: dict[tuple[int, int], list[Json]] = {}
        self.history: defaultdict[tuple[int, int], list[tuple[float, str]]] = defaultdict(list)
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self._chats: dict[int, Json] = {}
        self._bars: dict[int, Callable[[], ApiError]] = {}
        self._languages: dict[int, str] = {}
        self._members: set[tuple[int, int]] = set()
        self._messages: dict[tuple[int, int], Json] = {}
        self._topics: set[tuple[int, int]] = set()
        self._message_ids = count(1)

    # -- chats and people -------------------------------------------------------

    def person(self, user_id: int, language: str | None = None) -> Json:
        """A user account; the language is the one the person was last seen with."""
        if language:
            self._languages[user_id] = language
        return {
            "id": user_id,
            "is_bot": False,
            "first_name": f"User{user_id}",
            "username": f"user{user_id}",
            "language_code": self._languages.get(user_id, "de"),
        }

    def open_chat(self, chat_id: int) -> Json:
        """The chat, which the bot may write to from now on."""
        if chat_id not in self._chats:
            kind = "supergroup" if str(chat_id).startswith("-100") else "group"
            self._chats[chat_id] = (
                {"id": chat_id, "type": "private", "first_name": f"User{chat_id}"}
                if chat_id > 0
                else {"id": chat_id, "type": kind, "title": "Gruppe"}
            )
        return self._chats[chat_id]

    def open_topic(self, chat: Json, thread: int) -> None:
        """A topic of the chat, which becomes a forum by it."""
        chat["is_forum"] = True
        self._topics.add((chat["id"], thread))

    def known_chat(self, chat_id: str) -> Json:
        """The chat a request names, also one in which the bot may not write."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        try:
            return self._chats[int(chat_id)]
        except (ValueError, KeyError):
            raise bad_request("chat not found") from None

    def chat(self, chat_id: str) -> Json:
        """The chat a request names, as long as the bot may act in it."""
        chat = self.known_chat(chat_id)
        if refusal := self._bars.get(chat["id"]):
            raise refusal()
        return chat

    def bar(self, chat_id: int, refusal: Callable[[], ApiError]) -> None:
        """Keep the bot out of a chat."""
        self._bars[chat_id] = refusal
        self.changed.fire()

    def unbar(self, chat_id: int) -> None:
        """Let the bot into a chat again."""
        self._bars.pop(chat_id, None)
        self.changed.fire()

    def is_barred(self, chat_id: int) -> bool:
        """Whether the bot is kept out of a chat."""
        return chat_id in self._bars

    def is_member(self, chat_id: int, user_id: int) -> bool:
        """Whether that user has written in the chat."""
        return (chat_id, user_id) in self._members

    def has_topic(self, chat: Json, thread: int) -> bool:
        """Whether the chat has this topic."""
        return (chat["id"], thread) in self._topics

    # -- messages -------------------------------------------------------------

    def messages(self, chat_id: int) -> list[Json]:
        """The messages of a chat, oldest first."""
        return [message for (chat, _), message in self._messages.items() if chat == chat_id]

    def message(self, chat_id: int, message_id: int) -> Json | None:
        """One message, if it is there."""
        return self._messages.get((chat_id, message_id))

    def add_message(
        self,
        chat: Json,
        sender: Json,
        content: Mapping[str, Any],
        *,
        thread: int = 0,
        reply_to: Json | None = None,
        reply_markup: Json | None = None,
    ) -> Json:
        """Put a message into a chat."""
        message: Json = {
            "message_id": next(self._message_ids),
            "from": sender,
            "chat": chat,
            "date": int(time.time()),
            **content,
        }
        if thread:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        if reply_to:
            message["reply_to_message"] = _without_its_reply(reply_to)
        if reply_markup:
            message["reply_markup"] = reply_markup
        self._messages[chat["id"], message["message_id"]] = message
        self._members.add((chat["id"], sender["id"]))
        self._note(message)
        return message

    def edit_message(self, message: Json, text: MessageText | None, markup: Json | None) -> None:
        """Replace the keyboard of a message, and its text if there is a new one."""
        changes: Json = {"reply_markup": markup} if markup else {}
        if text:
            changes |= text.to_json()
        replaced = ("reply_markup", "text", "entities") if text else ("reply_markup",)
        if changes == {key: message[key] for key in replaced if key in message}:
            raise bad_request(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        for key in replaced:
            message.pop(key, None)
        message |= {**changes, "edit_date": int(time.time())}
        self._note(message)

    def rewrite_message(self, message: Json, text: MessageText) -> None:
        """What an edit by a person does, who may also leave the text as it is."""
        message.pop("entities", None)
        message |= {**text.to_json(), "edit_date": int(time.time())}
        self._note(message)

    def delete_message(self, message: Json) -> None:
        """Take a message out of its chat."""
        del self._messages[message["chat"]["id"], message["message_id"]]
        self.changed.fire()

    def _note(self, message: Json) -> None:
        """Remember how a message reads from now on."""
        text = message.get("text") or message.get("caption", "")
        place = message["chat"]["id"], message["message_id"]
        self.history[place].append((time.monotonic(), text))
        self.changed.fire()


def _without_its_reply(message: Json) -> Json:
    """A message as it is quoted: Telegram goes only one reply deep."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}
