"""One ingest: what sources bring is compared, cut, embedded, stored and counted."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from ingest import chunking
from ingest.ahead import read_ahead
from ingest.embedding import contract, embedded
from ingest.files.mapping import FieldMapping
from ingest.files.url_list import is_address
from ingest.found import Again, Failure, Follow, Found, FromPage, Missing, Unchanged
from ingest.layout import read_layout
from ingest.presumed import Presumed
from ingest.sources import origin, read
from vectorstore.catalogue import Catalogue, Outcome
from vectorstore.embedder import Embedder
from vectorstore.models import Article, Chunk, EmbeddedChunk, IndexContract
from vectorstore.pages import Page

BATCH = 256  # passages embedded and stored together: some seconds of work that a kill costs


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did; `chunks` counts the passages it embedded, `seconds` is wall time.

    `gone` are articles whose pages are; they are marked, or deleted if pruning was asked for.
    `unpruned` are sources that no longer bring all they did, but failed in part, so that nobody
    knows whether it is still there.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    failed: tuple[Failure, ...] = ()
    chunks: int = 0
    seconds: float = 0.0
    gone: tuple[Missing, ...] = ()
    unpruned: tuple[str, ...] = ()


@dataclass(slots=True)
class Progress:
    """How far an ingest is; `changed` is called whenever a number has moved.

    `check` is called often and from any thread; what it raises ends the ingest. Batches that are
    stored by then stay so.
    """

    articles: int = 0
    passages: int = 0
    changed: Callable[["Progress"], None] = field(default=lambda progress: None)
    check: Callable[[], None] = field(default=lambda: None)

    def move(self, articles: int = 0, passages: int = 0) -> None:
        """Counts on."""
        self.articles += articles
        self.passages += passages
        self.changed(self)
        self.check()


class _Batch:
    """Articles that are embedded and stored together."""

    def __init__(self) -> None:
        self.articles: dict[str, tuple[Article, list[Chunk]]] = {}
        self.pages: list[Page] = []
        self.passages = 0

    def add(self, article: Article, page: Page | None) -> None:
        chunks = chunking.chunk_article(article, read_layout(article.text, article.title))
        self.articles[article.id] = (article, chunks)
        self.passages += len(chunks)
        if page is not None:
            self.pages.append(page)

    def drop(self, article_id: str) -> None:
        _, superseded = self.articles.pop(article_id, (None, ()))
        self.passages -= len(superseded)


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read: where fields lie, how addresses are followed, what day it is.

    `presumed` is known of every article beforehand.
    """

    mapping: FieldMapping | None
    follow: Follow | None
    today: date
    presumed: Presumed = field(default_factory=Presumed)


class Run:
    """One ingest with its counters and the batch that is being filled."""

    def __init__(
        self,
        catalogue: Catalogue,
        embedder: Embedder,
        progress: Progress,
        reading: Reading,
    ) -> None:
        self._catalogue = catalogue
        self._reading = reading
        self._embedder = embedder
        self._progress = progress
        self._counts = dict.fromkeys(Outcome, 0)
        self._deleted = self._chunks = 0
        self._failed: list[Failure] = []
        self._gone: dict[str, Missing] = {}
        self._unpruned: list[str] = []
        self._brought: set[str] = set()
        self._contract: IndexContract | None = None

    def take(self, source: str, prune: bool, stdin: BinaryIO) -> None:
        name = origin(source)
        failures = len(self._failed)
        brought: set[str] = set()
        before = self._catalogue.brought(name)  # now: what others bring meanwhile is not gone
        reading = self._reading
        found = read(source, stdin, mapping=reading.mapping, follow=reading.follow)
        unchanged: dict[str, Page | None] = {}
        self._store_all(read_ahead(self._batches(found, brought, unchanged)), name)
        self._confirm(unchanged, name)
        self._brought |= brought
        if not prune or is_address(source):  # a feed lists what is new: what it drops is not gone
            return
        if len(self._failed) == failures:
            self._deleted += self._catalogue.prune(name, before - brought - set(self._gone))
        elif before - brought - set(self._gone):
            self._unpruned.append(name)

    def part_with_gone(self, prune: bool) -> None:
        """Deletes or marks the articles whose pages are gone, after the last source.

        Whatever else lists such a page or failed, it is no more; unless the article has come from
        another address.
        """
        for article_id in self._brought & set(self._gone):
            del self._gone[article_id]
        if prune and self._gone:
            self._deleted += self._catalogue.delete(self._gone)
        elif self._gone:
            self._catalogue.mark_gone(self._gone, self._reading.today.isoformat())

    def report(self, seconds: float) -> IngestReport:
        return IngestReport(
            added=self._counts[Outcome.ADDED],
            updated=self._counts[Outcome.UPDATED],
            unchanged=self._counts[Outcome.UNCHANGED],
            deleted=self._deleted,
            failed=tuple(self._failed),
            chunks=self._chunks,
            seconds=round(seconds, 3),
            gone=tuple(self._gone.values()),
            unpruned=tuple(self._unpruned),
        )

    def _batches(
        self, found: Iterable[Found], brought: set[str], unchanged: dict[str, Page | None]
    ) -> Iterator[_Batch]:
        """New and changed articles with their chunks, about BATCH chunks at a time.

        What comes twice counts once: the last one wins, also over one that isn't stored yet.
        """
        batch = _Batch()
        changed: set[str] = set()
        for item in map(self._reading.presumed.of, found):
            self._progress.check()
            article, page = _known_as(item)
            if isinstance(item, Failure):
                self._failed.append(item)
            elif isinstance(item, Missing):
                self._gone[item.article_id] = item
            elif isinstance(item, Unchanged):
                brought.add(item.page.article_id)
                unchanged[item.page.article_id] = item.page
            elif isinstance(item, Again):
                brought.add(item.article_id)
                if item.article_id not in changed:
                    unchanged.setdefault(item.article_id, None)
            elif article is not None:
                brought.add(article.id)
                batch.drop(article.id)
                unchanged.pop(article.id, None)
                stored = self._catalogue.content_hash(article.id)
                if stored == article.content_hash and article.id not in changed:
                    unchanged[article.id] = page
                    continue
                changed.add(article.id)
                batch.add(article, page)
                if batch.passages >= BATCH:
                    yield batch
                    batch = _Batch()
        if batch.articles:
            yield batch

    def _confirm(self, unchanged: Mapping[str, Page | None], name: str) -> None:
        self._counts[Outcome.UNCHANGED] += len(unchanged)
        self._progress.move(articles=len(unchanged))
        self._catalogue.confirm(sorted(unchanged), name)
        self._catalogue.note_pages([page for page in unchanged.values() if page])

    def _store_all(self, batches: Generator[_Batch, None, None], name: str) -> None:
        """Embeds one batch while the one before is being stored and the next one read."""
        with ThreadPoolExecutor(1, "storing") as beside, closing(batches):
            storing: Future[list[Outcome]] | None = None
            for batch in batches:
                prepared = self._embedded(batch)
                self._count(storing)
                storing = beside.submit(self._store, prepared, batch.pages, name)
            self._count(storing)

    def _embedded(self, batch: _Batch) -> list[tuple[Article, list[EmbeddedChunk]]]:
        if self._contract is None:  # late, so that an unchanged ingest never loads the model
            self._contract = contract(self._embedder)
            self._catalogue.require(self._contract)
        self._chunks += batch.passages
        articles = list(batch.articles.values())
        return embedded(self._embedder, articles, lambda n: self._progress.move(passages=n))

    def _store(
        self,
        prepared: Sequence[tuple[Article, Sequence[EmbeddedChunk]]],
        pages: Sequence[Page],
        name: str,
    ) -> list[Outcome]:
        outcomes = self._catalogue.store(prepared, name, self._contract)
        self._catalogue.note_pages(pages)
        return outcomes

    def _count(self, storing: "Future[list[Outcome]] | None") -> None:
        """Waits until a batch is stored, and counts what became of its articles."""
        outcomes = storing.result() if storing is not None else []
        for outcome in outcomes:
            self._counts[outcome] += 1
        self._progress.move(articles=len(outcomes))


def _known_as(item: Found) -> tuple[Article | None, Page | None]:
    if isinstance(item, FromPage):
        return item.article, item.page
    return (item, None) if isinstance(item, Article) else (None, None)
