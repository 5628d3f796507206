"""Two searches for one question: with what was carried to it, and for its own words. Pure.

The first knows which article is meant, the second which of its sentences.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.extractive import Quote
from vectorstore.models import Article, Filters


def beside(article: Article, filters: Filters) -> Filters:
    """Few articles among which is this one: those of its paper, day and language."""
    try:
        day = date.fromisoformat((article.published or "")[:10])
    except ValueError:
        day = None
    known = replace(filters, source=article.source, language=article.language)
    return replace(known, since=day, until=day) if day else known


def fused(ranked: Sequence[Quote], own: Sequence[Quote]) -> list[Quote]:
    """Ranked sentences, each with the mean of its two scores, the best first.

    `own` are sentences of the article that is meant, ranked for the question's own words; what
    isn't among them gets the least of their scores.
    """
    scores = {(quote.article.id, quote.span): quote.score for quote in own}
    if not scores:
        return list(ranked)
    least = min(scores.values())
    again = (
        replace(q, score=(q.score + scores.get((q.article.id, q.span), least)) / 2) for q in ranked
    )
    return sorted(again, key=lambda quote: -quote.score)
