"""What processes do to a home, with one of two models."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ingest import pipeline, run
from ingest.pipeline import Pipeline
from tests.support.embedding import HashingEmbedder
from tests.support.store import open_home
from vectorstore.backup import write_backup
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.restore import restore

SIGNS = {"plus": 1, "minus": -1}  # of the vectors that the two models make


class Signed(HashingEmbedder):
    """One of two models: what is a vector of one is not a vector of the other."""

    def encode_passages(self, passages, advance=lambda done: None):
        sign = SIGNS[self.identity().name]
        found = super().encode_passages(passages, advance)
        return [replace(e, vector=sign * e.vector, sentences=sign * e.sentences) for e in found]

    def encode_question(self, question):
        found = super().encode_question(question)
        return replace(found, vector=SIGNS[self.identity().name] * found.vector)


def model_of(catalogue: Catalogue) -> str:
    """The model that is set: the one that the index was made with."""
    made = catalogue.contract()
    return made.model if made else "plus"


@contextmanager
def opened(home: Path) -> Iterator[Catalogue]:
    database = Database(home / "catalogue.db")
    try:
        yield Catalogue(database)
    finally:
        database.close()


def by_another(home: Path, work: Callable[..., None], *args: object) -> None:
    """Work of a process that opens the home for it."""
    with opened(home) as catalogue:
        work(catalogue, *args)


def nothing(catalogue: Catalogue) -> None:
    """Opens the home, which makes a new one."""


@contextmanager
def _batches(size: int) -> Iterator[None]:
    """Inside, so many passages, or articles, are embedded and written together."""
    usual = run.BATCH, pipeline.REINDEXED
    run.BATCH, pipeline.REINDEXED = size, size
    try:
        yield
    finally:
        run.BATCH, pipeline.REINDEXED = usual


def ingest(catalogue: Catalogue, source: Path, prune: bool, size: int) -> None:
    with _batches(size):
        Pipeline(catalogue, Signed(model_of(catalogue))).ingest([str(source)], prune)


def delete(catalogue: Catalogue, articles: list[str]) -> None:
    catalogue.delete(articles)


def reindex(catalogue: Catalogue, model: str, size: int, back: bool) -> None:
    with _batches(size):
        Pipeline(catalogue, Signed(model)).reindex(lambda line: None, back)


def sync(catalogue: Catalogue) -> None:
    """Brings Chroma in step, if nobody else owns it."""
    database, _, index = open_home(catalogue.database.path.parent)
    if index.own():
        assert index.catch_up(again=True)
    index.close()
    database.close()


def back_up(catalogue: Catalogue, backup: Path) -> None:
    write_backup(catalogue.database.path, backup)


def bring_back(catalogue: Catalogue, backup: Path) -> None:
    restore(catalogue.database.path.parent, backup)
