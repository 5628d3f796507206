"""Telegram's limit on how often a bot may write to one chat."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.support.api_error import too_many_requests


@dataclass
class RateLimit:
    """At most `count` messages and edits in `seconds`, for each chat."""

    count: int
    seconds: float
    _times: defaultdict[int, deque[float]] = field(
        default_factory=lambda: defaultdict(deque), init=False
    )

    def admit(self, chat_id: int, now: float) -> None:
        """Count one message, or raise a 429 that says when to come back."""
        times = self._times[chat_id]
        while times and now - times[0] >= self.seconds:
            times.popleft()
        if len(times) >= self.count:
            wait = self.seconds - (now - times[0])
            raise too_many_requests(max(1, math.ceil(wait)))
        times.append(now)
