"""Chroma on a server of its own, derived from the catalogue as well: found, filled, kept in step.

Every process of a home may ask the server; the one that holds the lock writes to it. The
catalogue notes which collection is complete, by name and uuid. As with a store in the home the
note is taken away before a write, and it comes back when the server has answered: `chroma run`
keeps a write on its disk before it answers (all of its files are older than the answer). So

- a write that got no answer, because the server or this process was killed, leaves no note, and
  everything is built anew in a fresh collection: a server that was killed while it persisted comes
  back well and crashes later, or finds less;
- a server that was away or was restarted between writes holds what it held. It is believed when
  the collection has the same uuid and exactly the ids that it was given, and answers a question;
- another uuid, or none: it was emptied or set back, and is filled anew.

A home's collection has a name of its own, kept in the home and not in the catalogue, so that a
backup that is restored elsewhere, or a copied home, doesn't write into the first one's.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from vectorstore.chroma_requests import WRITING, Away, Broken, ChromaServer, Slow
from vectorstore.close_mark import CloseMark
from vectorstore.database import Database
from vectorstore.errors import StoreError
from vectorstore.models import Vector
from vectorstore.passages import Passages, Pending, Seqs, newest
from vectorstore.served_name import ServedName

SERVED = "chroma_served"  # the note: name and uuid of the complete collection
BATCH, SYNCED = 2_000, 250  # vectors an upsert; questions wait for one that syncs (.2 s)
REST = 5.0  # seconds without questions to a server that didn't answer one
LOOK = 10.0  # seconds between looks at whether it is still there
EF_SEARCH = 400  # recall@100 .9975 on 6,000 random vectors, .970 with 200 (benchmarks/chroma.py)
HNSW: dict[str, Any] = {
    "space": "cosine",
    "ef_search": EF_SEARCH,
    "ef_construction": 200,
    "max_neighbors": 32,
}


def with_spares(k: int) -> int:
    """How many neighbours to ask for to have the k nearest.

    The search keeps EF_SEARCH or as many as it is asked for, and misses some of the last ones: of
    400 at 25,427 passages .990 are the nearest, and of 600 the first 400 are .996 (with
    benchmarks/scale.py's articles).
    """
    return k if 2 * k <= EF_SEARCH else k + k // 2


class ServerStore:
    """The collection of passages on a server, as the one who writes it and those who ask see it."""

    patience: float | None = 3.0  # seconds for a write to be answered on leaving
    gave_up: str | None = None  # it takes no process of ours down

    def __init__(self, root: Path, database: Database, server: ChromaServer) -> None:
        self._database = database
        self._passages = Passages(database)
        self._embedded = CloseMark(root, database)
        self._name = ServedName(root)
        self._server = server
        self._collection: str | None = None  # the uuid, once the owner has found it complete
        self._owned = False
        self._counted: str | None = None  # a uuid that one who only asks has looked at
        self._asked_again = self._looked_again = 0.0  # not before these moments
        self._writing = threading.Lock()
        self._noting = threading.Lock()  # never held while the server is asked something
        self._left = False
        self.stop = threading.Event()

    @property
    def ready(self) -> bool:
        """Whether questions may use it: it holds all settled passages and answers."""
        return monotonic() >= self._asked_again and self._complete() is not None

    def open(self) -> str | None:
        """As the owner: looks whether the collection is complete; else says what is wrong.

        ServerError if the server can't say.
        """
        with self._writing:
            if self._collection is not None:
                return None
            self._owned = True
            name, noted = self._name.own(), self._database.note(SERVED)
            found = self._server.find(name)
            self._embedded.clear()  # nobody would keep a store in the home in step
            if not noted:
                return "it was never filled, or a write was not answered"
            if found is None or noted != f"{name} {found}":
                return "the server has lost it, or it was another home's"
            if not self._agrees(self._server.ids(found)):
                return "it doesn't hold what it was given"
            try:
                self._try_out(found)
            except Broken as error:  # as when its vectors are of another length than ours by now
                return str(error)
            self._serve(found)
            return None

    def rebuild(self, advance: Callable[[int, int], None] = lambda done, total: None) -> bool:
        """Fills a fresh collection from the catalogue's vectors; the old one is removed.

        False if it was told to stop before the end. `advance` hears done and total passages.
        """
        with self._writing:
            self.distrust()
            seen, name = self._passages.last_pending(), self._name.own()
            self._server.drop(name)
            fresh = self._server.create(name, HNSW)
            done, after, total = 0, 0, len(self._passages.seqs())
            while page := self._passages.page(after, BATCH):
                if self.stop.is_set():
                    return False
                self._server.upsert(fresh, [(chunk_id, vector) for _, chunk_id, vector in page])
                done, after = done + len(page), page[-1][0]
                advance(done, total)
            self._try_out(fresh)
            with self._noting:
                if self._left:
                    return False
                self._passages.settle_until(seen)
                self._database.set_note(SERVED, f"{name} {fresh}")
            self._serve(fresh)
            return True

    def sync(self) -> int:
        """Passes on one batch of what the catalogue has noted; returns how much that was."""
        with self._writing:
            collection = self._collection
            if collection is None:
                return 0
            entries = self._passages.pending(SYNCED)
            if not entries:
                self._look(collection)
                return 0
            gone, live = newest(entries)
            self._database.set_note(SERVED, "")
            try:
                if gone:
                    self._server.delete(collection, gone)
                if live:
                    self._server.upsert(collection, live)
            except Away:  # whatever was sent was answered
                self._answered(collection, [])
                raise
            except BaseException:
                self._collection = None
                raise
            return self._answered(collection, entries)

    def query(self, question: Vector, k: int) -> Seqs:
        """The k nearest settled passages that are still live."""
        collection = self._complete()
        if collection is None:
            raise RuntimeError("the store is not open")
        if not self._owned and self._counted != collection:
            self._count(collection)
            self._counted = collection
        return self._passages.of_chunks(
            self._server.nearest(collection, question, with_spares(k))[:k]
        )

    def ids(self) -> set[str]:
        """Every chunk id that the complete collection holds."""
        collection = self._complete()
        return set() if collection is None else self._server.ids(collection)

    def close(self) -> None:
        """Leaves the server alone. What it answers from now on is not noted any more."""
        self.stop.set()
        with self._noting:
            self._left, self._collection = True, None
        self._server.close()

    def doubt(self, error: Exception) -> None:
        """Hears that a question or a sync has failed, and what that says of the collection."""
        self._asked_again = monotonic() + REST
        if isinstance(error, Away):
            self._collection = None  # to be looked at when it is back
        elif not isinstance(error, Slow) and self._collection is not None:
            self.distrust()

    def distrust(self) -> None:
        """Gives the collection up, so that the next thing to do is a rebuild."""
        with self._noting, suppress(StoreError):
            self._collection = None
            if self._database.note(SERVED):
                self._database.set_note(SERVED, "")

    def discard(self) -> bool:
        """Removes the collection from the server; ServerError if that can't be done."""
        with self._writing:
            self._owned = True
            self.distrust()
            self._server.drop(self._name.own())
            return self._embedded.clear()

    def _complete(self) -> str | None:
        """The uuid of the collection that questions may use."""
        if self._owned:
            return self._collection
        noted, name = self._database.note(SERVED), self._name.known()
        if not noted or name is None or not noted.startswith(f"{name} "):
            return None
        return noted.removeprefix(f"{name} ")

    def _serve(self, collection: str) -> None:
        self._collection = collection
        self._asked_again, self._looked_again = 0.0, monotonic() + LOOK

    def _answered(self, collection: str, entries: list[Pending]) -> int:
        """Notes what the server has seen, unless the collection was given up meanwhile."""
        with self._noting:
            if self._left or self._collection != collection:
                return 0
            self._passages.settle(entries)
            self._database.set_note(SERVED, f"{self._name.own()} {collection}")
            return len(entries)

    def _look(self, collection: str) -> None:
        """Looks now and then whether the server is there and has the collection."""
        if monotonic() >= self._looked_again:
            self._looked_again = monotonic() + LOOK
            self._count(collection)
            self._try_out(collection)

    def _count(self, collection: str) -> None:
        """Broken, if there can't be all passages in it that were settled, and only those."""
        least, most = self._passages.settled()
        if not least <= self._server.count(collection) <= most:
            raise Broken("it doesn't hold what it was given")

    def _agrees(self, held: set[str]) -> bool:
        live, waiting = self._passages.live_and_pending()
        return live - waiting <= held <= live | waiting

    def _try_out(self, collection: str) -> None:
        """A question that may take long: the server reads the graph only when it is asked."""
        if page := self._passages.page(0, 1):
            vector = np.frombuffer(page[0][2], "<f4")
            self._server.nearest(collection, vector, 10, WRITING)
