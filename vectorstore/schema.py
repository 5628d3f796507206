"""The catalogue's SQLite file: its tables, its connections, its transactions.

articles   an id, and which of its versions is the current one
versions   what each version of an article said
chunks     the passages of current versions; `seq` only grows, never comes back
vectors    one float32 vector a chunk
sentences  the spans of a chunk's sentences (int32 pairs) and their float16 vectors
words      an int8 vector for each content word of a chunk
grams, stems   contentless FTS5 postings of chunks, rowid = seq
pending    chunks that Chroma has to look at again: live ones it lacks, retired ones it holds
origins    which source brought which article (for --prune)
pages      which address brought which article, and how to ask whether it has changed
copies, copy_keys   which articles are copies of one another
meta       the index contract, the generation (grows with every write)
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vectorstore import copy_groups, pages
from vectorstore.errors import StoreError

SCHEMA = 3
PATIENCE = 120.0  # seconds to wait for another process's transaction

_TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('generation', '0');
CREATE TABLE articles (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    gone TEXT
);
CREATE TABLE versions (
    article INTEGER NOT NULL REFERENCES articles (seq) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    url TEXT, title TEXT, text TEXT NOT NULL, published TEXT, day TEXT, updated TEXT,
    authors TEXT NOT NULL, source TEXT, source_folded TEXT, language TEXT,
    content_hash TEXT NOT NULL, section TEXT,
    PRIMARY KEY (article, version)
);
CREATE INDEX versions_by_day ON versions (day);
CREATE TABLE chunks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    article INTEGER NOT NULL REFERENCES articles (seq),
    version INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL
);
CREATE INDEX chunks_by_article ON chunks (article);
CREATE TABLE vectors (seq INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE sentences (seq INTEGER PRIMARY KEY, spans BLOB NOT NULL, vectors BLOB NOT NULL);
CREATE TABLE words (seq INTEGER PRIMARY KEY, vectors BLOB NOT NULL);
CREATE TABLE pending (seq INTEGER PRIMARY KEY AUTOINCREMENT, chunk TEXT NOT NULL);
CREATE TABLE origins (
    origin TEXT NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (seq) ON DELETE CASCADE,
    PRIMARY KEY (origin, article)
) WITHOUT ROWID;
CREATE INDEX origins_by_article ON origins (article);
{pages.TABLES}{copy_groups.TABLES}
CREATE VIRTUAL TABLE grams USING fts5 (body, content='', detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE grams_df USING fts5vocab (grams, row);
CREATE VIRTUAL TABLE stems USING fts5 (body, content='', detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE stems_df USING fts5vocab (stems, row);
"""

_MIGRATIONS = {
    1: "CREATE TABLE words (seq INTEGER PRIMARY KEY, vectors BLOB NOT NULL)",
    2: f"""ALTER TABLE articles ADD COLUMN gone TEXT;
        ALTER TABLE versions ADD COLUMN section TEXT;{pages.TABLES}{copy_groups.TABLES}""",
}
"""What makes each earlier schema the next one."""

_NEXT_GENERATION = "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'"


class Database:
    """One SQLite file, one connection a thread, write transactions one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._open: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._guard = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._prepare()
        except StoreError:
            self.close()
            raise
        except (OSError, sqlite3.Error) as error:
            self.close()
            raise StoreError(
                f"The catalogue {path} can't be opened ({error}). "
                "Check that BELEG_HOME names a folder you can write to."
            ) from error

    def read(self) -> sqlite3.Connection:
        """This thread's connection, for statements that only read."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            self._local.connection = connection
        return connection

    @contextmanager
    def write(self, content: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is durable on return, or nothing.

        `content` is False for bookkeeping that changes no article and no passage.
        """
        connection = self.read()
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            if content:
                connection.execute(_NEXT_GENERATION)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            _roll_back(connection)
            raise StoreError(
                f"The catalogue {self.path} can't be written ({error}). Nothing was changed; "
                "check the disk's free space and try again."
            ) from error
        except BaseException:
            _roll_back(connection)
            raise

    @property
    def generation(self) -> int:
        """Grows with every write of content by any process; equal ones hold equal content."""
        query = "SELECT value FROM meta WHERE key = 'generation'"
        return int(self.read().execute(query).fetchone()[0])

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
        connection = sqlite3.connect(
            self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        with self._guard:
            for thread, left in self._open:  # else a process that runs for months has no files left
                if not thread.is_alive():
                    left.close()
            self._open = [entry for entry in self._open if entry[0].is_alive()]
            self._open.append((threading.current_thread(), connection))
        return connection

    def _prepare(self) -> None:
        connection = self.read()
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found == 0:
            _use_wal(connection)
            self._create(connection)
        elif found < SCHEMA:
            self._migrate(connection)
        elif found > SCHEMA:
            raise StoreError(
                f"The catalogue {self.path} was made by a newer Beleg (schema {found}, this one "
                f"knows {SCHEMA}). Update Beleg, or point BELEG_HOME elsewhere."
            )

    def _create(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                _run(connection, _TABLES)
                connection.execute(f"PRAGMA user_version = {SCHEMA}")
            connection.execute("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise

    def _migrate(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            for earlier in range(found, SCHEMA):
                _run(connection, _MIGRATIONS[earlier])
            copy_groups.complete(connection)
            connection.execute(f"PRAGMA user_version = {SCHEMA}")
            connection.execute("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise


def _run(connection: sqlite3.Connection, script: str) -> None:
    """The statements of a script, inside the open transaction."""
    for statement in script.split(";"):
        connection.execute(statement)


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
