"""What a test sees of the server: its messages and the calls it got."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.entity import Entity


@dataclass(frozen=True)
class Message:
    """A message as it stands in its chat."""

    message_id: int
    chat_id: int
    text: str
    entities: tuple[Entity, ...]
    reply_markup: dict[str, Any] | None
    reply_to: int | None
    thread: int | None
    from_bot: bool
    edited: bool
    document: dict[str, Any] | None = None  # a file's own text is its caption

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Message":
        """Read a message of the Bot API."""
        entities = data.get("entities") or data.get("caption_entities", ())
        return cls(
            message_id=data["message_id"],
            chat_id=data["chat"]["id"],
            text=data.get("text") or data.get("caption", ""),
            entities=tuple(Entity.from_json(item) for item in entities),
            reply_markup=data.get("reply_markup"),
            reply_to=data.get("reply_to_message", {}).get("message_id"),
            thread=data.get("message_thread_id"),
            from_bot=data["from"]["is_bot"],
            edited="edit_date" in data,
            document=data.get("document"),
        )


@dataclass(frozen=True)
class Call:
    """One call of the bot; the response is None if the bot never got one."""

    method: str
    params: dict[str, str]
    response: dict[str, Any] | None
    at: float  # when it came in, by time.monotonic()
    done_at: float | None = None  # when it took effect; None if it never did
    impatient: bool = False  # came although a 429 had said to leave the chat alone

    @property
    def chat_id(self) -> str:
        """The chat the call is about, empty if none."""
        return self.params.get("chat_id", "")

    @property
    def outcome(self) -> str:
        """The response in a few words."""
        if self.response is None:
            return "no response"
        if self.response["ok"]:
            return "ok"
        return f"{self.response['error_code']} {self.response['description']}"


def describe(calls: Iterable[Call], token: str) -> str:
    """The calls as text, without the polls that brought nothing and without the token."""
    lines = [
        f"  {call.at:.3f} {call.method} {call.params} -> {call.outcome}"
        for call in calls
        if call.method != "getUpdates" or (call.response or {}).get("result") != []
    ]
    return "\n".join(lines or ["  (none)"]).replace(token, "<token>")
