"""A bot with its articles and an admin in one process, for tests of what admins do with it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.answer import Answer, Status
from bot.bootstrap import App
from bot.library import Library
from bot.settings import Settings
from bot.tg.access import Access, Rules
from bot.tg.admin import Admin
from bot.tg.buttons import data, parse
from bot.tg.journal import Journal
from bot.tg.receiving import Receiving
from bot.tg.sending import Outbox
from bot.tg.telling import Teller
from ingest.run import Progress
from tests.support.bot_api import TEST_TOKEN, BotApi
from tests.support.embedding import HashingEmbedder
from tests.support.records import Message
from vectorstore import inbox
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.models import Filters

ADMIN, GUEST, GROUP = 7, 8, -1001
BOT = int(TEST_TOKEN.partition(":")[0])


def quotes(question: str, chosen: Filters) -> Answer:
    """Finds what is asked in any article."""
    return Answer(question, Status.ANSWERED, "Ja.", (), (), 1.0, None, 0.0, "de")


@dataclass
class Desk:
    """A bot with an admin, and what people do with it."""

    api: BotApi
    library: Library
    journal: Journal
    died: int = 0
    status: int | None = None
    sending: bool = False

    def does(
        self, *acts: Callable[[], object], then: Callable[[Admin], Awaitable[Any]] | None = None
    ) -> None:
        """People act, and the bot handles all of it at once."""
        for act in acts:
            act()
        asyncio.run(self._handle(then))

    async def _handle(self, then: Callable[[Admin], Awaitable[Any]] | None) -> None:
        builder = ApplicationBuilder().token(TEST_TOKEN).updater(None)
        address = builder.base_url(self.api.base_url).base_file_url(self.api.base_file_url)
        application = address.build()
        async with application:
            admin = self._admin(application.bot)
            commands = ("ingest", "articles", "delete", "status", "stats")
            application.add_handlers(
                [*(CommandHandler(name, getattr(admin, name)) for name in commands)]
            )
            application.add_handler(MessageHandler(filters.Document.ALL, admin.document))
            application.add_handler(CallbackQueryHandler(tapped(admin)))
            updates = await application.bot.get_updates(timeout=0)
            await self._note(updates)
            if updates:
                await application.bot.get_updates(offset=updates[-1].update_id + 1, timeout=0)
            tasks = [asyncio.create_task(application.process_update(u)) for u in updates]
            if then is not None:
                await then(admin)
            await asyncio.gather(*tasks, return_exceptions=then is not None)

    async def _note(self, updates: Any) -> None:
        """Keeps the updates as if some processes had died over them."""
        given = [inbox.Delivered(u.update_id, "telegram:7", "{}") for u in updates]
        await self.journal.write(lambda c: inbox.accept(c, BOT, given, time.time()))
        for update in updates:
            if self.status is not None:
                await self.journal.note_status(update.update_id, self.status)
            if self.sending:
                await self.journal.note_sending(update.update_id)
        for _ in range(self.died):
            await self.journal.take_up()

    def _admin(self, bot: Any) -> Admin:
        outbox, access = Outbox(bot), Access(Rules(admins=frozenset({ADMIN})), self.journal)
        teller = Teller(outbox)
        receiving = Receiving(self.library, outbox, self.journal, teller, quotes)
        return Admin(self.library, outbox, self.journal, access, teller, receiving)

    def writes(self, text: str, chat: int = ADMIN, **more: Any) -> str:
        """What the bot answers to a message."""
        self.does(lambda: self.api.user_sends(text, chat=chat, **more))
        return self.last(chat).text

    def sends(self, name: str, content: bytes, chat: int = ADMIN, **more: Any) -> str:
        """What the bot answers to a document."""
        self.does(lambda: self.api.user_sends_document(name, content, chat=chat, **more))
        return self.last(chat).text

    def taps(self, tap: Any, chat: int = ADMIN, user: int | None = None) -> str:
        """What the message with this button says once it was tapped."""
        of = self.last(chat).message_id
        self.does(lambda: self.api.press_button(data(tap), chat=chat, message_id=of, user=user))
        return self.last(chat).text

    def last(self, chat: int = ADMIN) -> Message:
        return [m for m in self.api.messages(chat) if m.from_bot][-1]

    def buttons(self) -> list[Any]:
        rows = (self.last().reply_markup or {}).get("inline_keyboard", [])
        return [parse(button["callback_data"]) for row in rows for button in row]


def tapped(admin: Admin) -> Any:
    """What hands taps to an Admin."""

    async def handle(update: Any, context: Any) -> None:
        tap = parse(update.callback_query.data)
        await admin.taps[type(tap)](update.callback_query, tap)  # type: ignore[index, arg-type]

    return handle


@contextmanager
def desk_in(home: Path, timezone: str = "UTC") -> Iterator[Desk]:
    """A bot over an empty home."""
    settings = Settings(BELEG_HOME=home, BELEG_TIMEZONE=timezone)  # type: ignore[call-arg]
    database = Database(home / "catalogue.db")
    library = Library(App(settings, database, Catalogue(database), HashingEmbedder(), None))
    journal = Journal(database, BOT)
    with BotApi.running() as api:
        yield Desk(api, library, journal)
    journal.close()
    database.close()


def filled(desk: Desk, count: int) -> None:
    """Takes in so many articles: a1, a2 ..."""
    for n in range(1, count + 1):
        desk.library.take_in_text(f"a{n}", f"Artikel {n}", f"Satz {n}.", Progress())
