"""Names and numbers that stand in each other's place, whatever is around them. Pure.

"Kessler sued Berger" for "Berger sued Kessler", "from 25 to 40" for "from 40 to 25", "7 to 18" for
"18 to 7", "14 metres long" for what is 120 metres long and 14 wide.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from bot.writing.facts import facts_of
from bot.writing.figures import AGAINST, Figure
from bot.writing.units import PERCENT
from vectorstore import lexical

_CAPITAL = re.compile(r"\b[A-ZÄÖÜ][\w-]*")
_VERB = re.compile(r"(?<![\w-])[a-zäöü][a-zäöüß]{3,}(?![\w-])")
_BREAK = re.compile(r"[,;:()–?!„“”\"»«]|\.\s|\b(?:und|and|dass|that|which|who)\b", re.I)
_PASSIVE = re.compile(r"\b(?:w[iu]rden?|wird|worden|werden|by|von|vom|durch|was|were|been)\b", re.I)
_FIRST = re.compile(r"\s*(?:(?:Die|Der|Das|The|A|An|Ein|Eine)\s+)?(?=[A-ZÄÖÜ])")
_NO_SUBJECT = re.compile(r"\s*(?:Den|Dem|Einen|Einem)\b")
_MUTUAL = re.compile(
    r"tr[aei]f\w*|heirat\w*|me[et]t?\w*|married|marries|spielt\w*|play\w*|[a-zäöü]+em|[a-zäöü]+er|"
    r"verhandel\w*|gleich\w*|with|gegen|against|zwischen|between|sowie|oder|nach|über|unter|"
    r"grenzt\w*|borders?|near|from|into|sein\w*|ihr\w*|nicht|auch|then|als|also|only|over|"
    r"heißt|called|named|blieb\w*|ist|sind|equals"
)


def turned(sentence: str, language: str, lines: Sequence[str]) -> str | None:
    """What has changed places in a sentence, None if nothing has.

    `lines` are the sentences of its passages in its own language.
    """
    for check in (_numbers_turned, _measure, _often, _names_turned):
        found = check(sentence, language, lines)
        if found:
            return found
    return None


# -- names ---------------------------------------------------------------------------------


def _names_turned(sentence: str, language: str, lines: Sequence[str]) -> str | None:
    said = list(_acts(sentence, language))
    if not said:
        return None
    held = [act for line in lines for act in _acts(line, language)]
    for verb, one, other in said:
        same = [(a, b) for v, a, b in held if v == verb]
        if any(one & a and other & b for a, b in same):
            continue
        if any(one & b and other & a and not (one & a or other & b) for a, b in same):
            return f"{' '.join(sorted(one))} {verb}"
    return None


@lru_cache(maxsize=1_000)
def _acts(text: str, language: str) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """A verb's stem, who stands before it and who behind it, in active clauses with names."""
    found = []
    for clause in _BREAK.split(text):
        if not clause or _PASSIVE.search(clause) or _NO_SUBJECT.match(clause):
            continue
        if not _FIRST.match(clause):
            continue
        for verb in _VERB.finditer(clause):
            if _MUTUAL.fullmatch(verb[0]) or lexical.is_function(lexical.words(verb[0])[0]):
                continue
            one = _named(clause[: verb.start()])
            other = _named(re.split(r"\b(?:auf|for|wegen|in|im|am|an)\b", clause[verb.end() :])[0])
            if one and other and facts_of(clause, language).names:
                (stem,) = lexical.stems(lexical.words(verb[0]), language)[:1]
                found.append((stem, one, other))
            break
    return tuple(found)


def _named(text: str) -> frozenset[str]:
    words = (word for match in _CAPITAL.finditer(text) for word in lexical.words(match[0]))
    return frozenset(word for word in words if not lexical.is_function(word))


# -- numbers -------------------------------------------------------------------------------

_TO = re.compile(r"\b(?:auf|to|zu)\s(?:nur\s|rund\s|etwa\s|about\s|just\s|only\s|[$€£])*$", re.I)
_FROM = re.compile(r"\b(?:von|from)\s(?:nur\s|rund\s|etwa\s|about\s|just\s|[$€£])*$", re.I)
_MOVED = re.compile(
    r"(?:sank|sink|stieg|steig|fiel|fall|wuchs|wachs|erhöh|senk|kürz|ging|gegangen|gesunken|r[io]se|"
    r"fell|grew|increas|decreas|drop|declin|cut|rais|lower|climb|nahm|reduzier|verringer)",
    re.I,
)
_Pair = tuple[float, float]


def _numbers_turned(sentence: str, language: str, lines: Sequence[str]) -> str | None:
    held = [pair for line in lines for pair in _moves(line, language)]
    if held:
        first, last = {one for one, _ in held}, {other for _, other in held}
        for figure in facts_of(sentence, language).figures:
            before = sentence[: figure.start]
            if not _MOVED.search(sentence):
                break
            value = figure.value * figure.factor
            if _TO.search(before) and value in first - last:
                return sentence[figure.start : figure.end]
    scores = {pair for line in lines for pair in _scores(line, language)}
    for one, other in _scores(sentence, language):
        if (other, one) in scores and (one, other) not in scores:
            return f"{one:g} - {other:g}"
    return None


def _moves(text: str, language: str) -> Iterator[_Pair]:
    """What a line says to have moved from one number to another."""
    held = facts_of(text, language).figures
    for one, other in pairwise(held):
        between = text[one.end : other.start]
        if _FROM.search(text[: one.start]) and _TO.search(between) and len(between) < 30:
            yield _size(one, other), other.value * other.factor
        elif _TO.search(text[: one.start]) and _FROM.search(between) and len(between) < 30:
            yield other.value * other.factor, _size(other, one)


def _size(one: Figure, other: Figure) -> float:
    """ "von 2 auf 3 Millionen": the first has the second's scale and unit."""
    bare = not one.unit and one.scale == 1
    return one.value * ((other.scale * other.factor) if bare else one.factor)


def _scores(text: str, language: str) -> Iterator[_Pair]:
    held = facts_of(text, language).figures
    for one, other in pairwise(held):
        if AGAINST.fullmatch(text[one.end : other.start]) and not _FROM.search(text[: one.start]):
            yield one.value, other.value
    for figure in held:
        if figure.unit == "pair" and ":" in text[figure.start : figure.end]:
            first, second = divmod(figure.value, 1000)
            yield first, second


_PERIODS = {
    period: re.compile(
        rf"\b(?:(?:jede[nrs]?|pro|every|per|each|an?|am|im|in der)\s{noun}|{word})\b", re.I
    )
    for period, noun, word in (
        ("hour", "(?:Stunde|hour)", "stündlich|hourly"),
        ("day", "(?:Tag|day)", "täglich\\w*|tagtäglich|daily"),
        ("week", "(?:Woche|week)", "wöchentlich\\w*|weekly"),
        ("month", "(?:Monat|month)", "monatlich\\w*|monthly"),
        ("year", "(?:Jahr|year)", "jährlich\\w*|alljährlich\\w*|annual(?:ly)?|yearly"),
    )
}


def _often(sentence: str, language: str, lines: Sequence[str]) -> str | None:
    """How often something counted happens, if lines with the number only say another period."""
    figures = {f.value * f.factor for f in facts_of(sentence, language).figures}
    said = _periods(sentence)
    same = [
        _periods(line)
        for line in lines
        if figures & {f.value * f.factor for f in facts_of(line, language).figures}
    ]
    if len(said) == 1 and any(same) and not any(said & _periods(line) for line in lines):
        return next(iter(said))
    return None


@lru_cache(maxsize=1_000)
def _periods(text: str) -> frozenset[str]:
    return frozenset(name for name, form in _PERIODS.items() if form.search(text))


_KIND = re.compile(
    r"\s?(lang|breit|hoch|tief|schwer|dick|weit|alt|long|wide|high|tall|deep|old|thick)\b", re.I
)


def _measure(sentence: str, language: str, lines: Sequence[str]) -> str | None:
    """A number that measures in the passages only something else than it does here."""
    held = [found for line in lines for found in _measures(line, language)]
    for value, kind in _measures(sentence, language):
        kinds = {k for v, k in held if v == value}
        if kinds and kind not in kinds and any(k == kind for _, k in held):
            return f"{kind}"
    return None


def _measures(text: str, language: str) -> Iterator[tuple[float, str]]:
    for figure in facts_of(text, language).figures:
        kind = _KIND.match(text, figure.end)
        if kind and figure.unit not in ("", PERCENT):
            yield figure.value * figure.factor, kind[1].lower()
