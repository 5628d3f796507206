"""One ingest: what sources bring is compared, cut, embedded, stored and counted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from ingest import chunking
from ingest.embedding import contract, embedded
from ingest.found import Failure, Follow, Found, FromPage, Missing, Unchanged
from ingest.layout import read_layout
from ingest.mapping import FieldMapping
from ingest.sources import origin, read
from ingest.url_list import is_address
from vectorstore.catalogue import Catalogue, Outcome
from vectorstore.embedder import Embedder
from vectorstore.models import Article, Chunk, IndexContract
from vectorstore.pages import Page

BATCH = 256  # passages embedded and stored together: some seconds of work that a kill costs


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did; `chunks` counts the passages it embedded, `seconds` is wall time.

    `gone` are articles whose pages are; they are marked, or deleted if pruning was asked for.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    failed: tuple[Failure, ...] = ()
    chunks: int = 0
    seconds: float = 0.0
    gone: tuple[Missing, ...] = ()


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
    """How sources are read: where fields lie, how addresses are followed, what day it is."""

    mapping: FieldMapping | None
    follow: Follow | None
    today: date


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
        self._contract: IndexContract | None = None

    def take(self, source: str, prune: bool, stdin: BinaryIO) -> None:
        name = origin(source)
        failures = len(self._failed)
        brought: set[str] = set()
        before = self._catalogue.brought(name)  # now: what others bring meanwhile is not gone
        reading = self._reading
        found = read(source, stdin, mapping=reading.mapping, follow=reading.follow)
        for batch in self._batches(found, name, brought):
            self._store(batch, name)
        gone = frozenset(self._gone) - brought
        if is_address(source):  # a feed lists what is new: what it drops is not gone
            before &= gone
        if prune and len(self._failed) == failures:
            self._deleted += self._catalogue.prune(name, before - brought)
        elif gone:
            self._catalogue.mark_gone(gone, self._reading.today.isoformat())

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
        )

    def _batches(self, found: Iterable[Found], name: str, brought: set[str]) -> Iterator[_Batch]:
        """New and changed articles with their chunks, about BATCH chunks at a time.

        What comes twice counts once: the last one wins.
        """
        batch = _Batch()
        unchanged: dict[str, Page | None] = {}
        for item in found:
            article, page = _known_as(item)
            if isinstance(item, Failure):
                self._failed.append(item)
            elif isinstance(item, Missing):
                self._gone[item.article_id] = item
            elif isinstance(item, Unchanged):
                brought.add(item.page.article_id)
                unchanged[item.page.article_id] = item.page
            elif article is not None:
                brought.add(article.id)
                batch.drop(article.id)
                unchanged.pop(article.id, None)
                if self._catalogue.content_hash(article.id) == article.content_hash:
                    unchanged[article.id] = page
                    continue
                batch.add(article, page)
                if batch.passages >= BATCH:
                    yield batch
                    batch = _Batch()
        if batch.articles:
            yield batch
        self._confirm(unchanged, name)

    def _confirm(self, unchanged: Mapping[str, Page | None], name: str) -> None:
        self._counts[Outcome.UNCHANGED] += len(unchanged)
        self._progress.move(articles=len(unchanged))
        self._catalogue.confirm(sorted(unchanged), name)
        self._catalogue.note_pages([page for page in unchanged.values() if page])

    def _store(self, batch: _Batch, name: str) -> None:
        if self._contract is None:  # late, so that an unchanged ingest never loads the model
            self._contract = contract(self._embedder)
            self._catalogue.require(self._contract)
        articles = list(batch.articles.values())
        prepared = embedded(self._embedder, articles, lambda n: self._progress.move(passages=n))
        for outcome in self._catalogue.store(prepared, name, self._contract):
            self._counts[outcome] += 1
        self._catalogue.note_pages(batch.pages)
        self._chunks += batch.passages
        self._progress.move(articles=len(articles))


def _known_as(item: Found) -> tuple[Article | None, Page | None]:
    if isinstance(item, FromPage):
        return item.article, item.page
    return (item, None) if isinstance(item, Article) else (None, None)
