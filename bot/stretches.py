"""Stretches of days: weeks, months, seasons and their like. Pure.

Days before year 1 or after year 9999 raise OverflowError or ValueError, as `datetime` does.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the first day to the last, both inclusive."""

    first: date
    last: date


def one(day: date) -> Stretch:
    """A single day."""
    return Stretch(day, day)


def week(day: date, back: int = 0) -> Stretch:
    """Monday to Sunday around a day, or so many weeks before."""
    monday = day - DAY * (day.weekday() + 7 * back)
    return Stretch(monday, monday + 6 * DAY)


def month(year: int, number: int) -> Stretch:
    """A whole month."""
    return Stretch(date(year, number, 1), _last_of(year, number))


def year(number: int) -> Stretch:
    """A whole year."""
    return Stretch(date(number, 1, 1), date(number, 12, 31))


def quarter(of: int, number: int) -> Stretch:
    """The first to fourth quarter of a year."""
    return Stretch(date(of, 3 * number - 2, 1), _last_of(of, 3 * number))


def season(of: int, name: str) -> Stretch:
    """A season, wide enough for meteorologists and astronomers; winter ends in the next year."""
    if name == "winter":
        return Stretch(date(of, 12, 1), date(of + 1, 3, 20))
    first, last = {"spring": (3, (6, 20)), "summer": (6, (9, 22)), "autumn": (9, (12, 20))}[name]
    return Stretch(date(of, first, 1), date(of, *last))


def third_of_month(of: int, number: int, third: int) -> Stretch:
    """Days 1 to 10, 11 to 20 or 21 to the end, for third 0, 1 or 2."""
    last = _last_of(of, number) if third == 2 else date(of, number, 10 * third + 10)
    return Stretch(date(of, number, 10 * third + 1), last)


def third_of_year(of: int, third: int) -> Stretch:
    """Four months of a year, for third 0, 1 or 2."""
    return Stretch(date(of, 4 * third + 1, 1), _last_of(of, 4 * third + 4))


def months_before(day: date, count: int) -> date:
    """The same day so many months before, or the last of that month."""
    at = day.year * 12 + day.month - 1 - count
    of, number = divmod(at, 12)
    return date(of, number + 1, min(day.day, _last_of(of, number + 1).day))


def latest_weekday(weekday: int, today: date) -> date:
    """The latest such weekday up to and including today."""
    return today - DAY * ((today.weekday() - weekday) % 7)


def next_weekday(weekday: int, today: date) -> date:
    """The next such weekday from today on, today included."""
    return today + DAY * ((weekday - today.weekday()) % 7)


def _last_of(of: int, number: int) -> date:
    return date(of, number, calendar.monthrange(of, number)[1])
