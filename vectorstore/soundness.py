"""Whether a catalogue is sound: every page by SQLite's own check, every version by its hash.

Nothing here writes: what is damaged stays as it is, and a backup is what it was.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vectorstore.errors import CatalogueDamaged, StoreError
from vectorstore.models import Article, content_digest
from vectorstore.records import COLUMNS, article_of

PATIENCE = 120.0  # seconds to wait for another process that writes

_TABLES = {"articles", "versions", "meta"}
_NO_DAMAGE = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_FULL, sqlite3.SQLITE_AUTH),
}


@dataclass(frozen=True, slots=True)
class Verified:
    """How much a catalogue or a backup holds, all of it intact, and in which schema."""

    articles: int
    versions: int
    schema: int


@dataclass(frozen=True, slots=True)
class State:
    """How far a catalogue is."""

    generation: int
    articles: int
    versions: int


def verify(path: Path) -> Verified:
    """Reads a backup or a catalogue whole and checks every page and every stored version.

    CatalogueDamaged, in one sentence, if it is no catalogue or anything in it is broken; another
    StoreError if it can't be read now. A catalogue of any schema can be verified, also a newer one.
    """
    try:
        if not path.is_file():
            raise StoreError(f"There is no file {path}.")
        return verified(path)
    except Broken as broken:
        raise CatalogueDamaged(f"{path} is no sound catalogue of Beleg: {broken}.") from broken
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path} can't be read ({error}).") from error


class Broken(Exception):
    """What is broken in a catalogue, in a few words."""


@contextmanager
def what_is_broken(*harmless: int) -> Iterator[None]:
    """Tells what shows that a file is broken from what is only in the way of reading it.

    Such are `harmless` codes of SQLite's, and some that always are.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code in _NO_DAMAGE or code in harmless:
            raise
        raise Broken(str(error)) from error
    except (ValueError, TypeError) as error:  # values that no article has
        raise Broken(str(error)) from error


def verified(path: Path) -> Verified:
    """See `verify`; raises Broken, or what SQLite or the system raise."""
    if path.stat().st_size == 0:  # SQLite would remove what lies in the log beside it
        raise Broken("it is empty")
    with what_is_broken(), reading(path) as connection:
        connection.execute("BEGIN")  # one state, whoever writes meanwhile
        rows = connection.execute("SELECT name FROM sqlite_master").fetchall()
        if not {name for (name,) in rows} >= _TABLES:
            raise Broken("it has no articles")
        if (broken := _broken(connection)) is not None:
            raise Broken(broken)
        found = state(connection)
        schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
        return Verified(found.articles, found.versions, schema)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that reads a catalogue which others may write, and makes none."""
    connection = opened(path)
    try:
        yield connection
    finally:
        connection.close()


def opened(path: Path) -> sqlite3.Connection:
    """Where a folder can't be written to, SQLite can't read along with writers: there are none.

    Then what is only in the log can't be read either, so that it must be empty.
    """
    closed = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
    log = path.with_name(path.name + "-wal")
    address = path.absolute().as_uri()
    for mode in ("mode=ro", "immutable=1"):
        connection = sqlite3.connect(
            f"{address}?{mode}",
            uri=True,
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            logged = log.exists() and log.stat().st_size
            if mode == "immutable=1" or logged or error.sqlite_errorcode & 0xFF not in closed:
                raise
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise AssertionError("unreachable")


def _broken(connection: sqlite3.Connection) -> str | None:
    """The first thing that is broken, in a few words."""
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        return str(found).strip().splitlines()[-1]
    if (row := connection.execute("PRAGMA foreign_key_check").fetchone()) is not None:
        return f"a row of {row[0]} refers to nothing"
    row = connection.execute(
        """SELECT a.id FROM articles a LEFT JOIN versions v
        ON v.article = a.seq AND v.version = a.version WHERE v.article IS NULL"""
    ).fetchone()
    if row is not None:
        return f"the text of the article {row[0]!r} is missing"
    for article in stored(connection):
        if not intact(article):
            return f"version {article.version} of the article {article.id!r} is not what was stored"
    return None


def stored(connection: sqlite3.Connection) -> Iterator[Article]:
    """Every version of every article, of a catalogue of any schema."""
    query = (
        f"SELECT a.id, {columns(connection)} FROM articles a JOIN versions v ON v.article = a.seq"
    )
    for article_id, *row in connection.execute(query):
        yield article_of(article_id, row)


def columns(connection: sqlite3.Connection) -> str:
    """`records.COLUMNS`, with NULL for those that a schema hasn't got."""
    present = {row[1] for row in connection.execute("PRAGMA table_info(versions)")}
    wanted: Sequence[str] = [column.strip() for column in COLUMNS.split(",")]
    return ", ".join(c if c.removeprefix("v.") in present else "NULL" for c in wanted)


def intact(article: Article) -> bool:
    """Whether a stored article is what was once stored."""
    return content_digest(article) == article.content_hash


def state(connection: sqlite3.Connection) -> State:
    """How far the catalogue is, at one time."""
    row = connection.execute(
        """SELECT (SELECT value FROM meta WHERE key = 'generation'),
        (SELECT count(*) FROM articles), (SELECT count(*) FROM versions)"""
    ).fetchone()
    return State(*map(int, row))
