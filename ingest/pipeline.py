"""Takes sources into a catalogue, and makes its index anew."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, BinaryIO

from ingest import chunking
from ingest.embedding import contract, embedded
from ingest.files.mapping import FieldMapping
from ingest.found import Follow, Found
from ingest.layout import read_layout
from ingest.presumed import Presumed
from ingest.run import IngestReport, Progress, Reading, Run
from vectorstore.catalogue import Catalogue
from vectorstore.embedder import Embedder
from vectorstore.models import Article, Chunk, IndexContract
from vectorstore.reindexing import SideIndex, side_index

if TYPE_CHECKING:
    from ingest.web.fetch import Fetcher

REINDEXED = 64  # articles embedded together when the index is made anew


class Pipeline:
    """Takes sources into a catalogue."""

    def __init__(
        self,
        catalogue: Catalogue,
        embedder: Embedder,
        fetcher: "Callable[[], Fetcher] | None" = None,
        today: Callable[[], date] = date.today,
        follow: Callable[[IndexContract], bool] = lambda index: False,
    ) -> None:
        """`fetcher` gives what addresses are fetched with; without it they are failures.

        `follow` goes over to the model of an index that was made anew since the last ingest.
        """
        self._catalogue = catalogue
        self._embedder = embedder
        self._fetcher = fetcher
        self._today = today
        self._go_over = follow
        self._index: IndexContract | None = None

    def ingest(
        self,
        sources: Sequence[str],
        prune: bool = False,
        progress: Progress | None = None,
        stdin: BinaryIO | None = None,
        mapping: FieldMapping | None = None,
        presumed: Presumed | None = None,
    ) -> IngestReport:
        """Takes in all sources. What fails is reported, the rest goes on."""
        started = time.monotonic()
        known = presumed or Presumed()
        reading = Reading(mapping, self._follow(mapping), self._today(), known)
        run = Run(self._catalogue, self._embedder, progress or Progress(), reading)
        with self._catalogue.database.telling():
            index = self._catalogue.contract()
            if self._index is not None and index is not None and index != self._index:
                self._go_over(index)
            for source in dict.fromkeys(sources):
                run.take(source, prune, stdin or sys.stdin.buffer)
            run.part_with_gone(prune)
            self._index = self._catalogue.contract()
        return run.report(time.monotonic() - started)

    def _follow(self, mapping: FieldMapping | None) -> Follow | None:
        """How this run follows addresses; the web is loaded when the first one comes."""
        if self._fetcher is None:
            return None
        web: list[Follow] = []

        def follow(address: str) -> Iterator[Found]:
            if not web:
                from ingest.web.follow import Web

                assert self._fetcher is not None
                web.append(Web(self._fetcher(), self._catalogue.page, mapping).follow)
            yield from web[0](address)

        return follow

    def reindex(self, tell: Callable[[str], None], back: bool = False) -> int:
        """Builds another index beside the live one, then switches to it; see SideIndex.

        Goes on where an earlier run was cut off. Returns the number of passages that it embedded.
        """
        with side_index(self._catalogue.database, contract(self._embedder), back) as side:
            passages = self._fill(side, tell)
            while not side.switch():  # once more for what came in meanwhile
                passages += self._fill(side, tell)
        return passages

    def _fill(self, side: SideIndex, tell: Callable[[str], None]) -> int:
        """Adds the articles that an index lacks; returns the number of their passages."""
        passages = done = after = 0
        missing = side.missing()
        while batch := side.next_missing(after, REINDEXED):
            prepared = embedded(self._embedder, [_cut(article) for _, article in batch])
            side.add(prepared)
            after, done = batch[-1][0], done + len(batch)
            passages += sum(len(chunks) for _, chunks in prepared)
            tell(f"{done:,} of {missing:,} articles")
        return passages


def _cut(article: Article) -> tuple[Article, list[Chunk]]:
    return article, chunking.chunk_article(article, read_layout(article.text, article.title))
