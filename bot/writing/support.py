"""The stretch of a cited passage that carries a sentence: whole sentences, cut by code. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bot.writing.facts import facts_of
from bot.writing.told import day_of, language_of, told
from bot.writing.vocabulary import holds
from vectorstore import lexical
from vectorstore.models import Hit, Span, Vector, Vectors

Meaning = Callable[[Sequence[str]], Vectors]
"""Vectors for texts, rows of length 1, made as those of stored sentences are."""

PAIRED = 0.25  # of the sentence's words, that a second sentence must add without a fact


@dataclass(frozen=True, slots=True)
class Carried:
    """The stretch of a passage that is nearest to a sentence: in meaning (cosine), in the share of
    the sentence's content words that it has, and in its dates, numbers and names, which are given
    by their places."""

    hit: Hit
    span: Span
    cosine: float
    words: float
    facts: frozenset[int]

    @property
    def text(self) -> str:
        """The stretch, verbatim."""
        return self.hit.article.text[self.span.start : self.span.end]

    @property
    def worth(self) -> float:
        """How much speaks for the stretch."""
        return self.cosine + self.words + 0.2 * len(self.facts)


def carried(
    sentence: str, vector: Vector, hit: Hit, language: str, meaning: Meaning, alone: bool = False
) -> Carried:
    """What of a passage carries a sentence: one of its sentences, or two neighbours if together
    they have more of it. `alone`: by what its sentences mean each by itself, as `vector` does; the
    stored vectors know the sentences around, which a short sentence has little weight against."""
    spans, vectors = _sentences(hit, meaning, alone)
    singles = [
        _carried(sentence, hit, span, float(vector @ row), language)
        for span, row in zip(spans, vectors, strict=True)
    ]
    best = max(singles, key=lambda found: found.worth)
    pairs = [
        pair
        for pair in _pairs(sentence, vector, singles, vectors, language)
        if len(pair.facts) > len(best.facts) or pair.words > best.words + PAIRED
    ]
    return max([best, *pairs], key=lambda found: found.worth)


def _sentences(hit: Hit, meaning: Meaning, alone: bool) -> tuple[list[Span], Vectors]:
    known = [s.vector for s in hit.sentences if s.vector is not None]
    if known and len(known) == len(hit.sentences) and not alone:
        return [Span(s.start, s.end) for s in hit.sentences], np.stack(known)
    spans = list(hit.chunk.sentences) or [Span(hit.chunk.start, hit.chunk.end)]
    return spans, meaning([hit.article.text[span.start : span.end] for span in spans])


def _carried(sentence: str, hit: Hit, span: Span, cosine: float, language: str) -> Carried:
    line = hit.article.text[span.start : span.end]
    held = told("", (line,), language_of(hit), day_of(hit.article.published))
    facts = facts_of(sentence, language)
    found = [figure.start for figure in facts.figures if held.has_figure(figure)]
    found += [moment.start for moment in facts.moments if held.has_moment(moment)]
    found += [name.start for name in facts.names if holds(held.names, name.folded, language)]
    return Carried(hit, span, cosine, _shared(sentence, line, language), frozenset(found))


def _pairs(
    sentence: str, vector: Vector, singles: Sequence[Carried], vectors: Vectors, language: str
) -> Iterator[Carried]:
    for at in range(len(singles) - 1):
        one, other = singles[at], singles[at + 1]
        sizes = [c.span.end - c.span.start for c in (one, other)]
        both = vectors[at] * sizes[0] + vectors[at + 1] * sizes[1]
        cosine = float(vector @ both) / max(1e-9, float(np.linalg.norm(both)))
        span = Span(one.span.start, other.span.end)
        words = _shared(sentence, one.hit.article.text[span.start : span.end], language)
        yield Carried(one.hit, span, cosine, words, one.facts | other.facts)


def _shared(sentence: str, part: str, language: str) -> float:
    """The share of the sentence's content words that the part has."""
    said, held = _content(sentence, language), _content(part, language)
    return len(said & held) / len(said) if said else 0.0


@lru_cache(maxsize=1_000)
def _content(text: str, language: str) -> frozenset[str]:
    words = [word for word in lexical.words(text) if not lexical.is_function(word)]
    return frozenset(lexical.stems(words, language))
