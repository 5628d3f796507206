"""The way of a question in Telegram: let in, in line, answered as it grows, remembered."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from telegram import Message, Update

from bot.answer import Answer
from bot.engine import LONGEST_QUESTION
from bot.events import Done, Event
from bot.tg.access import Access
from bot.tg.asked import Asked, Lines
from bot.tg.buttons import Rows, answer_rows
from bot.tg.journal import Journal
from bot.tg.live import QUIET, Live
from bot.tg.memory import Before, Memory
from bot.tg.places import is_group, person_of, place_of, target_of
from bot.tg.progress import Progress
from bot.tg.quotas import Quotas
from bot.tg.rendering import answer_messages, own_words
from bot.tg.sending import Outbox
from bot.tg.telling import language_of
from bot.words import say
from vectorstore.errors import QuestionError

FRESH = 15 * 60.0  # seconds after which a question is stale: who asked has gone on
HEAD_START = 0.05  # seconds for everybody's "typing" to go out before the work begins
LONGEST_START = 0.3  # seconds; while people keep coming, the work begins all the same
MOST_ATTEMPTS = 5  # processes that a question may bring down
REFUSED = 1_000  # messages that were no questions, of which the latest are known

log = logging.getLogger(__name__)


class Answering(Protocol):
    """What answers: bot.streaming.events of an engine, or a test's own."""

    def __call__(self, question: str, **how: Any) -> AsyncIterator[Event]:
        """The events on the way to the answer."""


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer in HTML, with the buttons under it, and the number that it is remembered by."""

    pages: list[str]
    rows: Rows = ()
    number: int | None = None


@dataclass(slots=True)
class Questions:
    """Answers questions, `at_once` of them.

    Before `quiet` seconds have passed, only "typing" is shown.
    """

    answering: Answering
    outbox: Outbox
    journal: Journal
    memory: Memory
    access: Access
    quotas: Quotas
    at_once: int = 4
    quiet: float = QUIET
    lines: Lines = field(default_factory=Lines)
    _slots: asyncio.Semaphore = field(init=False)
    _ahead: int = 0
    _greeted_at: float = 0.0
    _greeting: "list[asyncio.Task[None]]" = field(default_factory=list)
    _apologised: dict[int, float] = field(default_factory=dict)
    _refused: "OrderedDict[tuple[str, int], int]" = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.at_once)

    async def ask(self, asked: Asked) -> None:
        """Answers a question, or says why not, or that it had to be broken off."""
        asked.task = asyncio.current_task()
        if asked.left and (asked.left.sending or asked.left.attempts >= MOST_ATTEMPTS):
            await self._tell_instead(asked, "maybe_lost" if asked.left.sending else "broken_off")
        elif self._age(asked) > FRESH:
            await self._apologise(asked)
        elif self.lines.join(asked) is None:
            await self._tell_instead(asked, "too_many")
        else:
            try:
                await self._in_line(asked)
            finally:
                self.lines.leave(asked)

    @property
    def busy(self) -> bool:
        """Whether anybody waits for an answer."""
        return self._ahead > 0

    def greet(self, update: Update) -> None:
        """Shows at once that a question has come, if it looks like one."""
        message = update.message
        if message is None or not message.text or is_group(message):
            return
        if self.access.allows(person_of(message), place_of(message)):
            self._greeted_at = time.monotonic()
            self._greeting.append(asyncio.create_task(self.outbox.type(target_of(message))))
            self._greeting = [task for task in self._greeting if not task.done()]

    async def cancel(self, person: str, place: str | None = None) -> int:
        """Stops the work on somebody's questions; returns how many there were."""
        waiting = self.lines.waiting(person, place)[::-1]  # else the next one would begin
        stopped = sum([asked.drop() for asked in waiting])
        for asked in waiting:
            await asked.ended()
        return stopped

    async def replace(self, asked: Asked, message: Message, text: str, number: int) -> None:
        """Answers another question instead of one that is being answered, in the same message."""
        asked.silent = True
        asked.drop()
        await asked.ended()
        earlier = None
        if not asked.dropped:
            earlier = await self.memory.answered(asked.place, message.message_id)
        elif asked.shown is not None:
            await self.journal.note_status(number, asked.shown)
        await self.ask(Asked(message, text, number, earlier=earlier, status=asked.shown))

    def note_refused(self, message: Message, told: int) -> None:
        """A message was no question, as another one told: perhaps it is once it is edited."""
        self._refused[place_of(message), message.message_id] = told
        while len(self._refused) > REFUSED:
            self._refused.popitem(last=False)

    def refused(self, place: str, message: int) -> int | None:
        """The message that told why another one was no question."""
        return self._refused.get((place, message))

    # -- waiting -----------------------------------------------------------------------

    async def _in_line(self, asked: Asked) -> None:
        progress = Progress(asked.text, language_of(asked.message))

        async def note(message: int) -> None:
            asked.status = message
            await self.journal.note_status(asked.number, message)

        live = Live(
            self.outbox, target_of(asked.message), asked.group, note, asked.shown, self.quiet
        )
        async with live:
            try:
                limit = await self.quotas.limit(asked.person, asked.place, asked.group)
                if limit is not None:
                    await self._tell_instead(asked, limit.value)
                else:
                    await self._when_free(asked, live, progress)
            except asyncio.CancelledError:
                await asyncio.shield(self._broken_off(asked, live))
                if not asked.dropped:  # the bot stops and can't wait any longer
                    raise
                if asked.task is not None:
                    asked.task.uncancel()
            except Exception:  # who tells of it does so in another message
                await live.stop()
                if live.message is not None:
                    await self.outbox.delete(asked.message.chat_id, live.message)
                raise

    async def _when_free(self, asked: Asked, live: Live, progress: Progress) -> None:
        with self.outbox.typing(target_of(asked.message)):
            line = self.lines.line(asked)
            if line.turn.locked():
                live.show(progress.in_line(line.place_of(asked)))
            async with line.turn:
                await self._others_greeted()
                self._ahead += 1
                if self._slots.locked() and self._ahead > self.at_once:
                    live.show(progress.waiting(self._ahead - self.at_once))
                try:
                    async with self._slots:
                        before = await self.memory.before(asked)
                        answer = await self._answer(asked, before, live, progress)
                finally:
                    self._ahead -= 1
                asked.final = True
                said = await self._said(asked, before, answer)
        await self._deliver(asked, live, said)  # nobody else has to wait for Telegram

    async def _others_greeted(self) -> None:
        """The work takes the processor from the event loop: nobody's first sign waits for it."""
        begun = self._greeted_at = time.monotonic()
        while (till := min(self._greeted_at + HEAD_START, begun + LONGEST_START)) > (
            now := time.monotonic()
        ):
            await asyncio.sleep(till - now)

    async def _broken_off(self, asked: Asked, live: Live) -> None:
        if asked.dropped:  # first of all: it must not begin again after a restart
            await self.journal.done(asked.number)
        await live.stop()
        if asked.silent or asked.final:  # the next start tells what became of the latter
            return
        key = "cancelled" if asked.dropped else "interrupted"
        pages = own_words(say(key, language_of(asked.message)))
        if not asked.dropped or live.message is not None:
            await live.finish(pages, (), lambda: self.journal.note_sending(asked.number))
        if not asked.dropped:
            await self.journal.done(asked.number)

    # -- answering ---------------------------------------------------------------------

    async def _answer(
        self, asked: Asked, before: Before, live: Live, progress: Progress
    ) -> Answer | None:
        """The answer; None for what is no question."""
        how = {"person": asked.person, "history": before.turns, "filters": before.filters}
        try:
            async with aclosing(self.answering(asked.text, fresh=asked.anew, **how)) as events:  # type: ignore[type-var]
                async for event in events:
                    if isinstance(event, Done):
                        return event.answer
                    if (shown := progress.after(event)) is not None:
                        live.show(shown)
        except QuestionError:
            return None
        raise AssertionError("events without an end")

    async def _said(self, asked: Asked, before: Before, answer: Answer | None) -> _Said:
        """What to say, remembered before it is said."""
        language = language_of(asked.message)
        if answer is None:
            readable = any(c.isalnum() for c in asked.text)
            key = "long_question" if readable else "empty_question"
            return _Said(own_words(say(key, language, most=LONGEST_QUESTION)))
        if before.only is not None and answer.note is None:
            title = before.only.title or say("untitled", answer.language)
            answer = replace(answer, note=say("only_article", answer.language, title=title))
        number, articles = await self.memory.note(asked, answer)
        rows = answer_rows(answer, articles, number, language)
        return _Said(answer_messages(answer), rows, number)

    async def _deliver(self, asked: Asked, live: Live, said: _Said) -> None:
        warn = self.journal.note_sending
        told = await live.finish(said.pages, said.rows, lambda: warn(asked.number))
        if said.number is not None:
            await self.memory.note_messages(said.number, told)
        else:
            self.note_refused(asked.message, told[0])
        for superfluous in asked.earlier.messages if asked.earlier else ():
            if superfluous not in told:
                await self.outbox.delete(asked.message.chat_id, superfluous)

    # -- not answering -----------------------------------------------------------------

    def _age(self, asked: Asked) -> float:
        said = asked.message.edit_date or asked.message.date
        return self.journal.clock() - said.timestamp()

    async def _apologise(self, asked: Asked) -> None:
        """Once a chat: whoever asked while the bot was away. A message in the making tells it."""
        now, chat = self.journal.clock(), asked.message.chat_id
        if asked.shown is not None or now - self._apologised.get(chat, 0.0) > FRESH:
            self._apologised[chat] = now
            await self._tell_instead(asked, "was_away")

    async def _tell_instead(self, asked: Asked, key: str) -> None:
        pages = own_words(say(key, language_of(asked.message)))
        chat, shown = asked.message.chat_id, asked.shown
        if shown is None or not await self.outbox.edit(chat, shown, pages[0]):
            await self.outbox.send(target_of(asked.message), pages[0])
