"""Exact nearest passages over the catalogue's vectors: always right, never out of date."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from vectorstore.database import Database
from vectorstore.live import State, live_of
from vectorstore.models import Vector, Vectors
from vectorstore.passages import Passages
from vectorstore.seqs import Seqs, places_of, rows_of

BLOCK = 16_384  # vectors; blocks are never copied, whatever comes
FEW = 8  # one passage in so many is gathered and scored; of more, all are scored in their place
SHARED = 50_000  # vectors that are worth a second thread; 250,000 take 32 ms, and 19 with one
SAMPLE = 32  # of so many scores one is looked at, to guess which are the highest
SPENT = 4  # one vector in so many may be of no live passage, until all are read anew

_Scores = npt.NDArray[np.float32]


class DenseIndex(Protocol):
    """Finds the passages whose vectors are nearest to a question's."""

    def nearest(self, question: Vector, k: int, among: Seqs | None = None) -> Seqs:
        """The k nearest live chunks in any order, only those `among` if given (ascending)."""
        ...


class _Held:
    """Vectors in memory, ascending by number. Rows are only added: who has `count` may read on."""

    def __init__(self, index: str) -> None:
        self.index = index
        self.count = 0
        self.last = -1
        self._seqs = np.empty(BLOCK, np.int64)
        self._blocks: list[Vectors] = []
        self._placed: tuple[State, int, Seqs | None] | None = None

    def add(self, seqs: Seqs, vectors: Vectors) -> None:
        while len(self._seqs) < self.count + len(seqs):
            self._seqs = np.concatenate([self._seqs, np.empty(len(self._seqs), np.int64)])
        self._seqs[self.count : self.count + len(seqs)] = seqs
        done = 0
        while done < len(seqs):
            at = self.count % BLOCK
            if at == 0:
                self._blocks.append(np.empty((BLOCK, vectors.shape[1]), np.float32))
            part = vectors[done : done + BLOCK - at]
            self._blocks[-1][at : at + len(part)] = part
            done += len(part)
            self.count += len(part)
        self.last = int(seqs[-1]) if len(seqs) else self.last

    def seqs(self, count: int) -> Seqs:
        return self._seqs[:count]

    def rows(self, state: State, count: int) -> Seqs | None:
        """Where all that is live is held; looked up once, until somebody writes."""
        placed = self._placed
        if placed is None or placed[0] is not state or placed[1] != count:
            placed = self._placed = (state, count, rows_of(state.seqs, self.seqs(count)))
        return placed[2]

    def all_scores(self, question: Vector, count: int) -> _Scores:
        scores = np.empty(count, np.float32)

        def score(starts: range) -> None:
            for start in starts:
                end = min(count, start + BLOCK)
                block = self._blocks[start // BLOCK][: end - start]
                np.dot(block, question, out=scores[start:end])

        starts = range(0, count, BLOCK)
        half = len(starts) // 2 if count > SHARED else 0
        helper = _begun(partial(score, starts[:half])) if half else None
        score(starts[half:] if helper else starts)
        if helper:
            helper.join()
        return scores

    def scores(self, question: Vector, rows: Seqs) -> _Scores:
        """Of some rows, ascending."""
        if not len(rows):
            return np.empty(0, np.float32)
        cuts = np.searchsorted(rows, np.arange(BLOCK, int(rows[-1]) + 1, BLOCK))
        parts = enumerate(np.split(rows, cuts))
        return np.concatenate([self._blocks[b][part - b * BLOCK] @ question for b, part in parts])


class ExactIndex:
    """All vectors in memory (1.5 KB a passage), those of new passages added when they are there."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._passages = Passages(database)
        self._live = live_of(database)
        self._lock = threading.Lock()
        self._held = _Held("")

    def nearest(self, question: Vector, k: int, among: Seqs | None = None) -> Seqs:
        """See DenseIndex."""
        state = self._live.state()
        wanted = state.seqs
        if among is not None:
            wanted = among[places_of(among, state.seqs)[1]]
        if len(wanted) <= k:
            return wanted
        held, count = self._current(state.index, state.seqs)
        known = held.seqs(count)
        if among is None and np.array_equal(known, wanted):
            return known[_best(held.all_scores(question, count), k)]
        rows = held.rows(state, count) if among is None else rows_of(wanted, known)
        if rows is None:  # an older snapshot's, which nobody else needs
            return self._older(question, wanted, k)
        if len(rows) * FEW > count:
            scores = held.all_scores(question, count)[rows]
        else:
            scores = held.scores(question, rows)
        return wanted[_best(scores, k)]

    def _current(self, index: str, live: Seqs) -> tuple[_Held, int]:
        """The vectors of all that is live, and how many they are now."""
        with self._lock:
            held = self._held
            newest = len(live) and live[-1] >= held.last
            spent = newest and held.count - len(live) > max(BLOCK, held.count // SPENT)
            if held.index != index or spent:  # another index's numbers may even be lower
                held = self._held = _Held(index)
            if len(live) and live[-1] > held.last:
                for seqs, vectors in self._passages.vector_pages(held.last):
                    held.add(seqs, vectors)
            return held, held.count

    def _older(self, question: Vector, wanted: Seqs, k: int) -> Seqs:
        found: list[Seqs] = []
        for start in range(0, len(wanted), BLOCK):
            seqs, vectors = self._passages.vectors(wanted[start : start + BLOCK])
            found.append(seqs[_best(vectors @ question, k)] if len(seqs) > k else seqs)
        seqs, vectors = self._passages.vectors(np.concatenate(found))
        return nearest_of(question, seqs, vectors, k)


def _begun(work: Callable[[], None]) -> threading.Thread | None:
    """A thread at work; None if there is none to be had."""
    thread = threading.Thread(target=work, name="scores")
    try:
        thread.start()
    except RuntimeError:
        return None
    return thread


def nearest_of(question: Vector, seqs: Seqs, vectors: Vectors, k: int) -> Seqs:
    """The k of `seqs` whose rows of `vectors` are nearest to the question."""
    if len(seqs) <= k:
        return seqs
    return seqs[_best(vectors @ question, k)]


def _best(scores: _Scores, k: int) -> Seqs:
    """Where the k highest scores are, if there are more."""
    sample = scores[::SAMPLE]
    some = 2 * k // SAMPLE + 8  # so many of the sample are hardly all among the k highest
    if len(sample) > 4 * some:  # else there is nothing to save
        high = np.flatnonzero(scores >= np.partition(sample, -some)[-some])
        if len(high) > k:
            return high[_highest(scores[high], k)]
    return _highest(scores, k)


def _highest(scores: _Scores, k: int) -> Seqs:
    places: Seqs = np.argpartition(scores, len(scores) - k)[len(scores) - k :]
    return places
