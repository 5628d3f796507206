"""Removals whose words may still lie in files of the home: noted with them, settled by a purge.

A note is a row of `meta`. Its key has a digest of the article's id in it, for the id has words of
its own; its value is drawn anew each time, so that a purge settles no more than it has seen.
The functions read and write SQLite; those that write need a transaction.
"""

import hashlib
import sqlite3
from collections.abc import Mapping

_KEY = "purge_due:"


def digest(article_id: str) -> str:
    """What a note calls an article."""
    return hashlib.sha256(article_id.encode()).hexdigest()[:32]


def note(connection: sqlite3.Connection, article_id: str) -> None:
    """Notes that an article is removed in this transaction."""
    query = "INSERT OR REPLACE INTO meta VALUES (?, lower(hex(randomblob(8))))"
    connection.execute(query, (_KEY + digest(article_id),))


def noted(connection: sqlite3.Connection) -> dict[str, str]:
    """The notes that no purge has settled, by the digest of the id."""
    query = "SELECT substr(key, ?), value FROM meta WHERE substr(key, 1, ?) = ?"
    return dict(connection.execute(query, (len(_KEY) + 1, len(_KEY), _KEY)).fetchall())


def settle(connection: sqlite3.Connection, seen: Mapping[str, str]) -> None:
    """Forgets those of these notes that nobody has made anew since."""
    connection.executemany(
        "DELETE FROM meta WHERE key = ? AND value = ?",
        [(_KEY + name, value) for name, value in seen.items()],
    )
