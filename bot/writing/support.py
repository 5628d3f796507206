"""The stretch of a cited passage that carries a sentence: whole sentences, cut by code. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bot.writing.figures import figures, stands
from bot.writing.moments import happened, moments
from bot.writing.naming import holds, names
from bot.writing.told import day_of, language_of, told
from vectorstore import lexical
from vectorstore.models import Hit, ScoredSentence, Span, Vector, Vectors

Meaning = Callable[[Sequence[str]], Vectors]
"""Vectors for texts, rows of length 1."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The stretch of a passage that is nearest to a sentence in words and meaning."""

    hit: Hit
    span: Span
    cosine: float
    words: float
    facts: int

    @property
    def text(self) -> str:
        """The stretch, verbatim."""
        return self.hit.article.text[self.span.start : self.span.end]


def carried(sentence: str, vector: Vector, hit: Hit, language: str, meaning: Meaning) -> Carried:
    """What of a passage carries a sentence: one of its sentences, or two neighbours if those hold
    more of its numbers, dates and names."""
    spans, vectors = _sentences(hit, meaning)
    text = hit.article.text
    single = [
        _carried(sentence, hit, span, float(vector @ row), language)
        for span, row in zip(spans, vectors, strict=True)
    ]
    pairs = []
    for at in range(len(spans) - 1):
        both = vectors[at] * (spans[at].end - spans[at].start) + vectors[at + 1] * (
            spans[at + 1].end - spans[at + 1].start
        )
        near = float(vector @ both) / max(1e-9, float(np.linalg.norm(both)))
        span = Span(spans[at].start, spans[at + 1].end)
        pairs.append(_carried(sentence, hit, span, near, language))
    best = max(single, key=_worth)
    return max([best, *(p for p in pairs if p.facts > best.facts or p.words > best.words + 0.25)], key=_worth)


def _worth(found: Carried) -> float:
    return found.cosine + found.words + 0.2 * found.facts


def _sentences(hit: Hit, meaning: Meaning) -> tuple[list[Span], Vectors]:
    scored: Sequence[ScoredSentence] = hit.sentences
    text = hit.article.text
    if scored and all(s.vector is not None for s in scored):
        spans = [Span(s.start, s.end) for s in scored]
        return spans, np.stack([s.vector for s in scored if s.vector is not None])
    spans = list(hit.chunk.sentences) or [Span(hit.chunk.start, hit.chunk.end)]
    return spans, meaning([text[s.start : s.end] for s in spans])


def _carried(sentence: str, hit: Hit, span: Span, cosine: float, language: str) -> Carried:
    article = hit.article
    part = article.text[span.start : span.end]
    held = told("", (part,), language_of(hit), day_of(article.published))
    facts = sum(stands(f, held.figures) for f in _figures(sentence, language))
    facts += sum(happened(m, held.moments, held.published) for m in moments(sentence))
    facts += len({w.folded for w in _names(sentence, language) if holds(held.names, w.folded, language)})
    return Carried(hit, span, cosine, _shared(sentence, part, language), facts)


@lru_cache(maxsize=64)
def _figures(sentence: str, language: str):
    return figures(sentence, language, [Span(m.start, m.end) for m in moments(sentence)])


@lru_cache(maxsize=64)
def _names(sentence: str, language: str):
    return tuple(names(sentence, language))


def _shared(sentence: str, part: str, language: str) -> float:
    """The share of the sentence's content words that the part has."""
    said, held = _content(sentence, language), _content(part, language)
    return len(said & held) / len(said) if said else 0.0


@lru_cache(maxsize=2_000)
def _content(text: str, language: str) -> frozenset[str]:
    words = [w for w in lexical.words(text) if not lexical.is_function(w)]
    return frozenset(lexical.stems(words, language))
