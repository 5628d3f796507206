"""Exact nearest passages over the catalogue's vectors: always right, never out of date."""

import threading
from typing import Protocol

import numpy as np

from vectorstore.models import Vector, Vectors
from vectorstore.passages import Passages, Seqs
from vectorstore.schema import Database


class DenseIndex(Protocol):
    """Finds the passages whose vectors are nearest to a question's."""

    def nearest(self, question: Vector, k: int, among: Seqs | None = None) -> Seqs:
        """The k nearest live chunks in any order, only those `among` if given (ascending)."""
        ...


class ExactIndex:
    """All vectors in memory (1.5 KB a passage), brought up to date whenever one has changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._passages = Passages(database)
        self._lock = threading.Lock()
        self._seen = (-1, "")
        self._seqs: Seqs = np.empty(0, np.int64)
        self._vectors: Vectors = np.empty((0, 0), np.float32)

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
            if index != self._seen[1]:  # another index altogether, perhaps with lower numbers
                self._seqs, self._vectors = np.empty(0, np.int64), np.empty((0, 0), np.float32)
            if (generation, index) != self._seen:
                last = int(self._seqs[-1]) if len(self._seqs) else 0
                live = self._passages.seqs()
                fresh_seqs, fresh = self._passages.vectors_after(last)
                kept = np.isin(self._seqs, live, assume_unique=True)
                known = (self._seqs[kept], self._vectors[kept])
                if len(fresh_seqs):
                    old = known[1].reshape(-1, fresh.shape[1])
                    known = np.concatenate([known[0], fresh_seqs]), np.concatenate([old, fresh])
                self._seqs, self._vectors = known
                self._seen = (generation, index)
            return self._seqs, self._vectors


def nearest_of(question: Vector, seqs: Seqs, vectors: Vectors, k: int) -> Seqs:
    """The k of `seqs` whose rows of `vectors` are nearest to the question."""
    if len(seqs) <= k:
        return seqs
    near = vectors @ question
    return seqs[np.argpartition(-near, k)[:k]]
