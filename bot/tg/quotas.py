"""How many questions people and groups have asked in the last 24 hours.

Counted when they are let in, so that neither haste, nor editing, nor forgetting makes room. What
an earlier process let in is counted by the answers that are kept.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from bot.tg.journal import Journal
from bot.tg.places import chat_of
from vectorstore import turns

A_DAY = 86_400.0  # seconds


class Limit(StrEnum):
    """Why a question is not answered now; the key of the words that say so."""

    PERSON = "enough_today"
    CHAT = "enough_here"


@dataclass(slots=True)
class Quotas:
    """Counts questions; 0 a day means any number."""

    journal: Journal
    a_day: int = 0
    a_day_in_groups: int = 0
    _began: float = field(init=False)
    _asked: dict[str, deque[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._began = self.journal.clock()

    async def limit(self, person: str, place: str, group: bool) -> Limit | None:
        """Lets a question in and counts it, or says which limit it would pass."""
        now = self.journal.clock()
        counts = [(c, w, m, k) for c, w, m, k in self._limits(person, place, group) if m]
        found = {who: self._count(who, now) for _, who, _, _ in counts}
        for _, who, _, _ in counts:
            self._asked[who].append(now)
        for column, who, most, limit in counts:
            before = await self._before(column, who, now)
            if before + found[who] >= most:
                for _, other, _, _ in counts:
                    self._asked[other].remove(now)
                return limit
        return None

    def _limits(
        self, person: str, place: str, group: bool
    ) -> Iterator[tuple[str, str, int, Limit]]:
        yield "person", person, self.a_day, Limit.PERSON
        yield "place", chat_of(place), self.a_day_in_groups if group else 0, Limit.CHAT

    def _count(self, who: str, now: float) -> int:
        """What this process has let in."""
        times = self._asked.setdefault(who, deque())
        while times and times[0] < now - A_DAY:
            times.popleft()
        return len(times)

    async def _before(self, column: str, who: str, now: float) -> int:
        """What earlier processes have answered."""
        since, until = now - A_DAY, self._began
        if until <= since:
            return 0
        return await self.journal.read(lambda c: turns.count(c, column, who, since, until))
