"""Which source has brought which article, for a later prune.

The functions read and write SQLite; those that write need a transaction.
"""

import sqlite3
from collections.abc import Iterable

from vectorstore.records import remove


def brought(connection: sqlite3.Connection, origin: str) -> frozenset[str]:
    """The articles that a source has brought so far."""
    query = "SELECT a.id FROM origins o JOIN articles a ON a.seq = o.article WHERE o.origin = ?"
    return frozenset(row[0] for row in connection.execute(query, (origin,)))


def unnoted(connection: sqlite3.Connection, article_ids: Iterable[str], origin: str) -> list[int]:
    """The numbers of those stored articles that are not noted as a source's yet."""
    query = """SELECT a.seq FROM articles a WHERE a.id = ? AND NOT EXISTS
        (SELECT 1 FROM origins o WHERE o.article = a.seq AND o.origin = ?)"""
    return [
        row[0] for one in article_ids for row in connection.execute(query, (one, origin)).fetchall()
    ]


def note(connection: sqlite3.Connection, seqs: Iterable[int], origin: str) -> None:
    """Notes articles as a source's; one that was deleted meanwhile is passed over."""
    connection.executemany(
        "INSERT OR IGNORE INTO origins SELECT ?, seq FROM articles WHERE seq = ?",
        [(origin, seq) for seq in seqs],
    )


def prune(connection: sqlite3.Connection, origin: str, dropped: Iterable[str]) -> int:
    """Removes what a source no longer has, unless another one has it; returns how many."""
    deleted = 0
    for article_id in dropped:
        query = """SELECT a.seq FROM origins o JOIN articles a ON a.seq = o.article
            WHERE o.origin = ? AND a.id = ?"""
        for (seq,) in connection.execute(query, (origin, article_id)).fetchall():
            query = "DELETE FROM origins WHERE origin = ? AND article = ?"
            connection.execute(query, (origin, seq))
            query = "SELECT 1 FROM origins WHERE article = ?"
            if connection.execute(query, (seq,)).fetchone() is None:
                remove(connection, seq)
                deleted += 1
    return deleted
