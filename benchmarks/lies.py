"""Lies about a passage, made from one of its sentences by a rule each."""

import re

import false_numbers as numbers
from told_sentences import WORD, Change, Dice, Source, occurrences, put

_SAME = """München Munich,Deutschland Germany,Köln Cologne,Wien Vienna,Rom Rome,Mailand Milan,
Moskau Moscow,VW Volkswagen,USA US,UNO UN,Italien Italy,Frankreich France,Genf Geneva"""


def _same_place(one: str, other: str) -> bool:
    return one == other or any({one, other} <= set(p.split()) for p in _SAME.split(","))


def name_of(kind: str) -> Change:
    def changed(source: Source, dice: Dice) -> str | None:
        places = occurrences(source, kind)
        if not places:
            return None
        match = dice.choice(places)
        held = source.told.casefold()
        for _ in range(20):
            other = dice.choice(source.pool.names[kind])
            if other.casefold()[:5] not in held and not _same_place(other, match[0]):
                return put(source.text, match, other)
        return None

    return changed


def same_passage(source: Source, dice: Dice) -> str | None:
    """A name that the passage has elsewhere, in the place of another of its kind."""
    for match in dice.sample(occurrences(source), len(occurrences(source))):
        kind = source.pool.kinds[match[0]]
        rivals = [
            w
            for w in set(WORD.findall(source.hit.text))
            if source.pool.kinds.get(w) == kind
            and w not in source.text
            and kind != "other name"
            and not _same_place(w, match[0])
        ]
        if rivals:
            return put(source.text, match, dice.choice(sorted(rivals)))
    return None


def swapped(source: Source, dice: Dice) -> str | None:
    """Two names of one kind change places."""
    found = occurrences(source)
    for one in found:
        for other in found:
            kind = source.pool.kinds[one[0]]
            between = source.text[one.end() : other.start()]
            if (
                one.end() < other.start()
                and one[0] != other[0]
                and kind == source.pool.kinds[other[0]]
                and kind != "other name"
                and not re.fullmatch(r"[\s,/–-]*(?:und|and|oder|or|sowie|&)?[\s,/–-]*", between)
                and len(between.split()) > 1
                and not re.search(r",.*\b(?:und|and|sowie|oder|or)\b", source.text)
            ):
                return put(put(source.text, other, one[0]), one, other[0])
    return None


# -- denials, quotations, other sentences --------------------------------------------------

_FINITE_DE = re.compile(
    r"\b(?:ist|sind|war|waren|wird|werden|wurde|wurden|hat|haben|hatte|hatten|kann|können|konnte|"
    r"konnten|soll|sollen|sollte|muss|müssen|musste|will|wollen|wollte|darf|dürfen)\b(?! nicht)"
)
_FINITE_EN = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|will|would|should|must|may|might)\b(?! not)"
)
_NEGATION = re.compile(r" \b(?:nicht|not)\b(?! (?:nur|only|zuletzt|just))")


def negated(source: Source, dice: Dice) -> str | None:
    places = list((_FINITE_DE if source.language == "de" else _FINITE_EN).finditer(source.text))
    if not places:
        return None
    match = dice.choice(places)
    return put(source.text, match, f"{match[0]} {'nicht' if source.language == 'de' else 'not'}")


def affirmed(source: Source, dice: Dice) -> str | None:
    places = list(_NEGATION.finditer(source.text))
    if places:
        return put(source.text, dice.choice(places), "")
    places = list(re.finditer(r"\b[Kk]ein(?=e[nmrs]?\b|\b)", source.text))
    if not places or source.language != "de":
        return None
    match = dice.choice(places)
    return put(source.text, match, "Ein" if match[0][0] == "K" else "ein")


def quotation(source: Source, dice: Dice) -> str | None:
    found = re.search(r"^[^\"„“”»«]*[„“»\"]([^„“”»«\"]{12,})[“”«\"]", source.text)
    if not found:
        return None
    words = list(re.finditer(r"\b[^\W\d_]{4,}\b", found[1]))
    if len(words) < 2:
        return None
    match = dice.choice(words)
    others = [
        w
        for _, s in source.pool.sentences[:500]
        for w in s.split()
        if w.isalpha() and w.islower() and len(w) > 4 and w not in source.told
    ]
    start = found.start(1)
    return put(source.text, (start + match.start(), start + match.end()), dice.choice(others))


def foreign(source: Source, dice: Dice) -> str | None:
    article, sentence = dice.choice(source.pool.sentences)
    return None if article in {h.article.id for h in source.cited} else sentence


LIES: dict[str, Change] = {
    "digit": numbers.digit,
    "magnitude": numbers.magnitude,
    "decimal mark": numbers.decimal_moved,
    "percent": numbers.percent,
    "number in words": numbers.number_word,
    "unit": numbers.unit,
    "year": numbers.year,
    "day": numbers.day,
    "month": numbers.month,
    "first name": name_of("first name"),
    "surname": name_of("surname"),
    "place": name_of("place"),
    "organisation": name_of("organisation"),
    "other name": name_of("other name"),
    "number of the passage": numbers.anywhere_digit,
    "name of the passage": same_passage,
    "names exchanged": swapped,
    "denial put in": negated,
    "denial taken out": affirmed,
    "quotation": quotation,
    "sentence of another article": foreign,
}
ALTERED = frozenset(list(LIES)[:14])
"""Those of the promise: numbers and names that the passages don't have."""
