"""The lexical index in SQLite: which passages hold the rarest terms of a question.

FTS5 only proposes; `lexical.QuestionTerms` scores the proposals exactly from their text.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vectorstore import lexical
from vectorstore.index_sets import LIVE
from vectorstore.lexical import Corpus, Kind, QuestionTerms

Seqs = npt.NDArray[np.int64]

PROPOSERS = 12  # the rarest terms that may propose passages


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


def corpus(connection: sqlite3.Connection) -> Corpus:
    """The size of the collection, for BM25."""
    count, length = connection.execute("SELECT count(*), avg(end - start) FROM chunks").fetchone()
    return Corpus(count, length or 1.0)


def weigh(
    connection: sqlite3.Connection, kind: Kind, terms: Sequence[str], size: Corpus
) -> QuestionTerms:
    """A question's terms with their rarity in the collection."""
    held = holding(connection, kind, terms)
    return QuestionTerms({term: size.rarity(df) for term, df in held.items()}, size)


def holding(connection: sqlite3.Connection, kind: Kind, terms: Sequence[str]) -> dict[str, int]:
    """How many passages hold each term."""
    query = f"SELECT doc FROM {kind}_df WHERE term = ?"
    held = {}
    for term in dict.fromkeys(terms):
        row = connection.execute(query, (term,)).fetchone()
        held[term] = row[0] if row else 0
    return held


def propose(
    connection: sqlite3.Connection,
    kind: Kind,
    terms: QuestionTerms,
    limit: int,
    among: Seqs | None = None,
) -> Seqs:
    """The passages that hold most of the weight of the question's rarest terms.

    Terms that stand nowhere don't count among those. Only passages `among` if given.
    """
    rarest = sorted(terms.weights.items(), key=lambda item: -item[1])
    found: list[Seqs] = []
    weights = []
    for term, weight in rarest:
        if len(found) == PROPOSERS:
            break
        query = f"SELECT rowid FROM {kind} WHERE {kind} MATCH ?"
        rows = connection.execute(query, (f'"{term}"',)).fetchall()
        if rows:
            seqs = np.fromiter((row[0] for row in rows), np.int64, len(rows))
            found.append(seqs)
            weights.append(np.full(len(seqs), weight))
    if not found:
        return np.empty(0, np.int64)
    seqs, places = np.unique(np.concatenate(found), return_inverse=True)
    totals = np.bincount(places, weights=np.concatenate(weights))
    if among is not None:
        inside = np.isin(seqs, among, assume_unique=True)
        seqs, totals = seqs[inside], totals[inside]
    return seqs[np.argsort(-totals, kind="stable")[:limit]]
