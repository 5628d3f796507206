"""A message that an answer grows in: how far it is, sentence by sentence, and at last the whole.

What is quick comes as one message. Else the first thing is shown after a while, and edits are as
far apart as Telegram bears them; what comes faster is passed over, the end never.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from telegram.error import TelegramError

from bot.tg.buttons import Rows
from bot.tg.places import Target
from bot.tg.sending import Outbox

QUIET = 1.0  # seconds in which what is made may come as one message
GAP, GAP_IN_GROUPS = 1.6, 3.1  # seconds between edits; Telegram bears 20 a minute in groups
AGAIN = 0.3  # seconds after which it is looked again whether the chat is calm

log = logging.getLogger(__name__)

Note = Callable[[int], Awaitable[None]]
Warn = Callable[[], Awaitable[None]]


class Live:
    """The message in the making, as a context in which it is painted.

    `note` hears its number as soon as there is one; `message` is it, if it is there already.
    Nothing is shown for `quiet` seconds.
    """

    def __init__(
        self,
        outbox: Outbox,
        to: Target,
        group: bool,
        note: Note,
        message: int | None = None,
        quiet: float = QUIET,
    ) -> None:
        self.message = message
        self._outbox, self._to, self._note = outbox, to, note
        self._gap = GAP_IN_GROUPS if group else GAP
        self._wanted: str | None = None
        self._shown: str | None = None
        self._free_at = time.monotonic() + (0.0 if message else quiet)
        self._news = asyncio.Event()
        self._ended = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._painter = asyncio.create_task(self._paint())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def show(self, source: str) -> None:
        """What the message should say meanwhile, in HTML."""
        self._wanted = source
        self._news.set()

    async def finish(self, pages: Sequence[str], rows: Rows, warn: Warn) -> list[int]:
        """Says the whole; returns the numbers of its messages. `rows` go under the last one.

        `warn` is awaited before anything is sent that could not be sent again without harm.
        """
        await self.stop()
        numbers, last = [], len(pages) - 1
        for at, page in enumerate(pages):
            under = rows if at == last else ()
            if at == 0 and await self._edited(page, under):
                numbers.append(self.message or 0)
                continue
            if at == 0 or len(numbers) == 1:
                await warn()
            numbers.append(await self._outbox.send(self._to, page, under))
        return numbers

    async def _edited(self, page: str, rows: Rows) -> bool:
        """Whether the message was there and says a page now."""
        if self.message is None:
            return False
        return await self._outbox.edit(self._to.chat, self.message, page, rows, self._gap)

    async def stop(self) -> None:
        """Shows nothing more; on return, what was on its way has arrived."""
        self._ended.set()
        self._news.set()
        await asyncio.wait({self._painter})

    async def _paint(self) -> None:
        while not self._ended.is_set():
            await self._news.wait()
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._free_at - time.monotonic()):
                    await self._ended.wait()
            if self._ended.is_set() or self._wanted in (None, self._shown):
                continue
            gap = self._gap if self.message is not None else 0.0
            if not self._outbox.is_calm(self._to.chat, gap):  # others come first
                self._free_at = time.monotonic() + AGAIN
                self._news.set()
                continue
            try:
                await self._put(self._wanted or "")
            except TelegramError as error:  # only the end has to come through
                log.debug("how far an answer is could not be shown: %s", error)
            except Exception:
                log.exception("how far an answer is could not be shown")
            self._free_at = time.monotonic() + AGAIN

    async def _put(self, source: str) -> None:
        if self.message is not None:
            await self._outbox.edit(self._to.chat, self.message, source, optional=True)
        else:
            self.message = await self._outbox.send(self._to, source)
            await self._note(self.message)
        self._shown = source
