"""Messages on their way to Telegram: waiting when told to, trying again, typing meanwhile."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from telegram import LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.tg.markup import plain

TYPING_LASTS = 4.0  # seconds; Telegram shows it for 5
ATTEMPTS = 4  # to send over a bad network, with 1, 4 and 9 seconds between

log = logging.getLogger(__name__)


async def reply(message: Message, parts: Sequence[str]) -> None:
    """Sends HTML in reply to a message, into its topic, one part after the other."""
    for part in parts:
        await _insist(lambda part=part: _send(message, part))  # type: ignore[misc]


@asynccontextmanager
async def typing(message: Message) -> AsyncIterator[None]:
    """Shows "typing" in the message's chat, from now on until the block is left."""
    shown = asyncio.create_task(_keep_typing(message))
    try:
        yield
    finally:
        shown.cancel()


def seconds(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


async def _keep_typing(message: Message) -> None:
    while True:
        with suppress(TelegramError):  # a courtesy: the answer does not depend on it
            await message.reply_chat_action(ChatAction.TYPING)
        await asyncio.sleep(TYPING_LASTS)


async def _insist(send: Callable[[], Awaitable[object]]) -> None:
    """Sends until it has worked; raises what waiting does not cure.

    After a lost connection the message may have arrived: twice is better than not at all.
    """
    attempt = 1
    while True:
        try:
            await send()
            return
        except RetryAfter as error:
            await asyncio.sleep(seconds(error))
        except BadRequest:  # a NetworkError in this library
            raise
        except NetworkError as error:
            if attempt == ATTEMPTS:
                raise
            log.warning("a message could not be sent (%s); trying again", error)
            await asyncio.sleep(attempt**2)
            attempt += 1


async def _send(message: Message, source: str) -> None:
    quiet = LinkPreviewOptions(is_disabled=True)
    to = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    try:
        await message.reply_html(source, link_preview_options=quiet, reply_parameters=to)
    except BadRequest as error:
        if "can't parse entities" not in error.message.lower():
            raise
        log.exception("Telegram refused HTML made here, which goes out as plain text: %r", source)
        await message.reply_text(plain(source), link_preview_options=quiet, reply_parameters=to)
