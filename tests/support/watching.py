"""Topics over a real catalogue and a bot of the test server, and the people who watch them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from telegram import Bot, CallbackQuery, Update

from bot.answer import Answer, Citation, Status
from bot.tg.journal import Journal
from bot.tg.sending import Outbox
from bot.tg.telling import Teller
from bot.tg.topics import Topics
from tests.support.bot_api import TEST_TOKEN, BotApi
from tests.support.records import Message
from tests.support.store import article, store
from vectorstore import people, topics
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import StoreError

ANNA, BERT, GROUP = 7, 8, -100
DAY = date(2026, 11, 25)
NO_CONTEXT = cast(Any, None)


class Press:
    """Finds an article on a topic by its id, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, frozenset[str]]] = []
        self.failing = ""

    def about(self, topic: str, articles: Collection[str]) -> Answer | None:
        self.asked.append((topic, frozenset(articles)))
        if topic == self.failing:
            raise StoreError("Es ging nicht.")
        found = [one for one in sorted(articles) if topic.casefold() in one]
        return answer(topic, found[0]) if found else None


def answer(topic: str, article_id: str, quote: str = "Sie fährt wieder.") -> Answer:
    """An answer that cites one article."""
    cited = Citation(1, article_id, 1, f"Über {article_id}", None, None, None, "Blatt", quote, 0, 5)
    return Answer(topic, Status.ANSWERED, f"{quote} [1]", (cited,), (), 0.9, None, 0.1, "de")


class Watching:
    """The topics over a real catalogue and a bot of the test server."""

    def __init__(self, database: Database, bot: Bot, **how: Any) -> None:
        self.database, self.bot = database, bot
        self.catalogue, self.press = Catalogue(database), Press()
        self.journal = Journal(database, 1)

        async def moved(old: int, new: int) -> None:
            names = f"telegram:{old}", f"telegram:{new}"
            await self.journal.write(lambda c: people.move(c, *names))

        outbox = Outbox(bot, moved)
        about = how.pop("about", self.press.about)
        how = {"today": lambda: DAY, **how}
        self.topics = Topics(self.journal, outbox, Teller(outbox), about, **how)

    async def begin(self, topic: str, place: int | str = ANNA, person: int = ANNA) -> None:
        names = f"telegram:{person}", f"telegram:{place}"
        assert await self.journal.write(lambda c: topics.add(c, *names, topic, "de"))

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Looks for news inside the block, and until there is none left to look at."""
        task = asyncio.create_task(self.topics.keep_looking(0.01))
        try:
            yield
            await self.until_seen()
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def look(self) -> None:
        async with self.looking():
            pass

    async def until_seen(self) -> None:
        while self.news():
            await asyncio.sleep(0.01)

    def news(self) -> int:
        return int(self.database.read().execute("SELECT count(*) FROM news").fetchone()[0])

    def store(self, *ids: str) -> None:
        store(self.catalogue, *(article(one, f"Hier steht {one}.") for one in ids))


Scenario = Callable[[Watching], Awaitable[None]]


@dataclass
class Stage:
    """Where scenarios are played."""

    api: BotApi
    database: Database

    def run(self, scenario: Scenario, **how: Any) -> None:
        """Plays a scenario with topics that are made so."""

        async def whole() -> None:
            async with Bot(TEST_TOKEN, base_url=self.api.base_url) as bot:
                watching = Watching(self.database, bot, **how)
                try:
                    async with asyncio.timeout(30):
                        await scenario(watching)
                finally:
                    watching.journal.close()

        asyncio.run(whole())

    def said(self, chat: int = ANNA) -> list[str]:
        """What the bot has said in a chat."""
        return [one.text for one in self.messages(chat)]

    def messages(self, chat: int = ANNA) -> list[Message]:
        """The bot's messages in a chat."""
        return [one for one in self.api.messages(chat) if one.from_bot]

    def watched(self) -> list[topics.Topic]:
        """All topics that are watched."""
        return topics.topics(self.database.read())


@contextmanager
def staged(home: Path) -> Iterator[Stage]:
    """A stage over an empty catalogue, with two people and a group."""
    database = Database(home / "catalogue.db")
    with BotApi.running() as api:
        for chat in (ANNA, BERT, GROUP):
            api.open_chat(chat)
        yield Stage(api, database)
    database.close()


def buttons(message: Message) -> list[dict[str, str]]:
    """The buttons under a message."""
    markup = message.reply_markup or {"inline_keyboard": []}
    return [button for row in markup["inline_keyboard"] for button in row]


def update(
    api: BotApi, bot: Bot, text: str, chat: int = ANNA, user: int = ANNA, thread: int = 0
) -> Update:
    """An update with what somebody writes."""
    language = "de" if user == ANNA else "en"
    number = api.user_sends(
        text, chat=chat, user=user, user_language=language, thread=thread or None
    )
    whose = {"id": user, "is_bot": False, "first_name": "A", "language_code": language}
    data = {"message_id": number, "date": 1, "chat": where(chat), "from": whose, "text": text}
    data |= {"is_topic_message": True, "message_thread_id": thread} if thread else {}
    found = Update.de_json({"update_id": 1, "message": data}, bot)
    assert found is not None
    return found


def where(chat: int) -> dict[str, Any]:
    """A chat, as Telegram tells of it."""
    return {"id": chat} | ({"type": "private"} if chat > 0 else {"type": "group", "title": "G"})


def tap(api: BotApi, bot: Bot, message: Message, at: int, user: int = ANNA) -> CallbackQuery:
    """What comes when somebody taps the button there."""
    pressed = buttons(message)[at]["callback_data"]
    number, chat = message.message_id, message.chat_id
    query = api.press_button(pressed, chat=chat, message_id=number, user=user)
    whose = {"id": user, "is_bot": False, "first_name": "A", "language_code": "de"}
    under = {"message_id": number, "date": 1, "chat": where(chat), "text": "Sie beobachten:"}
    data = {"id": query, "from": whose, "chat_instance": "1", "message": under, "data": pressed}
    found = CallbackQuery.de_json(data, bot)
    assert found is not None
    return found
