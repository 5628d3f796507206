"""German and English words of the calendar, and regular expressions that find them. Pure.

Umlauts may be typed as ae, oe and ue; every expression is meant for `re.I`.
"""

import re
from collections.abc import Iterable, Mapping

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def plain(word: str) -> str:
    """A word in small letters with its umlauts spelt out, as the tables below have it."""
    return word.lower().translate(_UMLAUTS)


def any_of(words: Iterable[str]) -> str:
    """An expression for any of the words of a table, with umlauts or without."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    spelt = (re.sub("[aou]e", lambda m: f"(?:{_umlaut(m[0])}|{m[0]})", w) for w in longest_first)
    return f"(?:{'|'.join(spelt)})"


def _umlaut(pair: str) -> str:
    return {"ae": "ä", "oe": "ö", "ue": "ü"}[pair]


def _numbered(lines: str, first: int) -> dict[str, int]:
    rows = lines.strip().splitlines()
    return {word: number for number, row in enumerate(rows, first) for word in row.split()}


MONTHS: Mapping[str, int] = _numbered(
    """januar jaenner january
    februar feber february
    maerz march
    april
    mai may
    juni june
    juli july
    august
    september
    oktober october
    november
    dezember december""",
    1,
)
SHORT_MONTHS: Mapping[str, int] = {
    **_numbered("jan\nfeb\nmar mrz\napr\nmay\njun\njul\naug\nsep sept\nokt oct\nnov\ndez dec", 1)
}
"""Only sure beside the number of a day."""

WEEKDAYS: Mapping[str, int] = _numbered(
    """montag monday
    dienstag tuesday
    mittwoch wednesday
    donnerstag thursday
    freitag friday
    samstag sonnabend saturday
    sonntag sunday""",
    0,
)
"""As `date.weekday` counts them."""

SEASONS: Mapping[str, str] = {
    **dict.fromkeys(("fruehling", "fruehjahr", "spring", "springtime"), "spring"),
    **dict.fromkeys(("sommer", "summer"), "summer"),
    **dict.fromkeys(("herbst", "autumn", "fall"), "autumn"),
    "winter": "winter",
}
NUMBERS: Mapping[str, int] = {
    **_numbered(
        """ein eine einem einen einer one a an
        zwei two
        drei three
        vier four
        fuenf five
        sechs six
        sieben seven
        acht eight
        neun nine
        zehn ten
        elf eleven
        zwoelf twelve""",
        1,
    ),
    "vierzehn": 14,
    "fourteen": 14,
}

MONTH = any_of(MONTHS)
DAY_MONTH = rf"(?:{any_of(MONTHS)}|{any_of(SHORT_MONTHS)}\.?)"
WEEKDAY = any_of(WEEKDAYS)
SEASON = any_of(SEASONS)
NUMBER = rf"(?:\d{{1,3}}|{any_of(NUMBERS)})"
DAYTIME = (
    r"(?:(?:sp(?:ä|ae)t)?abend|(?:vor|nach)?mittag|nachts?|morgen|fr(?:ü|ue)h|"
    r"morning|noon|afternoon|evening|night)"
)
LAST_IN_GERMAN = r"(?:letzte|vergangene|vorige)[nrms]?"
LAST = rf"(?:{LAST_IN_GERMAN}|last)"
THIS = r"(?:diese[nrms]?|this)"
START = r"(?<![\w.-])"
END = r"(?!-?\w)"


def month_number(word: str) -> int:
    """1 to 12, of a name or its abbreviation."""
    name = plain(word).rstrip(".")
    return MONTHS.get(name) or SHORT_MONTHS[name]


def number(word: str) -> int:
    """The value of a number in figures or in words."""
    return int(word) if word.isdecimal() else NUMBERS[plain(word)]
