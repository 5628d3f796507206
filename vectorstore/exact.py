"""Exact nearest passages over the catalogue's vectors: always right, never out of date."""

import threading
from typing import Protocol

import numpy as np

from vectorstore.database import Database
from vectorstore.models import Vector, Vectors
from vectorstore.passages import Passages, Seqs


class DenseIndex(Protocol):
    """Finds the passages whose vectors are nearest to a question's."""

    def nearest(self, question: Vector, k: int, among: Seqs | None = None) -> Seqs:
        """The k nearest live chunks in any order, only those `among` if given (ascending)."""
        ...


_NOTHING = (np.empty(0, np.int64), np.empty((0, 0), np.float32))


class ExactIndex:
    """All vectors in memory (1.5 KB a passage), brought up to date whenever one has changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._passages = Passages(database)
        self._lock = threading.Lock()
        self._generation, self._index = -1, ""
        self._seqs: Seqs
        self._vectors: Vectors
        self._seqs, self._vectors = _NOTHING

    def nearest(self, question: Vector, k: int, among: Seqs | None = None) -> Seqs:
        """See DenseIndex."""
        seqs, vectors = self._current()
        if among is not None:
            inside = np.isin(seqs, among, assume_unique=True)
            seqs, vectors = seqs[inside], vectors[inside]
        return nearest_of(question, seqs, vectors, k)

    def _current(self) -> tuple[Seqs, Vectors]:
        with self._lock:
            generation, index = self._database.generation, self._database.note("index") or ""
            if (generation, index) == (self._generation, self._index):
                return self._seqs, self._vectors
            # Of another index nothing is known: its numbers may even be lower.
            known = (self._seqs, self._vectors) if index == self._index else _NOTHING
            found = self._live(*known)
            if generation > self._generation:  # else this thread's snapshot is older than others
                self._generation, self._index = generation, index
                self._seqs, self._vectors = found
            return found

    def _live(self, known: Seqs, vectors: Vectors) -> tuple[Seqs, Vectors]:
        """All passages that are live by what this thread reads, as far as possible from memory."""
        live = self._passages.seqs()
        fresh = np.setdiff1d(live, known, assume_unique=True)
        last = int(known[-1]) if len(known) else 0
        if len(fresh) and fresh[0] > last:
            fresh, added = self._passages.vectors_after(last)
        else:
            fresh, added = self._passages.vectors(fresh)
        kept = np.isin(known, live, assume_unique=True)
        if not len(fresh):
            return known[kept], vectors[kept]
        before = vectors[kept].reshape(-1, added.shape[1])
        return np.concatenate([known[kept], fresh]), np.concatenate([before, added])


def nearest_of(question: Vector, seqs: Seqs, vectors: Vectors, k: int) -> Seqs:
    """The k of `seqs` whose rows of `vectors` are nearest to the question."""
    if len(seqs) <= k:
        return seqs
    near = vectors @ question
    return seqs[np.argpartition(-near, k)[:k]]
