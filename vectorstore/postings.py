"""The lexical index in SQLite: which passages hold the rarest terms of a question.

FTS5 only proposes; `lexical.QuestionTerms` scores the proposals exactly from their text.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vectorstore import lexical
from vectorstore.index_sets import LIVE
from vectorstore.lexical import Corpus, Kind, QuestionTerms
from vectorstore.seqs import SPARSE, Seqs, numbers_in, places_of

PROPOSERS = 12  # the rarest terms that may propose passages
COMMON = 25_000  # passages that hold a term too common to propose any, unless it is the rarest
ENOUGH = 100_000  # postings after which no further term proposes
REMEMBERED = 50_000  # terms whose passages were counted
FEW = 500  # passages that are soon listed again
KEPT = 2_000_000  # passages in lists that are remembered, 8 bytes each


@dataclass(frozen=True, slots=True)
class Terms:
    """What is indexed of one passage."""

    grams: str
    stems: str


def terms_of(text: str, language: str | None) -> Terms:
    """The postings of a passage, as FTS5 takes them: terms between blanks."""
    tokens = lexical.words(text)
    return Terms(" ".join(lexical.grams(tokens)), " ".join(lexical.stems(tokens, language)))


def insert(connection: sqlite3.Connection, seq: int, terms: Terms, prefix: str = LIVE) -> None:
    """Adds a passage's postings to a set."""
    for table, body in (("grams", terms.grams), ("stems", terms.stems)):
        query = f"INSERT INTO {prefix}{table} (rowid, body) VALUES (?, ?)"
        connection.execute(query, (seq, body))


def delete(connection: sqlite3.Connection, seq: int, terms: Terms, prefix: str = LIVE) -> None:
    """Removes a passage's postings; `terms` must be what was inserted (docs/decisions.md)."""
    for table, body in (("grams", terms.grams), ("stems", terms.stems)):
        name = prefix + table
        connection.execute(
            f"INSERT INTO {name} ({name}, rowid, body) VALUES ('delete', ?, ?)", (seq, body)
        )


class KnownTerms:
    """What is known of the terms of a collection while that stays the same: who holds them.

    SQLite counts the passages that hold a term each time, which takes 20 ns a passage, and lists
    them in 80: for common terms both are remembered.
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[Kind, str], int] = {}
        self._holders: dict[tuple[Kind, str], Seqs] = {}
        self._kept = 0

    def of(
        self, connection: sqlite3.Connection, kind: Kind, terms: Sequence[str]
    ) -> dict[str, int]:
        """How many passages hold each term."""
        wanted = dict.fromkeys(terms)
        found = {term: df for term in wanted if (df := self._counts.get((kind, term))) is not None}
        if len(found) < len(wanted):
            fresh = _count(connection, kind, [term for term in wanted if term not in found])
            if len(self._counts) < REMEMBERED:
                self._counts.update(((kind, term), df) for term, df in fresh.items())
            found |= fresh
        return {term: found[term] for term in wanted}

    def weigh(
        self, connection: sqlite3.Connection, kind: Kind, terms: Sequence[str], size: Corpus
    ) -> QuestionTerms:
        """A question's terms with their rarity in the collection."""
        held = self.of(connection, kind, terms)
        return QuestionTerms({term: size.rarity(df) for term, df in held.items()}, size)

    def propose(
        self,
        connection: sqlite3.Connection,
        kind: Kind,
        terms: QuestionTerms,
        limit: int,
        among: Seqs | None = None,
    ) -> Seqs:
        """The passages that hold most of the weight of the question's rarest terms.

        Terms that stand nowhere don't count among those, nor do those that stand everywhere. Only
        passages `among` if given.
        """
        rarest = sorted(terms.weights.items(), key=lambda item: -item[1])
        common = terms.corpus.rarity(COMMON)
        found: list[Seqs] = []
        weights: list[float] = []
        for term, weight in rarest:
            enough = len(found) == PROPOSERS or sum(map(len, found)) > ENOUGH
            if enough or (found and weight < common):
                break
            if len(seqs := self._holding(connection, kind, term)):
                found.append(seqs)
                weights.append(weight)
        if among is not None:
            found = [seqs[places_of(seqs, among)[1]] for seqs in found]
        return _heaviest(found, weights, limit)

    def _holding(self, connection: sqlite3.Connection, kind: Kind, term: str) -> Seqs:
        """The passages that hold a term, as SQLite lists them now or did before."""
        known = self._holders.get((kind, term))
        if known is None:
            known = _holders(connection, kind, term)
            if len(known) > FEW and self._kept + len(known) <= KEPT:
                self._holders[kind, term] = known
                self._kept += len(known)
        return known


def _count(connection: sqlite3.Connection, kind: Kind, terms: Sequence[str]) -> dict[str, int]:
    """How many passages hold each term, as SQLite counts them."""
    query = f"""SELECT term, doc FROM {kind}_df
        WHERE term IN (SELECT value FROM json_each(?))"""
    held = dict(connection.execute(query, (json.dumps(list(dict.fromkeys(terms))),)).fetchall())
    return {term: held.get(term, 0) for term in dict.fromkeys(terms)}


def _heaviest(found: Sequence[Seqs], weights: Sequence[float], limit: int) -> Seqs:
    """The passages that have most weight together, the lower number first of those with as much."""
    joined = np.concatenate([np.empty(0, np.int64), *found])
    if not len(joined):
        return joined
    each = np.repeat(weights, [len(seqs) for seqs in found])
    first, last = int(joined.min()), int(joined.max())
    if last - first < SPARSE * len(joined):
        totals = np.bincount(joined - first, weights=each)
        seqs = np.flatnonzero(totals)
        totals = totals[seqs]
        seqs += first
    else:
        seqs, places = np.unique(joined, return_inverse=True)
        totals = np.bincount(places, weights=each)
    if len(seqs) > limit:
        enough = np.flatnonzero(totals >= np.partition(totals, -limit)[-limit])
        seqs, totals = seqs[enough], totals[enough]
    return seqs[np.argsort(-totals, kind="stable")[:limit]]


def _holders(connection: sqlite3.Connection, kind: Kind, term: str) -> Seqs:
    """The passages that hold a term, as one text, which takes a fifth of the time of rows."""
    query = f"SELECT group_concat(rowid) FROM {kind} WHERE {kind} MATCH ?"
    (told,) = connection.execute(query, (f'"{term}"',)).fetchone()
    return numbers_in(told)
