"""The catalogue's SQLite file: its connections, its transactions, what becomes of its errors."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from vectorstore import schema
from vectorstore.backup import write_backup
from vectorstore.errors import CatalogueDamaged, StoreError
from vectorstore.records import Unreadable
from vectorstore.register import Kept, Kind, Register
from vectorstore.schema import SCHEMA
from vectorstore.soundness import PATIENCE, opened

CATALOGUE = "catalogue.db"  # its name in a home
CACHE = 8_000  # KB of pages that each thread's connection keeps; a question reads some 4,000

_NEXT_GENERATION = "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'"


class Database:
    """One SQLite file, one connection a thread, write transactions one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._open: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._guard = threading.Lock()
        try:
            self._prepare()
        except StoreError:
            self.close()
            raise
        except OSError as error:
            self.close()
            raise _unusable(path, error) from error
        except sqlite3.Error as error:
            self.close()
            raise store_error(path, error) from error

    def read(self) -> sqlite3.Connection:
        """This thread's connection, for statements that only read."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None or self._has_changed(connection):
            connection = self._connect()
            self._local.connection = connection
            self._local.state = self._state()
        return connection

    def _has_changed(self, connection: sqlite3.Connection) -> bool:
        """Whether a file that can't be written to here, and so not be watched, is another now."""
        if self._local.state == self._state() or connection.in_transaction:
            return False
        connection.close()
        return True

    def _state(self) -> tuple[int, int] | None:
        if self._writable:
            return None
        found = self.path.stat()
        return found.st_mtime_ns, found.st_size

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Whatever SQLite raises inside becomes a StoreError that says what to do.

        So do rows that can't be what was stored.
        """
        try:
            yield
        except sqlite3.Error as error:
            raise store_error(self.path, error) from error
        except Unreadable as error:
            raise damaged(self.path, str(error)) from error

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that this thread reads inside is of one moment, whatever others write meanwhile.

        Tells of errors as `telling` does. An inner snapshot is part of the outer one.
        """
        connection = self.read()
        if connection.in_transaction:
            yield
            return
        with self.telling():
            try:
                connection.execute("BEGIN")
                yield
            finally:
                _roll_back(connection)

    @contextmanager
    def write(self, content: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is durable on return, or nothing.

        `content` is False for bookkeeping that changes no article and no passage.
        """
        connection = self.read()
        if connection.in_transaction:
            raise RuntimeError("to write inside a snapshot would end it")
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            if content:
                connection.execute(_NEXT_GENERATION)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            _roll_back(connection)
            raise store_error(self.path, error) from error
        except BaseException:
            _roll_back(connection)
            raise

    @property
    def generation(self) -> int:
        """Grows with every write of content by any process; equal ones hold equal content."""
        return int(self.note("generation") or 0)

    def note(self, key: str) -> str | None:
        """A remembered fact about the index, or None."""
        row = self.read().execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def set_note(self, key: str, value: str) -> None:
        """Remembers a fact about the index."""
        with self.write(content=False) as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def close(self) -> None:
        """Closes the connections of this thread and of threads that have ended.

        To close one that a thread is at work with would crash the process; it goes with the work.
        """
        with self._guard:
            for thread, connection in self._open:
                if thread is threading.current_thread() or not thread.is_alive():
                    connection.close()
            self._open.clear()
        self._local = threading.local()

    def _connect(self) -> sqlite3.Connection:
        if self._writable:
            connection = sqlite3.connect(
                self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
        else:
            connection = opened(self.path)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA cache_size = -{CACHE}")
        with self._guard:
            for thread, left in self._open:  # else a process that runs for months has no files left
                if not thread.is_alive():
                    left.close()
            self._open = [entry for entry in self._open if entry[0].is_alive()]
            self._open.append((threading.current_thread(), connection))
        return connection

    @property
    def _writable(self) -> bool:
        """Whether SQLite can work as usual; it needs to write into the folder even to read."""
        return os.access(self.path.parent, os.W_OK) and (
            not self.path.exists() or os.access(self.path, os.W_OK)
        )

    def _prepare(self) -> None:
        register = Register(self.path.parent)
        if register.catalogue and not (self.path.exists() and self.path.stat().st_size):
            raise damaged(self.path, "it is empty or gone")
        if self._writable or not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = self.read()
        found = schema.found(connection)
        if found == 0 and register.catalogue:
            raise damaged(self.path, "it is empty, or another program's")
        if found == 0:
            if not self._writable or self._is_foreign(connection):
                raise StoreError(
                    f"{self.path} is no catalogue of Beleg. Point BELEG_HOME at another folder."
                )
            _use_wal(connection)
            with self.write(content=False):
                schema.create(connection)
        elif found < SCHEMA:
            self._migrate(found, register)
        elif found > SCHEMA:
            raise StoreError(
                f"The catalogue {self.path} was made by a newer Beleg (schema {found}, this one "
                f"knows {SCHEMA}). Update Beleg, or point BELEG_HOME elsewhere."
            )
        catalogue = self.note("catalogue") or ""
        if self._writable and register.catalogue != catalogue:
            register.note_catalogue(catalogue)

    def _is_foreign(self, connection: sqlite3.Connection) -> bool:
        """Whether a file without a schema of ours has tables, unless another process makes ours."""
        connection.execute("BEGIN IMMEDIATE")
        try:
            query = "SELECT count(*) FROM sqlite_master"
            tables = connection.execute(query).fetchone()[0]
            return bool(tables and schema.found(connection) == 0)
        finally:
            _roll_back(connection)

    def _migrate(self, found: int, register: Register) -> None:
        """Brings the file to the present schema, after a backup of what it was."""
        moment = datetime.now(UTC).replace(microsecond=0)
        name = f"schema-{found}-{moment:%Y%m%dT%H%M%S}-{os.getpid()}.db"
        target = (self.path.parent / "backups" / name).absolute()
        target.parent.mkdir(mode=0o700, exist_ok=True)
        articles = self.read().execute("SELECT count(*) FROM articles").fetchone()[0]
        register.note(Kept(target, moment.isoformat(), Kind.AUTOMATIC, articles))
        write_backup(self.path, target)
        with self.write() as connection:
            schema.migrate(connection)


def store_error(path: Path, error: sqlite3.Error) -> StoreError:
    """What to tell of an error of SQLite's, and what to do."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(path, str(error))
    if str(error).startswith("Could not decode to UTF-8"):  # Python's own; it quotes the text
        return damaged(path, "it holds a text that is none")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        reason = "Check that BELEG_HOME names a folder you can write to."
    elif code == sqlite3.SQLITE_BUSY:
        reason = "Another process is at work on it for long; try again."
    else:
        reason = "Check the disk's free space and try again."
    told = f"The catalogue {path} can't be used ({error}). What was stored before is kept."
    return StoreError(f"{told} {reason}")


def damaged(path: Path, reason: str) -> CatalogueDamaged:
    """What to tell of a catalogue that is broken or gone."""
    return CatalogueDamaged(
        f"The catalogue {path} is damaged: {reason}. It is left as it is. `beleg restore` brings "
        "back the last backup and saves what can still be read; `beleg doctor` says more."
    )


def _unusable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"The catalogue {path} can't be opened ({error}). "
        "Check that BELEG_HOME names a folder you can write to."
    )


def _use_wal(connection: sqlite3.Connection) -> None:
    """Changing the journal mode doesn't wait for others by itself."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
