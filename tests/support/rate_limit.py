"""Telegram's limit on how often a bot may write to one chat."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import NoReturn

from tests.support.api_error import too_many_requests


@dataclass
class RateLimit:
    """At most `count` messages and edits in `seconds`, for each chat.

    A chat once refused stays closed for the whole of its retry_after.
    """

    count: int
    seconds: float
    _times: defaultdict[int, deque[float]] = field(
        default_factory=lambda: defaultdict(deque), init=False
    )
    _closed_until: dict[int, float] = field(default_factory=dict, init=False)

    def admit(self, chat_id: int, now: float) -> None:
        """Count one message, or raise a 429 that says when to come back."""
        closed_for = self._closed_until.get(chat_id, now) - now
        if closed_for > 0:
            self._close(chat_id, closed_for, now)
        times = self._times[chat_id]
        while times and now - times[0] >= self.seconds:
            times.popleft()
        if len(times) >= self.count:
            self._close(chat_id, self.seconds - (now - times[0]), now)
        times.append(now)

    def _close(self, chat_id: int, seconds: float, now: float) -> NoReturn:
        """Tell whole seconds, and keep to what was told."""
        wait = max(1, math.ceil(seconds))
        self._closed_until[chat_id] = now + wait
        raise too_many_requests(wait)


@dataclass
class RateLimits:
    """The limits in force, if any: groups have one of their own."""

    private: RateLimit | None = None
    groups: RateLimit | None = None

    def admit(self, chat_id: int, now: float) -> None:
        """Count one message, or raise a 429."""
        limit = self.private if chat_id > 0 else self.groups
        if limit:
            limit.admit(chat_id, now)


class Patience:
    """Which calls came although a 429 had told the bot to leave that chat alone."""

    def __init__(self) -> None:
        self._pauses: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)

    def refused(self, chat_id: str, *, told_at: float, until: float) -> None:
        """The bot learned at `told_at` that it has to wait."""
        if chat_id:
            self._pauses[chat_id].append((told_at, until))

    def is_tried(self, chat_id: str, now: float) -> bool:
        """Whether a call that comes now is one too early.

        Calls that were under way while the bot was told are not.
        """
        return any(told <= now < until for told, until in self._pauses.get(chat_id, ()))
