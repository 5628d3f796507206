"""Updates fetched from Telegram, for as long as it takes.

Not python-telegram-bot's Updater: when the token is revoked while it runs, its polling task
dies unseen and the bot idles on for ever; and it leaves no way to bound a stop.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.tg.intake import KINDS, Intake
from bot.tg.sending import seconds
from vectorstore.errors import BelegError, SettingsError, StoreError

T = TypeVar("T")

PATIENCE = 20.0  # seconds for one call: a timeout may mean that a message is sent twice
WAIT = 25  # seconds that Telegram may hold a call until there is an update
STORES_AGAIN = 5.0  # seconds
LONGEST_PAUSE = 30.0  # seconds between attempts to reach Telegram
RIVALS = 3  # conflicts in a row after which the one who was first gives way

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Poller:
    """Feeds updates into an intake."""

    bot: Bot
    intake: Intake
    offset: int = 0
    _polled: bool = False
    _rivals: int = 0

    async def run(self, begun: Callable[[], None]) -> NoReturn:
        """Polls until cancelled; `begun` is called when it does.

        Waits out a bad network; SettingsError for a token that Telegram refuses, BelegError if
        somebody else polls with it.
        """
        await persevere(self._refuse_with_webhook)
        await persevere(self.bot.delete_webhook)  # with one set, Telegram refuses to be polled
        begun()
        while True:
            try:
                updates = await persevere(self._updates)
            except Conflict as error:
                self._give_way(error)
                continue
            self._polled, self._rivals = True, 0
            try:
                await self.intake.take(updates)
            except StoreError as error:  # Telegram keeps them until the offset says otherwise
                log.error("updates could not be kept; next try in %.0f s: %s", STORES_AGAIN, error)
                await asyncio.sleep(STORES_AGAIN)
                continue
            self.offset = max([self.offset, *(update["update_id"] + 1 for update in updates)])

    async def _refuse_with_webhook(self) -> None:
        """BelegError if Telegram delivers to another program, and that takes what it gets."""
        found = await self.bot.get_webhook_info()
        failing = found.last_error_message or found.pending_update_count
        if found.url and not failing:
            raise BelegError(
                "Another program has this bot's messages delivered, so this one stops. Stop that "
                "one first: run one `beleg bot` for a token."
            )

    def _give_way(self, error: Conflict) -> None:
        """Who comes second gives way at once: whoever polled before goes on."""
        log.warning("another program fetches this bot's messages: %s", error)
        self._rivals += 1
        if not self._polled or self._rivals >= RIVALS:
            raise BelegError(
                "Another program fetches this bot's messages, so this one stops. "
                "Run one `beleg bot` for a token, and remove any webhook."
            ) from None

    def _updates(self) -> Awaitable[list[dict[str, Any]]]:
        """Raw, so that one that can't be read spoils no others.

        Telegram doesn't mind how the method is spelled, but the library warns of "getUpdates".
        """
        asked = {"offset": self.offset, "timeout": WAIT, "allowed_updates": KINDS}
        return self.bot.do_api_request("getupdates", asked, read_timeout=WAIT + PATIENCE)


async def persevere(call: Callable[[], Awaitable[T]]) -> T:
    """The result of a call, tried until Telegram answers it; Conflict passes.

    The errors are raised anew, not from their causes: those tell the token.
    """
    pause = 1.0
    while True:
        try:
            return await call()
        except (InvalidToken, EndPointNotFound):  # the latter where the method was given raw
            raise SettingsError(
                "Telegram refuses TELEGRAM_BOT_TOKEN. Ask @BotFather for the bot's token, and "
                "check TELEGRAM_API_URL if you run a Bot API server of your own."
            ) from None
        except Conflict:
            raise
        except RetryAfter as error:
            await asyncio.sleep(seconds(error))
        except TelegramError as error:
            log.warning("Telegram can't be reached (%s); next try in %.0f s", error, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
