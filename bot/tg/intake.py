"""Updates from Telegram to the handlers: each once, and none lost when the process dies.

What is fleeting doesn't wait for the disk. If Telegram delivers it again to the next process, it
is done again, which does no harm: buttons say what is to be, not what is to change.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Update
from telegram.ext import Application, SimpleUpdateProcessor

from bot.tg.journal import Journal
from bot.tg.places import whose
from vectorstore.inbox import Delivered

TelegramApplication = Application[Any, Any, Any, Any, Any, Any]

KINDS = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
FLEETING = ("callback_query", "inline_query")  # what nobody waits for after a restart
SEEN = 10_000  # fleeting updates that are remembered

log = logging.getLogger(__name__)


class Intake:
    """Puts updates into an application's queue once the journal has them, fleeting ones at once.

    `greet` hears of each before that: the disk may take its time.
    """

    def __init__(
        self,
        application: TelegramApplication,
        journal: Journal,
        greet: Callable[[Update], None] = lambda update: None,
    ) -> None:
        self._application = application
        self._journal = journal
        self._greet = greet
        self._seen: dict[str, None] = {}

    async def take(self, bodies: Sequence[dict[str, Any]]) -> None:
        """Takes updates as Telegram writes them; on return a crash loses none of them."""
        read = [(body, update) for body in bodies if (update := self._read(body)) is not None]
        for _, update in read:
            self._greet(update)
        for _, update in read:
            if is_fleeting(update) and self._is_unseen(update):
                await self._application.update_queue.put(update)
        lasting = [(body, update) for body, update in read if not is_fleeting(update)]
        new = await self._journal.accept(
            [Delivered(u.update_id, whose(u), json.dumps(body)) for body, u in lasting]
        )
        for _, update in lasting:
            if update.update_id in new:
                await self._application.update_queue.put(update)

    async def resume(self) -> None:
        """Takes up what an earlier process has left."""
        left = await self._journal.take_up()
        if left:
            log.info("%d updates were left by an earlier process", len(left))
        for one in left:
            body = json.loads(one.body)
            update = self._read(body)
            if update is None or is_fleeting(update):  # an earlier Beleg kept those too
                await self._journal.done(one.number)
            else:
                await self._application.update_queue.put(update)

    def _is_unseen(self, update: Update) -> bool:
        """Whether this fleeting update hasn't come lately; another server may count anew."""
        query = update.callback_query or update.inline_query
        if query is None or query.id in self._seen:
            return False
        self._seen[query.id] = None
        if len(self._seen) > SEEN:
            del self._seen[next(iter(self._seen))]
        return True

    def _read(self, body: dict[str, Any]) -> Update | None:
        """An update; None for one of a kind that this library can't read: it must not stop all."""
        try:
            return Update.de_json(body, self._application.bot)
        except Exception:
            log.exception("update %s can't be read", body.get("update_id"))
            return None


def is_fleeting(update: Update) -> bool:
    """Whether nobody waits for it after a restart."""
    return any(getattr(update, kind) is not None for kind in FLEETING)


class UnderWay(SimpleUpdateProcessor):
    """Handles updates at the same time, knows which are not done, and notes which are."""

    def __init__(self, at_once: int) -> None:
        super().__init__(at_once)
        self.journal: Journal | None = None
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
        if self.journal is None or not isinstance(update, Update) or is_fleeting(update):
            return
        await self.journal.done(update.update_id)

    def interrupt(self) -> None:
        """Cancels what is not done; the handlers tell it to who asked."""
        log.warning("%d messages can't be finished", len(self._tasks))
        for task in self._tasks:
            task.cancel()
