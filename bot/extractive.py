"""Passages to quoted sentences, without any language model. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.asked import Kind, asked_for
from bot.fitted import packaged
from bot.traits import sentence_traits, weighed
from vectorstore.corrections import retells_mistake
from vectorstore.models import Article, Hit, ScoredSentence, Span

PASSAGES = 8  # that sentences are taken from
SECOND_WITHIN = 0.6  # log odds that a further quote may lie behind the first (docs/decisions.md)
PASSAGE_WITHIN = 0.01  # and how far its passage's score, if it comes from another article


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence with its article and how well it speaks to the question (log odds)."""

    article: Article
    span: Span
    score: float
    sentence: ScoredSentence
    hit: Hit
    traits: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.span.start : self.span.end]


def ranked_quotes(
    question: str, hits: Sequence[Hit], weights: Mapping[str, float] | None = None
) -> list[Quote]:
    """All sentences of the best passages, the one that speaks best to the question first."""
    chosen = packaged().sentence if weights is None else weights
    kind = asked_for(question)
    best = max((hit.score for hit in hits), default=0.0)
    found = [
        _quote(question, kind, hit, sentence, best, chosen)
        for hit in hits[:PASSAGES]
        for sentence in hit.sentences
        if not retells_mistake(hit.article.text, Span(sentence.start, sentence.end))
    ]
    return sorted(found, key=lambda quote: -quote.score)


def best_quotes(ranked: Sequence[Quote], most: int) -> list[Quote]:
    """The best of ranked quotes, and further ones only if they lie near and add something."""
    chosen: list[Quote] = []
    for quote in ranked:
        if len(chosen) == most or (chosen and chosen[0].score - quote.score > SECOND_WITHIN):
            break
        if not chosen or _goes_with(chosen, quote):
            chosen.append(quote)
    return chosen


def distinct(ranked: Sequence[Quote], most: int) -> list[Quote]:
    """The best of ranked quotes, however far they are apart, of which no two say the same."""
    chosen: list[Quote] = []
    for quote in ranked:
        if len(chosen) < most and not any(_alike(quote, other) for other in chosen):
            chosen.append(quote)
    return chosen


def _goes_with(chosen: Sequence[Quote], quote: Quote) -> bool:
    """Whether a further quote adds something, and its article is about the same as the first's."""
    first = chosen[0]
    if any(_alike(quote, other) for other in chosen):
        return False
    if quote.article.id == first.article.id:
        return True
    near = first.hit.score - quote.hit.score < PASSAGE_WITHIN
    return near and quote.article.language == first.article.language


def _quote(
    question: str,
    kind: Kind,
    hit: Hit,
    sentence: ScoredSentence,
    best: float,
    weights: Mapping[str, float],
) -> Quote:
    traits = sentence_traits(question, kind, hit, sentence, best)
    span = Span(sentence.start, sentence.end)
    return Quote(hit.article, span, weighed(traits, weights), sentence, hit, tuple(traits))


def _alike(one: Quote, other: Quote) -> bool:
    """Whether two quotes say the same words, as copies of an agency report do."""
    a, b = (set(q.text.casefold().split()) for q in (one, other))
    return len(a & b) > 0.8 * min(len(a), len(b))
