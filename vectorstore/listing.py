"""Short entries of the current articles, without their texts, and how new they are."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vectorstore.records import CURRENT

_COLUMNS = "a.seq, v.title, v.source, v.published"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article by its number in the catalogue."""

    number: int
    title: str | None
    source: str | None
    published: str | None


def newest(
    connection: sqlite3.Connection, words: str, skipped: int, most: int
) -> tuple[list[Entry], int]:
    """At most so many entries behind the first `skipped`, the newest first, and how many in all.

    Each of the words stands in the title or in the name of the paper; no words, all articles.
    """
    if not words.split():
        query = f"""SELECT {_COLUMNS} FROM {CURRENT}
            ORDER BY v.day IS NULL, v.day DESC, a.seq DESC LIMIT ? OFFSET ?"""
        rows = connection.execute(query, (most, skipped))
        count = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
        return [_entry(row) for row in rows], int(count)
    found = [entry for entry in _all(connection) if _has(entry, words.casefold().split())]
    return found[skipped : skipped + most], len(found)


def highest(connection: sqlite3.Connection) -> int:
    """The highest number so far: articles that are added have higher ones."""
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM articles").fetchone()[0])


def newest_day(connection: sqlite3.Connection, until: str) -> str | None:
    """The latest day (ISO) of an article, but none after `until`: some announce what will be."""
    row = connection.execute("SELECT max(day) FROM versions WHERE day <= ?", (until,)).fetchone()
    return None if row[0] is None else str(row[0])


def _all(connection: sqlite3.Connection) -> Iterator[Entry]:
    query = f"""SELECT {_COLUMNS} FROM {CURRENT}
        ORDER BY v.day IS NULL, v.day DESC, a.seq DESC"""
    return map(_entry, connection.execute(query))


def _has(entry: Entry, words: list[str]) -> bool:
    """SQLite folds the case of ASCII only, so this is done here."""
    told = f"{entry.title or ''} {entry.source or ''}".casefold()
    return all(word in told for word in words)


def _entry(row: tuple[Any, ...]) -> Entry:
    number, title, source, published = row
    told = (None if part is None else str(part) for part in (title, source, published))
    return Entry(int(number), *told)
