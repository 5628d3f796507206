"""The queue of updates and how getUpdates empties it."""

from collections import deque
from copy import deepcopy
from itertools import islice
from typing import Any

from tests.support.api_error import ApiError
from tests.support.signal import Signal

# Telegram sends these only to bots that ask for them by name.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class UpdateQueue:
    """Updates the bot has not confirmed yet."""

    def __init__(self) -> None:
        self.webhook = ""
        self._pending: deque[dict[str, Any]] = deque()
        self._next_id = 1001
        self._allowed: frozenset[str] = frozenset()
        self._newest_poll = 0
        self._open_polls = 0
        self._changed = Signal()

    def push(self, kind: str, content: dict[str, Any]) -> None:
        """Queue the content as it is now, unless the bot did not ask for its kind."""
        if kind not in self._allowed and (self._allowed or kind in _ON_REQUEST):
            return
        self._pending.append({"update_id": self._next_id, kind: deepcopy(content)})
        self._next_id += 1
        self._changed.fire()

    def allow(self, kinds: list[str]) -> None:
        """Take only these kinds from now on; none named means the usual ones."""
        self._allowed = frozenset(kinds)

    def confirm_before(self, offset: int) -> None:
        """Forget the updates below `offset`; a negative one keeps that many."""
        if offset < 0:
            self._pending = deque(self._pending, maxlen=-offset)
        while offset > 0 and self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()

    def clear(self) -> None:
        """Forget all of them."""
        self._pending.clear()

    async def poll(self, limit: int, timeout: float) -> list[dict[str, Any]]:
        """Wait for updates; a newer poll ends this one with a 409."""
        self._newest_poll += 1
        this_poll = self._newest_poll

        def ready() -> list[dict[str, Any]] | None:
            if self.webhook:
                raise _webhook_is_active()
            if self._newest_poll != this_poll:
                raise _terminated_by_another()
            return list(islice(self._pending, limit)) or None

        self._open_polls += 1
        self._changed.fire()
        try:
            return await self._changed.until(ready, timeout)
        except TimeoutError:
            return []
        finally:
            self._open_polls -= 1

    async def until_polled(self, timeout: float) -> bool:
        """Wait for a poll to be open."""
        return await self._changed.until(lambda: self._open_polls > 0 or None, timeout)


def _webhook_is_active() -> ApiError:
    return ApiError(
        409,
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
    )


def _terminated_by_another() -> ApiError:
    return ApiError(
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    )
