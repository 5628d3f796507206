"""Waiting for a change of state."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Signal:
    """Wakes everyone who waits, each time it is fired."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def fire(self) -> None:
        """Wake all who wait now."""
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, find: Callable[[], T | None], timeout: float) -> T:
        """The first result of `find` that is not None, tried again at each firing.

        `find` is tried at least once. Raises TimeoutError when the time is up.
        """
        async with asyncio.timeout(timeout):
            while (found := find()) is None:
                await self._event.wait()
            return found
