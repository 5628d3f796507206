"""Updates fetched from Telegram, for as long as it takes.

Not python-telegram-bot's Updater: when the token is revoked while it runs, its polling task
dies unseen and the bot idles on for ever; and it leaves no way to bound a stop.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, TypeVar

from telegram import Bot, BotCommand
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application

from bot.tg.sending import seconds
from bot.words import say
from vectorstore.errors import BelegError, SettingsError

TelegramApplication = Application[Any, Any, Any, Any, Any, Any]
T = TypeVar("T")

WAIT = 25  # seconds that Telegram may hold a call until there is an update
LONGEST_PAUSE = 30.0  # seconds between attempts to reach Telegram
LAST_CALL = 2.0  # seconds

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Poller:
    """Feeds the updates for an application into its queue; `tell` hears when it has begun."""

    application: TelegramApplication
    tell: Callable[[str], None]
    offset: int = 0

    async def run(self) -> NoReturn:
        """Starts the application and polls until cancelled.

        Waits out a bad network; SettingsError for a token that Telegram refuses, BelegError if
        somebody else polls with it.
        """
        bot: Bot = self.application.bot
        await _persevere(self.application.initialize)
        await _persevere(bot.delete_webhook)  # with one set, Telegram refuses to be polled
        await _show_commands(bot)
        await self.application.start()
        self.tell(f"@{bot.username} answers in Telegram. Ctrl-C stops it.")
        while True:
            fetch = partial(self._updates, bot, WAIT)
            for update in await _persevere(fetch):
                await self.application.update_queue.put(update)
                self.offset = update.update_id + 1

    async def confirm(self) -> None:
        """Tells Telegram what was fetched, so that the next start does not answer it again."""
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(LAST_CALL):
                await self._updates(self.application.bot, 0)

    def _updates(self, bot: Bot, wait: int) -> Awaitable[tuple[Any, ...]]:
        return bot.get_updates(offset=self.offset, timeout=wait, allowed_updates=["message"])


async def _persevere(call: Callable[[], Awaitable[T]]) -> T:
    """The result of a call, tried until Telegram answers it.

    The errors are raised anew, not from their causes: those tell the token.
    """
    pause = 1.0
    while True:
        try:
            return await call()
        except InvalidToken:
            raise SettingsError(
                "Telegram refuses TELEGRAM_BOT_TOKEN. Ask @BotFather for the bot's token, and "
                "check TELEGRAM_API_URL if you run a Bot API server of your own."
            ) from None
        except Conflict as error:
            log.error("another program fetches this bot's messages: %s", error)
            raise BelegError(
                "Another program fetches this bot's messages, so this one stops. "
                "Run one `beleg bot` for a token, and remove any webhook."
            ) from None
        except RetryAfter as error:
            await asyncio.sleep(seconds(error))
        except TelegramError as error:
            log.warning("Telegram can't be reached (%s); next try in %.0f s", error, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


async def _show_commands(bot: Bot) -> None:
    """The menu of commands, in German for who has a German app; the bot works without it too."""
    try:
        for language, question, new in ((None, "ask", "new"), ("de", "frage", "neu")):
            menu = [
                BotCommand(name, say(f"command_{key}", language))
                for name, key in (
                    (question, "ask"),
                    (new, "new"),
                    ("help", "help"),
                    ("start", "start"),
                )
            ]
            await bot.set_my_commands(menu, language_code=language)
    except TelegramError as error:
        log.warning("Telegram did not take the list of commands (%s)", error)
