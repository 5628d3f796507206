"""Buttons that were tapped: the message under which they stand shows something else."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.answer import Answer
from bot.remembered import named, unpacked
from bot.tg.buttons import (
    Ask,
    Back,
    OpenArticle,
    OpenSource,
    Rate,
    Rows,
    Tap,
    answer_rows,
    parse,
)
from bot.tg.journal import Journal
from bot.tg.memory import Memory
from bot.tg.news import news_messages
from bot.tg.places import place_of
from bot.tg.rendering import answer_messages
from bot.tg.sending import Outbox
from bot.tg.source_view import View, article_view, source_view
from bot.tg.telling import Teller
from bot.words import say
from vectorstore import numbers, topics, turns
from vectorstore.models import Article

Context = ContextTypes.DEFAULT_TYPE
Taken = Callable[[CallbackQuery, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Taps:
    """Takes taps; `others` are those that somebody else knows what to do with."""

    outbox: Outbox
    journal: Journal
    memory: Memory
    teller: Teller
    others: Mapping[type[Tap], Taken]

    async def tapped(self, update: Update, context: Context) -> None:
        """A button was tapped."""
        query = update.callback_query
        if query is None:
            return
        tap = parse(query.data or "")
        other = self.others.get(type(tap)) if tap is not None else None
        if other is not None:
            await other(query, tap)
            return
        language = query.from_user.language_code or "en"
        said: str | None = None
        match tap:
            case OpenSource(turn=turn) | OpenArticle(turn=turn) if await self._past(query, turn):
                said = say("no_longer", language)
            case OpenSource():
                said = await self._show(query, await self._source(tap, language), language)
            case OpenArticle():
                said = await self._show(query, await self._article(tap, language), language)
            case Back():
                said = await self._show(query, await self._answer(tap, query, language), language)
            case Rate():
                said = await self._rate(tap, query, language)
            case Ask():
                said = await self._ask_alone(tap, query, language)
        await answered(query, said)

    async def opened(self, message: Message, start: str) -> bool:
        """Shows the article of a deep link, and takes questions about it alone; False if none."""
        number = await self.journal.read(lambda c: numbers.named(c, start))
        language = (message.from_user and message.from_user.language_code) or "en"
        view = await self._article(OpenArticle(number), language) if number else None
        if view is None or number is None:
            return False
        place = place_of(message)
        await self.memory.begin_anew(place, number)
        await self.teller.send(message, view.html, view.rows)
        return True

    async def _source(self, tap: OpenSource, language: str) -> View | None:
        version = tap.shown or tap.version
        article, kept = await self._read(tap.article, version)
        if article is None:
            return None
        quote = None
        if version != tap.version:
            own, _ = await self._read(tap.article, tap.version)
            quote = own.text[tap.start : tap.end] if own else ""
        return source_view(tap, article, kept, language, quote)

    async def _article(self, tap: OpenArticle, language: str) -> View | None:
        article, kept = await self._read(tap.article, tap.version)
        if article is None:
            return None
        return article_view(tap, article, kept, language, ask=not tap.turn)

    async def _answer(self, tap: Back, query: CallbackQuery, language: str) -> View | None:
        kept = await self.journal.read(lambda c: turns.turn(c, tap.turn))
        answer = unpacked(kept.answer) if kept else None
        message = query.message
        if kept is None or answer is None or not isinstance(message, Message):
            return None
        if kept.place != place_of(message):
            return None
        rows = await self._rows(answer, kept.id, language, kept.rated)
        pages = answer_messages(answer)
        if not kept.asked:  # it was told of news on a topic
            watched = await self.journal.read(lambda c: topics.topics(c, place=kept.place))
            told = [one.language for one in watched if one.topic == kept.question]
            pages = news_messages(kept.question, answer, told[0] if told else language)
        return View(pages[-1], rows)

    async def _past(self, query: CallbackQuery, turn: int) -> bool:
        """Whether the message tells another answer by now: its question was edited meanwhile."""
        message = query.message
        if not turn or not isinstance(message, Message):
            return False
        place, number = place_of(message), message.message_id
        told = await self.journal.read(lambda c: turns.turn_told(c, place, number))
        return told is not None and told.id != turn

    async def _rate(self, tap: Rate, query: CallbackQuery, language: str) -> str:
        kept = await self.journal.read(lambda c: turns.turn(c, tap.turn))
        answer = unpacked(kept.answer) if kept else None
        message = query.message
        if kept and isinstance(message, Message) and kept.place == place_of(message):
            await self.journal.write(lambda c: turns.rate(c, tap.turn, tap.good))
            if answer is not None:
                rows = await self._rows(answer, kept.id, language, tap.good)
                await self.outbox.mark(message.chat_id, message.message_id, rows)
        return say("thanks" if tap.good else "sorry", language)

    async def _ask_alone(self, tap: Ask, query: CallbackQuery, language: str) -> str:
        article, _ = await self._read(tap.article)
        if article is None or not isinstance(query.message, Message):
            return say("no_longer", language)
        place = place_of(query.message)
        await self.memory.begin_anew(place, tap.article)
        return say("asks_alone", language)

    async def _rows(self, answer: Answer, turn: int, language: str, rated: bool | None) -> Rows:
        known = await self.journal.read(lambda c: numbers.numbers(c, named(answer)))
        return answer_rows(answer, known, turn, language, rated)

    async def _read(self, number: int, version: int = 0) -> tuple[Article | None, tuple[int, ...]]:
        return await self.journal.read(
            lambda c: (numbers.article(c, number, version), numbers.versions(c, number))
        )

    async def _show(self, query: CallbackQuery, view: View | None, language: str) -> str | None:
        """Edits the message of a button; returns what to say if there is nothing to show."""
        message = query.message
        if view is None or not isinstance(message, Message):
            return say("no_longer", language)
        await self.outbox.edit(message.chat_id, message.message_id, view.html, view.rows)
        return None


async def answered(query: CallbackQuery, said: str | None = None) -> None:
    """Ends the waiting of a button; a tap of long ago can't be answered any more."""
    try:
        await query.answer(said)
    except BadRequest as error:
        if "too old" not in error.message.lower():
            raise
