"""The expressions of time in a question, with their prepositions. German and English. Pure.

They are only found here; whether one restricts the answer is `bot.period`'s to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.calendar_parts import Part, part_at
from bot.calendar_readers import Kind
from bot.calendar_words import START


class Frame(StrEnum):
    """How an expression relates to its part of the calendar."""

    AT = "at"
    OF = "of"  # belongs to a noun: "die Ausgabe vom 3. Mai"
    SINCE = "since"
    UNTIL = "until"
    BEFORE = "before"
    AFTER = "after"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Expression:
    """Days from `since` to `until`, inclusive, None if open, as `text[start:end]` says them.

    `lead` is the preposition, in small letters, "" if there is none.
    """

    since: date | None
    until: date | None
    relative: bool
    kind: Kind
    frame: Frame
    lead: str
    start: int
    end: int


_THE = r"(?:de[mnr]\s+|the\s+)?"
_SLOWLY = r"(?:sp(?:ä|ae)ten\s+|fr(?:ü|ue)hen\s+)?"
_RANGE = re.compile(rf"(?P<lead>zwischen|between|vo[nm]|from)\s+{_THE}", re.I)
_JOIN = r"(?:und|and|bis|to|until|till|through|–|-)"
_AND = re.compile(rf"\s*{_JOIN}\s*(?:zum\s+|einschließlich\s+)?{_THE}", re.I)
_DAY_OF = re.compile(rf"(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?(?=\s*{_JOIN})", re.I)
_FRAMES = (
    (Frame.SINCE, re.compile(rf"(?P<lead>seit|since|ab)\s+{_THE}", re.I)),
    (
        Frame.UNTIL,
        re.compile(rf"(?P<lead>bis|until|till|up\s+to)\s+(?:zum\s+|zur\s+|in\s+)?{_THE}", re.I),
    ),
    (Frame.BEFORE, re.compile(rf"(?P<lead>vor|before)\s+{_THE}", re.I)),
    (Frame.AFTER, re.compile(rf"(?P<lead>nach|after)\s+{_THE}", re.I)),
    (
        Frame.OF,
        re.compile(r"(?P<lead>vo[nm]|from|of|aus\s+de[mnr]|aus)\s+(?:de[mn]\s+|the\s+)?", re.I),
    ),
    (
        Frame.AT,
        re.compile(
            r"(?P<lead>am|an\s+de[mnr]|im|in\s+de[mnr]|(?:in|on|at|over|during|within)\s+the|in|on|"
            r"during|(?:ü|ue)ber\s+das|(?:ü|ue)bers|innerhalb\s+der|w(?:ä|ae)hrend\s+de[sr]|den)"
            rf"\s+{_SLOWLY}",
            re.I,
        ),
    ),
)
_WORD = re.compile(rf"{START}\w")
_POINTED = re.compile(
    r"(?:letzte|vergangene|vorige|diese|last|this)|.*\b(?:woche|week)$", re.I | re.S
)


def expressions(text: str, today: date) -> Iterator[Expression]:
    """The expressions of time in their order; a bare "März 2025" is none."""
    done = 0
    for match in _WORD.finditer(text):
        if match.start() < done:
            continue
        found = _expression_at(text, match.start(), today)
        if found is not None:
            done = found.end
            if found.lead or _stands_alone(text, found):
                yield found


def _stands_alone(text: str, found: Expression) -> bool:
    if found.kind in (Kind.GONE, Kind.RUNNING, Kind.TODAY, Kind.THIRD, Kind.YEAR):
        return True
    if found.kind is Kind.DATE:
        return not found.relative
    return bool(_POINTED.match(text[found.start : found.end]))


def _expression_at(text: str, at: int, today: date) -> Expression | None:
    between = _range_at(text, at, today)
    if between is not None:
        return between
    bare = part_at(text, at, today)  # before "vor": "vor zwei Wochen" is no upper bound
    if bare is not None:
        return _framed(bare, Frame.AT, "", at)
    for frame, opening in _FRAMES:
        match = opening.match(text, at)
        part = part_at(text, match.end(), today) if match else None
        if match is not None and part is not None:
            return _framed(part, frame, " ".join(match["lead"].lower().split()), at)
    return None


def _framed(part: Part, frame: Frame, lead: str, at: int) -> Expression | None:
    since: date | None = part.stretch.first
    until: date | None = part.stretch.last
    try:
        if frame is Frame.SINCE:
            until = None
        elif frame is Frame.UNTIL:
            since = None
        elif frame is Frame.BEFORE:
            since, until = None, part.stretch.first - timedelta(days=1)
        elif frame is Frame.AFTER:
            since, until = part.stretch.last + timedelta(days=1), None
    except OverflowError:
        return None
    return Expression(since, until, part.relative, part.kind, frame, lead, at, part.end)


def _range_at(text: str, at: int, today: date) -> Expression | None:
    """Reads "zwischen März und Mai 2025" or "vom 3. bis 5. Mai"; the latter part lends its year."""
    opening = _RANGE.match(text, at)
    if opening is None:
        return None
    day = _DAY_OF.match(text, opening.end())
    left = None if day else part_at(text, opening.end(), today)
    join = _AND.match(text, day.end() if day else left.end if left else opening.end())
    right = part_at(text, join.end(), today) if join else None
    if right is None:
        return None
    first = _first_of(text, opening.end(), right, day, left, today)
    if first is None:
        return None
    relative = right.relative
    kind = Kind.YEAR if left and left.kind is Kind.YEAR else right.kind
    lead = opening["lead"].lower()
    return Expression(first, right.stretch.last, relative, kind, Frame.RANGE, lead, at, right.end)


def _first_of(
    text: str, at: int, right: Part, day: re.Match[str] | None, left: Part | None, today: date
) -> date | None:
    if day is not None:
        try:
            return right.stretch.first.replace(day=int(day["day"]))
        except ValueError:
            return None
    if left is not None and left.relative and left.kind is not Kind.WEEKDAY:
        left = part_at(text, at, today, right.stretch.first.year)
    return left.stretch.first if left else None
