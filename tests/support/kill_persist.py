"""kill -9 aimed into the moment in which Chroma writes its graph to disk.

Chroma persists every 1,000 vectors: it writes header.bin, the graph's other files, and at last
index_metadata.pickle. Between the first and the last the folder holds half of the old and half
of the new. The parent watches the files and kills within that window.
"""

import os
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol

import numpy as np

from ingest.embedding import contract
from tests.support.embedding import DIMENSION, HashingEmbedder, embed
from tests.support.kill_processes import PATIENCE
from tests.support.kill_work import Open
from vectorstore.models import Article, Chunk, EmbeddedChunk, Span, Vector, content_digest

LARGEST = 50_000_000  # bytes of a file that a store which nobody should use may write
QUIET = 0.02  # seconds without a change after which a new folder's first files are all there


class Alive(Protocol):
    """A process of multiprocessing's or, by an adapter, of subprocess's."""

    pid: int | None

    def is_alive(self) -> bool: ...


Moment = tuple[int, int]
"""When header.bin and index_metadata.pickle were last written, in nanoseconds; 0 if never."""


# -- a home with much to pass on to Chroma ---------------------------------------------------


def sheets(first: int, count: int, passages: int = 100) -> dict[str, str]:
    """Articles of many short paragraphs, each of them a passage, by their ids."""
    return {
        f"sheet{n}": "\n\n".join(f"Zeile {line} auf dem Blatt {n}." for line in range(passages))
        for n in range(first, first + count)
    }


def store_sheets(home: Path, texts: dict[str, str], dimension: int = DIMENSION) -> None:
    """Stores them with vectors that hold the words' directions as often as there is room.

    In a home that another model's vectors are in, they only give Chroma work to do.
    """
    here = Open.at(home)
    if here.catalogue.contract() is None:
        here.catalogue.require(replace(contract(HashingEmbedder()), dimension=dimension))
    for article_id, text in texts.items():
        nothing = dict.fromkeys(("url", "title", "published", "updated", "source"))
        article = Article(
            id=article_id, text=text, authors=(), language="de", content_hash="", **nothing
        )
        article = replace(article, content_hash=content_digest(article))
        here.catalogue.store([(article, list(_lines(article, dimension)))], "sheets")
    here.close()


def _lines(article: Article, dimension: int) -> "list[EmbeddedChunk]":
    found, start = [], 0
    for ordinal, line in enumerate(article.text.split("\n\n")):
        span = Span(start, start + len(line))
        chunk = Chunk("", article.id, 0, ordinal, span.start, span.end, (span,))
        vector = wide(embed(line), dimension)
        found.append(EmbeddedChunk(chunk, vector, vector[None]))
        start = span.end + 2
    return found


def wide(vector: Vector, dimension: int) -> Vector:
    """The same direction in a space of so many dimensions."""
    times = dimension // len(vector)
    return np.tile(vector, times) / np.float32(np.sqrt(times))


def sync(home: Path) -> None:
    """Owns Chroma and passes on all there is, then closes it."""
    here = Open.at(home)
    try:
        assert here.index.own()
        assert here.index.catch_up()
    finally:
        here.close()


# -- finding the window, and hitting it -----------------------------------------------------------


def window(home: Path, process: Alive) -> float:
    """How many seconds the next persist of a process at work takes."""
    before = _settled(home, process)
    began = _next(home, lambda now: now[0] != before[0])
    ended = _next(home, lambda now: now[1] != before[1])
    return ended - began


def kill_inside(home: Path, process: BaseProcess, delay: float) -> bool:
    """Kills a process so many seconds after its next persist begins; says whether that hit it.

    It did if the graph had been begun and its last file wasn't there yet.
    """
    before = strike_inside(home, process, delay, signal.SIGKILL)
    process.join()
    now = _moment(_folder(home))
    return now[0] != before[0] and now[1] == before[1]


def strike_inside(home: Path, process: Alive, delay: float, number: int) -> Moment:
    """Sends a signal so many seconds after the next persist begins; the files as they were."""
    before = _settled(home, process)
    began = _next(home, lambda now: now[0] != before[0])
    while time.perf_counter() < began + delay:
        pass
    assert process.pid is not None
    os.kill(process.pid, number)
    return before


def _settled(home: Path, process: Alive) -> Moment:
    """How the graph's files are before the persist: a new folder's first ones don't count."""
    end, last, since = time.monotonic() + PATIENCE, (0, 0), time.monotonic()
    while time.monotonic() < end and process.is_alive():
        now = _moment(_folder(home))
        if now != last:
            last, since = now, time.monotonic()
        elif now[0] and time.monotonic() > since + QUIET:
            return now
        time.sleep(0.001)
    raise AssertionError("Chroma wrote no graph")


def _next(home: Path, true: Callable[[Moment], bool]) -> float:
    """When something becomes true of the files, looked at without a pause."""
    folder = _folder(home)
    end = time.perf_counter() + PATIENCE
    while not true(_moment(folder)):
        assert time.perf_counter() < end, "Chroma doesn't persist"
    return time.perf_counter()


def _folder(home: Path) -> Path | None:
    """Where the graph lies; the newest if a fresh one is being built beside an old one."""
    found = [(path.stat().st_mtime_ns, path.parent) for path in home.glob("chroma/*/*/header.bin")]
    return max(found)[1] if found else None


def _moment(folder: Path | None) -> Moment:
    return _written(folder, "header.bin"), _written(folder, "index_metadata.pickle")


def _written(folder: Path | None, name: str) -> int:
    if folder is None:
        return 0
    try:
        return os.stat(folder / name).st_mtime_ns
    except FileNotFoundError:
        return 0


# -- what a naive owner would have found ----------------------------------------------------------


def use_as_it_is(home: Path) -> None:
    """Opens a killed store without asking whether it can be trusted, and works with it.

    One that is broken may write link_lists.bin until the disk is full (66 GB of them were seen).
    """
    from vectorstore.chroma import open_collection

    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    folder = _folder(home)
    assert folder is not None
    _, collection = open_collection(folder.parent)
    held = collection.get(include=["embeddings"])
    vectors = np.asarray(held["embeddings"])
    for vector in vectors[::50]:
        found = collection.query(query_embeddings=[vector], n_results=10, include=[])["ids"][0]
        assert len(found) == 10
    more = np.random.default_rng(0).normal(size=(1_200, vectors.shape[1])).astype(np.float32)
    collection.add(ids=[f"more{n}" for n in range(len(more))], embeddings=more)
    assert collection.count() == len(vectors) + len(more)
