"""Passages of articles to their vectors, and what an index made with them is bound to."""

from collections.abc import Callable, Sequence

from ingest import chunking
from vectorstore import lexical
from vectorstore.embedder import Embedded, Embedder, Passage
from vectorstore.models import Article, Chunk, EmbeddedChunk, IndexContract, Span


def contract(embedder: Embedder) -> IndexContract:
    """What this Beleg would make an index with."""
    model = embedder.identity()
    return IndexContract(
        model=model.name,
        weights=model.weights,
        query_prompt=model.query_prompt,
        document_prompt=model.document_prompt,
        dimension=model.dimension,
        chunker=chunking.VERSION,
        lexical=lexical.VERSION,
    )


def embedded(
    embedder: Embedder,
    batch: Sequence[tuple[Article, list[Chunk]]],
    advance: Callable[[int], None] = lambda done: None,
) -> list[tuple[Article, list[EmbeddedChunk]]]:
    """The chunks of a batch with their vectors; all in one go, so that batches fill up."""
    passages = [_passage(article, chunk) for article, chunks in batch for chunk in chunks]
    found = iter(embedder.encode_passages(passages, advance))
    return [
        (article, [_with_vectors(chunk, next(found)) for chunk in chunks])
        for article, chunks in batch
    ]


def _with_vectors(chunk: Chunk, found: Embedded) -> EmbeddedChunk:
    return EmbeddedChunk(chunk, found.vector, found.sentences, found.words)


def _passage(article: Article, chunk: Chunk) -> Passage:
    spans = (Span(s.start - chunk.start, s.end - chunk.start) for s in chunk.sentences)
    return Passage(article.text[chunk.start : chunk.end], tuple(spans), article.title)
