"""The way of a question in Telegram: let in, in line, answered as it grows, remembered."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Protocol

from telegram import Message, Update

from bot.answer import Answer, Status
from bot.conversation import LONGEST, TURNS, Turn
from bot.engine import LONGEST_QUESTION
from bot.events import Done, Event
from bot.remembered import named, packed, turn, unpacked
from bot.tg.access import Access
from bot.tg.asked import Asked, Lines
from bot.tg.buttons import Rows, answer_rows
from bot.tg.journal import Journal
from bot.tg.live import QUIET, Live
from bot.tg.places import is_group, person_of, place_of, target_of
from bot.tg.progress import Progress
from bot.tg.rendering import answer_messages, own_words
from bot.tg.sending import Outbox
from bot.tg.telling import Teller, language_of
from bot.words import say
from vectorstore import numbers, turns
from vectorstore.errors import QuestionError
from vectorstore.models import NO_FILTERS, Filters
from vectorstore.turns import Kept

FRESH = 15 * 60.0  # seconds after which a question is stale: who asked has gone on
HEAD_START = 0.05  # seconds for everybody's "typing" to go out before the work begins
MOST_ATTEMPTS = 5  # processes that a question may bring down

log = logging.getLogger(__name__)


class Answering(Protocol):
    """What answers: bot.streaming.events of an engine, or a test's own."""

    def __call__(self, question: str, **how: Any) -> AsyncIterator[Event]:
        """The events on the way to the answer."""


@dataclass(slots=True)
class Questions:
    """Answers questions, `at_once` of them; they are kept for `keep` seconds.

    Before `quiet` seconds have passed, only "typing" is shown.
    """

    answering: Answering
    outbox: Outbox
    journal: Journal
    access: Access
    teller: Teller
    keep: float
    at_once: int = 4
    quiet: float = QUIET
    lines: Lines = field(default_factory=Lines)
    _slots: asyncio.Semaphore = field(init=False)
    _ahead: int = 0
    _greeting: "list[asyncio.Task[None]]" = field(default_factory=list)
    _apologised: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.at_once)

    async def ask(self, asked: Asked) -> None:
        """Answers a question, or says why not, or that it had to be broken off."""
        if asked.left and (asked.left.sending or asked.left.attempts >= MOST_ATTEMPTS):
            await self._tell_instead(asked, "maybe_lost" if asked.left.sending else "broken_off")
        elif self._age(asked) > FRESH:
            await self._apologise(asked)
        elif limit := await self.access.limit(asked.person, asked.place, asked.group):
            await self._tell_instead(asked, limit.value)
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
        stopped = asked.drop(silent=True)
        await asked.ended()
        earlier = None if stopped else await self.answered(asked.place, message.message_id)
        anew = Asked(message, text, number, earlier=earlier, status=asked.status)
        await self.ask(anew)

    async def last(self, person: str, place: str) -> Kept | None:
        """What somebody asked last in a place."""
        return await self.journal.read(lambda c: turns.last_of(c, place, person))

    async def answered(self, place: str, message: int) -> Kept | None:
        """The turn that a message began."""
        return await self.journal.read(lambda c: turns.turn_at(c, place, message))

    # -- waiting -----------------------------------------------------------------------

    async def _in_line(self, asked: Asked) -> None:
        asked.task = asyncio.current_task()
        progress = Progress(asked.text, language_of(asked.message))

        async def note(message: int) -> None:
            asked.status = message
            await self.journal.note_status(asked.number, message)

        live = Live(
            self.outbox, target_of(asked.message), asked.group, note, asked.shown, self.quiet
        )
        async with live:
            try:
                await self._when_free(asked, live, progress)
            except asyncio.CancelledError:
                await asyncio.shield(self._broken_off(asked, live))
                if not asked.dropped:  # the bot stops and can't wait any longer
                    raise
                if asked.task is not None:
                    asked.task.uncancel()
            except Exception:  # who tells of it does so in another message
                if live.message is not None:
                    await self.outbox.delete(asked.message.chat_id, live.message)
                raise

    async def _when_free(self, asked: Asked, live: Live, progress: Progress) -> None:
        with self.outbox.typing(target_of(asked.message)):
            line = self.lines.line(asked)
            await asyncio.sleep(HEAD_START)
            if line.turn.locked():
                live.show(progress.in_line(line.place_of(asked)))
            async with line.turn:
                self._ahead += 1
                if self._slots.locked() and self._ahead > self.at_once:
                    live.show(progress.waiting(self._ahead - self.at_once))
                try:
                    async with self._slots:
                        answer = await self._answer(asked, live, progress)
                finally:
                    self._ahead -= 1
                await self._say(asked, live, answer)

    async def _broken_off(self, asked: Asked, live: Live) -> None:
        if asked.silent or asked.final:  # the next start tells what became of the latter
            return
        key = "cancelled" if asked.dropped else "interrupted"
        pages = own_words(say(key, language_of(asked.message)))
        if not asked.dropped or live.message is not None:
            await live.finish(pages, (), lambda: self.journal.note_sending(asked.number))
        if not asked.dropped:
            await self.journal.done(asked.number)

    # -- answering ---------------------------------------------------------------------

    async def _answer(self, asked: Asked, live: Live, progress: Progress) -> Answer | None:
        """The answer; None for what is no question."""
        history, filters = await self._before(asked)
        how = {"person": asked.person, "history": history, "filters": filters}
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

    async def _before(self, asked: Asked) -> tuple[tuple[Turn, ...], Filters]:
        """What was asked before, and what the place asks about."""
        since = self.journal.clock() - LONGEST
        kept = await self.journal.read(
            lambda c: turns.conversation(c, asked.place, since, TURNS + 1)
        )
        if asked.earlier is not None:
            kept = [one for one in kept if one.id < asked.earlier.id]
        kept = [one for one in kept if one.asked != asked.message.message_id]  # before a crash
        said = tuple(turn(one.question, unpacked(one.answer)) for one in kept[-TURNS:])
        article = await self.journal.read(lambda c: turns.focus(c, asked.place))
        return said, Filters(articles=frozenset({article})) if article else NO_FILTERS

    async def _say(self, asked: Asked, live: Live, answer: Answer | None) -> None:
        asked.final, language = True, language_of(asked.message)
        rows: Rows = ()
        if answer is None:
            readable = any(c.isalnum() for c in asked.text)
            key = "long_question" if readable else "empty_question"
            pages = own_words(say(key, language, most=LONGEST_QUESTION))
        else:
            number, articles = await self._keep(asked, answer)
            pages, rows = answer_messages(answer), answer_rows(answer, articles, number, language)
        said = await live.finish(pages, rows, lambda: self.journal.note_sending(asked.number))
        if answer is not None:
            await self.journal.write(lambda c: turns.note_messages(c, number, said))
        for superfluous in asked.earlier.messages if asked.earlier else ():
            if superfluous not in said:
                await self.outbox.delete(asked.message.chat_id, superfluous)

    async def _keep(self, asked: Asked, answer: Answer) -> tuple[int, dict[str, int]]:
        """Remembers an answer; returns its number, and those of the articles that it names."""
        now, names = self.journal.clock(), named(answer)
        message = asked.message.message_id
        question = asked.text
        kept = Kept(0, now, asked.place, asked.person, message, question, packed(answer), (), None)

        def work(connection: Any) -> tuple[int, dict[str, int]]:
            turns.expire(connection, now - self.keep)
            turns.remove_asked(connection, asked.place, message)
            answered = answer.status is Status.ANSWERED
            number = turns.keep(connection, kept, names, answered, answer.seconds)
            return number, numbers.numbers(connection, names)

        return await self.journal.write(work)

    # -- not answering -----------------------------------------------------------------

    def _age(self, asked: Asked) -> float:
        said = asked.message.edit_date or asked.message.date
        return self.journal.clock() - said.timestamp()

    async def _apologise(self, asked: Asked) -> None:
        """Once a chat: whoever asked while the bot was away."""
        if asked.message.chat_id not in self._apologised:
            self._apologised.add(asked.message.chat_id)
            await self.teller.say(asked.message, "was_away")

    async def _tell_instead(self, asked: Asked, key: str) -> None:
        pages = own_words(say(key, language_of(asked.message)))
        status = asked.left.status if asked.left else None
        chat = asked.message.chat_id
        if status is None or not await self.outbox.edit(chat, status, pages[0]):
            await self.outbox.send(target_of(asked.message), pages[0])
