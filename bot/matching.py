"""Which of a question's own words a text holds. Pure.

A coverage weighed by rarity says how much is shared; refusing needs to know what is missing: one
name or number that the passage lacks is often the very thing that was asked about.
"""

import re
from dataclasses import dataclass

from vectorstore import lexical

ENOUGH = 0.6  # share of a word's 4-grams that makes it the same word, inflected or in a compound
UNKNOWN = 0.5  # what is said where a question has no such words

_TOKEN = re.compile(r"[^\W_]+")
_FUNCTION_WORDS = frozenset(
    """der die das des dem den ein eine einer eines einem einen und oder in im an am auf von vom zu
    zum zur mit fuer bei nach aus ist sind war waren wird werden wurde wurden hat haben hatte hatten
    sich es er sie nicht als auch noch so dass gibt nennt nennen heisst heissen art arten
    the a of to for from by with been have has had do and or not it its their his her that this
    there as name names named called type types kind""".split()
)


@dataclass(frozen=True, slots=True)
class Match:
    """Shares from 0 to 1: of all content words, of names and numbers, and the worst of those."""

    words: float
    names: float
    worst_name: float


def matched(question: str, text: str) -> Match:
    """How many of the question's words stand in the text, inflected or inside a compound too."""
    held = set(lexical.grams(lexical.words(text)))
    words, names = [], []
    for place, token in enumerate(_TOKEN.findall(lexical.unmeasured(question))):
        folded = lexical.asked_words(token)
        if not folded or folded[0] in _FUNCTION_WORDS or lexical.asks(folded[0]):
            continue
        found = _share(folded[0], held)
        words.append(found)
        if place and (token[0].isupper() or token[0].isdigit()):
            names.append(found)
    return Match(_mean(words), _mean(names), min(names, default=UNKNOWN))


def _share(word: str, held: set[str]) -> float:
    parts = lexical.grams([word])
    share = sum(part in held for part in parts) / len(parts)
    return 1.0 if share >= ENOUGH else share


def _mean(shares: list[float]) -> float:
    return sum(shares) / len(shares) if shares else UNKNOWN
