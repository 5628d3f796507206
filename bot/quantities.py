"""The numbers, amounts and dates of a sentence, so that two sentences can be compared. Pure.

German and English: "1,5 Millionen", "five", "ein Dutzend", "18. März 2025", "March 18". Ordinals,
scores, vague words ("viele") and bare article words ("ein") are no numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, takewhile

from bot.number_words import COUNTING, SCALES, any_of, decimal, scale, spelt
from vectorstore import lexical


class Kind(StrEnum):
    """What a number measures."""

    COUNT = "count"
    MEASURE = "measure"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a text, `text[start:end]`.

    `unit` is the base unit ("m", "eur"), for a count the stem of what is counted ("person:hurt"
    for people by what befell them, "" if unknown), for a date "from", "until" or "". `value` is in
    base units; for a date year * 10000 + month * 100 + day, 0 for what isn't said; for a time of
    day hours * 100 + minutes. `low` and `high` are what the number may mean, rounded as it is.
    """

    value: float
    kind: Kind
    unit: str
    low: float
    high: float
    start: int
    end: int


def quantities(text: str, language: str | None = None) -> tuple[Quantity, ...]:
    """The quantities of a text in their order; without a language "1.500" is 1500 as "1,500" is."""
    found: list[Quantity] = []
    for quantity in (*_dates(text), *_numbers(text, language)):
        if not any(q.start < quantity.end and quantity.start < q.end for q in found):
            found.append(quantity)
    return tuple(sorted(found, key=lambda q: q.start))


def alike(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities can be compared: the same unit, or the same counted thing."""
    if one.kind is not other.kind or one.unit != other.unit:
        return False
    if one.kind is Kind.COUNT:
        return one.unit not in ("", "person")
    if one.kind is Kind.DATE:
        return bool(_both_say(one, other))
    return True


def same(one: Quantity, other: Quantity) -> bool:
    """Whether two alike quantities agree, as a rounded number does with an exact one."""
    if one.kind is Kind.DATE:
        return all(a == b for a, b in _both_say(one, other))
    overlap = one.low < other.high and other.low < one.high
    return overlap or one.value == other.value


def _both_say(one: Quantity, other: Quantity) -> list[tuple[float, float]]:
    """Year, month and day of two dates, as far as both say them."""
    parts = [(q.value // 10_000, q.value // 100 % 100, q.value % 100) for q in (one, other)]
    return [(a, b) for a, b in zip(*parts, strict=True) if a and b]


# -- dates ---------------------------------------------------------------------------------

_MONTHS = """januar jänner january jan/februar feber february feb/märz march mär mar/april apr/
mai may/juni june jun/juli july jul/august aug/september sept sep/oktober october okt oct/
november nov/dezember december dez dec"""
_MONTH = {name: n for n, row in enumerate(_MONTHS.split("/"), 1) for name in row.split()}
_M = rf"(?P<month>{'|'.join(sorted(_MONTH, key=len, reverse=True))})\b\.?"
_Y = r"(?P<year>(?:1[5-9]|20)\d\d)"
_DATE_FORMS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b{_Y}-(?P<m>[01]\d)-(?P<day>[0-3]\d)\b",
        rf"\b(?P<day>[0-3]?\d)\.\s?(?P<m>[01]?\d)\.(?:\s?{_Y})?(?!\d)",
        rf"\b(?P<day>[0-3]?\d)(?:\.|st|nd|rd|th)?\s?(?:of\s)?{_M}(?:,?\s{_Y}\b)?",
        rf"\b{_M}\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?:,?\s{_Y}\b)?(?![.,]?\d)",
        rf"\b{_M}\s{_Y}\b",
        rf"(?:(?<=\s)|^)(?P<bare>){_M}(?=\W|$)",
        rf"(?<![\w.,:/-]){_Y}(?P<bare>)(?![\w/%€-]|[.,]\d|\s?[€%])",
    )
)
_COUNTABLE = re.compile(r"\s(?:[A-ZÄÖÜ]|people\b|[a-z]{4,}s\b)")
_IN = re.compile(r"\b(?:jahre?s?|year|in|im|ende|anfang|mitte|sommer|herbst|winter)\s$", re.I)
_FROM = re.compile(r"\b(?:seit|ab|von|vom|from|since)(?:\s(?:dem|the|ende|anfang))?\s$", re.I)
_UNTIL = re.compile(r"\b(?:bis|until|till|to|by)(?:\s(?:zum|the|ende|anfang|mitte))?\s$", re.I)


def _dates(text: str) -> Iterator[Quantity]:
    for match in chain.from_iterable(form.finditer(text) for form in _DATE_FORMS):
        held = match.groupdict()
        before = text[max(0, match.start() - 20) : match.start()]
        role = "from" if _FROM.search(before) else "until" if _UNTIL.search(before) else ""
        month = _MONTH.get((held.get("month") or "").lower(), int(held.get("m") or 0))
        day, year = int(held.get("day") or 0), int(held.get("year") or 0)
        # "May" may be a verb, and "1950 Menschen" are counted, unless a word of time is before.
        doubtful = "bare" in held and (not year or _COUNTABLE.match(text, match.end()))
        if (not doubtful or role or _IN.search(before)) and month <= 12 and day <= 31:
            value = float(year * 10_000 + month * 100 + day)
            yield Quantity(value, Kind.DATE, role, value, value, *match.span())


# -- numbers -------------------------------------------------------------------------------

_NUMBER = re.compile(
    r"(?<![\w.,:/§#])(?<!\w-)(?:"
    r"(?P<digits>\d\d?:\d\d(?=\s?(?:uhr|[ap]\.?m\b))|"
    r"\d{1,3}(?:[.,'’\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?)"
    rf"|(?P<word>(?:(?:(?:{COUNTING}|ein)?(?:hundert|tausend)(?:und)?)+(?:{COUNTING}|eins)?|{COUNTING})\b)"
    rf"|(?P<one>(?:eine?[nrm]?|a)(?=\s(?:{any_of(SCALES)})\b))"
    r"|(?P<none>(?:keine?[nr]?|no)(?=\s(?!longer|more|mehr|one)[^\W\d])|niemand|nobody|no one))"
    rf"(?:[\s-]?(?P<scale>{any_of(SCALES)})\b\.?)?",
    re.I,
)
_NOT_ALONE = re.compile(  # ordinals, scores, fractions, and words that only begin with a number
    r"\.\s(?-i:[A-ZÄÖÜ])|[:/]\d|\s?(?:viertel|drittel|fünftel|quarters?|thirds?|of the)\b|"
    r"\w|-?(?:mal|fach)\b|\s(?:times|mal)\b",
    re.I,
)
_ROUGH = """rund etwa circa ca. ungefähr knapp fast gut nahezu annähernd gegen beinahe about around
roughly approximately nearly almost some"""
_OVER = "mehr_als über mindestens more_than over at_least"
_UNDER = """weniger_als unter höchstens maximal bis bis_zu keine fewer_than less_than under up_to
at_most to"""


def _numbers(text: str, language: str | None) -> Iterator[Quantity]:
    for match in _NUMBER.finditer(text):
        unit = _UNIT.match(text, match.end()) or re.search(r"([€$£])$", text[: match.start()])
        noun = match.start() and (match["word"] or "x")[0].isupper()  # "die Elf"
        if noun or (not unit and _NOT_ALONE.match(text, match.end())):
            continue
        known = UNITS[unit[1].lower()] if unit else None
        kind, name, factor = known or (Kind.COUNT, _counted(text, match, language), 1.0)
        value, grain = _value(match, language)
        grain = grain or float(kind not in (Kind.COUNT, Kind.CLOCK))  # "4 %" may be 3.8 %
        low, high = _bounds(value * factor, grain * factor, text[: match.start()][-20:])
        end = max(unit.end(), match.end()) if unit else match.end()
        yield Quantity(value * factor, kind, name, low, high, match.start(), end)


def _value(match: re.Match[str], language: str | None) -> tuple[float, float]:
    """The number and what its last digit is worth, 0 where every digit counts."""
    size = scale(match["scale"])
    in_words = "0" if match["none"] else str(spelt((match["word"] or "ein").lower()))
    number = decimal(match["digits"], language) if match["digits"] else in_words
    value, decimals = float(number), len(number.partition(".")[2])
    if decimals or size > 12:
        return value * size, size / 10**decimals
    zeros = len(number) - len(number.rstrip("0"))
    return value * size, 10.0 ** min(zeros, 15) if value >= 100 and zeros else 0.0


def _bounds(value: float, grain: float, before: str) -> tuple[float, float]:
    last = before.lower().split()[-2:]
    ends = {*last[-1:], "_".join(last)}
    if ends & set(_OVER.split()):
        return value * 0.95, value * 2
    if ends & set(_UNDER.split()):
        return value / 2, value * 1.05
    slack = value / 20 if ends & set(_ROUGH.split()) else min(grain / 2, value / 20)
    return value - slack, value + slack


# -- units and counted things --------------------------------------------------------------

UNITS: dict[str, tuple[Kind, str, float]] = {}
_FACTORS = """percent =% % prozent percent per_cent =points prozentpunkte prozentpunkten
money =eur € euro euros eur =usd $ dollar dollars us-dollar usd =gbp £ pfund pounds =chf franken chf
clock =uhr 100 uhr =am 100 a.m am =pm 100 p.m pm
measure =age jährige jähriger jährigen jahre_alt years_old year-old
measure =mm mm millimeter 10 cm zentimeter zentimetern centimetres 1e3 m meter metern metres meters
measure =mm 1e6 km kilometer kilometern kilometres kilometers =km/h km/h stundenkilometer
measure =m2 m² qm quadratmeter quadratmetern square_metres 1e4 ha hektar hectares
measure =m2 1e6 km² quadratkilometer square_kilometres =mw mw megawatt =degrees ° °c grad degrees
measure =l l liter litern litres liters 1e3 m³ kubikmeter kubikmetern cubic_metres
measure =kg kg kilo kilogramm kilograms 1e3 t tonne tonnen tonnes
measure =minutes minute minuten minutes 60 stunde stunden hour hours
measure =days tag tage tagen day days 7 woche wochen week weeks
measure =months monat monate monaten month months 12 jahr jahre jahren year years"""
for _kind, *_words in map(str.split, _FACTORS.splitlines()):
    for _item in _words:
        if _item[0] == "=":
            _name, _factor = _item[1:], 1.0
        elif _item[0].isdigit():
            _factor = float(_item)
        else:
            UNITS[_item.replace("_", " ")] = (Kind(_kind), _name, _factor)
_UNIT = re.compile(rf"[\s\u00a0-]?({any_of(UNITS)})(?!\w)", re.I)
_FATES = {
    "badly hurt": r"(?:schwer|gefährlich|seriously|severely|critically)\s?(?:verletz|injur|hurt)",
    "slightly hurt": r"(?:leicht|slightly|lightly)\s?(?:verletz|injur|hurt)",
    "hurt": r"(?<!schwer)(?<!leicht)verletz|\binjur|\bwounded|\bhurt",
    "dead": r"\bstarb|gestorben|getötet|ums leben|\btote?[nr]?\b|tode|\bkilled|\bdied|\bdead|death",
    "missing": r"vermiss|\bmissing",
    "held": r"festgenommen|verhaftet|festnahme|\barrest|\bdetained",
    "ill": r"infiziert|infizierte|erkrank|\binfected",
}
_PEOPLE = frozenset("mensch menschen person personen leute people persons".split())
_OTHERS = frozenset("weitere weiteren weiterer andere anderen other others more another".split())
_CLAUSE_ENDS = re.compile(r"[,;:!?()–]|\.\s|\s(?:und|and|sowie|aber|but|while)\s", re.I)
_NO_NOUN = frozenset(
    """der die das den dem des ein eine oder in im am an auf aus bei beim mit nach von vom zu zum
    zur für ist sind war waren wird werden wurde wurden hat habe haben hatte hatten bis als the a of
    to for from by with at on have has had was were is are be been will or than that""".split()
)


def _counted(text: str, match: re.Match[str], language: str | None) -> str:
    """What is counted: a noun's stem, or people by what befell them in this clause."""
    after = _CLAUSE_ENDS.split(text[match.end() :])[0]
    before = _CLAUSE_ENDS.split(text[: match.start()])[-1]
    tokens = re.findall(r"[^\W_]+(?:-[^\W_]+)*", after)[:4]
    run = list(takewhile(lambda token: token.lower() not in _NO_NOUN, tokens))
    if _OTHERS & {token.lower() for token in run}:
        return ""
    noun = _noun(run, language)
    fates = _fates(noun) or _fates(f"{before} {after}")
    if not noun or noun.lower() in _PEOPLE or _fates(noun):
        return f"person:{fates[0]}" if len(fates) == 1 else "person" if noun else ""
    return (lexical.stems(lexical.words(noun), language) or [""])[-1]


def _fates(text: str) -> list[str]:
    found = [name for name, form in _FATES.items() if re.search(form, text, re.I)]
    return [f for f in found if f != "hurt" or not {"badly hurt", "slightly hurt"} & set(found)]


def _noun(run: list[str], language: str | None) -> str:
    """The counted noun of a run of words: in German the one with a capital."""
    capitals = [token for token in run if token[0].isupper()]
    if language != "en" and (capitals or language):
        return (capitals or [""])[0]
    plurals = [t for t in run if t.lower() in _PEOPLE or re.search(r"[^su]s$", t)]
    return (plurals or run[-1:] or [""])[0]
