"""Who may ask, and how much."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from telegram import Update
from telegram.constants import ChatType

from bot.tg.journal import Journal
from bot.tg.places import PREFIX
from vectorstore import people, turns

A_DAY = 86_400.0  # seconds
FLOOD, WITHIN = 20, 60.0  # messages of one person in so many seconds; more are not answered
PEOPLE = 10_000  # whose haste is remembered


class Limit(StrEnum):
    """Why a question is not answered now; the key of the words that say so."""

    PERSON = "enough_today"
    CHAT = "enough_here"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say. Nobody allowed means everyone; 0 questions means any number."""

    allowed: frozenset[int] = frozenset()
    admins: frozenset[int] = frozenset()
    a_day: int = 0
    a_day_in_groups: int = 0


@dataclass(slots=True)
class Access:
    """Lets people in; a group that goes on under another number is still the same."""

    rules: Rules
    journal: Journal
    clock: Callable[[], float] = time.monotonic
    _moved: dict[str, str] | None = None
    _haste: OrderedDict[int, deque[float]] = field(default_factory=OrderedDict)

    async def admits(self, update: Update) -> bool:
        """Whether whoever acts, or the chat, is allowed."""
        if self._moved is None:
            self._moved = await self.journal.read(people.moved)
        user, chat = update.effective_user, update.effective_chat
        return self._allowed({f"{PREFIX}{one.id}" for one in (user, chat) if one is not None})

    def allows(self, person: str, place: str) -> bool:
        """Whether somebody, or a place, may be told things."""
        chat = ":".join(place.split(":")[:2])
        return self._allowed({person, chat})

    def _allowed(self, names: set[str]) -> bool:
        if not self.rules.allowed:
            return True
        names = names | {old for old, new in (self._moved or {}).items() if new in names}
        allowed = {f"{PREFIX}{number}" for number in self.rules.allowed | self.rules.admins}
        return not allowed.isdisjoint(names)

    def is_admin(self, update: Update) -> bool:
        """Whether an admin acts, alone with the bot."""
        user, chat = update.effective_user, update.effective_chat
        private = chat is None or chat.type == ChatType.PRIVATE
        return private and user is not None and user.id in self.rules.admins

    async def chat_moved(self, old: int, new: int) -> None:
        """A group goes on under another number, and so does all that is kept of it."""
        await self.journal.write(lambda c: people.move(c, f"{PREFIX}{old}", f"{PREFIX}{new}"))
        self._moved = None

    def floods(self, person: int) -> int:
        """How many messages somebody has sent beyond what is answered; 0 for all but a few."""
        times = self._haste.setdefault(person, deque(maxlen=2 * FLOOD))
        self._haste.move_to_end(person)
        while len(self._haste) > PEOPLE:
            self._haste.popitem(last=False)
        now = self.clock()
        while times and times[0] < now - WITHIN:
            times.popleft()
        times.append(now)
        return max(0, len(times) - FLOOD)

    async def limit(self, person: str, place: str, group: bool) -> Limit | None:
        """Which limit of the last 24 hours a further question would pass."""
        since = self.journal.clock() - A_DAY
        for most, column, who, limit in (
            (self.rules.a_day, "person", person, Limit.PERSON),
            (self.rules.a_day_in_groups if group else 0, "place", place, Limit.CHAT),
        ):
            if most:
                found = await self.journal.read(
                    lambda c, column=column, who=who: turns.count_since(c, column, who, since)  # type: ignore[misc]
                )
                if found >= most:
                    return limit
        return None
