"""The catalogue's database for the bot: what it reads and writes there, on one thread of its own.

One thing after another, so each should be short: a question waits for what was begun before. The
event loop waits for none of it.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from vectorstore import aside, inbox, people, turns
from vectorstore.database import Database
from vectorstore.inbox import Delivered, Left

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

REMEMBERED = 7 * 86_400.0  # seconds for which the number of an update that is done is known
AN_HOUR = 3_600.0  # seconds
_ATTEMPTS, _PAUSE = 100, 0.2  # to empty the log while others read; they go first meanwhile

log = logging.getLogger(__name__)


class Journal:
    """What the bot with this id keeps; `clock` gives seconds since 1970."""

    def __init__(
        self, database: Database, bot: int, clock: Callable[[], float] = time.time
    ) -> None:
        self.clock = clock
        self._database = database
        self._bot = bot
        self._thread = ThreadPoolExecutor(1, "journal")
        self._left: dict[int, Left] = {}

    async def read(self, work: Work[T]) -> T:
        """What `work` finds; StoreError if it can't be read."""

        def reading() -> T:
            with self._database.telling():
                return work(self._database.read())

        return await self._run(reading)

    async def write(self, work: Work[T]) -> T:
        """What `work` returns; what it has written survives the end of this process then.

        StoreError if it can't be written.
        """

        def transaction() -> T:
            with self._database.telling():
                connection = self._database.read()
                # Without it, what is deleted or rewritten stays in the file.
                connection.execute("PRAGMA secure_delete = ON")
                # Survives kill -9, though no power cut: a question isn't worth that wait.
                connection.execute("PRAGMA synchronous = NORMAL")
                with self._database.write(content=False) as connection:
                    return work(connection)

        return await self._run(transaction)

    def close(self) -> None:
        """Ends the thread when its work is done."""
        self._thread.submit(self._database.close)
        self._thread.shutdown()

    # -- updates -----------------------------------------------------------------------

    async def accept(self, delivered: Sequence[Delivered]) -> frozenset[int]:
        """Keeps updates until they are done; returns the numbers of those that are new."""
        if not delivered:
            return frozenset()
        now = self.clock()
        return frozenset(
            await self.write(lambda c: inbox.accept(c, self._bot, delivered, now)),
        )

    async def take_up(self) -> list[Left]:
        """The updates that an earlier process was not done with."""
        left = await self.write(lambda connection: inbox.take_up(connection, self._bot))
        self._left = {one.number: one for one in left}
        return left

    def left(self, number: int) -> Left | None:
        """What an earlier process had done of an update; asked for once."""
        return self._left.pop(number, None)

    async def note_status(self, number: int, message: int) -> None:
        """An update's answer grows in this message."""
        await self.write(lambda c: inbox.note_status(c, self._bot, number, message))

    async def note_sending(self, number: int) -> None:
        """From now on an update's answer may have been sent."""
        await self.write(lambda c: inbox.note_sending(c, self._bot, number))

    async def done(self, number: int) -> None:
        """An update is dealt with."""
        await self.write(lambda c: inbox.done(c, self._bot, number))

    async def keep_expiring(self, keep: float, every: float = AN_HOUR) -> None:
        """Forgets what was asked so many seconds ago, and old numbers, until cancelled."""
        while True:
            try:
                await self.write(lambda c: turns.expire(c, self.clock() - keep))
                await self.write(lambda c: inbox.expire(c, self.clock() - REMEMBERED))
            except Exception:
                log.warning("what is old can't be forgotten now", exc_info=True)
            await asyncio.sleep(every)

    # -- people ------------------------------------------------------------------------

    async def forget(self, person: str) -> None:
        """Forgets everything about somebody, in the catalogue's files as well."""
        await self.write(lambda connection: people.forget(connection, person))
        try:
            await asyncio.to_thread(aside.forget, self._database.path.parent, person)
        except OSError:
            log.warning("a damaged catalogue still has what is to be forgotten", exc_info=True)
        for _ in range(_ATTEMPTS):
            if await self.read(people.cut_off_log):
                return
            await asyncio.sleep(_PAUSE)
        log.warning("what somebody asked is forgotten, but still in the catalogue's log")

    async def _run(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(self._thread, work))
