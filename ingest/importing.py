"""One import: articles with their histories are compared, cut, embedded, stored and counted."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ingest import chunking
from ingest.ahead import read_ahead
from ingest.embedding import contract, embedded
from ingest.exchange import histories
from ingest.files.reading import LARGEST
from ingest.found import Failure
from ingest.layout import read_layout
from ingest.run import BATCH, IngestReport, Progress
from ingest.sources import STANDARD_INPUT
from vectorstore.backup import is_backup
from vectorstore.catalogue import Catalogue, Outcome
from vectorstore.embedder import Embedder
from vectorstore.history import History, expected, put
from vectorstore.models import Chunk, IndexContract

_BLOCK = 2**20  # bytes read at a time of a line that is passed over


@dataclass(slots=True)
class _Batch:
    """Articles that are embedded and stored together; `known` are those that nothing is to do for.

    Chunks are None where only earlier versions and sources are noted. `weight` is what it costs
    to hold and to store, in passages.
    """

    articles: list[tuple[History, list[Chunk] | None]] = field(default_factory=list)
    known: int = 0
    weight: int = 0

    def add(self, history: History, outcome: Outcome) -> None:
        chunks = None
        if outcome is not Outcome.UNCHANGED:
            article = history[-1].article
            chunks = chunking.chunk_article(article, read_layout(article.text, article.title))
        self.articles.append((history, chunks))
        self.weight += len(history) + len(chunks or ())

    def add_known(self) -> None:
        self.known += 1
        self.weight += 1


class Import:
    """One import with its counters."""

    def __init__(self, catalogue: Catalogue, embedder: Embedder, progress: Progress) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._progress = progress
        self._counts = dict.fromkeys(Outcome, 0)
        self._chunks = 0
        self._failed: list[Failure] = []
        self._contract: IndexContract | None = None

    def take(self, source: str, stdin: BinaryIO) -> None:
        """Takes in a file of lines, - being `stdin`. What can't be taken in is reported."""
        with closing(read_ahead(self._batches(_found(source, stdin)))) as batches:
            for batch in batches:
                self._store(batch)

    def report(self, seconds: float) -> IngestReport:
        return IngestReport(
            added=self._counts[Outcome.ADDED],
            updated=self._counts[Outcome.UPDATED],
            unchanged=self._counts[Outcome.UNCHANGED],
            failed=tuple(self._failed),
            chunks=self._chunks,
            seconds=round(seconds, 3),
        )

    def _batches(self, found: Iterable[History | Failure]) -> Iterator[_Batch]:
        batch = _Batch()
        for item in found:
            self._progress.check()
            if isinstance(item, Failure):
                self._failed.append(item)
                continue
            outcome = expected(self._catalogue, item)
            if outcome is None:
                batch.add_known()
            else:
                batch.add(item, outcome)
            if batch.weight >= BATCH:
                yield batch
                batch = _Batch()
        if batch.weight:
            yield batch

    def _store(self, batch: _Batch) -> None:
        self._counts[Outcome.UNCHANGED] += batch.known
        changed = [(h[-1].article, chunks) for h, chunks in batch.articles if chunks is not None]
        if changed and self._contract is None:  # late: what is all there never loads the model
            self._contract = contract(self._embedder)
            self._catalogue.require(self._contract)
        advance = partial(self._progress.move, 0)
        vectors = iter(embedded(self._embedder, changed, advance) if changed else ())
        prepared = [
            (history, None if chunks is None else next(vectors)[1])
            for history, chunks in batch.articles
        ]
        for outcome in put(self._catalogue, prepared, self._contract) if prepared else ():
            self._counts[outcome] += 1
        self._chunks += sum(len(chunks) for _, chunks in changed)
        self._progress.move(articles=len(batch.articles) + batch.known)


def _found(source: str, stdin: BinaryIO) -> Iterator[History | Failure]:
    if source == STANDARD_INPUT:
        yield from histories(_lines(stdin), source)
        return
    if is_backup(Path(source)):  # else each of its thousands of lines would be complained of
        yield Failure(source, "It is a backup, no export. `beleg restore FILE` brings it back.")
        return
    try:
        with open(source, "rb") as file:
            yield from histories(_lines(file), source)
    except OSError as error:
        yield Failure(source, f"It can't be read ({error.strerror or error}).")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one that is longer than any article, no more than shows that."""
    while line := file.readline(LARGEST + 1):
        ended = line.endswith(b"\n") or len(line) <= LARGEST
        yield line
        while not ended:
            rest = file.readline(_BLOCK)
            ended = rest.endswith(b"\n") or not rest
