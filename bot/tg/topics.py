"""Topics that people watch in Telegram: begun, shown and ended, and told of when there is news."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot.answer import Answer, Status
from bot.remembered import named, packed
from bot.tg.buttons import ROOM, Button, EndTopic, Rows, answer_rows, data
from bot.tg.journal import Journal
from bot.tg.markup import cleaned, one_line, shortened
from bot.tg.news import SHOWN, news_messages
from bot.tg.places import is_group, person, person_of, place_of, target_at
from bot.tg.rendering import own_words
from bot.tg.sending import Outbox
from bot.tg.taps import answered
from bot.tg.telling import Teller, language_of
from bot.words import say
from vectorstore import numbers, topics, turns
from vectorstore.topics import Topic
from vectorstore.turns import Kept

MOST = 20  # topics of one person, and of one place
SHORTEST, LONGEST_TOPIC = 3, 200  # characters
PORTION = 500  # articles that are looked through at once for a topic
ATTEMPTS = 3  # to look through a portion, before it is passed over
MOST_PATIENCE = 30.0  # seconds to let questions go first
STOPS_WITHIN = 2.0  # seconds

Context = ContextTypes.DEFAULT_TYPE
About = Callable[[str, Collection[str]], Answer | None]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Topics:
    """What people watch. `about` says what of some articles is on a topic, if anything.

    There are at most `most_a_day` messages on a topic; further news of the day is passed over.
    `busy`: whether questions are being answered, which go first; `allowed`: whether a person may
    still be told something in a place.
    """

    journal: Journal
    outbox: Outbox
    teller: Teller
    about: About
    most_a_day: int = 5
    today: Callable[[], date] = date.today
    busy: Callable[[], bool] = lambda: False
    allowed: Callable[[str, str], bool] = lambda person, place: True
    _sending: "dict[int, asyncio.Task[None]]" = field(default_factory=dict)
    _failures: dict[tuple[int, int], int] = field(default_factory=dict)

    # -- what people do ----------------------------------------------------------------

    async def watch(self, update: Update, context: Context) -> None:
        """/beobachte and /watch: the topic follows."""
        message = update.effective_message
        assert message is not None
        topic = " ".join(cleaned(" ".join((message.text or "").split()[1:])).split())
        if not topic:
            await self.teller.say(message, "watch_how")
        elif not SHORTEST <= len(topic) <= LONGEST_TOPIC or not any(c.isalnum() for c in topic):
            await self.teller.say(message, "watch_length", least=SHORTEST, most=LONGEST_TOPIC)
        else:
            key = await self._begin(message, topic)
            await self.teller.say(message, key, topic=topic, most=MOST, a_day=self.most_a_day)

    async def _begin(self, message: Message, topic: str) -> str:
        """Begins to watch; returns the key of what to say."""
        who, place, language = person_of(message), place_of(message), language_of(message)

        def work(connection: sqlite3.Connection) -> str:
            here = topics.topics(connection, place=place)
            if any(one.topic.casefold() == topic.casefold() for one in here):
                return "watching_already"
            if max(len(here), len(topics.topics(connection, who))) >= MOST:
                return "watch_too_many"
            topics.add(connection, who, place, topic, language)
            return "watching"

        return await self.journal.write(work)

    async def watched(self, update: Update, context: Context) -> None:
        """/beobachtungen and /watches: the topics, each with a button that ends it."""
        message = update.effective_message
        assert message is not None
        text, rows = await self._list(message, person_of(message), language_of(message))
        await self.teller.send(message, text, rows)

    async def end(self, query: CallbackQuery, tap: EndTopic) -> None:
        """The button that ends a topic was tapped; only its owner may."""
        who, message = person(query.from_user.id), query.message
        language = query.from_user.language_code or "en"
        there = {one.id: one for one in await self.journal.read(topics.topics)}
        if tap.topic in there and there[tap.topic].person != who:
            await answered(query, say("topic_of_another", language))
            return
        await self.journal.write(lambda c: topics.end(c, tap.topic, who))
        await answered(query, say("topic_ended", language))
        if isinstance(message, Message):
            text, rows = await self._list(message, who, language)
            await self.outbox.edit(message.chat_id, message.message_id, text, rows)

    async def _list(self, message: Message, who: str, language: str) -> tuple[str, Rows]:
        """In a group what is told there, else what somebody watches anywhere."""
        place, group = place_of(message), is_group(message)
        found = await self.journal.read(
            lambda c: topics.topics(c, place=place) if group else topics.topics(c, who)
        )
        lines = []
        for one in found:
            line = f"• {shortened(one.topic, SHOWN)}"
            lines.append(
                line if one.place == place else say("topic_elsewhere", language, line=line)
            )
        key = "watches_none" if not found else "watches_here" if group else "watches"
        rows = tuple(
            (Button(f"✕ {one_line(one.topic, ROOM[1] - 2)}", data(EndTopic(one.id))),)
            for one in found
        )
        text = "\n".join([say(key, language), *lines])
        return own_words(text)[0], rows

    # -- what is told ------------------------------------------------------------------

    async def keep_looking(self, every: float = 20.0) -> None:
        """Looks for news until it is cancelled; then it sends what is on its way."""
        try:
            while True:
                if not await self._look():
                    await asyncio.sleep(every)
        finally:
            if sending := set(self._sending.values()):
                _, late = await asyncio.wait(sending, timeout=STOPS_WITHIN)
                for task in late:
                    task.cancel()
                await asyncio.gather(*late, return_exceptions=True)

    async def _look(self) -> bool:
        """Looks once through a portion for each topic; whether there may be more at once."""
        more = False
        try:
            watched = await self.journal.read(topics.topics)
            there = {(topic.id, topic.seen) for topic in watched}
            self._failures = {at: n for at, n in self._failures.items() if at in there}
            for topic in watched:
                if topic.id not in self._sending:
                    with _only_logged(topic):
                        more |= await self._look_for(topic)
        except Exception:
            log.warning("news can't be looked for", exc_info=True)
        return more

    async def _look_for(self, topic: Topic) -> bool:
        """Looks through a portion for one topic; whether it was a whole one."""
        today = self.today().isoformat()
        may = self.allowed(topic.person, topic.place)
        if not may or topic.told_on(today) >= self.most_a_day:
            last = await self.journal.read(topics.last_news)
            if last > topic.seen:
                await self.journal.write(lambda c: topics.note_seen(c, topic.id, last))
            return False
        news = await self.journal.read(lambda c: topics.news(c, topic, PORTION))
        if not news:
            return False
        fresh = frozenset(one.article_id for one in news if not one.told)
        last = news[-1].seq
        answer = await self._asked(topic, fresh, last) if fresh else None
        if answer is None:
            await self.journal.write(lambda c: topics.note_seen(c, topic.id, last))
        else:
            self._sending[topic.id] = asyncio.create_task(self._tell(topic, answer, last, today))
        return len(news) == PORTION

    async def _asked(self, topic: Topic, articles: Collection[str], last: int) -> Answer | None:
        """What the articles say on a topic. Raises what it failed with, but not for ever."""
        started = time.monotonic()
        while self.busy() and time.monotonic() < started + MOST_PATIENCE:
            await asyncio.sleep(0.1)
        started = time.monotonic()
        try:
            found = await asyncio.to_thread(self.about, topic.topic, articles)
        except Exception:
            failures = self._failures.pop((topic.id, topic.seen), 0) + 1
            if failures < ATTEMPTS:
                self._failures[topic.id, topic.seen] = failures
                raise
            log.exception("the news up to %d is passed over for topic %d", last, topic.id)
            return None
        self._failures.pop((topic.id, topic.seen), None)
        await asyncio.sleep(min(1.0, time.monotonic() - started))  # half the time is others'
        return found if found and found.status is Status.ANSWERED and found.citations else None

    async def _tell(self, topic: Topic, answer: Answer, last: int, today: str) -> None:
        """Notes that an answer is told, and sends it then: at most once, whatever happens.

        Beside the looking: a pause that Telegram wants for one chat is none for the others.
        """
        try:
            with _only_logged(topic):
                if (noted := await self._noted(topic, answer, last, today)) is not None:
                    turn, known = noted
                    rows = answer_rows(answer, known, turn, topic.language)
                    is_last = topic.told_on(today) + 1 >= self.most_a_day
                    pages = news_messages(topic.topic, answer, topic.language, is_last)
                    sent = await self._send(topic, pages, rows)
                    await self.journal.write(lambda c: turns.note_messages(c, turn, sent))
        finally:
            del self._sending[topic.id]

    async def _noted(
        self, topic: Topic, answer: Answer, last: int, today: str
    ) -> tuple[int, dict[str, int]] | None:
        """The number of the turn, and those of its articles; None if it isn't to be told now."""
        now, names, said = self.journal.clock(), named(answer), packed(answer)
        kept = Kept(0, now, topic.place, topic.person, 0, topic.topic, said, (), None)
        cited = {citation.article_id for citation in answer.citations}

        def work(connection: sqlite3.Connection) -> tuple[int, dict[str, int]] | None:
            found = numbers.numbers(connection, names)
            if not cited <= found.keys():  # deleted meanwhile; the others are looked at again
                return None
            if not topics.note_told(connection, topic.id, [found[one] for one in cited], today):
                return None
            topics.note_seen(connection, topic.id, last)
            return turns.keep(connection, kept, names, True, answer.seconds), found

        return await self.journal.write(work)

    async def _send(self, topic: Topic, pages: Sequence[str], rows: Rows) -> list[int]:
        """Returns the numbers of the messages; those of a place that is gone are none."""
        sent: list[int] = []
        try:
            for at, page in enumerate(pages, 1):
                under = rows if at == len(pages) else ()
                sent.append(await self.outbox.send(target_at(topic.place), page, under))
        except TelegramError as error:
            if not _is_gone(error):
                raise
            log.info("%s hears of no topics any more: %s", topic.place, error)
            await self.journal.write(lambda c: topics.leave(c, topic.place))
        return sent


def _is_gone(error: TelegramError) -> bool:
    """Whether a place can't be written to any more."""
    if isinstance(error, BadRequest):
        said = error.message.lower()
        return "chat not found" in said or "thread not found" in said
    return isinstance(error, Forbidden)


@contextmanager
def _only_logged(topic: Topic) -> Iterator[None]:
    """What goes wrong with one topic doesn't stop the others."""
    try:
        yield
    except Exception:
        log.warning("topic %d can't be looked after now", topic.id, exc_info=True)
