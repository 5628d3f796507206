"""Every number of a text, so that none may stand in a sentence that its passages lack. Pure.

Unlike `quantities`, which finds numbers that can be compared, this leaves none out: ordinals,
scores, fractions, times of day, "doppelt", "Tausende". German and English; dates are `moments`.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.number_words import decimal, scale, spelt
from bot.writing import number_forms as forms
from bot.writing.units import PERCENT, unit_at
from vectorstore.models import Span

PAIR, SHARE, DAY = "pair", "share", "day"
YEAR = "year"
_HALF_DAY = 12_000.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a text, `text[start:end]` with its unit.

    `value` is as written ("2,3 Millionen" is 2,300,000), `value * factor` in base units. `unit` is
    the base unit, "" if there is none, PAIR for scores and times of day (value: the first number
    * 1000 + the second), SHARE for fractions, DAY for the day of a date. `hedge`: "about", "over"
    or "under" if the text says so, "vague" for "Tausende", YEAR for what is never rounded.
    """

    value: float
    unit: str
    factor: float
    start: int
    end: int
    hedge: str = ""
    ordinal: bool = False
    scale: float = 1.0


def figures(text: str, language: str | None, taken: Sequence[Span] = ()) -> tuple[Figure, ...]:
    """The numbers of a text outside the spans that are taken, in their order."""
    found: list[Figure] = []
    spans = list(taken)
    for figure in _candidates(text, language):
        if not any(s.start < figure.end and figure.start < s.end for s in spans):
            found.append(figure)
            spans.append(Span(figure.start, figure.end))
    return tuple(sorted(found, key=lambda figure: figure.start))


def implied(text: str, held: Sequence[Figure]) -> Iterator[Figure]:
    """What the numbers of a passage say besides: "2 bis 3 Millionen" names two million too."""
    for match in forms.BOTH.finditer(text):
        yield Figure(2.0, "", 1.0, *match.span())
    for figure in held:
        if figure.unit == PAIR:
            yield from _of_a_pair(text, figure)
        if re.match(r"er\b|['’]?s\b", text[figure.end :]) and figure.value % 10 == 0:
            century = 1900.0 if figure.value < 100 else -(figure.value // 100) * 100
            yield replace(figure, value=figure.value + century)  # "die 90er", "the 1990s"
    yield from _carried_over(text, held)
    for match in forms.ONE_OF.finditer(text):
        unit, factor, end = unit_at(text, match.start(), match.end())
        if unit:  # "ein Prozent", "one week"
            yield Figure(1.0, unit, factor, match.start(), end)


def _carried_over(text: str, held: Sequence[Figure]) -> Iterator[Figure]:
    """Numbers with the unit or scale that only the next one has."""
    for one, other in pairwise(held):
        between = text[one.end : other.start]
        if one.unit or one.scale != 1 or not _AND_ON.fullmatch(between):
            continue
        if other.unit == PAIR:
            yield replace(one, value=one.value * 1000, unit=PAIR)
        elif other.unit or other.scale != 1:
            size = other.scale if one.value < 1000 else 1.0
            yield replace(one, value=one.value * size, unit=other.unit, factor=other.factor)
        if AGAINST.fullmatch(between) and max(one.value, other.value) < 1000:
            yield replace(one, value=one.value * 1000 + other.value, unit=PAIR)


def readings(text: str, figure: Figure, among: Sequence[Figure]) -> list[Figure]:
    """What a number of a sentence may mean: the 30 of "30 to 50 thousand" is 30,000."""
    if figure.unit:
        return [figure]
    return [figure, *(other for other in _carried_over(text, among) if other.start == figure.start)]


def stands(figure: Figure, held: Sequence[Figure]) -> bool:
    """Whether a number is among those of the passages, or is one of them rounded as it says."""
    return any(_agree(figure, other) for other in held)


def unread(text: str, spans: Sequence[Span]) -> Iterator[str]:
    """Words with digits that are in none of the spans: "A8", "COVID-19", "089/233"."""
    for match in _WITH_DIGITS.finditer(text):
        if any(
            c.isdigit() and not _inside(match.start() + i, spans) for i, c in enumerate(match[0])
        ):
            yield match[0]


def is_written(token: str, text: str) -> bool:
    """Whether a text has a word with digits, its parts joined or apart: "COVID 19"."""
    parts = re.findall(r"[^\W\d_]+|\d+", token)
    pattern = r"[\W_]{0,2}".join(map(re.escape, parts))
    return bool(re.search(rf"(?<![^\W_]){pattern}(?![^\W_])", text, re.I))


AGAINST = re.compile(r"[-–]|\s(?:zu|gegen|to|against)\s", re.I)
"""What stands between the two numbers of a score or a vote."""
_AND_ON = re.compile(
    r"\s?(?:bis|und|oder|auf|zu|gegen|to|and|against|or|–|-|/)\s?(?:zu\s|auf\s|rund\s|etwa\s)?[$€£]?",
    re.I,
)
_WITH_DIGITS = re.compile(
    r"(?:[^\W_]|(?<=[^\W_])[-–.,/’'](?=[^\W_]))*\d(?:[^\W_]|[-–.,/’'](?=[^\W_]))*"
)


def _inside(at: int, spans: Sequence[Span]) -> bool:
    return any(span.start <= at < span.end for span in spans)


def _of_a_pair(text: str, figure: Figure) -> Iterator[Figure]:
    """The other half of the day, where none is said, and the numbers of a score."""
    first, second = divmod(figure.value, 1000)
    if not re.search(r"uhr|m\b", text[figure.start : figure.end], re.I):
        yield replace(figure, value=first, unit="")
        yield replace(figure, value=second, unit="")
        if 0 < first < 12:
            yield replace(figure, value=figure.value + _HALF_DAY)


# -- whether two numbers are one -----------------------------------------------------------


def _agree(said: Figure, held: Figure) -> bool:
    if held.unit == DAY:
        return said.ordinal and said.value == held.value
    if {said.unit, held.unit} == {SHARE, PERCENT}:
        size = 100 if said.unit == SHARE else 0.01
        return _fits(said.value * size, held.value, said.hedge, held.hedge)
    if said.unit and held.unit:
        if said.unit != held.unit:
            return False
        return _fits(said.value * said.factor, held.value * held.factor, said.hedge, held.hedge)
    if PAIR in (said.unit, held.unit):
        return False
    return _fits(said.value, held.value, said.hedge, held.hedge)


def _fits(said: float, held: float, hedge: str, held_hedge: str) -> bool:
    if math.isclose(said, held):
        return hedge != "vague" or held_hedge in ("vague", "")
    if held_hedge == YEAR:
        return False
    if hedge == "about":
        return abs(said - held) <= min(_place(said) / 2, abs(said) / 10)
    if held_hedge:
        return False
    if hedge == "vague":
        return said <= held < 100 * said
    if hedge == "over":
        return said < held <= 1.25 * said
    return hedge == "under" and 0.8 * said <= held < said


def _place(value: float) -> float:
    """What the last digit that isn't 0 is worth."""
    mantissa, _, exponent = f"{abs(value):.5e}".partition("e")
    decimals = len(mantissa.rstrip("0")) - 2
    return float(10.0 ** (int(exponent) - decimals))


# -- reading -------------------------------------------------------------------------------


def _candidates(text: str, language: str | None) -> Iterator[Figure]:
    """What may be a number, the longer and surer forms first."""
    yield from _pairs(text, language)
    yield from _fractions(text)
    yield from _ordinals(text)
    yield from _numbers(text, language)
    for match in forms.TIMES.finditer(text):
        value = 2.0 if match["two"] else 3.0 if match["three"] else 4.0
        yield Figure(value, "", 1.0, *match.span())
    for match in forms.VAGUE.finditer(text):
        value = forms.VAGUE_SCALES[match["scale"].lower()]
        yield Figure(value, "", 1.0, *match.span(), hedge="vague")


def _pairs(text: str, language: str | None) -> Iterator[Figure]:
    for match in forms.PAIR.finditer(text):
        if match["half"] and language == "de" and "." not in match[0]:
            continue  # "um 10 am Bahnhof"
        hour = int(match["h"] or match["hour"])
        minute = int(match["m"] or match["minute"] or match["past"] or 0)
        if match["half"]:
            hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
        yield Figure(hour * 1000.0 + minute, PAIR, 1.0, *match.span())
    for match in forms.HOUR.finditer(text):
        hour = int(spelt(match["h"].lower()))
        if match["half"]:
            hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
        yield Figure(hour * 1000.0, PAIR, 1.0, *match.span())
    for match in forms.NOON.finditer(text):
        yield Figure(_HALF_DAY if match["noon"] else 0.0, PAIR, 1.0, *match.span())
    for match in forms.HALF_PAST.finditer(text):
        hour = int(match["h"]) if match["h"].isdigit() else int(spelt(match["h"].lower()))
        yield Figure((hour - 1) * 1000.0 + 30, PAIR, 1.0, *match.span())


def _fractions(text: str) -> Iterator[Figure]:
    for match in forms.FRACTION.finditer(text):
        if match["half"]:
            value = 0.5
        elif match["n"]:
            value = int(match["n"]) / max(1, int(match["d"]))
        else:
            word = match["count"].lower()
            count = int(word) if word.isdigit() else 1.0 if word[0] in "eao" else spelt(word)
            value = count / forms.DENOMINATORS[match["of"].lower()]
        yield Figure(value, SHARE, 1.0, *match.span(), hedge=_hedge(text, *match.span()))


def _ordinals(text: str) -> Iterator[Figure]:
    for match in forms.NTH_DIGITS.finditer(text):
        yield Figure(float(match["n"]), "", 1.0, *match.span(), ordinal=True)
    for match in forms.ROMAN.finditer(text):
        yield Figure(_roman(match[0]), "", 1.0, *match.span(), ordinal=True)
    for match in forms.NTH.finditer(text):
        odd = forms.ODD_NTH.get((match["odd"] or match["english"] or "").lower())
        value = float(odd) if odd else spelt(match["regular"].lower())
        yield Figure(value, "", 1.0, *match.span(), ordinal=True)


def _roman(digits: str) -> float:
    values = [{"I": 1, "V": 5, "X": 10}[digit] for digit in digits]
    following = [*values[1:], 0]
    return float(sum(-v if v < w else v for v, w in zip(values, following, strict=True)))


def _numbers(text: str, language: str | None) -> Iterator[Figure]:
    for match in forms.NUMBER.finditer(text):
        if (match["word"] or "").lower() == "one" and not match["scale"]:
            continue  # a pronoun as often
        size, end = scale(match["scale"]), match.end()
        if match["short"] and text[: match.start()].endswith(("$", "€", "£")):
            size = _SHORT[match["short"].lower()]
        elif match["short"]:
            end = match.start("short")
        value = _value(match, language) * size * (-1 if match["minus"] else 1)
        unit, factor, end = unit_at(text, match.start(), end)
        hedge = _hedge(text, match.start(), end)
        if not (hedge or unit) and _A_YEAR.fullmatch(match[0]) and not _COUNTED.match(text, end):
            hedge = YEAR
        yield Figure(value, unit, factor, match.start(), end, hedge, scale=size)


def _value(match: re.Match[str], language: str | None) -> float:
    if match["digits"]:
        return float(decimal(match["digits"], language)) + forms.PARTS.get(match["part"] or "", 0)
    if match["only"]:
        return forms.PARTS[match["only"]]
    return spelt(match["word"].lower()) + (0.5 if match["half"] else 0) if match["word"] else 1.0


_A_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_COUNTED = re.compile(r"\s(?:[A-ZÄÖÜ]|people\b|[a-z]{4,}s\b)")
_SHORT = {"k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12}

# -- hedges --------------------------------------------------------------------------------

_HEDGES = {
    "about": """rund etwa circa ca. ca ungefähr gegen annähernd um_die about around roughly
        approximately some an_die zirka schätzungsweise""",
    "over": """mehr_als über mindestens gut more_than over at_least ab wenigstens above
        exceeding well_over""",
    "under": """weniger_als unter höchstens maximal bis_zu fewer_than less_than under up_to at_most
        fast knapp nahezu beinahe nearly almost below just_under""",
}
_HEDGE = {word.replace("_", " "): kind for kind, words in _HEDGES.items() for word in words.split()}


def _hedge(text: str, start: int, end: int) -> str:
    before = re.findall(r"[^\W\d_]+\.?|[,;:]", text[max(0, start - 30) : start].lower())[-3:]
    last = [" ".join(before[-2:]), *before[-1:]]
    if before[-1:] in (["den"], ["die"], ["der"], ["the"], ["$"]):  # "von rund den 500"
        last = before[-2:-1]
    for words in last:
        if words in _HEDGE:
            return _HEDGE[words]
    return "over" if re.match(r"\s(?:oder mehr|or more)\b", text[end:]) else ""
