"""What the bot remembers of questions: the conversation that one belongs to, and its answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from sqlite3 import Connection

from bot.answer import Answer, Status
from bot.conversation import LONGEST, TURNS, Turn
from bot.remembered import named, packed, turn, unpacked
from bot.tg.asked import Asked
from bot.tg.journal import Journal
from vectorstore import numbers, turns
from vectorstore.models import NO_FILTERS, Article, Filters
from vectorstore.turns import Kept


@dataclass(frozen=True, slots=True)
class Before:
    """What was asked before a question, and the one article that its place asks about, if any."""

    turns: tuple[Turn, ...]
    only: Article | None

    @property
    def filters(self) -> Filters:
        """What may answer the question."""
        return Filters(articles=frozenset({self.only.id})) if self.only else NO_FILTERS


@dataclass(frozen=True, slots=True)
class Memory:
    """Remembers answers for `keep` seconds, and conversations for as long as they last."""

    journal: Journal
    keep: float
    _anew: dict[str, float] = field(default_factory=dict)

    async def before(self, asked: Asked) -> Before:
        """What a question is asked after.

        A reply to an answer goes on from that one, all else from what came last in its place.
        """
        since = self.journal.clock() - LONGEST
        replied = asked.message.reply_to_message
        told = replied.message_id if replied else 0

        def work(connection: Connection) -> tuple[list[Kept], Article | None]:
            article = turns.focus(connection, asked.place, since)
            only = numbers.article(connection, article) if article else None
            last = turns.turn_told(connection, asked.place, told) if told else None
            if last is not None:
                return turns.until(connection, asked.place, last.id, TURNS), only
            return turns.conversation(connection, asked.place, since, TURNS + 1), only

        kept, only = await self.journal.read(work)
        if asked.earlier is not None:
            kept = [one for one in kept if one.id < asked.earlier.id]
        kept = [one for one in kept if one.asked != asked.message.message_id]  # before a crash
        said = tuple(turn(one.question, unpacked(one.answer)) for one in kept[-TURNS:])
        return Before(said, only)

    async def note(self, asked: Asked, answer: Answer) -> tuple[int, dict[str, int]]:
        """Remembers an answer; returns its number, and those of the articles that it names."""
        now, names, message = self.journal.clock(), named(answer), asked.message.message_id
        kept = Kept(
            0, now, asked.place, asked.person, message, asked.text, packed(answer), (), None
        )

        def work(connection: Connection) -> tuple[int, dict[str, int]]:
            turns.expire(connection, now - self.keep)
            turns.remove_asked(connection, asked.place, message)
            turns.go_on(connection, asked.place, now)
            answered = answer.status is Status.ANSWERED
            number = turns.keep(connection, kept, names, answered, answer.seconds)
            if self._anew.get(asked.place, 0.0) > asked.began:
                turns.put_past(connection, number)
            return number, numbers.numbers(connection, names)

        return await self.journal.write(work)

    async def begin_anew(self, place: str, article: int | None = None) -> None:
        """What was asked in a place is past, also what is being answered.

        From now on it asks about an article (its number) alone, if one is given.
        """
        now = self._anew[place] = self.journal.clock()

        def work(connection: Connection) -> None:
            turns.begin_anew(connection, place)
            if article is not None:
                turns.set_focus(connection, place, article, now)

        await self.journal.write(work)

    async def note_messages(self, number: int, messages: Sequence[int]) -> None:
        """Remembers which messages tell an answer."""
        await self.journal.write(lambda c: turns.note_messages(c, number, messages))

    async def last(self, person: str, place: str) -> Kept | None:
        """What somebody asked last in a place."""
        return await self.journal.read(lambda c: turns.last_of(c, place, person))

    async def answered(self, place: str, message: int) -> Kept | None:
        """The turn that a message began."""
        return await self.journal.read(lambda c: turns.turn_at(c, place, message))
