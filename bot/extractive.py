"""Passages to quoted sentences, without any language model. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from vectorstore.models import Article, Hit, ScoredSentence, Span

PASSAGES = 8  # that sentences are taken from
COVERAGE = 0.2  # what full coverage of the question's words is worth beside a cosine
SECOND_WITHIN = 0.03  # how far a further quote may lie behind the first


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence with its article and how well it speaks to the question."""

    article: Article
    span: Span
    score: float
    sentence: ScoredSentence
    hit: Hit

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.span.start : self.span.end]


def best_quotes(hits: Sequence[Hit], most: int) -> list[Quote]:
    """The sentences that speak best to the question, best first; further ones only if near."""
    ranked = sorted(_quotes(hits), key=lambda q: -q.score)
    chosen: list[Quote] = []
    for quote in ranked:
        if len(chosen) == most or (chosen and chosen[0].score - quote.score > SECOND_WITHIN):
            break
        if all(not _alike(quote, other) for other in chosen):
            chosen.append(quote)
    return chosen


def _quotes(hits: Sequence[Hit]) -> list[Quote]:
    return [
        Quote(hit.article, Span(s.start, s.end), _score(hit, s), s, hit)
        for hit in hits[:PASSAGES]
        for s in hit.sentences
    ]


def _score(hit: Hit, sentence: ScoredSentence) -> float:
    return (sentence.dense + COVERAGE * sentence.lexical + hit.score) / 2


def _alike(one: Quote, other: Quote) -> bool:
    """Whether two quotes say the same words, as copies of an agency report do."""
    a, b = (set(q.text.casefold().split()) for q in (one, other))
    return len(a & b) > 0.8 * min(len(a), len(b))
