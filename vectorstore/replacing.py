"""Other content for a catalogue, in one step, while other processes read it and write to it.

What takes its place is a draft that goes on where the present catalogue is: no number that a
process may remember, of a passage or of a note for Chroma, means something else afterwards.
"""

import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from vectorstore import durable, schema
from vectorstore.backup import FILES, copy_into, remove
from vectorstore.errors import StoreError
from vectorstore.index_sets import SPACING
from vectorstore.soundness import PATIENCE, reading

FAR = 2**32  # beyond what a catalogue whose numbers can't be read any more has given out
FAR_INDEX = 1_000

_INDEXES = "SELECT max(CAST(value AS INTEGER)) FROM meta WHERE key LIKE '%index'"


def draft_of(source: Path | None, draft: Path) -> None:
    """A copy of a backup, or an empty catalogue, in the present schema and unknown to Chroma."""
    if source is None:
        remove(draft)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    else:
        with reading(source) as connection:
            copy_into(connection, draft, 0)
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        found = schema.found(connection)
        if found == 0:
            schema.create(connection)
        elif found < schema.SCHEMA:
            schema.migrate(connection)
        connection.execute("DELETE FROM meta WHERE key LIKE 'chroma%'")
        connection.execute("COMMIT")


# -- going on where the present catalogue is ---------------------------------------------


@dataclass(frozen=True, slots=True)
class _GivenOut:
    """What a catalogue has told other processes; None for what can't be read.

    `due` are the notes of words that are still to be removed from the home's files.
    """

    identity: str | None
    generation: int | None
    index: int | None
    articles: int | None
    pending: int | None
    due: tuple[tuple[str, str], ...]


def go_on(connection: sqlite3.Connection, present: Path, identity: str | None) -> None:
    """Makes a draft go on where the present catalogue is, whose writers have to wait meanwhile.

    It gets the id `identity`, or else that one's, or else a new one.
    """
    given, own = _given_out(present), _read_from(connection)
    generation, index = own.generation or 0, own.index or 0
    later = max(generation, generation + FAR if given.generation is None else given.generation)
    number = max(index, index + FAR_INDEX if given.index is None else given.index) + 1
    pending = (own.pending or 0) + FAR if given.pending is None else given.pending
    notes = {
        "generation": str(later + 1),
        "index": str(number),
        "catalogue": identity or given.identity or uuid.uuid4().hex,
        "chroma_purge": uuid.uuid4().hex,  # whoever owns Chroma builds it anew
        **dict(given.due),
    }
    connection.execute("BEGIN")
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", notes.items())
    connection.execute("DELETE FROM pending")
    for table, least in (
        ("chunks", number * SPACING),
        ("articles", given.articles or 0),
        ("pending", pending),
    ):
        _count_from(connection, table, least)
    connection.execute("COMMIT")


_UNKNOWN = _GivenOut(None, None, None, None, None, ())


def _given_out(present: Path) -> _GivenOut:
    if not present.is_file() or present.stat().st_size == 0:
        return _UNKNOWN
    try:
        with reading(present) as connection:
            return _read_from(connection)
    except sqlite3.Error:
        return _UNKNOWN


def _read_from(connection: sqlite3.Connection) -> _GivenOut:
    def value(query: str) -> str | None:
        rows = all_of(query)
        return str(rows[0][0]) if rows and rows[0][0] is not None else None

    def all_of(query: str) -> list[tuple[object, ...]]:
        try:
            return connection.execute(query).fetchall()
        except sqlite3.Error:
            return []

    def number(query: str, most: int = 2**48) -> int | None:
        found = value(query) or ""
        return int(found) if found.isdecimal() and int(found) < most else None

    last = "SELECT seq FROM sqlite_sequence WHERE name = "
    due = all_of("SELECT key, value FROM meta WHERE key LIKE 'purge_due:%'")
    return _GivenOut(
        value("SELECT value FROM meta WHERE key = 'catalogue'"),
        number("SELECT value FROM meta WHERE key = 'generation'"),
        number(_INDEXES, 2**20),
        number(last + "'articles'"),
        number(last + "'pending'"),
        tuple((str(key), str(told)) for key, told in due),
    )


def _count_from(connection: sqlite3.Connection, table: str, least: int) -> None:
    """Lets the numbers of a table's new rows begin behind `least`."""
    query = "SELECT seq FROM sqlite_sequence WHERE name = ?"
    row = connection.execute(query, (table,)).fetchone()
    if row is None:
        connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, least))
    elif row[0] < least:
        query = "UPDATE sqlite_sequence SET seq = ? WHERE name = ?"
        connection.execute(query, (least, table))


# -- the step ----------------------------------------------------------------------------


def replace_content(
    draft: Path, present: Path, identity: str | None, before: Callable[[], None]
) -> None:
    """The draft's content into the present file, in one transaction, which others see whole.

    `before` is called while everybody else who wants to write waits. sqlite3.Error if the file
    is too damaged for that; whatever is raised, nothing is changed.
    """
    with (
        closing(sqlite3.connect(draft, isolation_level=None)) as source,
        closing(_open(present, "ro")),  # the last to close: else a failure would end in a merge
        closing(_open(present, "rw")) as target,
    ):
        pages = int(source.execute("PRAGMA page_count").fetchone()[0])
        begun = False

        def waiting(status: int, remaining: int, total: int) -> None:
            nonlocal begun
            if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise StoreError(
                    "Another process is at work on the catalogue for long. Nothing was changed; "
                    "try again, or stop it first."
                )
            if not begun:  # the first step, which is not all, has locked the file for writing
                begun = True
                before()
                go_on(source, present, identity)  # SQLite copies what this changes once more

        source.backup(target, pages=max(1, pages - 1), progress=waiting)
        target.execute("PRAGMA busy_timeout = 500")
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # if nobody reads an earlier state


def _open(present: Path, mode: str) -> sqlite3.Connection:
    address = f"{present.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)
    try:
        connection.execute("PRAGMA writable_schema = ON")  # opens also a file that was cut off
        connection.execute("PRAGMA synchronous = FULL")
        if mode == "rw":
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA schema_version").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def replace_file(draft: Path, present: Path, identity: str | None) -> None:
    """The draft in place of a file that can't be used any more, and that is set aside.

    Processes that still have the old file open don't see the new one.
    """
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        go_on(connection, present, identity)
        connection.execute("PRAGMA journal_mode = WAL")
    if present.exists():
        shutil.copymode(present, draft)
    for ending in FILES[1:]:  # first: a log would be taken for the new file's
        present.with_name(present.name + ending).unlink(missing_ok=True)
    durable.publish(draft, present)
