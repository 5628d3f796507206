"""Which stretch of time a question restricts its answer to. German and English. Pure.

A wrong restriction is worse than none, so whatever is unsure gives none: a year alone ("der
Haushalt 2025") is what a question is about, not when its articles are from, and "am Samstag" only
restricts where the question speaks of the past. The period is when things happened; reports of
them may follow some days later.
"""

import re
from dataclasses import dataclass
from datetime import date

from bot import tense
from bot.calendar_readers import Kind
from bot.calendar_words import MONTH, SEASON, WEEKDAY
from bot.tense import Tense
from bot.time_expressions import Expression, Frame, expressions

OLDEST = 30  # years that a date may lie back; older ones are history, told by younger articles
OLDEST_BARE = 10  # years that "seit 2019" may lie back


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` to `until`, both inclusive, None if open.

    `relative` says that they depend on today; `words` is `question[start:end]`.
    """

    since: date | None
    until: date | None
    relative: bool
    words: str
    start: int
    end: int


def period_of(question: str, today: date) -> Period | None:
    """The stretch of time a question restricts its answer to, None if there's none or it's unsure.

    Two expressions of time in one question are unsure too.
    """
    if not _ANY.search(question):
        return None
    found = list(expressions(question, today))
    found = [e for e in found if e.kind is not Kind.YEAR or e.lead] or found  # "Haushalt 2025"
    if len(found) != 1 or not _restricts(question, found[0], today):
        return None
    one = found[0]
    words = question[one.start : one.end]
    return Period(one.since, one.until, one.relative, words, one.start, one.end)


_ANY = re.compile(
    r"\d|heute|heuer|today|gestern|yesterday|letzte|vergangene|vorige|diese|last|past|recent|this|"
    rf"ago\b|vor\b|{MONTH}|{WEEKDAY}|{SEASON}|wochenende|weekend|anfang|mitte|ende",
    re.I,
)
_WHICH_YEAR = re.compile(
    r"\b(?:welche[nmrs]?\s+(?:jahr(?:es|en?)?|jahrhundert)|"
    r"(?:what|which)\s+(?:\w+\s+)?(?:years?|century))\b",
    re.I,
)
_WHEN = re.compile(
    r"\bwann\b|^\W*(?:(?:since|until|by|and)\s+)?when\b|\bwelche[nmrs]?\s+(?:tag|monat|datum)\b|"
    r"\b(?:what|which)\s+(?:day|date|month)\b",
    re.I,
)


def _restricts(question: str, found: Expression, today: date) -> bool:
    """Whether an expression says from when the answer has to be."""
    if _WHICH_YEAR.search(question) or (_WHEN.search(question) and not found.relative):
        return False
    if not _within(found, today) or _is_part_of_more(question, found):
        return False
    if found.kind is Kind.YEAR:
        return _year_restricts(question, found, today)
    if found.frame in (Frame.BEFORE, Frame.AFTER):
        return not found.relative and _tells(question, found)
    if found.kind in (Kind.GONE, Kind.RUNNING, Kind.TODAY):
        return _deictic_restricts(question, found)
    if found.frame is Frame.OF:
        return bool(_REPORTS_OF.search(question[: found.start]))
    if found.relative and _history(question, found):
        return False
    return _tells(question, found)


def _within(found: Expression, today: date) -> bool:
    """Whether it has begun, isn't history, and doesn't end before it begins."""
    since, until = found.since, found.until
    if since and until and since > until:
        return False
    known = since or until
    oldest = until or since
    return bool(known and oldest and known <= today and oldest.year >= today.year - OLDEST)


# -- what an expression is part of -----------------------------------------------------------

_QUOTED = re.compile(r"„[^“”\"]*[“”\"]|“[^”]*”|»[^«]*«|«[^»]*»|\"[^\"]*\"")
_OWNED = re.compile(
    r"\b(?:the|his|her|its|their|our|my|an?|every|each|of|die|das|der|des|dem|jede[nmrs]?|"
    r"(?:sein|ihr|ein|kein)e?[mnrs]?|usa|zdf|song|titel|zweit|dritt)\s+$|['’]s\s+$",
    re.I,
)
_TITLE = re.compile(
    r"\b(?:bild|welt|zeitung|kurier|\w*post|sport|blick|presse|express)\s+am\s+(?:sams|sonn)tag$|"
    r"\b(?:schnee|welt)\s+von\s+gestern$",
    re.I,
)
_GENITIVE = re.compile(r"\b(?:jahres|monats)$", re.I)
_GOES_ON = re.compile(
    r"['’]s\b|\s+(?:of|before|prior|des|seine[rs]|ihre[rs])\b|[-–/]\w|"
    rf"\s*(?:und|and|oder|or|,|/|–)\s*(?:{MONTH}|{WEEKDAY}|{SEASON}|\d)",
    re.I,
)
_GENITIVE_FOLLOWS = re.compile(r"\s+(?:der|vor|nach|after|when)\b", re.I)
_ENGLISH = re.compile(r"(?:on|in|in the|since|until|till|during|during the|last|this)\b", re.I)
_MAY_FOLLOW = re.compile(
    r"\s*(?:$|[^\w\s])|\s+(?:in|at|on|to|when|during|after|before|and|by|from|with|for|near|the|"
    r"that|between|about|as|if|against|over|into|under|because)\b",
    re.I,
)
_A_NAME = re.compile(r"(?:im\s+)?.*august$", re.I)
_GOES_ON_AS_NAME = re.compile(r"\s+(?:[A-ZÄÖÜ]|de[rmns]\s)")
_OF_FAME = frozenset({(9, 11), (7, 20), (6, 17), (11, 9)})  # months and days that mean one year's


def _is_part_of_more(question: str, found: Expression) -> bool:
    """Whether an expression belongs to a name, a quotation, or a noun that it tells apart."""
    words, before = question[found.start : found.end], question[: found.start]
    behind = question[found.end :]
    if any(m.start() < found.start < m.end() for m in _QUOTED.finditer(question)):
        return True
    if _TITLE.search(question[: found.end]) or (not found.lead and _OWNED.search(before)):
        return True
    if words.isalpha() and before.strip() and words[0].isupper() and words[1:].islower():
        return True  # "USA Today"; all adverbs are written small
    if found.kind in (Kind.GONE, Kind.RUNNING) and _GENITIVE.search(words):
        return True
    if _GOES_ON.match(behind):
        return True
    if found.lead and found.kind in (Kind.GONE, Kind.SEASON) and _GENITIVE_FOLLOWS.match(behind):
        return True
    if found.relative and found.kind is Kind.DATE and found.since:
        return (found.since.month, found.since.day) in _OF_FAME
    if found.relative and found.kind in (Kind.MONTH, Kind.SEASON, Kind.WEEKDAY):
        if _ENGLISH.match(words) and not _MAY_FOLLOW.match(behind):
            return True
        return bool(_A_NAME.match(words) and _GOES_ON_AS_NAME.match(behind))
    return False


_YEAR = re.compile(r"(?<![\w.-])(?:1\d|20)\d\d(?!\w)")
_LONG_AGO = re.compile(r"jahrhundert|weltkrieg|century|world\s+war", re.I)


def _history(question: str, found: Expression) -> bool:
    """Whether the rest of the question names another time."""
    rest = question[: found.start] + " " + question[found.end :]
    years = [int(year) for year in _YEAR.findall(rest)]
    if found.kind is Kind.WEEKDAY and found.since:  # "am Dienstag zum Haushalt 2025"
        years = [year for year in years if abs(year - found.since.year) > 2]
    return bool(years or _LONG_AGO.search(rest))


# -- what the question speaks of --------------------------------------------------------------

_REPORT = (
    r"(?:artikeln?|meldung(?:en)?|nachrichten|schlagzeilen?|ausgaben?|articles?|news|headlines)"
)
_REPORTS_OF = re.compile(rf"\b(?:{_REPORT}|berichten?|zeitung|stories)\s+$", re.I)
_REPORTED = re.compile(
    r"\b(?:wurden?|what\s+(?:was|has\s+been)|hat|haben)\b.*\b"
    r"(?:berichtet|gemeldet|geschrieben|reported|written)\b",
    re.I,
)
_REPORTS = re.compile(rf"\b(?:{_REPORT}|neue?s?|new|berichtet|berichtete)\b", re.I)
_RELATIVE_CLAUSE = re.compile(
    r",\s*(?:(?:in|mit|von|an|auf|bei|für|zu)\s+)?(?:de[rmn]|die|das|dessen|deren|denen|als|nachdem|"
    r"weil|obwohl|wenn|who|which|when|after)\b[^,]*$|\w.*\b(?:who|which|that|whose|where)\b[^,]*$",
    re.I,
)


def _tells(question: str, found: Expression) -> bool:
    """Whether the question speaks of what was, in the clause of the expression."""
    if _RELATIVE_CLAUSE.search(question[: found.start]):
        return False
    if tense.is_german(question):
        tenses = tense.german(question)
        past, future = Tense.PAST in tenses, Tense.FUTURE in tenses
    else:
        near = tense.english(question, found.start)
        past, future = near is Tense.PAST, near is Tense.FUTURE
    return not future and (past or bool(_REPORTS.search(question)))


def _year_restricts(question: str, found: Expression, today: date) -> bool:
    """A bare year: only "since" one of the last years, or beside words for reports."""
    if found.frame is Frame.SINCE and found.since:
        recent = today.year - found.since.year <= OLDEST_BARE
        return recent and _tells(question, found)
    if found.frame not in (Frame.AT, Frame.OF):
        return False
    reports = _REPORTS_OF.search(question[: found.start])
    return bool(reports or (found.frame is Frame.AT and _REPORTED.search(question)))


def _deictic_restricts(question: str, found: Expression) -> bool:
    """Yesterday, last week, this week, today."""
    if found.frame is Frame.UNTIL:
        return False
    if found.kind is Kind.GONE:
        return True
    if found.kind is Kind.RUNNING:
        german = tense.is_german(question)
        future = (
            Tense.FUTURE in tense.german(question)
            if german
            else tense.english(question, found.start) is Tense.FUTURE
        )
        return not future
    if found.frame in (Frame.SINCE, Frame.OF):
        return found.frame is Frame.SINCE or bool(_REPORTS_OF.search(question[: found.start]))
    return _means_this_day(question, found)


_NEWS_OF_THE_DAY = re.compile(
    r"\b(?:wetter\w*|nachrichten|neue?s|news|weather|headlines|schlagzeilen|los|passiert|geschehen|"
    r"happen(?:ed|s|ing)?)\b",
    re.I,
)
_NOWADAYS_BEFORE = re.compile(
    r"\b(?:noch|auch|bis|man|wir|wo|erst|als|wie|we|you|they|still|until|known|as|to|than)\s+$",
    re.I,
)
_NOWADAYS_BEHIND = re.compile(
    r"\s+(?:noch|als|journal|show|bekannt\w*|üblich\w*|lebend\w*)\b", re.I
)
_SEGMENT_END = re.compile(r"[,;:]|\b(?:und|oder|aber|sondern)\b", re.I)
_HAPPENED = re.compile(
    r"\b(?:worden|gestorben|verstorben|zurückgetreten|angekommen|eingetroffen|entgleist|verunglückt|"
    r"ausgefallen|eingestürzt|abgestürzt|ausgebrochen|gestartet|gelandet|erschienen)\b",
    re.I,
)


def _means_this_day(question: str, found: Expression) -> bool:
    """Whether "heute" or "today" is the day and not these times."""
    before, behind = question[: found.start], question[found.end :]
    if _NOWADAYS_BEFORE.search(before) or _NOWADAYS_BEHIND.match(behind):
        return False
    if _NEWS_OF_THE_DAY.search(question):
        return True
    if _RELATIVE_CLAUSE.search(before):
        return False
    if not tense.is_german(question):
        ends = not re.match(r"\s*\w", behind)
        return ends and tense.english(question, found.start) is Tense.PAST
    segment = _SEGMENT_END.split(before)[-1] + "heute" + _SEGMENT_END.split(behind)[0]
    if re.search(r"\b(?:ist|sind)\b", segment, re.I):
        return bool(_HAPPENED.search(segment))
    return tense.german(segment) == {Tense.PAST}
