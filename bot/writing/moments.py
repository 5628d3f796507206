"""Every day, month and year of a text, so that none stands in a sentence that its passages lack.

Pure. German and English: "18. März 2026", "18.03.", "March 18", "im März", "am Dienstag". A
passage names further ones by its day of publication: "am Dienstag", "gestern", "voriges Jahr".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.calendar_words import DAY_MONTH, MONTH, WEEKDAY, WEEKDAYS, month_number, plain
from bot.dates import named_days


@dataclass(frozen=True, slots=True)
class Moment:
    """A date of a text, `text[start:end]`; what it doesn't say is 0. `weekday` as `date.weekday`
    counts, -1 if none is said."""

    year: int
    month: int
    day: int
    start: int
    end: int
    weekday: int = -1


_Y = r"(?P<year>1[0-9]\d\d|20\d\d)"
_D = r"(?P<day>[0-3]?\d)"
_TO = r"\s?(?:bis|und|oder|–|-|/|to|and|until|or|through)\s?(?:zum\s)?"
_FIRST = rf"(?:(?P<first>[0-3]?\d)(?:\.|st|nd|rd|th)?{_TO})?"
_LAST = rf"(?:{_TO}(?P<last>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\.?\s?{DAY_MONTH}))?"
_ENGLISH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_B = r"[^\S\n]?"  # a blank, but no new line: "bis 14.\n4. Masern" is no date
_NTH = r"(?:\.|st|nd|rd|th)?"
_YEAR_IN_FIGURES = rf"(?:{_B}(?P<year>(?:1[0-9]|20)?\d\d)(?!\d))?"
_YEAR_BEHIND = rf"(?:,?\s(?:des\sJahres\s)?{_Y}\b)?"
_FORMS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b{_Y}-(?P<m>[01]\d)-{_D}(?!\d)",
        rf"(?<![\d.]){_FIRST}{_D}\.{_B}(?P<m>[01]?\d)\.{_YEAR_IN_FIGURES}(?!\d)",
        rf"(?<![\w/]){_D}/(?P<m>[01]?\d)/{_Y}\b",
        rf"(?<![\w/])(?P<m>[01]?\d)/{_D}/{_Y}\b",
        rf"(?<![\d.,]){_FIRST}{_D}{_NTH}{_B}(?:of\s)?(?P<month>{DAY_MONTH})\b\.?{_YEAR_BEHIND}",
        rf"\b(?P<month>{_ENGLISH})\s{_D}(?:st|nd|rd|th)?\b{_LAST}(?:,?\s{_Y}\b)?(?![.,:]?\d)",
        rf"\b(?P<month>{MONTH}),?\s(?:of\s)?{_Y}\b",
        rf"(?<![\w-])(?P<alone>{MONTH})(?=\W|s\b|$)(?!-?\w)",
    )
)
_WITH_TWO = tuple(form for form in _FORMS if {"first", "last"} & set(form.groupindex))
_MONTH_BEFORE = re.compile(rf"{DAY_MONTH}\s$", re.I)
_A_DIGIT = re.compile(r"\d")
_VERBS = frozenset(("may", "march"))
_WEEKDAY = re.compile(
    rf"(?<![\w-])(?P<weekday>{WEEKDAY})(?:abend|morgen|nachmittag|vormittag|mittag|nacht|s)?(?!\w)",
    re.I,
)


def moments(text: str) -> tuple[Moment, ...]:
    """The dates of a text with at least a month, in their order, then its weekdays."""
    found: list[Moment] = []
    for moment in _dates(text):
        if not any(m.start < moment.end and moment.start < m.end for m in found):
            found.append(moment)
    return (*sorted(found, key=lambda m: m.start), *_weekdays(text))


def _dates(text: str) -> Iterator[Moment]:
    forms = _FORMS if _A_DIGIT.search(text) else _FORMS[-1:]
    for form in forms:
        for match in form.finditer(text):
            held = match.groupdict()
            name = held.get("month") or held.get("alone")
            if (held.get("alone") and not _is_month(text, match)) or _is_verb(name):
                continue
            month = month_number(name) if name else int(held["m"])
            day, year = int(held.get("day") or 0), _full_year(held.get("year"))
            if 1 <= month <= 12 and day <= 31:
                start = match.start("day") if _is_of_another(text, match) else match.start()
                yield Moment(year, month, day, start, match.end())


def _is_of_another(text: str, match: re.Match[str]) -> bool:
    """Whether the first of two days has a month of its own: "July 1 and 30 September"."""
    first = match.groupdict().get("first")
    return bool(first) and bool(_MONTH_BEFORE.search(text[: match.start()]))


def _is_month(text: str, match: re.Match[str]) -> bool:
    """Whether "May" and "March" are no verbs: they stand where only a month can."""
    word = match["alone"]
    if not word[0].isupper():
        return False
    before = text[: match.start()].rstrip()
    return word.lower() not in _VERBS or before[-1:].isalnum() or before[-1:] == ","


def _is_verb(name: str | None) -> bool:
    """Whether it is the "may" of "children of 11 may"."""
    return name is not None and name in _VERBS


def _full_year(written: str | None) -> int:
    year = int(written or 0)
    return year if year > 99 or not written else year + (2000 if year < 50 else 1900)


def _weekdays(text: str) -> Iterator[Moment]:
    for match in _WEEKDAY.finditer(text):
        if match["weekday"][0].isupper():
            yield Moment(0, 0, 0, *match.span(), weekday=WEEKDAYS[plain(match["weekday"])])


# -- what a passage names ------------------------------------------------------------------

_YEARS = re.compile(
    r"\b(?:(?P<last>(?:letzte[nrms]?|vergangene[nrms]?|vorige[nrms]?)\sjahre?s?|vorjahre?s?|"
    r"(?:last|previous)\syear)|(?P<next>(?:nächste[nrms]?|kommende[nrms]?)\sjahre?s?|next\syear))\b",
    re.I,
)
_MONTHS_AWAY = re.compile(
    r"\b(?:(?P<last>(?:letzte[nrms]?|vergangene[nrms]?|vorige[nrms]?)\smonats?|vormonats?|"
    r"last\smonth)|(?P<next>(?:nächste[nrms]?|kommende[nrms]?)\smonats?|next\smonth))\b",
    re.I,
)


def named(text: str, published: date | None) -> tuple[Moment, ...]:
    """All that a passage names: what it says, with the days that it counts from publication."""
    found = list(moments(text))
    found += further_days(text)
    if published is None:
        return tuple(found)
    found.append(Moment(published.year, published.month, published.day, 0, 0))
    for day in named_days(text, published):
        found.append(Moment(day.day.year, day.day.month, day.day.day, day.start, day.end))
    for match in _YEARS.finditer(text):
        year = published.year + (1 if match["next"] else -1)
        found.append(Moment(year, 0, 0, *match.span()))
    for match in _MONTHS_AWAY.finditer(text):
        months = published.year * 12 + published.month - 1 + (1 if match["next"] else -1)
        found.append(Moment(months // 12, months % 12 + 1, 0, *match.span()))
    return tuple(found)


def further_days(text: str) -> Iterator[Moment]:
    """The first day of "12. bis 15. März", the last of "March 3-5"."""
    for form in _WITH_TWO:
        for match in form.finditer(text):
            held = match.groupdict()
            other = held.get("first") or held.get("last")
            if other and 1 <= int(other) <= 31 and not _is_of_another(text, match):
                name = held.get("month")
                month = month_number(name) if name else int(held["m"])
                yield Moment(_full_year(held.get("year")), month, int(other), *match.span())


def happened(said: Moment, held: Sequence[Moment], published: date | None) -> bool:
    """Whether a date of a sentence is one that its passages name."""
    if said.weekday >= 0:
        return any(m.weekday == said.weekday or _weekday(m) == said.weekday for m in held)
    return any(_is(said, m, published) for m in held)


def _weekday(moment: Moment) -> int:
    try:
        return date(moment.year, moment.month, moment.day).weekday()
    except ValueError:
        return -1


def _is(said: Moment, held: Moment, published: date | None) -> bool:
    if held.weekday >= 0:
        return False
    if (said.day and said.day != held.day) or (said.month and said.month != held.month):
        return False
    if not said.year or said.year == held.year:
        return True
    return not held.year and published is not None and said.year in _years_near(held, published)


def _years_near(held: Moment, published: date) -> tuple[int, ...]:
    """The years that a day without one may be of: the latest and the next."""
    there = (held.month, held.day or published.day)
    now = (published.month, published.day)
    if there == now:
        return (published.year,)
    return (published.year, published.year + (1 if there < now else -1))
