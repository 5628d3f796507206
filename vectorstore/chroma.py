"""Chroma in a folder of the home, derived from the catalogue: opened, filled, kept up to date.

The only importer of chromadb. Embedded Chroma breaks when two processes open it or when it is
killed while it persists, and then it may take down whoever opens it (docs/decisions.md). So it
belongs to whoever holds the lock (`vectorstore.ownership`) and is opened only with the mark of a
clean close (`vectorstore.close_mark`), which is taken away first: a Chroma that takes the process
down does so once. Without the mark everything is rebuilt from the catalogue's vectors in a fresh
folder. A process that falls while it does that leaves a note; after two in a row nobody tries
again unasked.
"""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from vectorstore.chroma_server import HNSW, SERVED, with_spares
from vectorstore.clean_memory import clean_memory
from vectorstore.close_mark import FOLDER, CloseMark
from vectorstore.database import Database
from vectorstore.errors import StoreError
from vectorstore.models import Vector
from vectorstore.passages import Passages, Seqs, newest

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI

COLLECTION = "passages"
BATCH = 500  # vectors an upsert; Chroma lets no other thread run meanwhile, with 2,000 for seconds
FALLS = 2  # processes that fell while they built a store; after that, only when asked to
_FALLS = "chroma_falls"

log = logging.getLogger(__name__)


class ChromaStore:
    """The collection of passages in a folder that this process owns."""

    patience: float | None = None  # a persist has to finish, however long it takes

    def __init__(self, root: Path, database: Database) -> None:
        self._root = root
        self._database = database
        self._passages = Passages(database)
        self._mark = CloseMark(root, database)
        self._client: ClientAPI | None = None
        self._collection: Collection | None = None
        self._writing = threading.Lock()
        self.stop = threading.Event()

    @property
    def ready(self) -> bool:
        """Whether it holds all settled passages, so that questions may use it."""
        return self._collection is not None

    @property
    def gave_up(self) -> str | None:
        """Why it isn't built any more unless somebody asks for it; None as long as it is."""
        falls = self._falls
        if falls < FALLS:
            return None
        return f"building it has taken the process down {falls} times in a row"

    @property
    def _falls(self) -> int:
        return int(self._database.note(_FALLS) or 0)

    def open(self) -> str | None:
        """Opens the store if it can be trusted; else says in a few words why not."""
        with self._writing:
            return None if self.ready else self._opened()

    def _opened(self) -> str | None:
        folder, doubt = self._mark.folder, self._mark.doubt()
        if folder is None or doubt is not None:
            return doubt
        self._mark.take_away()
        self._leave_server()
        try:
            self._client, collection = open_collection(folder)
            self._try_out(collection)
        except Exception as error:  # Chroma raises whatever its Rust core does
            log.warning("Chroma could not be opened: %s", error)
            self._let_go()
            return "it can't be opened"
        self._collection = collection
        return None

    def rebuild(self, advance: Callable[[int, int], None] = lambda done, total: None) -> bool:
        """Builds the store anew in a fresh folder from the catalogue's vectors.

        False if it was told to stop before the end. `advance` hears done and total passages.
        """
        with self._writing, self._outlived():
            self._forget()
            self._leave_server()
            self._mark.clear()  # nobody has any store open now
            name = uuid.uuid4().hex[:12]
            seen = self._passages.last_pending()
            self._client, collection = open_collection(self._root / name)
            try:
                if self._fill(collection, advance):
                    self._try_out(collection)
                    self._passages.settle_until(seen)
                    self._database.set_note(FOLDER, name)
                    self._collection = collection
            finally:
                if not self.ready:
                    self._let_go()
            return self.ready

    def _fill(self, collection: "Collection", advance: Callable[[int, int], None]) -> bool:
        """All vectors of the catalogue into an empty collection; False if told to stop."""
        done, after, total = 0, 0, len(self._passages.seqs())
        while page := self._passages.page(after, BATCH):
            if self.stop.is_set():
                return False
            _upsert(collection, [(chunk_id, vector) for _, chunk_id, vector in page])
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
            gone, live = newest(entries)
            if gone:
                self._collection.delete(ids=gone)
            if live:
                _upsert(self._collection, live)
            self._passages.settle(entries)
            return len(entries)

    def query(self, question: Vector, k: int) -> Seqs:
        """The k nearest settled passages that are still live."""
        collection = self._collection
        if collection is None:
            raise RuntimeError("the store is not open")
        return self._passages.of_chunks(_nearest(collection, question, with_spares(k))[:k])

    def ids(self) -> set[str]:
        """Every chunk id that Chroma holds, fetched in pages: 32,766 rows are the most."""
        with self._writing:  # so that it isn't given up meanwhile
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
            try:
                self._mark.write()
            except (OSError, StoreError) as error:
                log.warning("Chroma was closed, but that can't be noted: %s", error)

    def doubt(self, error: Exception) -> None:
        """Hears that a question or a sync has failed: whatever it was, the store is given up."""
        self.distrust()

    def distrust(self) -> None:
        """Gives the store up, so that the next thing to do is a rebuild."""
        with self._writing:
            self._forget()

    def discard(self) -> bool:
        """Removes the store with all its bytes; says whether nothing is left."""
        with self._writing:
            self._forget()
            self._leave_server()
            return self._mark.clear()

    @contextmanager
    def _outlived(self) -> Iterator[None]:
        """Counts a fall that whatever is done inside may cause, until it is over."""
        self._database.set_note(_FALLS, str(self._falls + 1))
        try:
            yield
        finally:
            with suppress(StoreError):
                self._database.set_note(_FALLS, "0")

    def _try_out(self, collection: "Collection") -> None:
        """A question before there are questions: Chroma reads its graph only then."""
        if page := self._passages.page(0, 1):
            _nearest(collection, np.frombuffer(page[0][2], "<f4"), 10)

    def _forget(self) -> None:
        with suppress(OSError):  # files that have changed since are no longer what it vouches for
            self._mark.take_away()
        self._let_go()

    def _let_go(self) -> None:
        """Closes Chroma, after it has stopped being ready: nobody is to take that for a failure."""
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            _close(client)

    def _leave_server(self) -> None:
        """What is settled from now on is unknown to a server that this home used before."""
        if self._database.note(SERVED):
            self._database.set_note(SERVED, "")


@clean_memory()
def open_collection(folder: Path) -> "tuple[ClientAPI, Collection]":
    """The collection of passages in a folder, made if there is none. Cosine, not Chroma's l2."""
    import chromadb
    from chromadb.config import Settings

    folder.mkdir(parents=True, exist_ok=True)
    client = chromadb.PersistentClient(
        str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
    )
    collection = client.get_or_create_collection(
        COLLECTION, embedding_function=None, configuration={"hnsw": cast("Any", HNSW)}
    )
    return client, collection


@clean_memory()
def _nearest(collection: "Collection", question: Vector, k: int) -> list[str]:
    found = collection.query(query_embeddings=question[np.newaxis], n_results=k, include=[])
    return found["ids"][0]


@clean_memory()
def _upsert(collection: "Collection", rows: list[tuple[str, bytes]]) -> None:
    """Ids and vectors are all that Chroma gets: what it deletes may stay in its files."""
    vectors = np.frombuffer(b"".join(vector for _, vector in rows), "<f4").reshape(len(rows), -1)
    collection.upsert(ids=[chunk_id for chunk_id, _ in rows], embeddings=vectors)


@clean_memory()
def _close(client: "ClientAPI") -> None:
    client.close()  # type: ignore[attr-defined]  # the typed interface lacks it, the client doesn't
