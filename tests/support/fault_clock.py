"""A clock that is set while a process works: call these in a forked one."""

import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import cycle
from typing import Any

YEAR = 366 * 86_400.0  # seconds
_OURS = ("bot", "ingest", "vectorstore", "filelock")

_time, _datetime, _date = time.time, datetime, date


def set_clock(shifts: Sequence[float]) -> None:
    """From now on every look at the clock is so many seconds off, by turns.

    It is the wall clock alone: what counts seconds from somewhere goes on counting.
    """
    turns = cycle(shifts)

    def now() -> float:
        return _time() + next(turns)

    class Moment(_datetime, metaclass=_Like):
        real = _datetime

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return _datetime.fromtimestamp(now(), UTC).astimezone(tz)

    class Day(_date, metaclass=_Like):
        real = _date

        @classmethod
        def today(cls) -> Any:
            return _date.fromtimestamp(now())

    time.time = now
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _OURS:
            for attribute, real, ours in (("datetime", _datetime, Moment), ("date", _date, Day)):
                if getattr(module, attribute, None) is real:
                    setattr(module, attribute, ours)


class _Like(type):
    """A class that takes the instances of the one it stands for as its own."""

    real: type

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.real)


def later(seconds: float) -> date:
    """The day in so many seconds."""
    return (_datetime.now() + timedelta(seconds=seconds)).date()
