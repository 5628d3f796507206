"""Chroma, derived from the catalogue: opened, checked, brought up to date, rebuilt.

The only importer of chromadb. Embedded Chroma breaks when two processes open it or when it is
killed while it persists, and a broken store may open well (docs/decisions.md). So it belongs to
whoever holds the lock (`vectorstore.ownership`), and it is trusted only if the last owner closed
it cleanly: on closing, one random mark, with the sizes of Chroma's files, is written both beside
Chroma and into the catalogue; it is taken away before the first write. No mark, or another one:
everything is rebuilt from the catalogue's vectors in a fresh folder.
"""

import hashlib
import logging
import os
import shutil
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vectorstore.models import Vector
from vectorstore.passages import Passages, Pending, Seqs
from vectorstore.schema import Database

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI

COLLECTION = "passages"
BATCH = 2_000  # vectors an upsert; Chroma takes 5,461 at most, and a stop waits for one
EF_SEARCH = 400  # recall@100 .9975 on 6,000 random vectors, .970 with 200 (benchmarks/chroma.py)

log = logging.getLogger(__name__)


class ChromaStore:
    """The collection of passages in a folder that this process owns."""

    def __init__(self, root: Path, database: Database) -> None:
        self._root = root
        self._database = database
        self._passages = Passages(database)
        self._client: ClientAPI | None = None
        self._collection: Collection | None = None
        self._writing = threading.Lock()
        self._clean = False  # whether the mark of the last clean close still stands
        self.stop = threading.Event()

    @property
    def ready(self) -> bool:
        """Whether it holds all settled passages, so that questions may use it."""
        return self._collection is not None

    def open(self) -> str | None:
        """Opens the store if it can be trusted; else says in a few words why not."""
        folder, mark = self._database.note("chroma_folder"), self._database.note("chroma_mark")
        if not folder:
            return "it was never built"
        if not (self._root / folder / "chroma.sqlite3").is_file():
            return "its folder is missing"
        if not mark or mark != self._read_mark():
            return "it was not closed cleanly, or belongs to another catalogue"
        if not mark.endswith(_fingerprint(self._root / folder)):
            return "its files have been changed"
        try:
            client, collection = open_collection(self._root / folder)
        except Exception as error:  # Chroma raises whatever its Rust core does
            log.warning("Chroma could not be opened: %s", error)
            return "it can't be opened"
        self._client, self._collection, self._clean = client, collection, True
        return None

    def rebuild(self, advance: Callable[[int, int], None] = lambda done, total: None) -> bool:
        """Builds the store anew in a fresh folder from the catalogue's vectors.

        False if it was told to stop before the end. `advance` hears done and total passages.
        """
        with self._writing:
            self._forget()
            name = uuid.uuid4().hex[:12]
            self._remove_others(name)  # nobody has any of them open now
            seen = self._passages.last_pending()
            client, collection = open_collection(self._root / name)
            try:
                if not self._fill(collection, advance):
                    _close(client)
                    return False
                self._passages.settle_until(seen)
                self._database.set_note("chroma_folder", name)
            except BaseException:
                _close(client)
                raise
            self._client, self._collection = client, collection
            return True

    def _fill(self, collection: "Collection", advance: Callable[[int, int], None]) -> bool:
        """All vectors of the catalogue into an empty collection; False if told to stop."""
        done, after, total = 0, 0, len(self._passages.seqs())
        while page := self._passages.page(after, BATCH):
            if self.stop.is_set():
                return False
            _upsert(collection, [(c, a, v) for _, c, a, v in page])
            done, after = done + len(page), page[-1][0]
            advance(done, total)
        return True

    def sync(self) -> int:
        """Passes on one batch of what the catalogue has noted; returns how much that was."""
        with self._writing:
            if self._collection is None:
                return 0
            entries = self._passages.pending(BATCH)
            if not entries:
                return 0
            self._unmark()
            latest: dict[str, Pending] = {entry.chunk_id: entry for entry in entries}
            gone = [e.chunk_id for e in latest.values() if e.vector is None]
            live = [(e.chunk_id, e.article_id, e.vector) for e in latest.values() if e.vector]
            if gone:
                self._collection.delete(ids=gone)
            if live:
                _upsert(self._collection, live)
            self._passages.settle(entries)
            return len(entries)

    def query(self, question: Vector, k: int) -> Seqs:
        """The k nearest settled passages that are still live."""
        if self._collection is None:
            raise RuntimeError("the store is not open")
        found = self._collection.query(
            query_embeddings=question[np.newaxis], n_results=k, include=[]
        )
        return self._passages.of_chunks(found["ids"][0])

    def ids(self) -> set[str]:
        """Every chunk id that Chroma holds, fetched in pages: 32,766 rows are the most."""
        if self._collection is None:
            return set()
        held: set[str] = set()
        while page := self._collection.get(limit=10_000, offset=len(held), include=[])["ids"]:
            held.update(page)
        return held

    def close(self) -> None:
        """Finishes a write under way, closes Chroma and marks it clean."""
        self.stop.set()
        with self._writing:
            if self._client is None:
                return
            self._let_go()
            if not self._clean:
                folder = self._database.note("chroma_folder") or ""
                mark = uuid.uuid4().hex + _fingerprint(self._root / folder)
                self._write_mark(mark)
                self._database.set_note("chroma_mark", mark)

    def distrust(self) -> None:
        """Gives the store up, so that the next thing to do is a rebuild."""
        with self._writing:
            self._forget()

    def _forget(self) -> None:
        self._unmark()
        self._let_go()

    def _let_go(self) -> None:
        """Closes Chroma, after it has stopped being ready: nobody is to take that for a failure."""
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            _close(client)

    def _remove_others(self, name: str) -> None:
        for path in self._root.iterdir():
            if path.is_dir() and path.name != name:
                shutil.rmtree(path, ignore_errors=True)

    @property
    def _mark(self) -> Path:
        return self._root / "clean"

    def _read_mark(self) -> str | None:
        try:
            return self._mark.read_text()
        except (OSError, UnicodeDecodeError):
            return None

    def _write_mark(self, mark: str) -> None:
        draft = self._mark.with_suffix(".draft")
        with draft.open("w") as file:
            file.write(mark)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._mark)

    def _unmark(self) -> None:
        self._mark.unlink(missing_ok=True)
        self._clean = False


def open_collection(folder: Path) -> "tuple[ClientAPI, Collection]":
    """The collection of passages in a folder, made if there is none. Cosine, not Chroma's l2."""
    import chromadb
    from chromadb.config import Settings

    folder.mkdir(parents=True, exist_ok=True)
    client = chromadb.PersistentClient(
        str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
    )
    collection = client.get_or_create_collection(
        COLLECTION,
        embedding_function=None,
        configuration={
            "hnsw": {
                "space": "cosine",
                "ef_search": EF_SEARCH,
                "ef_construction": 200,
                "max_neighbors": 32,
            }
        },
    )
    return client, collection


def _fingerprint(folder: Path) -> str:
    """The names and sizes of a closed store's files.

    Chroma opens without those that are missing or empty and finds less, and crashes on cut ones.
    """
    files = [path for path in folder.rglob("*") if path.is_file()]
    sizes = sorted((str(path.relative_to(folder)), path.stat().st_size) for path in files)
    return hashlib.sha256(repr(sizes).encode()).hexdigest()[:16]


def _upsert(collection: "Collection", rows: "list[tuple[str, str | None, bytes]]") -> None:
    vectors = np.frombuffer(b"".join(v for _, _, v in rows), "<f4").reshape(len(rows), -1)
    collection.upsert(
        ids=[chunk_id for chunk_id, _, _ in rows],
        embeddings=vectors,
        metadatas=[{"article": article_id or ""} for _, article_id, _ in rows],
    )


def _close(client: "ClientAPI") -> None:
    client.close()  # type: ignore[attr-defined]  # the typed interface lacks it, the client doesn't
