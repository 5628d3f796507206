"""The bot's parts put together, and which of them takes which update."""

from dataclasses import dataclass
from functools import partial

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.engine import Engine
from bot.library import Library
from bot.settings import Settings, local_now
from bot.streaming import events
from bot.tg.access import Access, Rules
from bot.tg.admin import Admin
from bot.tg.buttons import EndTopic
from bot.tg.handlers import Handlers
from bot.tg.inline import Inline
from bot.tg.intake import Intake, TelegramApplication
from bot.tg.journal import Journal
from bot.tg.live import QUIET
from bot.tg.memory import Memory
from bot.tg.menus import names
from bot.tg.questions import Questions
from bot.tg.quotas import A_DAY, Quotas
from bot.tg.receiving import Receiving
from bot.tg.sending import Outbox
from bot.tg.taps import Taps
from bot.tg.telling import Teller
from bot.tg.topics import Topics

READING = 2  # questions at a time while the processor is what limits them
MOMENT = 4.0  # seconds; quoted answers take longer only under load
WRITING = 16  # while it is a chat model that they wait for

_NEW = filters.UpdateType.MESSAGE
_EDITED = filters.UpdateType.EDITED_MESSAGE
_PRIVATE = _NEW & filters.ChatType.PRIVATE
_GROUP = _NEW & filters.ChatType.GROUPS
_WRITTEN = filters.TEXT & ~filters.COMMAND & ~filters.VIA_BOT  # nobody asks what a bot says


@dataclass(frozen=True, slots=True)
class Parts:
    """What runs beside the handlers."""

    journal: Journal
    intake: Intake
    topics: Topics
    access: Access
    memory: Memory


def parts(
    application: TelegramApplication, engine: Engine, library: Library, settings: Settings
) -> Parts:
    """Puts the bot together and registers its handlers."""
    token = application.bot.token
    journal = Journal(engine.catalogue.database, int(token.partition(":")[0]))
    access = Access(Rules(settings.telegram_allowed_ids, settings.telegram_admin_ids), journal)
    quotas = Quotas(
        journal, settings.telegram_daily_questions, settings.telegram_group_daily_questions
    )
    outbox = Outbox(application.bot, access.chat_moved)
    teller = Teller(outbox)
    at_once, quiet = (READING, MOMENT) if engine.writer is None else (WRITING, QUIET)
    memory = Memory(journal, settings.telegram_keep_days * A_DAY)
    asking = partial(events, engine)
    questions = Questions(asking, outbox, journal, memory, access, quotas, at_once, quiet)
    topics = Topics(
        journal,
        outbox,
        teller,
        engine.on_topic,
        today=lambda: local_now(settings.timezone).date(),
        busy=lambda: questions.busy,
        allowed=access.allows,
    )
    receiving = Receiving(library, outbox, journal, teller, engine.quotes)
    admin = Admin(library, outbox, journal, access, teller, receiving)
    taps = Taps(outbox, journal, memory, teller, {EndTopic: topics.end, **admin.taps})
    handlers = Handlers(questions, receiving, journal, access, teller, taps.opened)
    inline = Inline(engine.best)
    _register(application, handlers, admin, topics)
    application.add_handler(CallbackQueryHandler(taps.tapped))
    application.add_handler(InlineQueryHandler(inline.asked))
    intake = Intake(application, journal, questions.greet)
    return Parts(journal, intake, topics, access, memory)


def _register(
    application: TelegramApplication, handlers: Handlers, admin: Admin, topics: Topics
) -> None:
    """In each group, the first that matches acts."""
    application.add_handler(TypeHandler(Update, handlers.admit), group=-1)
    commands = {
        "start": handlers.start,
        "help": handlers.help,
        "new": handlers.anew,
        "ask": handlers.command,
        "again": handlers.again,
        "cancel": handlers.cancel,
        "forget_me": handlers.forget,
        "watch": topics.watch,
        "watches": topics.watched,
        "status": admin.status,
        "ingest": admin.ingest,
        "articles": admin.articles,
        "delete": admin.delete,
        "stats": admin.stats,
    }
    application.add_handlers([CommandHandler(names(k), act, _NEW) for k, act in commands.items()])
    application.add_handlers(
        [
            MessageHandler(_NEW & filters.StatusUpdate.MIGRATE, handlers.migrated),
            MessageHandler(_PRIVATE & _WRITTEN, handlers.question),
            MessageHandler(_PRIVATE & filters.COMMAND, handlers.help),
            MessageHandler(_PRIVATE & filters.Document.ALL, admin.document),
            MessageHandler(_PRIVATE & ~filters.StatusUpdate.ALL & ~filters.VIA_BOT, handlers.other),
            MessageHandler(_GROUP & filters.REPLY & _WRITTEN, handlers.reply),
            MessageHandler(_GROUP & _WRITTEN & filters.Entity("mention"), handlers.mention),
            MessageHandler(_EDITED & filters.TEXT, handlers.edited),
            ChatMemberHandler(handlers.membership, ChatMemberHandler.MY_CHAT_MEMBER),
        ]
    )
    application.add_error_handler(handlers.failed)
