"""Numbers as people write them: digits with their marks, and words, German and English. Pure."""

import re
from collections.abc import Iterable

_DE = """ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn
sechzehn siebzehn achtzehn neunzehn"""
_EN = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen"""
_TENS_DE = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
_TENS_EN = "twenty thirty forty fifty sixty seventy eighty ninety"


def _small(ones: str, tens: str, compound: str) -> dict[str, float]:
    table: dict[str, float] = {word: n for n, word in enumerate(ones.split(), 1)}
    for n, ten in enumerate(tens.split(), 2):
        parts = enumerate(ones.split()[:9], 1)
        table |= {ten: n * 10} | {compound.format(one, ten): n * 10 + m for m, one in parts}
    return table


def any_of(words: Iterable[str]) -> str:
    """An expression for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


SMALL = _small(_DE, _TENS_DE, "{0}und{1}") | _small(_EN, _TENS_EN, "{1}-{0}")
"""Below a hundred."""
SMALL |= {"": 0, "eins": 1, "anderthalb": 1.5, "eineinhalb": 1.5}
COUNTING = any_of(word for word in SMALL if word not in ("", "ein", "eins"))
"""An expression for any of them but "ein", which is an article too."""
SCALES = {"hundert": 100.0, "hundred": 100.0, "tausend": 1e3, "tsd": 1e3, "thousand": 1e3}
SCALES |= {"dutzend": 12.0, "dozen": 12.0, "billionen": 1e12, "trillion": 1e12}
SCALES |= dict.fromkeys("million millionen mio".split(), 1e6)
SCALES |= dict.fromkeys("milliarde milliarden mrd billion bn".split(), 1e9)


def scale(word: str | None) -> float:
    """What a word of SCALES multiplies with; 1 for none. A capital makes "Billion" German."""
    return 1e12 if word == "Billion" else SCALES.get((word or "").lower(), 1.0)


def spelt(word: str) -> float:
    """The value of a number in small letters: "zwölf", "zweihundertfünfzig"."""
    for part, size in (("tausend", 1000), ("hundert", 100)):
        left, found, right = word.partition(part)
        if found:
            return (spelt(left) or 1) * size + spelt(right.removeprefix("und"))
    return SMALL[word]


def decimal(digits: str, language: str | None) -> str:
    """Digits as Python writes them. The language says which mark groups thousands."""
    plain = re.sub(r"['’\s\u00a0\u202f]", "", digits).replace(":", ".")
    point = {"de": ",", "en": "."}.get((language or "")[:2].lower(), "")
    grouped = re.fullmatch(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*", plain)
    if grouped and (plain.count(grouped[1]) > 1 or grouped[1] != point):
        return plain.replace(grouped[1], "")
    *whole, last = re.split(r"[.,]", plain)
    return f"{''.join(whole)}.{last}" if whole else last
