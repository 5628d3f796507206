"""The bot as a process: built, run until a signal or a fatal error, closed in order."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NoReturn

from telegram.ext import ApplicationBuilder, SimpleUpdateProcessor

from bot.answer import Answer
from bot.conversation import Turn
from bot.engine import Engine
from bot.settings import Settings
from bot.tg.handlers import Handlers
from bot.tg.polling import Poller, TelegramApplication
from vectorstore.errors import SettingsError

AT_ONCE = 256  # messages being handled; the engine's threads are far fewer
GRACE = 5.0  # seconds to finish what is under way
LAST_WORDS = 2.0  # seconds to tell the others that it won't be
PATIENCE = 20.0  # seconds for one call: a timeout may mean that a message is sent twice
SIGNALS = (signal.SIGINT, signal.SIGTERM)

log = logging.getLogger(__name__)


def run(engine: Engine, settings: Settings, tell: Callable[[str], None] = log.info) -> None:
    """Answers in Telegram until SIGTERM or SIGINT, then finishes what is under way.

    `tell` gets a line for who started it as soon as it answers.
    SettingsError for a missing or refused token, BelegError if another program polls with it.
    For the main thread.
    """
    secret = settings.telegram_bot_token
    if secret is None:
        raise SettingsError(
            "TELEGRAM_BOT_TOKEN is missing: talk to @BotFather in Telegram, /newbot, and put the "
            "token it gives you into .env."
        )
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns at every 429
    work = UnderWay(AT_ONCE)
    application = _application(secret.get_secret_value().strip(), settings.telegram_api_url, work)

    def ask(question: str, person: str, history: Sequence[Turn]) -> Answer:
        return engine.ask(question, person=person, history=history)

    Handlers(ask, settings.telegram_allowed_ids).register(application)
    before = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        asyncio.run(_serve(application, work, tell))
    finally:  # the event loop leaves the defaults, which would kill what the caller closes now
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)


class UnderWay(SimpleUpdateProcessor):
    """Handles updates at the same time and knows which are not done."""

    def __init__(self, at_once: int) -> None:
        super().__init__(at_once)
        self._tasks: set[asyncio.Task[Any]] = set()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Awaits the handling of one update."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await coroutine
        finally:
            self._tasks.discard(task)

    def interrupt(self) -> None:
        """Cancels what is not done; the handlers tell it to who asked."""
        log.warning("%d messages can't be finished", len(self._tasks))
        for task in self._tasks:
            task.cancel()


def _application(token: str, api_url: str, work: UnderWay) -> TelegramApplication:
    return (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .updater(None)
        .concurrent_updates(work)
        .connect_timeout(PATIENCE)
        .read_timeout(PATIENCE)
        .write_timeout(PATIENCE)
        .pool_timeout(PATIENCE)
        .build()
    )


async def _serve(
    application: TelegramApplication, work: UnderWay, tell: Callable[[str], None]
) -> None:
    stop = asyncio.Event()
    if sys.platform != "win32":  # where loops hear no signals, and Ctrl-C works all the same
        for number in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    poller = Poller(application, tell)
    polling = asyncio.create_task(poller.run())
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({polling, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        await _close(application, work, poller, polling)
    if not polling.cancelled():
        polling.result()  # raises why it ended


async def _close(
    application: TelegramApplication,
    work: UnderWay,
    poller: Poller,
    polling: "asyncio.Task[NoReturn]",
) -> None:
    polling.cancel()
    await asyncio.wait({polling})
    if application.running:
        log.info("stopping; %d messages under way", work.current_concurrent_updates)
        stopping = asyncio.create_task(application.stop())
        if polling.cancelled():
            await poller.confirm()
        await asyncio.wait({stopping}, timeout=GRACE)
        if not stopping.done():
            work.interrupt()
            await asyncio.wait({stopping}, timeout=LAST_WORDS)
    await application.shutdown()
