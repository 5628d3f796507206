"""Passages to quoted sentences, without any language model. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.asked import Kind, asked_for, holds
from vectorstore.models import Article, Hit, ScoredSentence, Span

PASSAGES = 8  # that sentences are taken from
COVERAGE = 0.2  # what full coverage of the question's words is worth beside a cosine
FITS = 0.03  # what it is worth that a sentence holds a time, number or reason that was asked for
WHOLE, WHOLE_FROM = 0.02, 60  # what a sentence of so many characters has over a caption or heading
SECOND_WITHIN = 0.015  # how far a further quote may lie behind the first
PASSAGE_WITHIN = 0.01  # and how far its passage, if it comes from another article


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


def ranked_quotes(question: str, hits: Sequence[Hit]) -> list[Quote]:
    """All sentences of the best passages, the one that speaks best to the question first."""
    return sorted(_quotes(hits, asked_for(question)), key=lambda q: -q.score)


def best_quotes(ranked: Sequence[Quote], most: int) -> list[Quote]:
    """The best of ranked quotes, and further ones only if they lie near and add something."""
    chosen: list[Quote] = []
    for quote in ranked:
        if len(chosen) == most or (chosen and chosen[0].score - quote.score > SECOND_WITHIN):
            break
        if not chosen or _goes_with(chosen, quote):
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


def _quotes(hits: Sequence[Hit], kind: Kind) -> list[Quote]:
    return [_quote(hit, sentence, kind) for hit in hits[:PASSAGES] for sentence in hit.sentences]


def _quote(hit: Hit, sentence: ScoredSentence, kind: Kind) -> Quote:
    text = hit.article.text[sentence.start : sentence.end]
    score = (sentence.dense + COVERAGE * sentence.lexical + hit.score) / 2
    score += WHOLE * min(1.0, len(text) / WHOLE_FROM)
    if kind is not Kind.OTHER and holds(text, kind):
        score += FITS
    return Quote(hit.article, Span(sentence.start, sentence.end), score, sentence, hit)


def _alike(one: Quote, other: Quote) -> bool:
    """Whether two quotes say the same words, as copies of an agency report do."""
    a, b = (set(q.text.casefold().split()) for q in (one, other))
    return len(a & b) > 0.8 * min(len(a), len(b))
