"""What was deleted leaves the catalogue's files, while others read and write it.

SQLite only marks as free what is deleted: its words stay in the postings until these are merged,
in the file until it is written anew, in the log until that is cut off, and there for as long as
somebody still reads an earlier state.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from vectorstore import index_sets, removals
from vectorstore.database import Database, store_error
from vectorstore.errors import CatalogueDamaged, StoreError
from vectorstore.soundness import PATIENCE as LOCK_PATIENCE

PATIENCE = 30.0  # seconds to wait for those who still read an earlier state
_ATTEMPT = 500  # milliseconds that others who want to write have to wait meanwhile
_PAUSE = 0.1

_CHROMA = "chroma_purge"  # the note by which Chroma's owner hears of it: OwnedIndex.purge


def purge(database: Database, patience: float = PATIENCE) -> bool:
    """Writes the catalogue's file anew without what was deleted; False if nothing was.

    Takes about 20 seconds a gigabyte, in which others can read but have to wait to write. What is
    deleted meanwhile is left to the next purge. StoreError if the words could not be removed:
    they are still due then, and nothing is lost.
    """
    with database.telling():
        seen = removals.noted(database.read())
    if not seen:
        return False
    with database.write(content=False) as connection:
        _merge_postings(connection)
    with _telling(database), closing(_own_connection(database)) as connection:
        connection.execute("VACUUM")
        _cut_off_log(connection, patience)
    with database.write(content=False) as connection:
        removals.settle(connection, seen)
        query = "INSERT OR REPLACE INTO meta VALUES (?, lower(hex(randomblob(16))))"
        connection.execute(query, (_CHROMA,))
    return True


def _merge_postings(connection: sqlite3.Connection) -> None:
    for prefix in index_sets.present(connection):
        for table in ("grams", "stems"):
            name = prefix + table
            connection.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")


def _own_connection(database: Database) -> sqlite3.Connection:
    """VACUUM bears no statement under way on its connection."""
    connection = sqlite3.connect(database.path, timeout=LOCK_PATIENCE, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _cut_off_log(connection: sqlite3.Connection, patience: float) -> None:
    """Copies the log into the file and empties it; StoreError if readers don't let it."""
    connection.execute(f"PRAGMA busy_timeout = {_ATTEMPT}")
    end = time.monotonic() + patience
    while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() > end:
            raise StoreError(
                "The articles are deleted, but their words are still in the catalogue's files: "
                "another process has been reading an earlier state for long. When it is done, or "
                "stopped, `beleg doctor --repair` removes them."
            )
        time.sleep(_PAUSE)


@contextmanager
def _telling(database: Database) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        told = store_error(database.path, error)
        if isinstance(told, CatalogueDamaged):
            raise told from error
        raise StoreError(
            f"The articles are deleted, but their words are still in the catalogue's files "
            f"({error}). Room for a copy of {database.path} is needed, beside it and in the folder "
            "for temporary files; then `beleg doctor --repair` removes them."
        ) from error
