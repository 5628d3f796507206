"""Which passages are live, and what filters ask of each: in memory, as of the reader's moment.

Passages of a set are only added, with growing numbers, or retired. So after a write by anybody no
more is read than what is new, and how many there are. If that is fewer than expected, the earlier
ones of the articles that have new ones are gone; if others are, they are looked for, by halves.
The few last states are kept, for readers of snapshots.
"""

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary, ref

import numpy as np
import numpy.typing as npt

from vectorstore.collection import Collection
from vectorstore.database import Database
from vectorstore.lexical import Corpus
from vectorstore.models import Filters
from vectorstore.records import CURRENT, sensible
from vectorstore.seqs import Seqs, numbers_in, places_of

_Codes = npt.NDArray[np.int32]
_Test = Callable[[str | None], bool]

KEPT = 4  # states
SOUGHT = 64  # passages that are looked for by halves; more are found by reading all numbers
_TRAITS = ("language", "source", "day")
_SIZE = "size"  # the length of a passage in characters, no code
_ARTICLE = "article"  # the number of its article, no code
_COLUMNS = (*_TRAITS, _SIZE, _ARTICLE)


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The live passages of one moment, ascending, with a code for each trait.

    `last` is the newest that ever was; `present` has the names of a trait once they were asked for.
    """

    generation: int
    index: str
    seqs: Seqs
    codes: dict[str, _Codes]
    last: int
    present: dict[str, frozenset[str]] = field(default_factory=dict)


_NOTHING = np.empty(0, np.int64)


class Live:
    """The live passages of a database; one for all who ask in this process (`live_of`)."""

    def __init__(self, database: Database) -> None:
        self._of = ref(database)  # which is to be let go with all that is known of it
        self._lock = threading.Lock()
        self._states: deque[State] = deque(maxlen=KEPT)
        self._together: Collection | None = None
        self._names: dict[str, list[str | None]] = {trait: [] for trait in _TRAITS}
        self._numbers: dict[str, dict[str | None, int]] = {trait: {} for trait in _TRAITS}

    @property
    def _database(self) -> Database:
        database = self._of()
        assert database is not None
        return database

    def state(self) -> State:
        """The passages that this thread's snapshot sees; those of this moment without one."""
        with self._lock, self._database.snapshot():
            generation, index = self._database.generation, self._database.note("index") or ""
            for state in self._states:
                if (state.generation, state.index) == (generation, index):
                    return state
            found = self._read(generation, index)
            self._states.append(found)
            return found

    def names(self, trait: str) -> frozenset[str]:
        """The languages or sources that live passages are of."""
        state, names = self.state(), self._names[trait]
        if trait not in state.present:
            codes = np.flatnonzero(np.bincount(state.codes[trait])).tolist()
            state.present[trait] = frozenset(name for code in codes if (name := names[code]))
        return state.present[trait]

    def collection(self) -> Collection:
        """What is known of them together; the same one until somebody writes."""
        with self._database.snapshot():
            generation, known = self._database.generation, self._together
            if known is None or known.generation != generation:
                found = Collection(generation, self._corpus(), self.names("language"))
                known = self._together = found
            return known

    def languages(self, seqs: Seqs) -> list[str | None]:
        """The language of each of these passages, in their order; None for those not live."""
        state, names = self.state(), self._names["language"]
        places, live = places_of(seqs, state.seqs)
        codes = state.codes["language"][places] if len(state.seqs) else np.zeros(len(seqs), int)
        return [names[c] if there else None for c, there in zip(codes.tolist(), live, strict=True)]

    def allowed(self, filters: Filters) -> Seqs:
        """The passages that pass the filters, ascending; those that name articles apart."""
        state = self.state()
        passes = np.ones(len(state.seqs), np.bool_)
        for trait, test in _tests(filters):
            names = self._names[trait]
            table = np.fromiter((test(name) for name in names), np.bool_, len(names))
            passes &= table[state.codes[trait]]
        return state.seqs[passes]

    # -- reading -----------------------------------------------------------------------

    def _corpus(self) -> Corpus:
        sizes = self.state().codes[_SIZE]
        average = int(sizes.sum(dtype=np.int64)) / len(sizes) if len(sizes) else 1.0
        return Corpus(len(sizes), average)

    def _read(self, generation: int, index: str) -> State:
        earlier = [s for s in self._states if s.index == index and s.generation < generation]
        before = max(earlier, key=lambda s: s.generation, default=None)
        known = before or State(0, index, _NOTHING, _empty(), -1)
        seqs, codes = self._added(known.last, before is None)
        last = int(seqs[-1]) if len(seqs) else known.last
        kept = self._kept(known, codes[_ARTICLE])
        joined = {name: np.concatenate([known.codes[name][kept], codes[name]]) for name in _COLUMNS}
        return State(generation, index, np.concatenate([known.seqs[kept], seqs]), joined, last)

    def _added(self, last: int, all_there_are: bool) -> tuple[Seqs, dict[str, _Codes]]:
        """The passages behind one, with their codes."""
        connection = self._database.read()
        query = """SELECT group_concat(seq), group_concat(article), group_concat(size)
            FROM (SELECT seq, article, end - start AS size FROM chunks
            WHERE seq > ? ORDER BY seq)"""
        told = connection.execute(query, (last,)).fetchone()
        with sensible("passages"):
            seqs, articles, sizes = map(numbers_in, told)
        if not len(seqs):
            return _NOTHING, _empty()
        of, places = np.unique(articles, return_inverse=True)
        named = "" if all_there_are else "WHERE a.seq IN (SELECT value FROM json_each(?))"
        query = f"SELECT a.seq, v.language, v.source, v.day FROM {CURRENT} {named}"
        values = () if all_there_are else (json.dumps(of.tolist()),)
        traits = {row[0]: row[1:] for row in connection.execute(query, values)}
        columns = zip(*(traits.get(one, (None, None, None)) for one in of.tolist()), strict=True)
        codes = {
            trait: self._coded(trait, list(column))[places]
            for trait, column in zip(_TRAITS, columns, strict=True)
        }
        others = {_SIZE: sizes.astype(np.int32), _ARTICLE: articles.astype(np.int32)}
        return seqs, codes | others

    def _coded(self, trait: str, names: list[str | None]) -> _Codes:
        numbers, known = self._numbers[trait], self._names[trait]
        for name in names:
            if name not in numbers:
                known.append(name)  # first: a reader must find what a code stands for
                numbers[name] = len(known) - 1
        return np.fromiter((numbers[name] for name in names), np.int32, len(names))

    def _kept(self, before: State, stored: _Codes) -> npt.NDArray[np.bool_]:
        """Which of the passages known before are still live, of which none is new.

        `stored` are the numbers of the articles that have new ones.
        """
        known, connection = before.seqs, self._database.read()
        query = "SELECT (SELECT count(*) FROM chunks), count(*) FROM chunks WHERE seq > ?"
        total, new = connection.execute(query, (before.last,)).fetchone()
        lacking = len(known) - int(total - new)
        replaced = np.isin(before.codes[_ARTICLE], stored)
        if lacking == np.count_nonzero(replaced) and not self._count(known[replaced]):
            return ~replaced
        if lacking > SOUGHT:
            live = (
                "SELECT group_concat(seq) FROM (SELECT seq FROM chunks WHERE seq <= ? ORDER BY 1)"
            )
            told = connection.execute(live, (before.last,)).fetchone()[0]
            return places_of(known, numbers_in(told))[1]
        return self._sought(known, lacking)

    def _count(self, seqs: Seqs) -> int:
        """How many of these passages are live."""
        query = "SELECT count(*) FROM chunks WHERE seq IN (SELECT value FROM json_each(?))"
        return int(self._database.read().execute(query, (json.dumps(seqs.tolist()),)).fetchone()[0])

    def _sought(self, known: Seqs, lacking: int) -> npt.NDArray[np.bool_]:
        """Which of the known passages are still live; so many are not."""
        kept = np.ones(len(known), np.bool_)
        count = "SELECT count(*) FROM chunks WHERE seq BETWEEN ? AND ?"
        connection = self._database.read()

        def gone(start: int, end: int) -> int:
            first, final = int(known[start]), int(known[end - 1])
            there = connection.execute(count, (first, final)).fetchone()[0]
            return end - start - int(there)

        parts = [(0, len(known), lacking)] if lacking else []
        while parts:
            start, end, lacks = parts.pop()
            if lacks == end - start:
                kept[start:end] = False
                continue
            middle = (start + end) // 2
            left = gone(start, middle)
            halves = ((start, middle, left), (middle, end, lacks - left))
            parts.extend(half for half in halves if half[2])
        return kept


def _empty() -> dict[str, _Codes]:
    return {trait: np.empty(0, np.int32) for trait in _COLUMNS}


def _tests(filters: Filters) -> list[tuple[str, _Test]]:
    """For each trait that is filtered, whether a value passes; nothing that is unknown does."""
    found: list[tuple[str, _Test]] = []
    since, until = (day and day.isoformat() for day in (filters.since, filters.until))
    if since or until:
        found.append(("day", lambda d: d is not None and (since or d) <= d and d <= (until or d)))
    named = [{filters.source}] if filters.source is not None else []
    named += [set(filters.sources)] if filters.sources is not None else []
    found += [("source", _is_one_of(names)) for names in named]
    if filters.language is not None:
        wanted = filters.language.lower()
        found.append(
            ("language", lambda v: v is not None and (v == wanted or v.startswith(f"{wanted}-")))
        )
    return found


def _is_one_of(names: set[str]) -> _Test:
    folded = {name.casefold() for name in names}
    return lambda source: bool(source) and str(source).casefold() in folded


_KNOWN: "WeakKeyDictionary[Database, Live]" = WeakKeyDictionary()
_GUARD = threading.Lock()


def live_of(database: Database) -> Live:
    """The one Live of a database."""
    with _GUARD:
        return _KNOWN.setdefault(database, Live(database))
