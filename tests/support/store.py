"""Articles, passages and vectors for tests of the store, made without a model."""

import os
import re
import threading
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np

from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.embedder import SentenceEmbedder
from vectorstore.exact import ExactIndex
from vectorstore.models import (
    Article,
    Chunk,
    EmbeddedChunk,
    IndexContract,
    Span,
    Vector,
    Vectors,
    content_digest,
)
from vectorstore.ownership import OwnedIndex
from vectorstore.passages import Passages, Seqs
from vectorstore.reindexing import SideIndex

DIMENSION = 32
CONTRACT = IndexContract("small", "digest", "query: ", "passage: ", DIMENSION, 1, 1)
NO_SEQS = np.empty(0, np.int64)

_SENTENCE = re.compile(r"\S[^.!?]*[.!?]?")


# -- articles and passages --------------------------------------------------------


def article(
    article_id: str = "a", text: str = "Ein Satz. Noch ein Satz.", **fields: Any
) -> Article:
    """An article in German without a date, but for what is given."""
    usual: dict[str, Any] = dict.fromkeys(("url", "title", "published", "updated", "source"))
    usual |= {"authors": (), "language": "de", "content_hash": ""}
    found = Article(**{**usual, "id": article_id, "text": text, **fields})
    return replace(found, content_hash=content_digest(found))


def embedded(of: Article, vectors: Vectors | None = None) -> list[EmbeddedChunk]:
    """One passage a paragraph (a blank line parts them); its sentences end at a full stop.

    Without vectors, each passage and sentence gets one that depends on its words alone.
    """
    found = []
    for ordinal, match in enumerate(re.finditer(r"(?s)\S.*?(?=\n\n|\Z)", of.text)):
        start, end = match.span()
        spans = tuple(
            Span(start + s.start(), start + s.end()) for s in _SENTENCE.finditer(match[0])
        )
        chunk = Chunk("", of.id, 0, ordinal, start, end, spans)
        vector = vector_of(match[0]) if vectors is None else vectors[ordinal]
        sentences = [vector_of(of.text[s.start : s.end]) for s in spans]
        found.append(EmbeddedChunk(chunk, vector, np.array(sentences, np.float32)))
    return found


def numbered(article_id: str, count: int, first: int = 0) -> Article:
    """An article of `count` short passages, no two alike."""
    passages = (f"Absatz {first + n} von {article_id}." for n in range(count))
    return article(article_id, "\n\n".join(passages))


def store(catalogue: Catalogue, *articles: Article, origin: str = "source") -> list[str]:
    """Stores articles with vectors of their own; returns what each store did."""
    outcomes = catalogue.store([(a, embedded(a)) for a in articles], origin)
    return [outcome.value for outcome in outcomes]


def reindex(database: Database, dimension: int) -> None:
    """Makes the index anew as by another model: vectors of another length."""
    side = SideIndex(database, replace(CONTRACT, dimension=dimension))
    side.begin()
    missing = [one for _, one in side.next_missing(0, 1_000)]
    side.add([(one, embedded(one, vector_of(one.text, dimension)[None])) for one in missing])
    assert side.switch()


# -- vectors ----------------------------------------------------------------------


def units(count: int, seed: int = 0, dimension: int = DIMENSION) -> Vectors:
    """Random vectors of length 1, the same for the same seed."""
    drawn = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def vector_of(text: str, dimension: int = DIMENSION) -> Vector:
    """A vector that depends on a text alone; different texts are far apart."""
    return units(1, zlib.crc32(text.encode("utf-8", "surrogatepass")), dimension)[0]


def nearest_by_hand(database: Database, question: Vector, k: int) -> set[int]:
    """The seqs of the k live passages nearest to a question, by sorting all of them."""
    seqs, vectors = Passages(database).vectors_after(0)
    return set(seqs[np.argsort(-(vectors @ question))[:k]].tolist())


def ids_of(database: Database, seqs: Seqs) -> set[str]:
    """The articles that passages belong to."""
    return {passage.article.id for passage in Passages(database).load(seqs)}


def live_ids(database: Database) -> set[str]:
    """The ids of all live passages."""
    return {row[0] for row in database.read().execute("SELECT id FROM chunks")}


# -- homes ------------------------------------------------------------------------


def open_home(home: Path) -> tuple[Database, Catalogue, OwnedIndex]:
    """A home's catalogue, and its index, which nobody owns yet."""
    database = Database(home / "catalogue.db")
    return database, Catalogue(database), OwnedIndex(home, database, ExactIndex(database))


def eventually(true: Callable[[], object], seconds: float = 20.0) -> bool:
    """Whether something becomes true in time."""
    end = monotonic() + seconds
    while not true():
        if monotonic() > end:
            return False
        sleep(0.02)
    return True


# -- what other processes do; multiprocessing starts them by name ------------------


def store_in_another_process(home: Path, gate: Any, articles: Sequence[Article], done: Any) -> None:
    """Opens the home and stores articles, all once the gate opens; reports the outcomes."""
    gate.wait()
    database = Database(home / "catalogue.db")
    try:
        done.put(store(Catalogue(database), *articles))
    finally:
        database.close()


def follow_in_another_process(home: Path, wire: Any) -> None:
    """Opens a home that somebody owns: answers each question with the articles it finds.

    An Article is stored instead; None ends it.
    """
    database, catalogue, index = open_home(home)
    wire.send(index.own())
    while (message := wire.recv()) is not None:
        if isinstance(message, Article):
            wire.send(store(catalogue, message))
        else:
            wire.send(ids_of(database, index.nearest(message, 5)))
    index.close()
    database.close()


def own_in_another_process(home: Path, wire: Any, more: Sequence[Article]) -> None:
    """Owns a home's Chroma, stores and syncs some articles, then waits for the end."""
    database, catalogue, index = open_home(home)
    assert index.own()
    assert index.catch_up()
    for one in more:
        store(catalogue, one)
        assert index.catch_up()
    wire.send(index.store.ids())
    wire.recv()
    index.close()
    database.close()
    wire.send("closed")


def close_at_work_in_another_process(home: Path) -> None:
    """Closes a home again and again while threads read and write; a crash ends the process."""
    for attempt in range(8):
        database = Database(home / "catalogue.db")
        catalogue = Catalogue(database)
        store(catalogue, numbered("a", 200))
        at_work, closed = threading.Event(), threading.Event()

        def read(database: Database = database, closed: threading.Event = closed) -> None:
            passages = Passages(database)
            while not closed.is_set():
                passages.load(passages.seqs())

        def write(
            catalogue: Catalogue = catalogue,
            at_work: threading.Event = at_work,
            closed: threading.Event = closed,
            attempt: int = attempt,
        ) -> None:
            for n in range(1_000):
                store(catalogue, numbered("b", 20, first=1_000 * attempt + n))
                at_work.set()
                if closed.is_set():
                    return

        threads = [threading.Thread(target=work) for work in (read, write)]
        for thread in threads:
            thread.start()
        at_work.wait(10)
        database.close()
        closed.set()
        for thread in threads:
            thread.join()
        database.close()


def expand_in_another_process(cache: Path, gate: Any, done: Any) -> None:
    """Expands the packaged model once the gate opens; reports the folder and the lines told."""
    from vectorstore.packaged import expanded_model

    gate.wait()
    told: list[str] = []
    done.put((str(expanded_model(cache, told.append)), len(told)))


def lay_out_in_another_process(cache: Path, gate: Any, done: Any) -> None:
    """Encodes a question once the gate opens; reports its vector."""
    gate.wait()
    done.put(SentenceEmbedder(cache).encode_question("Wer?").vector.tolist())


# -- the real model ----------------------------------------------------------------


def cache_folder() -> Path:
    """Where this machine keeps the expanded model, so that it is expanded once."""
    import platformdirs

    return Path(
        os.environ.get("BELEG_CACHE") or platformdirs.user_cache_path("beleg", appauthor=False)
    )


@cache
def real_embedder() -> SentenceEmbedder:
    """The packaged model, loaded once in a test session (6 seconds)."""
    return SentenceEmbedder(cache_folder())
