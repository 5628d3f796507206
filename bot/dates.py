"""The days that an article names from where it stands: "am Dienstag", "gestern", "on Friday". Pure.

A date that may be wrong is worse than none beside a verbatim quote, so a weekday is only resolved
where its clause speaks of what was or what will be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot import tense
from bot.calendar_words import DAYTIME, END, MONTH, START, WEEKDAY, WEEKDAYS, plain
from bot.stretches import latest_weekday, next_weekday
from bot.tense import Tense
from bot.words import day as written_day


@dataclass(frozen=True, slots=True)
class NamedDay:
    """An expression, `text[start:end]`, and the day it means."""

    start: int
    end: int
    day: date


def named_days(text: str, published: date) -> list[NamedDay]:
    """The days that a text names by weekday or from its day of publication, in their order."""
    try:
        found = [*_weekdays(text, published), *_days_from_then(text, published)]
    except OverflowError:  # published in the first week of year 1, or the last of 9999
        return []
    return sorted(found, key=lambda named: named.start)


def dated(quote: str, published: str | None, language: str) -> str:
    """A quote with each day it names written out behind it: "am Dienstag [18.03.2025]".

    `published` is ISO 8601; if it is no date, the quote is given back. `language` is that of the
    dates, "de" or "en".
    """
    try:
        then = date.fromisoformat((published or "")[:10])
    except ValueError:
        return quote
    parts: list[str] = []
    done = 0
    for named in named_days(quote, then):
        shown = written_day(named.day.isoformat(), language)
        parts += [quote[done : named.end], f" [{shown}]"]
        done = named.end
    return "".join([*parts, quote[done:]])


# -- weekdays --------------------------------------------------------------------------------

_GERMAN_DAY = re.compile(
    rf"{START}(?P<lead>am|seit|in\s+der\s+Nacht\s+(?:zum|zu|auf(?:\s+den)?))\s+"
    r"(?:(?:sp(?:ä|ae)ten|fr(?:ü|ue)hen)\s+)?"
    r"(?:(?P<adjective>vergangenen|letzten|vorigen|kommenden|n(?:ä|ae)chsten|heutigen|gestrigen)\s+)?"
    rf"(?P<weekday>{WEEKDAY})(?:[\s-]?{DAYTIME})?{END}",
    re.I,
)
_ENGLISH_DAY = re.compile(
    rf"{START}(?:on\s+(?:the\s+)?)?(?:(?P<adjective>last|next)\s+)?(?P<weekday>{WEEKDAY})"
    rf"(?:\s+{DAYTIME})?{END}",
    re.I,
)
_TITLE = re.compile(
    r"(?:\b(?:bild|welt|zeitung|kurier|\w*post|sport|blick|presse|express)|tatort|polizeiruf)\s+$",
    re.I,
)
_NO_DAY_BEHIND = re.compile(
    rf"\s*[,(]?\s*(?:de[mnr]\s+|the\s+)?(?:\d{{1,2}}\.\s*(?:{MONTH}|\d{{1,2}}\b(?!\s*Uhr))|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}|{MONTH}\s+\d)|"
    rf"\s*(?:,|/|–|-|und|oder|bis|sowie|and|or|to)\s*(?:am\s+|on\s+)?{WEEKDAY}|"
    r"\s+(?:de[rs]\s+)?(?:letzte[rn]|vergangene[rn]|vorige[rn]|kommende[rn]|n(?:ä|ae)chste[rn]|"
    r"diese[rn]|folgende[rn]|vor|ersten?)?\s*(?:vor|folge)?woche\b|"
    rf"\s+(?:im|in|of|des)\s+(?:{MONTH}|advent)\b|"
    r"\s+(?:in|vor|nach)\s+(?:eine[rm]|zwei|drei|vier|acht|vierzehn|\d+)\s+(?:woche|tag|monat)|"
    r"\s+(?:vor|nach)\s+(?:Ostern|Pfingsten|Weihnachten|Neujahr|Himmelfahrt|Fronleichnam)|"
    r"\s+(?:before|after)\s+(?:easter|christmas|thanksgiving|pentecost|new\s+year)|"
    r"\s+(?:(?:of\s+)?(?:last|next|this|that|the\s+following)\s+)?weeks?\b|['’]s\b",
    re.I,
)
_HABIT = re.compile(
    r"\b(?:immer|jeweils|stets|jede[nrsm]?|regelm(?:ä|ae)(?:ß|ss)ig|w(?:ö|oe)chentlich|gew(?:ö|oe)hnlich|"
    r"every|each|always|usually|weekly|regularly|damals|seinerzeit)\b|\b(?:1\d|20)\d\d\b",
    re.I,
)
_PAST_WORDS = frozenset(("vergangenen", "letzten", "vorigen", "last"))
_FUTURE_WORDS = frozenset(("kommenden", "naechsten", "next"))


def _weekdays(text: str, published: date) -> Iterator[NamedDay]:
    for pattern in (_GERMAN_DAY, _ENGLISH_DAY):
        for match in pattern.finditer(text):
            adjective = plain(match["adjective"] or "")
            english = pattern is _ENGLISH_DAY
            if english and not (adjective or match[0][:2].lower() == "on"):
                continue
            if _TITLE.search(text[: match.start()]) or _NO_DAY_BEHIND.match(text, match.end()):
                continue
            day = _weekday(text, match, adjective, english, published)
            if day is not None:
                yield NamedDay(match.start(), match.end(), day)


def _weekday(
    text: str, match: re.Match[str], adjective: str, english: bool, published: date
) -> date | None:
    weekday = WEEKDAYS[plain(match["weekday"])]
    one = timedelta(days=1)
    if adjective in _PAST_WORDS:
        return latest_weekday(weekday, published - one)
    if adjective in _FUTURE_WORDS:
        return next_weekday(weekday, published + one)
    if adjective:  # am heutigen, gestrigen
        day = published if adjective == "heutigen" else published - one
        return day if day.weekday() == weekday else None
    if not english and match["lead"].lower() == "seit":
        return latest_weekday(weekday, published)
    clause = _sentence(text, match.start())
    if _HABIT.search(text[clause[0] : clause[1]]):
        return None
    spoken = _tense(text, match.start(), match.end(), english)
    if spoken is Tense.PAST:
        return latest_weekday(weekday, published)
    return next_weekday(weekday, published) if spoken is Tense.FUTURE else None


# -- the tense of a place in a text -----------------------------------------------------------

_SENTENCE_END = re.compile(
    r"(?:(?<!\d)(?<!\b[A-ZÄÖÜ])(?<!\b[A-ZÄÖÜ][a-z])\.|[!?…])[\"“”»«)]*\s+(?=[^\Wa-zäöü\d_]|[„“»\"])|\n"
)
_CLAUSE_END = re.compile(r"[,;:()„“”»«\"–]|\s-\s")
_OF_SOMETHING = re.compile(  # "Nach dem Brand am Montag wird ..."
    r"\W*(?:auch\s+)?(?:nach|wegen|trotz|angesichts|infolge|aufgrund|seit|durch|beim?)\b"
    r"(?!.*\b(?:wird|werden|soll|sollen|will|wollen)\b)",
    re.I | re.S,
)
_AND = re.compile(r"\b(?:und|oder|aber|sondern|sowie)\b", re.I)


def _sentence(text: str, at: int) -> tuple[int, int]:
    return _between(_SENTENCE_END, text, at, 0, len(text))


def _between(ends: re.Pattern[str], text: str, at: int, first: int, last: int) -> tuple[int, int]:
    start, end = first, last
    for match in ends.finditer(text, first, last):
        if match.end() <= at:
            start = match.end()
        elif match.start() >= at:
            end = match.start()
            break
    return start, end


def _tense(text: str, at: int, end: int, english: bool) -> Tense | None:
    """Whether an adverb's clause speaks of what was, is or will be; None if that's unsure."""
    first, last = _sentence(text, at)
    if english:
        return tense.english(text[first:last], at - first)
    clause = _between(_CLAUSE_END, text, at, first, last)
    if len(text[clause[0] : at].split()) + len(text[end : clause[1]].split()) == 0:
        clause = (first, last)  # "Am Dienstag, so die Polizei, brannte ..."
    tenses = tense.german(text[slice(*clause)])
    if Tense.FUTURE in tenses and _OF_SOMETHING.match(text[clause[0] : at]):
        return None
    if len(tenses) > 1:
        tenses = tense.german(text[slice(*_between(_AND, text, at, *clause))])
    return next(iter(tenses)) if len(tenses) == 1 else None


# -- yesterday, today, tomorrow ---------------------------------------------------------------

_FROM_THEN = re.compile(
    rf"{START}(?P<word>vorgestern|gestern|heute|morgen|yesterday|today|tomorrow)"
    rf"(?P<time>\s+{DAYTIME})?{END}(?!['’]s\b)",
    re.I,
)
_DAYS = {
    "vorgestern": -2,
    **dict.fromkeys(("gestern", "yesterday"), -1),
    **dict.fromkeys(("heute", "today"), 0),
    **dict.fromkeys(("morgen", "tomorrow"), 1),
}
_SPEAKER = re.compile(r"\b(?:ich|wir|uns|mich|mir|we|us|me)\b|\bI\b", re.I)
_UNSURE_BEFORE = re.compile(
    rf"(?:\b(?:heute|gestern|vorgestern|am|jeden|diesen|guten|eines|den|der|die|das|dem|des|ein|"
    rf"von|bis|noch|auch|erst|wie|als|und|oder|of|until|than|as|still|from|früh|frueh)|{WEEKDAY})\s+$",
    re.I,
)
_UNSURE_BEHIND = re.compile(r"\s+(?:und|oder|noch|als|wie|and|or)\b|-", re.I)
_TOMORROW_AHEAD = re.compile(
    r"\s+(?:wird|werden|soll|sollen|will|wollen|findet|finden|beginnt|beginnen)\b", re.I
)
_SURE_TODAY = re.compile(r"\b(?:seit|ab|since|earlier|later)\s+$", re.I)
_LAST_WORD = re.compile(r"\w+(?=\s+$)")
_HAPPENED = re.compile(
    r"\b(?:worden|gestorben|verstorben|zurückgetreten|angekommen|eingetroffen|entgleist|"
    r"verunglückt|ausgefallen|eingestürzt|abgestürzt|ausgebrochen|gestartet|gelandet|erschienen)\b",
    re.I,
)


def _days_from_then(text: str, published: date) -> Iterator[NamedDay]:
    for match in _FROM_THEN.finditer(text):
        word = match["word"].lower()
        first, last = _sentence(text, match.start())
        if _is_quoted(text, match.start()) or _SPEAKER.search(text, first, last):
            continue
        if match["word"][0].isupper() and text[first : match.start()].strip():
            continue  # a name, "USA Today", or "der Morgen"
        before, behind = text[first : match.start()], text[match.end() : last]
        if _UNSURE_BEFORE.search(before) or _UNSURE_BEHIND.match(behind):
            continue
        if _NO_DAY_BEHIND.match(behind):  # "gestern, 17. März"
            continue
        if _is_sure(text, match, before, behind):
            yield NamedDay(match.start(), match.end(), published + timedelta(days=_DAYS[word]))


def _is_sure(text: str, match: re.Match[str], before: str, behind: str) -> bool:
    """Whether the word means a day: "heute" may be nowadays, "Morgen" the morning."""
    word = match["word"]
    if word.lower() == "morgen":
        return word == "morgen" or bool(match["time"]) or bool(_TOMORROW_AHEAD.match(behind))
    if word.lower() not in ("heute", "today") or match["time"] or _SURE_TODAY.search(before):
        return True
    if word.lower() == "today":
        verb = _LAST_WORD.search(before)  # "resigned today", not "built in 1850 and today"
        near = tense.english(before, len(before))
        return bool(verb and tense.english(verb[0], len(verb[0])) is near is Tense.PAST)
    clause = _between(_CLAUSE_END, text, match.start(), *_sentence(text, match.start()))
    segment = text[slice(*_between(_AND, text, match.start(), *clause))]
    if re.search(r"\b(?:ist|sind)\b", segment):
        return bool(_HAPPENED.search(segment))
    return tense.german(segment) == {Tense.PAST}


_PAIRS = (("„", "“"), ("„", "”"), ("“", "”"), ("»", "«"), ("«", "»"), ("‚", "‘"))
_QUOTED = re.compile(
    "|".join(f"{opening}[^{opening}{closing}]*{closing}" for opening, closing in _PAIRS)
    + r"|\"[^\"]*\""
)
_MARK = re.compile(r"[„“”»«\"]")


def _is_quoted(text: str, at: int) -> bool:
    """Whether a place lies in quotation marks; with a mark that has no partner it may."""
    spans = [match.span() for match in _QUOTED.finditer(text)]
    if any(start < at < end for start, end in spans):
        return True
    return any(
        not any(start <= mark.start() < end for start, end in spans)
        for mark in _MARK.finditer(text)
    )
