"""Who may ask, and how fast."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from telegram import Update
from telegram.constants import ChatType

from bot.tg.journal import Journal
from bot.tg.places import PREFIX, chat_of
from vectorstore import people

FLOOD, WITHIN = 20, 60.0  # messages of one person in so many seconds; more are not answered
PEOPLE = 10_000  # whose haste is remembered


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say. Nobody allowed means everyone."""

    allowed: frozenset[int] = frozenset()
    admins: frozenset[int] = frozenset()


@dataclass(slots=True)
class Access:
    """Lets people in; a group that goes on under another number is still the same."""

    rules: Rules
    journal: Journal
    clock: Callable[[], float] = time.monotonic
    _moved: dict[str, str] = field(default_factory=dict)
    _haste: OrderedDict[int, deque[float]] = field(default_factory=OrderedDict)

    async def load(self) -> None:
        """Learns which groups have moved. For the start, before anybody is let in."""
        self._moved = await self.journal.read(people.moved)

    def admits(self, update: Update) -> bool:
        """Whether whoever acts, or the chat, is allowed."""
        user, chat = update.effective_user, update.effective_chat
        return self._allowed({f"{PREFIX}{one.id}" for one in (user, chat) if one is not None})

    def allows(self, person: str, place: str) -> bool:
        """Whether somebody, or a place, may be told things."""
        return self._allowed({person, chat_of(place)})

    def _allowed(self, names: set[str]) -> bool:
        if not self.rules.allowed:
            return True
        names = names | {old for old, new in self._moved.items() if new in names}
        allowed = {f"{PREFIX}{number}" for number in self.rules.allowed | self.rules.admins}
        return not allowed.isdisjoint(names)

    def is_admin(self, update: Update) -> bool:
        """Whether an admin acts, alone with the bot."""
        user, chat = update.effective_user, update.effective_chat
        private = chat is None or chat.type == ChatType.PRIVATE
        return private and user is not None and user.id in self.rules.admins

    async def chat_moved(self, old: int, new: int) -> None:
        """A group goes on under another number, and so does all that is kept of it."""
        was, now = f"{PREFIX}{old}", f"{PREFIX}{new}"
        self._moved[was] = now
        await self.journal.write(lambda c: people.move(c, was, now))

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
