"""Copies of the catalogue: written while everything runs, believed once they are read back.

A backup is one SQLite file with everything that is in the catalogue. Whatever proves a backup
good proves the catalogue good: SQLite's own check of every page, and each stored version's hash.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from vectorstore import durable
from vectorstore.errors import StoreError
from vectorstore.models import Article, content_digest
from vectorstore.records import COLUMNS, article_of

PATIENCE = 120.0  # seconds to wait for another process that writes
MARK = 0x42656C67  # "Belg": SQLite's application_id of a backup, which no catalogue in use has

_BESIDE = ("", "-wal", "-shm", "-journal")  # the files of a catalogue
_TABLES = {"articles", "versions", "meta"}


@dataclass(frozen=True, slots=True)
class Verified:
    """How much a catalogue or a backup holds, all of it intact, and in which schema."""

    articles: int
    versions: int
    schema: int


@dataclass(frozen=True, slots=True)
class _State:
    generation: int
    articles: int
    versions: int


# -- writing -----------------------------------------------------------------------------


def write_backup(catalogue: Path, target: Path) -> Verified:
    """Copies the catalogue to `target`, on a connection of its own, in one consistent state.

    The copy has a draft's name until it has been read back and is on the disk. An earlier backup
    at `target` is replaced in one step; StoreError for anything else that is there, and for
    whatever can't be read or written: then `target` is as it was.
    """
    target = target.absolute()
    _refuse(catalogue, target)
    draft = target.with_name(
        f".beleg-{sha256(str(catalogue.resolve()).encode()).hexdigest()[:12]}.draft"
    )
    with _alone(catalogue):
        try:
            span = _copy(catalogue, draft)
            found = verify(draft)
            _compare(span, draft)
            durable.publish(draft, target)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"The backup {target} can't be written ({error}). "
                "Check the free space and the rights of its folder, or name another one."
            ) from error
        finally:
            _remove(draft)
    return found


def _refuse(catalogue: Path, target: Path) -> None:
    """StoreError for a place where a backup would do harm, or can't be."""
    place = target.resolve()
    home = catalogue.parent.resolve()
    own = {home / (catalogue.name + ending) for ending in _BESIDE}
    if place in own or home / "chroma" in place.parents:
        raise StoreError(f"{target} belongs to the catalogue itself. Name another file.")
    if not catalogue.is_file():
        raise StoreError(f"There is no catalogue {catalogue}, so there is nothing to back up.")
    if not target.parent.is_dir():
        raise StoreError(f"There is no folder {target.parent}. Make it, or name another file.")
    if target.is_dir():
        raise StoreError(f"{target} is a folder. Name a file in it.")
    if os.path.lexists(target) and not is_backup(target):
        raise StoreError(
            f"{target} is there already and no backup of Beleg, so it is left alone. "
            "Name another file."
        )


def is_backup(path: Path) -> bool:
    """Whether a file says that it is a backup, which no catalogue in use does."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError:
        return False
    return header.startswith(b"SQLite format 3\0") and header[68:72] == MARK.to_bytes(4, "big")


@contextmanager
def _alone(catalogue: Path) -> Iterator[None]:
    """One backup of a catalogue at a time, so that a draft that is there is left over."""
    from filelock import FileLock, Timeout

    lock = FileLock(catalogue.with_name("backup.lock"), timeout=PATIENCE)
    held: AbstractContextManager[object]
    try:
        held = lock.acquire()
    except Timeout as error:
        raise StoreError(
            "Another backup of this catalogue is being written. Try again when it is done."
        ) from error
    except OSError:  # a home that can't be written to can still be backed up
        held = nullcontext()
    with held:
        yield


def _copy(catalogue: Path, draft: Path) -> tuple[_State, _State]:
    """Copies into the draft; the states of the catalogue before and after that."""
    _remove(draft)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with reading(catalogue) as connection:
        before = _state(connection)
        connection.execute("VACUUM INTO ?", (str(draft),))
        after = _state(connection)
    copy = sqlite3.connect(draft, isolation_level=None)
    try:
        copy.execute("PRAGMA journal_mode = OFF")  # of a draft nothing is rolled back
        copy.execute(f"PRAGMA application_id = {MARK}")
    finally:
        copy.close()
    return before, after


def _compare(span: tuple[_State, _State], draft: Path) -> None:
    """StoreError unless the draft is what the catalogue was when it was copied."""
    before, after = span
    with reading(draft) as connection:
        found = _state(connection)
    as_it_was = (
        found in span
        if before == after
        else (before.generation <= found.generation <= after.generation)
    )
    if not as_it_was:
        raise StoreError(
            "The backup was not written: its copy differs from the catalogue. Try again; "
            "if that happens twice, `beleg doctor` says what is wrong."
        )


def _state(connection: sqlite3.Connection) -> _State:
    """How far the catalogue is, at one time."""
    row = connection.execute(
        """SELECT (SELECT value FROM meta WHERE key = 'generation'),
        (SELECT count(*) FROM articles), (SELECT count(*) FROM versions)"""
    ).fetchone()
    return _State(*map(int, row))


def _remove(draft: Path) -> None:
    for ending in _BESIDE:
        draft.with_name(draft.name + ending).unlink(missing_ok=True)


# -- reading -----------------------------------------------------------------------------


def verify(path: Path) -> Verified:
    """Reads a backup or a catalogue whole and checks every page and every stored version.

    StoreError, in one sentence, if it is no catalogue or anything in it is broken. A catalogue
    of any schema can be verified, also of a newer one.
    """
    if not path.is_file():
        raise StoreError(f"There is no file {path}.")
    try:
        with reading(path) as connection:
            connection.execute("BEGIN")  # one state, whoever writes meanwhile
            _require_tables(connection, path)
            broken = _broken(connection)
            if broken:
                raise StoreError(f"{path} is damaged: {broken}.")
            counts = _state(connection)
            schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
            return Verified(counts.articles, counts.versions, schema)
    except (sqlite3.Error, OSError, ValueError, TypeError) as error:
        raise StoreError(f"{path} is damaged: {error}.") from error


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that reads a catalogue which others may write, and makes none."""
    connection = _opened(path)
    try:
        yield connection
    finally:
        connection.close()


def _opened(path: Path) -> sqlite3.Connection:
    """Where a folder can't be written to, SQLite can't read along with writers: there are none.

    Then what is only in the log can't be read either, so that it must be empty.
    """
    log = path.with_name(path.name + "-wal")
    address = path.absolute().as_uri()
    for mode in ("mode=ro", "immutable=1"):
        connection = sqlite3.connect(
            f"{address}?{mode}", uri=True, timeout=PATIENCE, isolation_level=None
        )
        try:
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            logged = log.exists() and log.stat().st_size
            if mode == "immutable=1" or logged or "unable to open" not in str(error):
                raise
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise AssertionError("unreachable")


def _require_tables(connection: sqlite3.Connection, path: Path) -> None:
    try:
        rows = connection.execute("SELECT name FROM sqlite_master").fetchall()
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            raise StoreError(f"{path} is no catalogue of Beleg.") from error
        raise
    if not {name for (name,) in rows} >= _TABLES:
        raise StoreError(f"{path} is no catalogue of Beleg.")


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
