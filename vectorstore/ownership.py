"""Who may open Chroma: one process at a time, by a lock that dies with its holder.

The owner keeps Chroma in step with the catalogue. Everybody else searches the catalogue's
vectors exactly, and writes through the catalogue; the owner picks that up.
"""

import logging
import threading
from pathlib import Path
from typing import Self

import numpy as np

from vectorstore.chroma import ChromaStore
from vectorstore.exact import ExactIndex, nearest_of
from vectorstore.models import Vector
from vectorstore.passages import Passages, Seqs
from vectorstore.schema import Database

PAUSE = 0.5  # seconds between looks at what is pending, and at a lock that somebody holds
MANY_PENDING = 5_000  # above this, scoring what Chroma lacks costs more than scoring everything

log = logging.getLogger(__name__)


class OwnedIndex:
    """A DenseIndex that uses Chroma while this process owns it, and exact search otherwise."""

    def __init__(self, home: Path, database: Database, exact: ExactIndex) -> None:
        from filelock import FileLock

        root = home / "chroma"
        root.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(root / "lock", thread_local=False)
        self._store = ChromaStore(root, database)
        self._passages = Passages(database)
        self._exact = exact
        self._thread: threading.Thread | None = None

    @property
    def owns(self) -> bool:
        """Whether this process holds the lock."""
        return self._lock.is_locked

    @property
    def store(self) -> ChromaStore:
        """The store itself, for a check of what it holds."""
        return self._store

    def nearest(self, question: Vector, k: int, among: Seqs | None = None) -> Seqs:
        """See DenseIndex. Filters are scored exactly: Chroma's own are slow (docs/decisions.md)."""
        if among is not None or not self._store.ready:
            return self._exact.nearest(question, k, among)
        pending, retired = self._passages.pending_seqs(), self._passages.retired_pending()
        if len(pending) + retired > MANY_PENDING:
            return self._exact.nearest(question, k)
        try:
            settled = self._store.query(question, k + retired)
        except Exception:  # whatever Chroma's Rust core raises must not cost an answer
            if self._store.ready:  # else it was closed meanwhile
                log.warning("Chroma failed; it will be rebuilt", exc_info=True)
                self._store.distrust()
            return self._exact.nearest(question, k)
        seqs, vectors = self._passages.vectors(pending)
        return np.union1d(settled, nearest_of(question, seqs, vectors, k))

    def own(self) -> bool:
        """Takes the lock if nobody holds it; says whether this process has it now."""
        from filelock import Timeout

        try:
            self._lock.acquire(timeout=0)
        except (Timeout, OSError):
            return False
        return True

    def catch_up(self) -> bool:
        """As the owner: opens or rebuilds Chroma and passes on everything pending.

        False if it was stopped before the end, or failed: then it is rebuilt the next time, and
        questions go on exactly.
        """
        try:
            if not self._store.ready and (reason := self._store.open()) is not None:
                log.info("Chroma is built from the catalogue: %s", reason)
                if not self._store.rebuild():
                    return False
            while not self._store.stop.is_set():
                if not self._store.sync():
                    return True
        except Exception:  # a full disk, a broken store: whatever the Rust core raises
            log.warning("Chroma is out of step with the catalogue", exc_info=True)
            self._store.distrust()
        return False

    def keep_in_step(self) -> Self:
        """Starts a thread that owns Chroma as soon as it can and keeps it in step."""
        self._thread = threading.Thread(target=self._keep, name="chroma", daemon=True)
        self._thread.start()
        return self

    def close(self) -> None:
        """Stops the thread, closes Chroma cleanly, lets the lock go."""
        self._store.stop.set()
        if self._thread is not None:
            self._thread.join()
        self._store.close()
        self._lock.release(force=True)

    def _keep(self) -> None:
        while not self._store.stop.is_set():
            up_to_date = (self.owns or self.own()) and self.catch_up()
            failed = self.owns and not up_to_date
            self._store.stop.wait(20 * PAUSE if failed else PAUSE)
