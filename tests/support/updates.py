"""The queue of updates and how getUpdates empties it."""

from collections import deque
from copy import deepcopy
from itertools import islice
from typing import Any

from tests.support.api_error import ApiError
from tests.support.signal import Signal

# Telegram sends these only to bots that ask for them by name.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_FOREVER = 1e6  # seconds


class UpdateQueue:
    """Updates the bot has not confirmed yet."""

    def __init__(self) -> None:
        self._webhook = ""
        self._pending: deque[dict[str, Any]] = deque()
        self._confirmed: list[dict[str, Any]] = []
        self._next_id = 1001
        self.allowed: frozenset[str] = frozenset()
        self._newest_poll = 0
        self._open_polls = 0
        self._changed = Signal()

    def push(self, kind: str, content: dict[str, Any]) -> None:
        """Queue the content as it is now, unless the bot did not ask for its kind."""
        if kind not in self.allowed and (self.allowed or kind in _ON_REQUEST):
            return
        self._pending.append({"update_id": self._next_id, kind: deepcopy(content)})
        self._next_id += 1
        self._changed.fire()

    def allow(self, kinds: list[str]) -> None:
        """Take only these kinds from now on; none named means the usual ones."""
        self.allowed = frozenset(kinds)

    def confirm_before(self, offset: int) -> None:
        """Forget the updates below `offset`; a negative one keeps that many."""
        if offset < 0:
            self._pending = deque(self._pending, maxlen=-offset)
        while offset > 0 and self._pending and self._pending[0]["update_id"] < offset:
            self._confirmed.append(self._pending.popleft())
        self._changed.fire()

    def deliver_again(self) -> None:
        """Queue once more what was confirmed, as Telegram does now and then."""
        self._pending.extendleft(reversed(self._confirmed))
        self._changed.fire()

    def clear(self) -> None:
        """Forget all of them."""
        self._pending.clear()
        self._changed.fire()

    def pending(self) -> list[dict[str, Any]]:
        """The updates not confirmed yet, oldest first."""
        return list(self._pending)

    def set_webhook(self, url: str) -> None:
        """With a webhook there are no polls: the open one ends."""
        self._webhook = url
        self._changed.fire()

    def refuse_with_webhook(self) -> None:
        """Raise a 409 if a webhook is set."""
        if self._webhook:
            raise _webhook_is_active()

    async def first(self) -> dict[str, Any]:
        """The oldest update, as soon as there is one."""
        return await self._changed.until(lambda: next(iter(self._pending), None), _FOREVER)

    async def poll(self, limit: int, timeout: float) -> list[dict[str, Any]]:
        """Wait for updates; a newer poll or a webhook ends this one with a 409."""
        self._newest_poll += 1
        this_poll = self._newest_poll

        def ready() -> list[dict[str, Any]] | None:
            if self._webhook:
                raise _terminated_by("setWebhook request")
            if self._newest_poll != this_poll:
                raise _terminated_by(
                    "other getUpdates request; make sure that only one bot instance is running"
                )
            return list(islice(self._pending, limit)) or None

        self._open_polls += 1
        self._changed.fire()
        try:
            return await self._changed.until(ready, timeout)
        except TimeoutError:
            return []
        finally:
            self._open_polls -= 1

    async def until_empty(self, timeout: float) -> bool:
        """Wait until the bot has confirmed all of them."""
        return await self._changed.until(lambda: not self._pending or None, timeout)

    async def until_polled(self, timeout: float) -> bool:
        """Wait for a poll to be open."""
        return await self._changed.until(lambda: self._open_polls > 0 or None, timeout)


def _webhook_is_active() -> ApiError:
    return ApiError(
        409,
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
    )


def _terminated_by(cause: str) -> ApiError:
    return ApiError(409, f"Conflict: terminated by {cause}")
