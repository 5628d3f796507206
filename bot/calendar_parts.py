"""Days, months, seasons and the like as people write them, read at a place in a text. Pure.

"18. März 2025", "March", "Ende 2024", "summer of 2024", "Dienstagabend", "letzte Woche", without
the preposition before it. German and English.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot import calendar_readers as readers
from bot.calendar_readers import Found, Kind
from bot.calendar_words import (
    DAY_MONTH,
    DAYTIME,
    END,
    LAST,
    LAST_IN_GERMAN,
    MONTH,
    NUMBER,
    SEASON,
    THIS,
    WEEKDAY,
)
from bot.stretches import Stretch


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the calendar, and where its words end; `relative` if it depends on today."""

    stretch: Stretch
    kind: Kind
    relative: bool
    end: int


def part_at(text: str, at: int, today: date, year: int | None = None) -> Part | None:
    """The part of the calendar that is written at an offset.

    `year` is that of a part without one; else it's the latest that has begun. None if there is no
    such part, or no such day (31 February).
    """
    for pattern, read in _READERS:
        match = pattern.match(text, at)
        if match is None:
            continue
        try:
            found = read(match, today, year)
        except (ValueError, OverflowError):
            return None
        return Part(*found, match.end())
    return None


_YEAR = r"(?:19|20)\d\d(?!\d)"
_SHORT_YEAR = r"(?:19|20)?\d\d(?!\d)"
_POINTED = rf"(?:(?P<last>{LAST})\s+|{THIS}\s+)?"
_THAT_YEAR = rf"(?P<rel>(?:{LAST}|{THIS})\s+(?:jahre?s|year))"
_OF = r",?\s+(?:(?:of|des\s+Jahres)\s+)?"
_OF_YEAR = rf"(?:{_OF}(?:(?P<year>{_YEAR})|{_THAT_YEAR}))?"
_THIRD = (
    r"(?P<third>(?:the\s+)?(?:anfang|beginn|beginning|start|early|mitte|middle|mid|ende?|late)"
    r"(?:\s+of)?)[\s-]"
)
_ON_WEEKDAY = rf"(?:{WEEKDAY},?\s+(?:de[nm]\s+|the\s+)?)?"
_DAY = rf"{_ON_WEEKDAY}(?P<day>\d{{1,2}})"
_DAY_BEHIND = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d.:])"
_EVE = r"(?P<eve>nacht\s+(?:zum|zu|auf(?:\s+den)?)\s+)?"
_THAT_WEEK = rf"(?P<week>\s+(?:of\s+)?{LAST}\s+(?:woche|week))?"
_WHICH = rf"(?:(?P<forelast>vorletzte[nrms]?)|(?P<last>{LAST})|{THIS})"
_SOME = r"(?:paar|einigen|wenigen|few|couple\s+of)"
_ORDINAL = (
    r"(?P<n>erste[ns]?|zweite[ns]?|dritte[ns]?|vierte[ns]?|[1-4]\.|first|second|third|fourth)"
)
_UNITS = r"(?P<unit>tagen|wochen|monaten|jahren|stunden|days|weeks|months|years|hours)"
_IN_FULL = (
    rf"{_DAY}\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>{_SHORT_YEAR})",
    rf"{_DAY}\.\s?(?P<month>\d{{1,2}})\.(?!\w)",
    rf"(?P<year>{_YEAR})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])",
    rf"{_DAY}(?:\.|st|nd|rd|th)?\s*(?:of\s+)?(?P<month>{DAY_MONTH})(?:,?\s+(?P<year>{_YEAR}))?{END}",
    rf"{_ON_WEEKDAY}(?P<month>{DAY_MONTH})\s+{_DAY_BEHIND}(?:,?\s+(?P<year>{_YEAR}))?{END}",
)
_AGO = (
    rf"vor\s+(?P<n>{NUMBER})\s+(?P<unit>tag(?:en)?|wochen?|monat(?:en)?){END}",
    rf"(?P<n>{NUMBER})\s+(?P<unit>days?|weeks?|months?)\s+ago{END}",
)
_Read = Callable[[re.Match[str], date, int | None], Found]
_PATTERNS: tuple[tuple[_Read, tuple[str, ...]], ...] = (  # the more particular first
    (readers.a_date, _IN_FULL),
    (
        readers.a_third,
        (
            rf"{_THIRD}(?P<month>{MONTH}){_OF_YEAR}{END}",
            rf"{_THIRD}(?P<month>)(?:(?P<year>{_YEAR})|{_THAT_YEAR}){END}",
        ),
    ),
    (readers.a_month, (rf"(?:{_POINTED}|Monat\s+)(?P<month>{MONTH}){_OF_YEAR}{END}",)),
    (
        readers.a_season,
        (rf"{_POINTED}(?P<season>{SEASON}){_OF_YEAR}(?P<to>\s?[/–-]\s?(?:20)?\d\d)?{END}",),
    ),
    (
        readers.a_quarter,
        (
            rf"{_ORDINAL}\s+(?:quartals?|quarter){_OF_YEAR}{END}",
            rf"q(?P<n>[1-4]){_OF_YEAR}{END}",
        ),
    ),
    (
        readers.a_weekday,
        (rf"{_EVE}{_POINTED}(?P<weekday>{WEEKDAY})(?:[\s-]?{DAYTIME})?{_THAT_WEEK}{END}",),
    ),
    (readers.a_weekend, (rf"{_POINTED}(?:wochenende|weekend){END}",)),
    (
        readers.yesterday,
        (rf"(?P<before>vor|the\s+day\s+before\s+)?(?:gestern|yesterday)(?:\s+{DAYTIME})?{END}",),
    ),
    (readers.last_night, (rf"(?:{LAST}\s+(?:nacht|night)|heute\s+nacht){END}",)),
    (
        readers.this_day,
        (
            rf"(?P<time>(?:heute|today)\s+{DAYTIME}|this\s+(?:morning|afternoon|evening)){END}",
            rf"(?P<time>)(?:heute|today){END}",
        ),
    ),
    (
        readers.recent_units,
        (
            rf"(?:{LAST_IN_GERMAN}|last|past|recent)\s+(?:(?P<n>{NUMBER}|{_SOME})\s+)?{_UNITS}{END}",
            rf"(?:past|(?<=\bthe )last)\s+(?P<n>)(?P<unit>day|week|month|year){END}",
        ),
    ),
    (
        readers.a_unit,
        (rf"{_WHICH}\s+(?P<unit>woche|monats?|jahr(?:es)?|week|month|year){END}",),
    ),
    (readers.this_year, (rf"heuer{END}",)),
    (readers.units_ago, _AGO),
    (
        readers.a_year,
        (rf"(?:the\s+year\s+|dem\s+jahre?\s+|jahre?\s+)?(?P<year>{_YEAR})(?![.-]\d)",),
    ),
)
_READERS = tuple(
    (re.compile(pattern, re.I), read) for read, patterns in _PATTERNS for pattern in patterns
)
