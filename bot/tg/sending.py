"""Messages on their way to Telegram: in order within a chat, waiting when told to, tried again.

What Telegram wants for one chat (a pause, another number) concerns that chat alone.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError

from bot.tg.buttons import Rows
from bot.tg.markup import plain
from bot.tg.places import Target

T = TypeVar("T")

PERSISTS = 3_600.0  # seconds for which sending is tried over a bad network
LONGEST_PAUSE = 30.0  # seconds between two attempts
A_SECOND, AT_ONCE = 30, 30  # messages that Telegram takes from a bot, for all chats together
TYPING_LASTS = 4.0  # seconds; Telegram shows it for 5
CHATS = 10_000  # that are remembered

_QUIET = LinkPreviewOptions(is_disabled=True)

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Chat:
    """One message at a time, none before `free_at`; something was last said at `said_at`, and
    "typing" shown at `typed_at`. All are monotonic seconds.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    said_at: float = -TYPING_LASTS
    typed_at: float = -TYPING_LASTS


class Outbox:
    """Sends for one bot. `moved` hears of a chat that goes on under another number."""

    def __init__(
        self, bot: Bot, moved: Callable[[int, int], Awaitable[None]] | None = None
    ) -> None:
        self.bot = bot
        self._moved = moved
        self._numbers: dict[int, int] = {}
        self._chats: dict[int, _Chat] = {}
        self._due = 0.0

    async def send(self, to: Target, source: str, rows: Rows = ()) -> int:
        """Sends HTML; returns the message's number.

        After a lost connection it may have arrived: twice is better than not at all.
        """
        reply = to.reply_to and ReplyParameters(to.reply_to, allow_sending_without_reply=True)

        async def send(chat: int, text: str, mode: ParseMode | None) -> int:
            message = await self.bot.send_message(
                chat,
                text,
                mode,
                message_thread_id=to.thread,
                reply_parameters=reply or None,
                link_preview_options=_QUIET,
                reply_markup=keyboard(rows),
            )
            return message.message_id

        return await self._insist(to.chat, lambda chat: _formatted(send, chat, source))

    def is_calm(self, chat: int, gap: float) -> bool:
        """Whether nothing was said in a chat for so many seconds, or is about to be."""
        state, now = self._chat(chat), time.monotonic()
        return not state.lock.locked() and max(state.free_at, state.said_at + gap) <= now

    async def edit(
        self,
        chat: int,
        message: int,
        source: str,
        rows: Rows = (),
        gap: float = 0.0,
        optional: bool = False,
    ) -> bool:
        """Makes a message of the bot's say this; False if it can't be edited any more.

        Not before `gap` seconds have passed since something was said in the chat. One that is
        `optional` is tried once.
        """

        async def edit(chat: int, text: str, mode: ParseMode | None) -> bool:
            try:
                await self.bot.edit_message_text(
                    text,
                    chat,
                    message,
                    parse_mode=mode,
                    link_preview_options=_QUIET,
                    reply_markup=keyboard(rows),
                )
            except BadRequest as error:
                said = error.message.lower()
                if "not modified" in said:
                    return True
                if "to edit not found" in said or "can't be edited" in said:
                    return False
                raise
            return True

        def call(to: int) -> Awaitable[bool]:
            return _formatted(edit, to, source)

        return await self._insist(chat, call, patient=not optional, gap=gap)

    async def mark(self, chat: int, message: int, rows: Rows) -> None:
        """Puts other buttons under a message of the bot's, if it is still there."""
        with suppress(BadRequest):
            markup = keyboard(rows)
            await self._insist(
                chat,
                lambda to: self.bot.edit_message_reply_markup(to, message, reply_markup=markup),
            )

    async def delete(self, chat: int, message: int) -> None:
        """Removes a message of the bot's, if it is still there."""
        with suppress(BadRequest):
            await self._insist(chat, lambda to: self.bot.delete_message(to, message))

    async def type(self, to: Target) -> None:
        """Shows "typing", unless it is shown; left out when it can't be done at once."""
        state, now = self._chat(to.chat), time.monotonic()
        if state.free_at > now or now - state.typed_at < TYPING_LASTS / 2:
            return
        state.typed_at = now
        chat = self._numbers.get(to.chat, to.chat)
        try:
            await self.bot.send_chat_action(chat, ChatAction.TYPING, message_thread_id=to.thread)
        except RetryAfter as error:
            state.free_at = time.monotonic() + seconds(error)
        except TelegramError as error:
            log.debug("typing could not be shown: %s", error)

    @contextmanager
    def typing(self, to: Target) -> Iterator[None]:
        """Shows "typing" until the block is left."""

        async def keep() -> None:
            while True:
                await self.type(to)
                await asyncio.sleep(TYPING_LASTS)

        shown = asyncio.create_task(keep())
        try:
            yield
        finally:
            shown.cancel()

    def _chat(self, number: int) -> _Chat:
        if number not in self._chats and len(self._chats) >= CHATS:
            now = time.monotonic()
            busy = {n: c for n, c in self._chats.items() if c.lock.locked() or c.free_at > now}
            self._chats = busy
        return self._chats.setdefault(number, _Chat())

    async def _insist(
        self,
        chat: int,
        call: Callable[[int], Awaitable[T]],
        patient: bool = True,
        gap: float = 0.0,
    ) -> T:
        """Calls until it has worked, or once if not `patient`; raises what waiting won't cure."""
        state, pause, began = self._chat(chat), 1.0, time.monotonic()
        async with state.lock:
            while True:
                await self._wait(state, gap)
                number = self._numbers.get(chat, chat)
                try:
                    state.said_at = time.monotonic()
                    return await call(number)
                except RetryAfter as error:
                    state.free_at = time.monotonic() + seconds(error)
                    if not patient:
                        raise
                except ChatMigrated as error:
                    if error.new_chat_id == number:
                        raise
                    await self.move(chat, error.new_chat_id)
                except BadRequest:  # a NetworkError in this library
                    raise
                except NetworkError as error:
                    if not patient or time.monotonic() - began > PERSISTS:
                        raise
                    log.warning("a message could not be sent (%s); trying again", error)
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)

    async def move(self, chat: int, to: int) -> None:
        """From now on a chat has another number."""
        if self._numbers.get(chat) != to:
            self._numbers[chat] = to
            if self._moved is not None:
                await self._moved(chat, to)

    async def _wait(self, state: _Chat, gap: float) -> None:
        """Until the chat is free and calm, and all of them together are not too fast."""
        now = time.monotonic()
        self._due = max(self._due, now - AT_ONCE / A_SECOND) + 1 / A_SECOND
        pause = max(state.free_at, state.said_at + gap, self._due) - now
        while pause > 0:
            await asyncio.sleep(pause)
            pause = max(state.free_at, state.said_at + gap) - time.monotonic()


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """Buttons as Telegram takes them; None for no rows."""
    from telegram import InlineKeyboardButton

    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.text, url=b.url, callback_data=b.data) for b in r] for r in rows]
    )


def seconds(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


async def _formatted(
    call: Callable[[int, str, ParseMode | None], Awaitable[T]], chat: int, source: str
) -> T:
    """Calls with HTML, or with what of it is shown if Telegram can't read it."""
    try:
        return await call(chat, source, ParseMode.HTML)
    except BadRequest as error:
        if "can't parse entities" not in error.message.lower():
            raise
        log.exception("Telegram refused %d characters of HTML made here", len(source))
        return await call(chat, plain(source), None)
