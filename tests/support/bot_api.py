"""A strict Telegram Bot API server for tests.

It runs in a thread of the test process, so that tests stay synchronous and the bot
under test can be a process of its own::

    with BotApi.running() as api:
        question = api.user_sends("Wer leitet den Fonds?", chat=7)
        answer = api.wait_for_message(chat=7, after=question, timeout=60)
"""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, TypeVar

from tests.support.bot_http import HttpServer
from tests.support.bot_service import BotService
from tests.support.faults import Drop, Fault
from tests.support.loop_thread import LoopThread
from tests.support.people import press, say
from tests.support.rate_limit import RateLimit
from tests.support.records import Call, Message, describe

T = TypeVar("T")

TEST_TOKEN = "123456:TEST-token_of_the_bot_under_test_00"


class BotApi:
    """The remote control of a running server; every method is thread-safe."""

    def __init__(self, service: BotService, loop: LoopThread, port: int) -> None:
        self._service = service
        self._world = service.world
        self._loop = loop
        self.token = service.token
        self.url = f"http://127.0.0.1:{port}"
        self.base_url = f"{self.url}/bot"  # what python-telegram-bot calls base_url

    @classmethod
    @contextmanager
    def running(cls, token: str = TEST_TOKEN, *, privacy: bool = True) -> Iterator["BotApi"]:
        """A server on a free port, for the length of a with block."""
        service = BotService(token, privacy=privacy)
        server = HttpServer(service)
        loop = LoopThread("bot-api")
        try:
            yield cls(service, loop, loop.run(server.start()))
        finally:
            loop.run(server.stop())
            loop.stop()

    # -- what people do -------------------------------------------------------

    def open_chat(self, chat: int) -> None:
        """Let the bot write to a chat in which nobody has written yet."""
        self._loop.call(lambda: self._world.open_chat(chat))

    def user_sends(
        self,
        text: str,
        *,
        chat: int,
        user: int | None = None,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> int:
        """Write as a user (in a private chat: its owner); returns the message's id."""
        user_id = _user_in(chat, user)
        return self._loop.call(
            lambda: say(
                self._world, text, chat_id=chat, user_id=user_id, reply_to=reply_to, thread=thread
            )
        )

    def press_button(
        self, data: str, *, chat: int, message_id: int, user: int | None = None
    ) -> str:
        """Press the button with this callback data; returns the callback query's id."""
        user_id = _user_in(chat, user)
        return self._loop.call(
            lambda: press(
                self._world, chat_id=chat, message_id=message_id, data=data, user_id=user_id
            )
        )

    # -- what the server does -------------------------------------------------

    def fault(
        self,
        method: str,
        *,
        error_code: int | None = None,
        description: str | None = None,
        retry_after: int | None = None,
        delay: float = 0.0,
        drop: Drop | None = None,
        times: int = 1,
    ) -> None:
        """Let the next calls of a method fail; see Fault."""
        fault = Fault(method, error_code, description, retry_after, delay, drop, times)
        self._loop.call(lambda: self._service.faults.add(fault))

    def limit_rate(self, messages: int, *, seconds: float) -> None:
        """Answer 429 to more messages and edits than that in one chat."""

        def limit() -> None:
            self._world.rate_limit = RateLimit(messages, seconds)

        self._loop.call(limit)

    # -- what the bot did -----------------------------------------------------

    @property
    def calls(self) -> list[Call]:
        """All the calls answered so far."""
        return self._loop.call(lambda: list(self._service.calls))

    def messages(self, chat: int) -> list[Message]:
        """The messages of a chat as they stand now, oldest first."""
        return self._loop.call(lambda: self._messages(chat))

    def wait_for_message(
        self,
        *,
        chat: int,
        after: int = 0,
        timeout: float = 10.0,
        where: Callable[[Message], bool] = lambda message: True,
    ) -> Message:
        """The bot's first message behind `after` that satisfies `where`.

        Edits count: `where` can wait until a placeholder has become the answer. It
        runs on the server's loop, so it may look at the message but not use the api.
        """

        def found() -> Message | None:
            candidates = (m for m in self._messages(chat) if m.from_bot and m.message_id > after)
            return next(filter(where, candidates), None)

        wanted = f"message of the bot in chat {chat} after {after}"
        return self._wait(self._world.changed.until(found, timeout), wanted)

    def wait_for_call(
        self,
        method: str,
        *,
        chat: int | None = None,
        since: float = 0.0,
        timeout: float = 10.0,
    ) -> Call:
        """The first call of a method that came in `since` that monotonic time."""

        def matches(call: Call) -> bool:
            in_chat = chat is None or call.chat_id == str(chat)
            return call.method.lower() == method.lower() and in_chat and call.at >= since

        def found() -> Call | None:
            return next(filter(matches, self._service.calls), None)

        wanted = f"call of {method}, chat {chat}"
        return self._wait(self._world.changed.until(found, timeout), wanted)

    def wait_for_poll(self, *, timeout: float = 10.0) -> None:
        """Until the bot is up: it waits for updates in a getUpdates right now."""
        self._wait(self._world.updates.until_polled(timeout), "open getUpdates")

    def _messages(self, chat: int) -> list[Message]:
        return [Message.from_json(deepcopy(message)) for message in self._world.messages(chat)]

    def _wait(self, waiting: Coroutine[Any, Any, T], wanted: str) -> T:
        try:
            return self._loop.run(waiting)
        except TimeoutError:
            calls = describe(self.calls, self.token)
            raise AssertionError(f"no {wanted} in time; calls:\n{calls}") from None


def _user_in(chat: int, user: int | None) -> int:
    """Who acts: in a private chat its owner, in a group user 1 unless one is named."""
    return user or (chat if chat > 0 else 1)
