"""A question in the making, and the line of them that one person has."""

import asyncio
import time
from dataclasses import dataclass, field

from telegram import Message

from bot.tg.places import is_group, person_of, place_of
from bot.tg.work import Work
from vectorstore.inbox import Left
from vectorstore.turns import Kept

MOST_WAITING = 10  # questions of one person, with the one that is being answered


@dataclass(slots=True, eq=False)
class Asked(Work):
    """What somebody asks, with the number of the update that brought it.

    `left`: what an earlier process did of it. `earlier`: what was answered before the question was
    edited. `anew`: a chat model shall not repeat itself. `silent`: nobody is told if it is dropped.
    `status`: the message in which its answer grows. `began`: when work on it did, in seconds since
    1970.
    """

    message: Message
    text: str
    number: int
    left: Left | None = None
    earlier: Kept | None = None
    anew: bool = False
    silent: bool = False
    status: int | None = None
    began: float = field(default_factory=time.time)

    @property
    def person(self) -> str:
        """Whose question it is."""
        return person_of(self.message)

    @property
    def place(self) -> str:
        """Where it was asked."""
        return place_of(self.message)

    @property
    def group(self) -> bool:
        """Whether several people read along."""
        return is_group(self.message)

    @property
    def shown(self) -> int | None:
        """The message that becomes the answer, if there is one already."""
        if self.status is not None:
            return self.status
        if self.earlier is not None and self.earlier.messages:
            return self.earlier.messages[0]
        return self.left.status if self.left is not None else None


@dataclass(slots=True)
class Line:
    """The questions of one person, the oldest first; the first one is being answered."""

    asked: list[Asked] = field(default_factory=list)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def place_of(self, asked: Asked) -> int:
        """Its place in the line, from 1."""
        return self.asked.index(asked) + 1


@dataclass(slots=True)
class Lines:
    """The lines of all who wait."""

    _of: dict[str, Line] = field(default_factory=dict)

    def join(self, asked: Asked) -> Line | None:
        """Puts a question at the end of its person's line; None if that is too long."""
        line = self._of.setdefault(asked.person, Line())
        if len(line.asked) >= MOST_WAITING:
            return None
        line.asked.append(asked)
        return line

    def line(self, asked: Asked) -> Line:
        """The line that a question is in."""
        return self._of[asked.person]

    def leave(self, asked: Asked) -> None:
        """Takes a question out of its line."""
        line = self._of[asked.person]
        line.asked.remove(asked)
        if not line.asked:
            del self._of[asked.person]

    def waiting(self, person: str, place: str | None = None) -> list[Asked]:
        """The questions of somebody, in one place or in all."""
        line = self._of.get(person, Line())
        return [one for one in line.asked if place in (None, one.place)]

    def of_message(self, person: str, place: str, message: int) -> Asked | None:
        """The question that a message asks, if it isn't answered yet."""
        found = (one for one in self.waiting(person, place) if one.message.message_id == message)
        return next(found, None)
