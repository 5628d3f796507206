"""What every part of the test server's remote control stands on."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from tests.support.bot_service import BotService
from tests.support.loop_thread import LoopThread
from tests.support.records import describe
from tests.support.world import World

T = TypeVar("T")


class Remote:
    """Reaches a running server from other threads."""

    def __init__(self, service: BotService, loop: LoopThread) -> None:
        self._service = service
        self._world: World = service.world
        self._loop = loop

    def _wait(self, found: Callable[[], T | None], timeout: float, wanted: str) -> T:
        """The first result that is not None; what `wanted` names is missed in vain."""
        return self._in_time(self._world.changed.until(found, timeout), wanted)

    def _in_time(self, waiting: Coroutine[Any, Any, T], wanted: str) -> T:
        try:
            return self._loop.run(waiting)
        except TimeoutError:
            calls = describe(self._loop.call(lambda: list(self._service.calls)), self.token)
            raise AssertionError(f"no {wanted} in time; calls:\n{calls}") from None

    @property
    def token(self) -> str:
        """The token of the bot."""
        return self._service.token
