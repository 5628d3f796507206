"""The way of an article into the library from Telegram: one thing at a time, told as it goes."""

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from telegram import Message
from telegram.error import RetryAfter

from bot.answer import Answer
from bot.library import Library, Taken
from bot.sample_question import sample_question
from bot.tg.buttons import Rows
from bot.tg.downloads import LARGEST, Refused, checked_name, download
from bot.tg.given import Given, Links, Words
from bot.tg.journal import Journal
from bot.tg.live import Live
from bot.tg.places import person_of, target_of
from bot.tg.rendering import own_words
from bot.tg.sending import Outbox
from bot.tg.taken_view import progress_words, reason, taken_pages, taken_rows, to_show
from bot.tg.telling import Teller, language_of
from bot.tg.work import Work
from bot.words import say
from ingest.run import Progress
from ingest.watching.stopping import Stopped
from vectorstore import numbers
from vectorstore.errors import BelegError
from vectorstore.inbox import Left
from vectorstore.models import Article, Filters

T = TypeVar("T")

KINDS = "TXT, Markdown, HTML, PDF, DOCX, CSV, JSON, RSS, ZIP"
MOST_ATTEMPTS = 3  # processes that one thing may bring down
STOPS_WITHIN = 5.0  # seconds

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Job(Work):
    """One thing to take in; it is final once it is in, or has failed."""

    message: Message
    given: Given
    live: Live
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def language(self) -> str:
        return language_of(self.message)

    def show(self, key: str) -> None:
        self.live.show(own_words(say(key, self.language))[0])

    def progress(self) -> Progress:
        """Tells how far it is, from the thread that works, and ends the work when told to."""
        loop = asyncio.get_running_loop()

        def changed(progress: Progress) -> None:
            told = own_words(progress_words(progress, self.language))[0]
            loop.call_soon_threadsafe(self.live.show, told)

        def check() -> None:
            if self.stop.is_set():
                raise Stopped

        return Progress(changed=changed, check=check)


@dataclass(slots=True)
class Receiving:
    """Takes things in for admins. `quotes` answers in quoted sentences, for a sample question."""

    library: Library
    outbox: Outbox
    journal: Journal
    teller: Teller
    quotes: Callable[[str, Filters], Answer]
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _jobs: list[_Job] = field(default_factory=list)

    async def take(self, message: Message, given: Given, number: int) -> None:
        """Takes something in that the update with this number brought, and tells what came of it.

        What is broken off because the bot stops is done again when it starts.
        """
        left = self.journal.left(number)
        if left is not None and (left.sending or left.attempts >= MOST_ATTEMPTS):
            key = "take_maybe_lost" if left.sending else "take_broken"
            await self._tell_instead(message, left, key)
            return

        async def note(shown: int) -> None:
            await self.journal.note_status(number, shown)

        live = Live(self.outbox, target_of(message), False, note, left.status if left else None)
        job = _Job(message, given, live, task=asyncio.current_task())
        self._jobs.append(job)
        try:
            async with live:
                pages, rows = await self._to_its_end(job)
                job.final = True
                await live.finish(pages, rows, lambda: self.journal.note_sending(number))
        finally:
            self._jobs.remove(job)

    async def cancel(self, person: str) -> int:
        """Stops what somebody has sent from being taken in; returns how much that was."""
        return sum(job.drop() for job in self._jobs if person_of(job.message) == person)

    # -- taking in ---------------------------------------------------------------------

    async def _to_its_end(self, job: _Job) -> tuple[list[str], Rows]:
        try:
            if self._turn.locked():
                job.show("take_waits")
            async with self._turn:
                job.show("take_reads")
                taken = await self._taken(job)
                job.final = True
                return await self._told(taken, job.language)
        except Refused as error:
            told = say(error.key, job.language, kinds=KINDS, most=LARGEST // 2**20)
        except BelegError as error:
            told = reason(str(error), job.language)
        except (asyncio.CancelledError, Stopped):
            if not job.dropped:  # the bot stops and can't wait any longer
                await asyncio.shield(self._tell_resumed(job))
                raise asyncio.CancelledError from None
            if job.task is not None:
                job.task.uncancel()
            told = say("take_stopped", job.language)
        return own_words(told), ()

    async def _taken(self, job: _Job) -> Taken:
        given, progress, library = job.given, job.progress(), self.library
        if isinstance(given, Links):
            return await _ending(job, lambda: library.take_in(given.addresses, progress))
        if isinstance(given, Words):
            one = given
            return await _ending(
                job, lambda: library.take_in_text(one.id, one.title, one.text, progress)
            )
        name = checked_name(given)
        with library.room() as folder:
            file = folder / name
            job.show("take_fetches")
            await download(self.outbox.bot, given, file)
            job.show("take_reads")
            return await _ending(job, lambda: library.take_in_file(file, progress))

    async def _tell_resumed(self, job: _Job) -> None:
        if job.live.message is None:
            await self.teller.say(job.message, "take_resumes")
            return
        page = own_words(say("take_resumes", job.language))[0]
        try:
            await self.outbox.edit(job.message.chat_id, job.live.message, page, optional=True)
        except RetryAfter:
            log.info("that something is taken in later could not be told")

    # -- telling -----------------------------------------------------------------------

    async def _tell_instead(self, message: Message, left: Left, key: str) -> None:
        """Where it said how far it was, if it did."""
        page = own_words(say(key, language_of(message)))[0]
        chat, status = message.chat_id, left.status
        if status is None or not await self.outbox.edit(chat, status, page):
            await self.teller.send(message, page)

    async def _told(self, taken: Taken, language: str) -> tuple[list[str], Rows]:
        number = to_show(taken)
        shown = None
        if number is not None:
            shown = await self.journal.read(partial(numbers.article, number=number))
        sample = await self._sample(shown) if shown is not None else None
        rows = taken_rows(number if shown is not None else None, language)
        return taken_pages(taken, shown, sample, language), rows

    async def _sample(self, article: Article) -> str | None:
        """A sample question; none is no reason for a report not to come."""
        try:
            return await asyncio.to_thread(sample_question, article, self.quotes)
        except Exception:
            log.warning("no sample question could be made", exc_info=True)
            return None


async def _ending(job: _Job, work: Callable[[], T]) -> T:
    """What work in a thread returns. If this task is cancelled, the work ends before the rest."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        job.stop.set()
        await asyncio.wait({running}, timeout=STOPS_WITHIN)
        if running.done() and not running.cancelled():
            running.exception()  # it is heard of, so that nobody is told it wasn't
        raise
