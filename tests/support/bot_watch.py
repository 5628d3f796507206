"""The part of the remote control that looks at what the bot did, beside its messages."""

from collections.abc import Mapping
from typing import Any

from tests.support.bot_inline import InlineAnswer
from tests.support.bot_methods import scope_key
from tests.support.bot_remote import Remote
from tests.support.bot_webhook import Delivery
from tests.support.records import Call


class WatchRemote(Remote):
    """Calls, answers, files and settings of the bot; every method is thread-safe."""

    @property
    def calls(self) -> list[Call]:
        """All the calls answered so far; the fetching of a file is one of "download"."""
        return self._loop.call(lambda: list(self._service.calls))

    @property
    def impatient(self) -> list[Call]:
        """The calls to a chat that a 429 had told the bot to leave alone for longer."""
        return [call for call in self.calls if call.impatient]

    def history(self, chat: int, message_id: int) -> list[tuple[float, str]]:
        """When (by time.monotonic()) a message was sent and edited, and its text then."""
        return self._loop.call(lambda: list(self._world.history.get((chat, message_id), ())))

    def file(self, file_id: str) -> bytes:
        """What is in a file that the bot or someone else sent."""
        return self._loop.call(lambda: self._world.files.data(file_id))

    # -- inline answers -----------------------------------------------------------

    @property
    def inline_answers(self) -> list[InlineAnswer]:
        """The answers to inline queries so far."""
        return self._loop.call(lambda: list(self._world.inline.answers))

    def wait_for_inline_answer(self, query_id: str, *, timeout: float = 10.0) -> InlineAnswer:
        """The answer to the inline query that asks_inline told."""

        def found() -> InlineAnswer | None:
            answers = self._world.inline.answers
            return next((a for a in answers if a.query_id == query_id), None)

        return self._wait(found, timeout, f"answer to the inline query {query_id}")

    # -- updates ------------------------------------------------------------------

    @property
    def pending(self) -> list[dict[str, Any]]:
        """The updates the bot has not confirmed yet, oldest first."""
        return self._loop.call(self._world.updates.pending)

    @property
    def deliveries(self) -> list[Delivery]:
        """The attempts so far to hand over updates by webhook."""
        return self._loop.call(lambda: list(self._world.webhook.deliveries))

    def wait_for_poll(self, *, timeout: float = 10.0) -> None:
        """Until the bot is up: it waits for updates in a getUpdates right now."""
        self._in_time(self._world.updates.until_polled(timeout), "open getUpdates")

    def wait_until_taken(self, *, timeout: float = 10.0) -> None:
        """Until the bot has confirmed all the updates, by poll or webhook."""
        self._in_time(self._world.updates.until_empty(timeout), "confirmation of all updates")

    # -- settings -----------------------------------------------------------------

    def commands(
        self, scope: str | Mapping[str, Any] = "default", language: str = ""
    ) -> dict[str, str]:
        """The commands set for a scope and language, with their descriptions.

        Scopes of one chat are objects: `{"type": "chat", "chat_id": 7}`.
        """
        key = scope_key({"type": scope} if isinstance(scope, str) else scope), language
        commands = self._loop.call(lambda: list(self._world.commands.get(key, ())))
        return {item["command"]: item["description"] for item in commands}

    def described(self, kind: str = "description", language: str = "") -> str:
        """The "description", "short_description" or "name" set for a language."""
        return self._loop.call(lambda: self._world.descriptions.get((kind, language), ""))
