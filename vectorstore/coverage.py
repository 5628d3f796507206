"""What many texts cover of a question's terms, at once. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from vectorstore import lexical
from vectorstore.counting import counts
from vectorstore.lexical import K1, LEAST, B, Sought

AT_ONCE = 500_000  # letters that are counted in together, at some 12 bytes each

Words = tuple[str, str]
"""A text's words and its stems, each set `lexical.apart`."""


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """For each text the share of the weight it covers, and what no part of it exceeds.

    `held` are the terms (columns) that each has.
    """

    reached: npt.NDArray[np.float64]
    most: npt.NDArray[np.float64]
    held: npt.NDArray[np.bool_]


def covered(sought: Sought, texts: Sequence[str], lengths: Sequence[int]) -> Coverage:
    """What each text, of words set apart, covers; `lengths` are as for `Sought.covered`."""
    terms = [term for term, _ in sought.terms]
    found = np.concatenate(
        [counts(terms, part) for part in _in_parts(texts)] or [counts(terms, [])]
    )
    held = found > 0
    if not sought.total:
        nothing = np.zeros(len(texts))
        return Coverage(nothing, nothing, held)
    weights = np.array([weight for _, weight in sought.terms])
    slack = K1 * (1 - B + B * np.array(lengths) / sought.average)
    reached = (found / (found + slack[:, None])) @ weights
    most = (found / (found + LEAST)) @ weights
    return Coverage(reached / sought.total, most / sought.total, held)


def _in_parts(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts, so many at a time that their letters take no more memory than is at hand."""
    part: list[str] = []
    for text in texts:
        if part and sum(map(len, part)) + len(text) > AT_ONCE:
            yield part
            part = []
        part.append(text)
    if part:
        yield part


@lru_cache(maxsize=60_000)
def prepared(text: str, language: str | None) -> Words:
    """Of a passage or a sentence: quick to have again, at 1 KB a passage and .2 KB a sentence."""
    return _words(text, language)


@lru_cache(maxsize=300)
def prepared_whole(text: str, language: str | None) -> Words:
    """Of a whole article, which may be long."""
    return _words(text, language)


def _words(text: str, language: str | None) -> Words:
    tokens = lexical.words(text)
    return lexical.apart(tokens), lexical.apart(lexical.stems(tokens, language))
