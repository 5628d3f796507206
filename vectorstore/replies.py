"""What chat models have written, kept for the next one who asks, and how much was spent on it.

A reply goes with any article whose passages it was written from. Who spent tokens is not noted by
name: that outlasts a wish to be forgotten, or else the wish would buy new tokens. The functions
read and write SQLite; those that write need a transaction.
"""

import sqlite3
from collections.abc import Iterable
from hashlib import sha256

MOST = 2_000  # replies that are kept

TABLES = """
CREATE TABLE replies (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    reply TEXT NOT NULL
);
CREATE TABLE reply_articles (
    reply INTEGER NOT NULL REFERENCES replies (seq) ON DELETE CASCADE,
    article INTEGER NOT NULL,
    PRIMARY KEY (article, reply)
) WITHOUT ROWID;
CREATE INDEX reply_articles_by_reply ON reply_articles (reply);
CREATE TABLE spent (
    day TEXT NOT NULL, person TEXT NOT NULL, tokens INTEGER NOT NULL,
    PRIMARY KEY (day, person)
) WITHOUT ROWID;
"""


def kept(connection: sqlite3.Connection, key: str) -> str | None:
    """The reply that is kept under a key."""
    row = connection.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else None


def keep(connection: sqlite3.Connection, key: str, reply: str, article_ids: Iterable[str]) -> None:
    """Keeps a reply that was written from these articles, unless one of them is gone by now."""
    query = "SELECT seq FROM articles WHERE id = ?"
    rows = [connection.execute(query, (one,)).fetchone() for one in set(article_ids)]
    if None in rows:
        return
    connection.execute("DELETE FROM replies WHERE key = ?", (key,))
    query = "INSERT INTO replies (key, reply) VALUES (?, ?)"
    seq = connection.execute(query, (key, reply)).lastrowid
    query = "INSERT INTO reply_articles VALUES (?, ?)"
    connection.executemany(query, [(seq, row[0]) for row in rows])
    connection.execute("DELETE FROM replies WHERE seq <= ?", ((seq or 0) - MOST,))


def forget(connection: sqlite3.Connection, article: int) -> None:
    """Forgets all replies that were written from an article."""
    query = "DELETE FROM replies WHERE seq IN (SELECT reply FROM reply_articles WHERE article = ?)"
    connection.execute(query, (article,))


def spent(connection: sqlite3.Connection, day: str, person: str) -> int:
    """The tokens that somebody has spent on a day (ISO)."""
    query = "SELECT tokens FROM spent WHERE day = ? AND person = ?"
    row = connection.execute(query, (day, _digest(connection, day, person))).fetchone()
    return int(row[0]) if row else 0


def spend(connection: sqlite3.Connection, day: str, person: str, tokens: int) -> None:
    """Counts tokens on; days are forgotten, but not yesterday: elsewhere it may still last."""
    connection.execute("DELETE FROM spent WHERE day < date(?, '-1 day')", (day,))
    connection.execute(
        """INSERT INTO spent VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET tokens = tokens + excluded.tokens""",
        (day, _digest(connection, day, person), tokens),
    )


def _digest(connection: sqlite3.Connection, day: str, person: str) -> str:
    """Somebody's name here: another one each day and in each catalogue."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'catalogue'").fetchone()
    return sha256(f"{row[0] if row else ''} {day} {person}".encode()).hexdigest()
