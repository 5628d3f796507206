"""Articles by their numbers in the catalogue, for where an id would be too long."""

import re
import sqlite3
from collections.abc import Iterable

from vectorstore.models import Article
from vectorstore.records import COLUMNS, article_of, checked

PREFIX = "art_"  # of an article's name in a link


def numbers(connection: sqlite3.Connection, article_ids: Iterable[str]) -> dict[str, int]:
    """The numbers of the articles with these ids, if they are there."""
    query = "SELECT seq FROM articles WHERE id = ?"
    rows = {one: connection.execute(query, (one,)).fetchone() for one in article_ids}
    return {one: row[0] for one, row in rows.items() if row}


def article(connection: sqlite3.Connection, number: int, version: int = 0) -> Article | None:
    """A version of an article, 0 for the current one; None if it isn't there."""
    row = connection.execute(
        f"""SELECT a.id, {COLUMNS} FROM articles a JOIN versions v ON v.article = a.seq
        AND v.version = coalesce(nullif(?, 0), a.version) WHERE a.seq = ?""",
        (version, number),
    ).fetchone()
    return checked(article_of(row[0], row[1:])) if row else None


def versions(connection: sqlite3.Connection, number: int) -> tuple[int, ...]:
    """The versions of an article that are kept, in order."""
    query = "SELECT version FROM versions WHERE article = ? ORDER BY version"
    return tuple(row[0] for row in connection.execute(query, (number,)))


def named(connection: sqlite3.Connection, name: str) -> int | None:
    """The number of the article with this name: its id, or its number behind "-"."""
    wanted = name.removeprefix(PREFIX)
    if not name.startswith(PREFIX) or not wanted:
        return None
    found = numbers(connection, [wanted]).get(wanted)
    if found is None and re.fullmatch(r"-?\d{1,18}", wanted):
        query = "SELECT seq FROM articles WHERE seq = ?"
        row = connection.execute(query, (abs(int(wanted)),)).fetchone()
        found = row[0] if row else None
    return found
