"""Passages that a chat model cites, and meanings without a model."""

from collections.abc import Callable, Sequence

import numpy as np

from tests.support.embedding import embed
from vectorstore.models import Article, Chunk, Hit, ScoredSentence, Span, Vectors


def cited(
    *sentences: str,
    title: str | None = None,
    published: str | None = "2026-03-18",
    language: str = "de",
    source: str | None = "Blatt",
    article_id: str = "a",
    near: Callable[[Sequence[str]], Vectors] | None = None,
) -> Hit:
    """A passage of these sentences, each with its vector as `near` (`meaning`) gives it."""
    text = " ".join(sentences)
    spans, at = [], 0
    for sentence in sentences:
        spans.append(Span(at, at + len(sentence)))
        at += len(sentence) + 1
    article = Article(
        id=article_id,
        url=None,
        title=title,
        text=text,
        published=published,
        updated=None,
        authors=(),
        source=source,
        language=language,
        content_hash=article_id,
        version=1,
    )
    chunk = Chunk(f"{article_id}-0", article_id, 1, 0, 0, len(text), tuple(spans))
    scored = tuple(
        ScoredSentence(
            s.start, s.end, 0.0, 0.0, vector=(near or meaning)([text[s.start : s.end]])[0]
        )
        for s in spans
    )
    return Hit(chunk, article, 0.0, 0.0, 0.0, scored)


def meaning(texts: Sequence[str]) -> Vectors:
    """All texts mean nearly the same, so that facts decide."""
    common = embed("Sinn")
    rows = [common + 0.3 * embed(text) for text in texts]
    return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)


def by_words(texts: Sequence[str]) -> Vectors:
    """Texts are near that share words."""
    return np.stack([embed(text) for text in texts])
