"""From sources to the catalogue: read, compare, cut, embed, store, report."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from ingest import chunking
from ingest.layout import read_layout
from ingest.mapping import FieldMapping
from ingest.sources import Failure, origin, read
from vectorstore import lexical
from vectorstore.catalogue import Catalogue, Outcome
from vectorstore.embedder import Embedded, Embedder, Passage
from vectorstore.models import Article, Chunk, EmbeddedChunk, IndexContract, Span

REINDEXED = 64  # articles embedded together when the index is made anew
BATCH = 256  # passages embedded and stored together: some seconds of work that a kill costs


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did; `chunks` counts the passages it embedded, `seconds` is wall time."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    failed: tuple[Failure, ...] = ()
    chunks: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Progress:
    """How far an ingest is; `changed` is called whenever a number has moved."""

    articles: int = 0
    passages: int = 0
    changed: Callable[["Progress"], None] = field(default=lambda progress: None)

    def move(self, articles: int = 0, passages: int = 0) -> None:
        """Counts on."""
        self.articles += articles
        self.passages += passages
        self.changed(self)


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


class Pipeline:
    """Takes sources into a catalogue."""

    def __init__(self, catalogue: Catalogue, embedder: Embedder) -> None:
        self._catalogue = catalogue
        self._embedder = embedder

    def ingest(
        self,
        sources: Sequence[str],
        prune: bool = False,
        progress: Progress | None = None,
        stdin: BinaryIO | None = None,
        mapping: FieldMapping | None = None,
    ) -> IngestReport:
        """Takes in all sources. What fails is reported, the rest goes on."""
        started = time.monotonic()
        run = _Run(self._catalogue, self._embedder, progress or Progress(), mapping)
        for source in dict.fromkeys(sources):
            run.take(source, prune, stdin or sys.stdin.buffer)
        return run.report(time.monotonic() - started)

    def reindex(self, tell: Callable[[str], None]) -> int:
        """Cuts and embeds every article anew, then switches in one transaction.

        Until then the old index answers. Returns the number of passages.
        """
        wanted = contract(self._embedder)
        articles = list(self._catalogue.texts())
        anew: list[tuple[Article, list[EmbeddedChunk]]] = []
        for at in range(0, len(articles), REINDEXED):
            batch = [
                (article, chunking.chunk_article(article, read_layout(article.text, article.title)))
                for article in articles[at : at + REINDEXED]
            ]
            anew.extend(_embedded(self._embedder, batch))
            tell(f"{len(anew):,} of {len(articles):,} articles")
        self._catalogue.replace_chunks(wanted, anew)
        return sum(len(chunks) for _, chunks in anew)


class _Run:
    """One ingest with its counters and the batch that is being filled."""

    def __init__(
        self,
        catalogue: Catalogue,
        embedder: Embedder,
        progress: Progress,
        mapping: FieldMapping | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._mapping = mapping
        self._embedder = embedder
        self._progress = progress
        self._counts = dict.fromkeys(Outcome, 0)
        self._deleted = self._chunks = 0
        self._failed: list[Failure] = []
        self._contract: IndexContract | None = None

    def take(self, source: str, prune: bool, stdin: BinaryIO) -> None:
        name = origin(source)
        failures = len(self._failed)
        brought: set[str] = set()
        before = self._catalogue.brought(name)  # now: what others bring meanwhile is not gone
        found = read(source, stdin, mapping=self._mapping)
        for batch in self._batches(found, name, brought):
            self._store(batch, name)
        if prune and len(self._failed) == failures:
            self._deleted += self._catalogue.prune(name, before - brought)

    def report(self, seconds: float) -> IngestReport:
        return IngestReport(
            added=self._counts[Outcome.ADDED],
            updated=self._counts[Outcome.UPDATED],
            unchanged=self._counts[Outcome.UNCHANGED],
            deleted=self._deleted,
            failed=tuple(self._failed),
            chunks=self._chunks,
            seconds=round(seconds, 3),
        )

    def _batches(
        self, found: Iterable[Article | Failure], name: str, brought: set[str]
    ) -> Iterator[list[tuple[Article, list[Chunk]]]]:
        """New and changed articles with their chunks, about BATCH chunks at a time.

        What comes twice counts once: the last one wins.
        """
        batch: dict[str, tuple[Article, list[Chunk]]] = {}
        unchanged: set[str] = set()
        passages = 0
        for item in found:
            if isinstance(item, Failure):
                self._failed.append(item)
                continue
            brought.add(item.id)
            _, superseded = batch.pop(item.id, (None, ()))
            passages -= len(superseded)
            unchanged.discard(item.id)
            if self._catalogue.content_hash(item.id) == item.content_hash:
                unchanged.add(item.id)
                continue
            chunks = chunking.chunk_article(item, read_layout(item.text, item.title))
            batch[item.id] = (item, chunks)
            passages += len(chunks)
            if passages >= BATCH:
                yield list(batch.values())
                batch, passages = {}, 0
        if batch:
            yield list(batch.values())
        self._confirm(sorted(unchanged), name)

    def _confirm(self, unchanged: list[str], name: str) -> None:
        self._counts[Outcome.UNCHANGED] += len(unchanged)
        self._progress.move(articles=len(unchanged))
        self._catalogue.confirm(unchanged, name)

    def _store(self, batch: list[tuple[Article, list[Chunk]]], name: str) -> None:
        if self._contract is None:  # late, so that an unchanged ingest never loads the model
            self._contract = contract(self._embedder)
            self._catalogue.require(self._contract)
        embedded = _embedded(self._embedder, batch, lambda n: self._progress.move(passages=n))
        for outcome in self._catalogue.store(embedded, name, self._contract):
            self._counts[outcome] += 1
        self._chunks += sum(len(chunks) for _, chunks in batch)
        self._progress.move(articles=len(batch))


def _embedded(
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


def _with_vectors(chunk: Chunk, embedded: Embedded) -> EmbeddedChunk:
    return EmbeddedChunk(chunk, embedded.vector, embedded.sentences, embedded.words)


def _passage(article: Article, chunk: Chunk) -> Passage:
    spans = (Span(s.start - chunk.start, s.end - chunk.start) for s in chunk.sentences)
    return Passage(article.text[chunk.start : chunk.end], tuple(spans), article.title)
