"""What the words for days, months, seasons and the like stand for, seen from a day. Pure.

Each function takes a match of its pattern in `bot.calendar_parts`, today, and the year of what is
written without one (None: the latest that has begun). They raise ValueError or OverflowError for
days that don't exist.
"""

import re
from datetime import date, timedelta
from enum import StrEnum

from bot import stretches
from bot.calendar_words import LAST, NUMBER, SEASONS, WEEKDAYS, month_number, number, plain
from bot.stretches import Stretch


class Kind(StrEnum):
    """What a part of the calendar is."""

    DATE = "date"
    MONTH = "month"
    THIRD = "third"
    SEASON = "season"
    QUARTER = "quarter"
    WEEKDAY = "weekday"
    GONE = "gone"  # yesterday, last week
    RUNNING = "running"  # this week
    TODAY = "today"
    YEAR = "year"


Found = tuple[Stretch, Kind, bool]
"""The stretch, what it is, and whether it depends on today."""

_ORDINALS = {
    **dict.fromkeys(("1", "erste", "first"), 1),
    **dict.fromkeys(("2", "zweite", "second"), 2),
    **dict.fromkeys(("3", "dritte", "third"), 3),
    **dict.fromkeys(("4", "vierte", "fourth"), 4),
}


def a_date(match: re.Match[str], today: date, year: int | None) -> Found:
    """A day, in figures or with the month's name."""
    groups = {key: value for key, value in match.groupdict().items() if value}
    word, day, written = groups["month"], int(groups["day"]), groups.get("year")
    month = int(word) if word.isdecimal() else month_number(word)
    of = int(written) if written else year or _latest_year(today, month, day)
    of = of + 2000 if of < 100 else of
    return stretches.one(date(of, month, day)), Kind.DATE, not (written or year)


def _latest_year(today: date, month: int, day: int) -> int:
    return today.year if (month, day) <= (today.month, today.day) else today.year - 1


def _year_of(match: re.Match[str], today: date, month: int, year: int | None) -> tuple[int, bool]:
    """The year that is written, or lent, or the latest in which the month has begun."""
    if match["year"]:
        return int(match["year"]), False
    if match["rel"]:
        return today.year - bool(re.match(LAST, match["rel"], re.I)), True
    if year:
        return year, False
    return _latest_year(today, month, 1), True


def a_month(match: re.Match[str], today: date, year: int | None) -> Found:
    """A month."""
    month = month_number(match["month"])
    of, relative = _year_of(match, today, month, year)
    if match["last"] and relative and month == today.month:
        of -= 1
    return stretches.month(of, month), Kind.MONTH, relative


def a_third(match: re.Match[str], today: date, year: int | None) -> Found:
    """The beginning, middle or end of a month or year."""
    word = plain(match["third"])
    third = 0 if re.search("anf|beg|start|early", word) else 1 if "mi" in word else 2
    if not match["month"]:
        relative = not match["year"]
        of = today.year - bool(match["rel"] and re.match(LAST, match["rel"], re.I))
        of = of if relative else int(match["year"])
        return stretches.third_of_year(of, third), Kind.THIRD, relative
    month = month_number(match["month"])
    of, relative = _year_of(match, today, month, year)
    stretch = stretches.third_of_month(of, month, third)
    if relative and stretch.first > today:
        stretch = stretches.third_of_month(of - 1, month, third)
    return stretch, Kind.THIRD, relative


def a_season(match: re.Match[str], today: date, year: int | None) -> Found:
    """A season; without a year the latest that has begun, or ended if it's the last."""
    name = SEASONS[plain(match["season"])]
    if match["year"] or match["rel"] or year:
        of, relative = _year_of(match, today, 1, year)
        found = stretches.season(of, name)
        if name == "winter" and not match["to"]:  # the one before or the one after new year
            found = Stretch(stretches.season(of - 1, name).first, found.last)
        return found, Kind.SEASON, relative
    latest = next(
        s
        for s in (stretches.season(today.year - back, name) for back in range(3))
        if s.first <= today and not (match["last"] and s.last >= today)
    )
    return latest, Kind.SEASON, True


def a_quarter(match: re.Match[str], today: date, year: int | None) -> Found:
    """A quarter of a year."""
    if not (match["year"] or match["rel"] or year):
        raise ValueError("a quarter of which year?")  # or of a game
    word = plain(match["n"])
    which = _ORDINALS[word if word in _ORDINALS else word[:-1]]
    of, relative = _year_of(match, today, 3 * which - 2, year)
    return stretches.quarter(of, which), Kind.QUARTER, relative


def a_weekday(match: re.Match[str], today: date, year: int | None) -> Found:
    """The latest such day, in the last week if that is said; a night begins a day before."""
    weekday = WEEKDAYS[plain(match["weekday"])]
    if match["week"]:
        day = stretches.week(today, 1).first + timedelta(days=weekday)
    else:
        day = stretches.latest_weekday(weekday, today - timedelta(days=bool(match["last"])))
    start = day - timedelta(days=bool(match["eve"]))
    return Stretch(start, day), Kind.WEEKDAY, True


def a_weekend(match: re.Match[str], today: date, year: int | None) -> Found:
    """The latest weekend, today included."""
    saturday = stretches.latest_weekday(5, today)
    if match["last"] and today.weekday() >= 5:
        saturday -= timedelta(days=7)
    return Stretch(saturday, saturday + timedelta(days=1)), Kind.WEEKDAY, True


def yesterday(match: re.Match[str], today: date, year: int | None) -> Found:
    """Yesterday, or the day before."""
    return stretches.one(today - timedelta(days=2 if match["before"] else 1)), Kind.GONE, True


def last_night(match: re.Match[str], today: date, year: int | None) -> Found:
    """From yesterday to today."""
    return Stretch(today - timedelta(days=1), today), Kind.GONE, True


def a_unit(match: re.Match[str], today: date, year: int | None) -> Found:
    """A calendar week, month or year: this one, the last, or the one before."""
    back = 2 if match["forelast"] else 1 if match["last"] else 0
    unit = plain(match["unit"])[0]
    if unit == "w":
        stretch = stretches.week(today, back)
    elif unit == "m":
        then = stretches.months_before(today, back)
        stretch = stretches.month(then.year, then.month)
    else:
        stretch = stretches.year(today.year - back)
    return stretch, Kind.GONE if back else Kind.RUNNING, True


def this_year(match: re.Match[str], today: date, year: int | None) -> Found:
    """This year."""
    return stretches.year(today.year), Kind.RUNNING, True


def recent_units(match: re.Match[str], today: date, year: int | None) -> Found:
    """The last days, weeks, months, years or hours, up to today."""
    word, unit = match["n"], plain(match["unit"])[0]
    if word == "":  # the past week
        count = 1
    elif word and re.fullmatch(NUMBER, word, re.I):
        count = number(word)
    else:  # the last few weeks: rather too many than too few
        count = {"t": 10, "d": 10, "w": 8, "m": 6}.get(unit, 5)
    return Stretch(_back(today, count, unit), today), Kind.GONE, True


def units_ago(match: re.Match[str], today: date, year: int | None) -> Found:
    """A day so long ago, or the days around it."""
    count, unit = number(match["n"]), plain(match["unit"])[0]
    day = _back(today, count, unit)
    about = timedelta(days={"w": 3, "m": 15}.get(unit, 0))
    return Stretch(day - about, min(day + about, today)), Kind.GONE, True


def _back(today: date, count: int, unit: str) -> date:
    if unit in "mj" or unit == "y":
        return stretches.months_before(today, count * (1 if unit == "m" else 12))
    if unit in "sh":
        return today - timedelta(days=-(-count // 24))
    return today - timedelta(days=count * (7 if unit == "w" else 1))


def this_day(match: re.Match[str], today: date, year: int | None) -> Found:
    """Today; alone it may also mean nowadays."""
    clear = bool(match["time"])  # "heute" alone may mean nowadays
    return stretches.one(today), Kind.RUNNING if clear else Kind.TODAY, True


def a_year(match: re.Match[str], today: date, year: int | None) -> Found:
    """A year alone."""
    return stretches.year(int(match["year"])), Kind.YEAR, False
