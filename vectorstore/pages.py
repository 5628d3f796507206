"""Which address brought which article, and how to ask for what has changed since.

The functions read and write SQLite; those that write need a transaction.
"""

import sqlite3
from dataclasses import dataclass

TABLES = """
CREATE TABLE pages (
    address TEXT PRIMARY KEY,
    article INTEGER REFERENCES articles (seq) ON DELETE CASCADE,
    content_hash TEXT, etag TEXT, last_modified TEXT
) WITHOUT ROWID;
CREATE INDEX pages_by_article ON pages (article);
"""


@dataclass(frozen=True, slots=True)
class Page:
    """An address, the article it brought, and what its server called that state of it."""

    address: str
    article_id: str
    etag: str | None = None
    last_modified: str | None = None


def known(connection: sqlite3.Connection, address: str) -> Page | None:
    """What an address brought when it was last read, or None.

    Without conditions if something else has changed the article since: then "unchanged" is no
    answer.
    """
    query = """SELECT a.id, v.content_hash = p.content_hash, p.etag, p.last_modified
        FROM pages p JOIN articles a ON a.seq = p.article
        JOIN versions v ON v.article = a.seq AND v.version = a.version WHERE p.address = ?"""
    row = connection.execute(query, (address,)).fetchone()
    if row is None:
        return None
    article_id, current, *conditions = row
    return Page(address, article_id, *conditions) if current else Page(address, article_id)


def note(connection: sqlite3.Connection, page: Page) -> None:
    """Remembers what an address brought; nothing if that article isn't stored."""
    connection.execute(
        """INSERT OR REPLACE INTO pages
        SELECT ?, a.seq, v.content_hash, ?, ? FROM articles a
        JOIN versions v ON v.article = a.seq AND v.version = a.version WHERE a.id = ?""",
        (page.address, page.etag, page.last_modified, page.article_id),
    )


def mark_gone(connection: sqlite3.Connection, article_id: str, day: str | None) -> None:
    """Marks an article whose page was first missed on a day (ISO); None: it is back."""
    query = "UPDATE articles SET gone = iif(?1 IS NULL, NULL, coalesce(gone, ?1)) WHERE id = ?2"
    connection.execute(query, (day, article_id))
