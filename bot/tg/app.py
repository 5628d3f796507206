"""The bot as a process: built, run until a signal or a fatal error, closed in order."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx
from filelock import FileLock, Timeout
from telegram import Bot
from telegram.error import TelegramError
from telegram.ext import ApplicationBuilder
from telegram.request import HTTPXRequest

from bot.engine import Engine
from bot.library import Library
from bot.settings import Settings
from bot.tg import menus
from bot.tg.building import Parts, parts
from bot.tg.intake import TelegramApplication, UnderWay
from bot.tg.polling import PATIENCE, Poller, persevere
from bot.tg.webhook import Address, Webhook
from vectorstore.errors import BelegError, SettingsError

AT_ONCE = 256  # messages being handled; fewer questions are answered at a time
KEPT_OPEN = 16  # connections to Telegram that nothing is said on
THREADS = 32
SWITCH = 0.0005  # seconds of work after which a thread lets the event loop in
GRACE = 4.0  # seconds to finish what is under way
LOOKS_EVERY = 30.0  # seconds between two looks for who gets the messages
LAST_WORDS = 2.0  # seconds to tell the others that it won't be
SIGNALS = (signal.SIGINT, signal.SIGTERM)

log = logging.getLogger(__name__)

Tell = Callable[[str], None]


def run(engine: Engine, library: Library, settings: Settings, tell: Tell = log.info) -> None:
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
    token = secret.get_secret_value().strip()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    lock = FileLock(settings.home / f"telegram-{token.partition(':')[0]}.lock")
    try:
        with lock.acquire(timeout=0):
            asyncio.run(_until_signalled(engine, library, settings, token, tell))
    except Timeout:
        raise BelegError(
            "This bot is running already, over the same articles. One `beleg bot` is enough."
        ) from None
    finally:  # the event loop leaves the defaults, which would kill what the caller closes now
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)


async def _until_signalled(
    engine: Engine, library: Library, settings: Settings, token: str, tell: Tell
) -> None:
    stop = asyncio.Event()
    if sys.platform != "win32":  # where loops hear no signals, and Ctrl-C works all the same
        for number in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(engine, library, settings, token, stop, tell)


async def serve(
    engine: Engine,
    library: Library,
    settings: Settings,
    token: str,
    stop: asyncio.Event,
    tell: Tell,
) -> None:
    """Answers until `stop` is set; raises what `run` raises."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns at every 429
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "asking"))
    sys.setswitchinterval(SWITCH)
    work = UnderWay(AT_ONCE)
    application = _application(token, settings.telegram_api_url, work)
    library.clear()
    made = parts(application, engine, library, settings)
    work.journal = made.journal
    try:
        await _until_stopped(_serve(application, made, settings, token, tell), stop)
    finally:
        await _close(application, work, made)


def _application(token: str, api_url: str, work: UnderWay) -> TelegramApplication:
    return (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .updater(None)
        .concurrent_updates(work)
        .request(_requests())
        .build()
    )


def _requests() -> HTTPXRequest:
    """With each request, every idle connection is compared with every other: so there are few."""
    return HTTPXRequest(
        connect_timeout=PATIENCE,
        read_timeout=PATIENCE,
        write_timeout=PATIENCE,
        pool_timeout=PATIENCE,
        httpx_kwargs={
            "limits": httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=KEPT_OPEN)
        },
    )


async def _until_stopped(serving: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """Raises why the serving ended, unless it was told to stop."""
    served = asyncio.create_task(serving)
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({served, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        served.cancel()
        await asyncio.wait({served})
    if not served.cancelled():
        served.result()


async def _serve(
    application: TelegramApplication, made: Parts, settings: Settings, token: str, tell: Tell
) -> None:
    """Takes updates until cancelled."""
    bot = application.bot
    await persevere(application.initialize)
    await made.access.load()
    await application.start()
    await made.intake.resume()
    beside = [
        asyncio.create_task(menus.show(bot, settings.telegram_admin_ids)),
        asyncio.create_task(made.topics.keep_looking()),
        asyncio.create_task(made.journal.keep_expiring(made.memory.keep)),
    ]
    greeting = f"@{bot.username} answers in Telegram. Ctrl-C stops it."
    try:
        if settings.telegram_webhook_url is None:
            await Poller(bot, made.intake).run(lambda: tell(greeting))
        else:
            await _delivered(application, made, settings, token, lambda: tell(greeting))
    finally:
        for task in beside:
            task.cancel()
        await asyncio.wait(beside)


async def _delivered(
    application: TelegramApplication,
    made: Parts,
    settings: Settings,
    token: str,
    begun: Callable[[], None],
) -> None:
    """Has Telegram deliver updates until cancelled."""
    secret = settings.telegram_webhook_secret
    address = Address.of(
        settings.telegram_webhook_url or "",
        settings.telegram_webhook_listen,
        secret.get_secret_value() if secret else None,
        token,
    )
    webhook = Webhook(address, made.intake, lambda: application.running)
    try:
        await webhook.start(application.bot)
        begun()
        while await _still_ours(application.bot, address.url):
            await asyncio.sleep(LOOKS_EVERY)
    finally:
        await webhook.stop()
        await _give_up_webhook(application.bot, address.url)
    raise BelegError(
        "Another program has this bot's messages now, so this one stops. "
        "Run one `beleg bot` for a token."
    )


async def _give_up_webhook(bot: Bot, url: str) -> None:
    """Has Telegram keep what comes, so that any bot can take it on after this one has stopped."""
    with suppress(TelegramError, TimeoutError):
        async with asyncio.timeout(LAST_WORDS):
            if (await bot.get_webhook_info()).url == url:
                await bot.delete_webhook()


async def _still_ours(bot: Bot, url: str) -> bool:
    """Whether Telegram delivers to us; nobody tells who has lost that."""
    try:
        return (await bot.get_webhook_info()).url == url
    except TelegramError:
        return True


async def _close(application: TelegramApplication, work: UnderWay, made: Parts) -> None:
    if application.running:
        log.info("stopping; %d messages under way", work.current_concurrent_updates)
        stopping = asyncio.create_task(application.stop())
        await asyncio.wait({stopping}, timeout=GRACE)
        if not stopping.done():
            work.interrupt()
            await asyncio.wait({stopping}, timeout=LAST_WORDS)
    await application.shutdown()
    made.journal.close()
