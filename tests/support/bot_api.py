"""A strict Telegram Bot API server for tests.

It runs in a thread of the test process, so that tests stay synchronous and the bot
under test can be a process of its own::

    with BotApi.running() as api:
        question = api.user_sends("Wer leitet den Fonds?", chat=7)
        answer = api.wait_for_message(chat=7, after=question, timeout=60)
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy

from tests.support.bot_http import HttpServer
from tests.support.bot_people import PeopleRemote
from tests.support.bot_service import BotService
from tests.support.bot_watch import WatchRemote
from tests.support.faults import Drop, Fault
from tests.support.loop_thread import LoopThread
from tests.support.rate_limit import RateLimit, RateLimits
from tests.support.records import Call, Message

TEST_TOKEN = "123456:TEST-token_of_the_bot_under_test_00"


class BotApi(PeopleRemote, WatchRemote):
    """The remote control of a running server; every method is thread-safe."""

    def __init__(self, service: BotService, loop: LoopThread, port: int) -> None:
        super().__init__(service, loop)
        self.url = f"http://127.0.0.1:{port}"
        self.base_url = f"{self.url}/bot"  # what python-telegram-bot calls base_url
        self.base_file_url = f"{self.url}/file/bot"

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
        chat: int | None = None,
    ) -> None:
        """Let the next calls of a method fail; see Fault. "*" is any but getUpdates."""
        fault = Fault(method, error_code, description, retry_after, delay, drop, times, chat)
        self._loop.call(lambda: self._service.faults.add(fault))

    def deliver_again(self) -> None:
        """Send the updates that the bot has confirmed once more."""
        self._loop.call(self._world.updates.deliver_again)

    def end_faults(self) -> None:
        """Forget the faults still to come."""
        self._loop.call(self._service.faults.clear)

    def limit_rate(self, messages: int, *, seconds: float) -> None:
        """Answer 429 to more messages and edits than that in one chat."""
        limits = RateLimits(RateLimit(messages, seconds), RateLimit(messages, seconds))
        self._limit(limits)

    def limit_rate_like_telegram(self) -> None:
        """About one message a second in a private chat, 20 a minute in a group."""
        self._limit(RateLimits(private=RateLimit(5, 5.0), groups=RateLimit(20, 60.0)))

    def delay(self, seconds: float) -> None:
        """Answer each call but getUpdates that much later; it takes effect at arrival."""

        def slow_down() -> None:
            self._service.delay = seconds

        self._loop.call(slow_down)

    def proxy(self, public: str, local: str) -> None:
        """Lead webhooks at addresses that begin with `public` to `local` instead.

        `api.proxy("https://bot.example", "http://127.0.0.1:8443")`
        """
        self._loop.call(lambda: self._world.webhook.proxies.update({public: local}))

    def _limit(self, limits: RateLimits) -> None:
        def limit() -> None:
            self._world.rate_limits = limits

        self._loop.call(limit)

    # -- what the bot did -----------------------------------------------------

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

        return self._wait(found, timeout, f"message of the bot in chat {chat} after {after}")

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

        return self._wait(found, timeout, f"call of {method}, chat {chat}")

    def _messages(self, chat: int) -> list[Message]:
        return [Message.from_json(deepcopy(message)) for message in self._world.messages(chat)]
