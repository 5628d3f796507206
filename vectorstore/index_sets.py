"""The index as sets of tables in the catalogue's file: one live, one being built, one kept.

indexed    which version of which article the set holds
chunks     its passages; `seq` only grows and no two sets ever share one
vectors    one float32 vector a chunk
sentences  the spans of a chunk's sentences (int32 pairs) and their float16 vectors
words      an int8 vector for each content word of a chunk
grams, stems   contentless FTS5 postings of chunks, rowid = seq

The live set has these names. The one that `beleg reindex` builds beside it bears `new_` before
them, the one kept to go back to `old_`, one that is being removed `dropped_`. To switch is to
rename, in one transaction, whatever the size. `meta` notes for each set its contract and its
number. Functions need a transaction.
"""

import json
import sqlite3
from dataclasses import asdict

from vectorstore.models import IndexContract

LIVE, NEW, OLD, DROPPED = "", "new_", "old_", "dropped_"
SPACING = 2**40  # chunk numbers that a set may use up

_FULL_TEXT = ("grams", "stems")
_TABLES = ("indexed", "chunks", "vectors", "sentences", "words", *_FULL_TEXT)
_NOTES = ("index", "contract")


def tables(number: int, prefix: str = LIVE) -> str:
    """The statements that make an empty set, parted by semicolons."""
    return f"""
CREATE TABLE {prefix}chunks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    article INTEGER NOT NULL REFERENCES articles (seq),
    version INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL
);
CREATE INDEX chunks_by_article_{number} ON {prefix}chunks (article);
INSERT INTO sqlite_sequence VALUES ('{prefix}chunks', {number * SPACING});
CREATE TABLE {prefix}vectors (seq INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE {prefix}sentences (
    seq INTEGER PRIMARY KEY, spans BLOB NOT NULL, vectors BLOB NOT NULL
);
CREATE TABLE {prefix}words (seq INTEGER PRIMARY KEY, vectors BLOB NOT NULL);
CREATE VIRTUAL TABLE {prefix}grams
    USING fts5 (body, content='', detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE {prefix}stems
    USING fts5 (body, content='', detail=none, tokenize='ascii');
{_vocabulary(prefix)}{indexed(prefix)}"""


def indexed(prefix: str = LIVE) -> str:
    """The statement that makes the list of what a set holds."""
    return f"""CREATE TABLE {prefix}indexed (
    article INTEGER PRIMARY KEY REFERENCES articles (seq) ON DELETE CASCADE,
    version INTEGER NOT NULL
)"""


def present(connection: sqlite3.Connection) -> list[str]:
    """The prefixes of the sets that there are, the live one first."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return [
        prefix
        for prefix in (LIVE, NEW, OLD, DROPPED)
        if connection.execute(query, (f"{prefix}indexed",)).fetchone()
    ]


def contract_of(connection: sqlite3.Connection, prefix: str = LIVE) -> IndexContract | None:
    """What a set was made with; None if there is no such set, or nothing in it yet."""
    query = "SELECT value FROM meta WHERE key = ?"
    row = connection.execute(query, (f"{prefix}contract",)).fetchone()
    return IndexContract(**json.loads(row[0])) if row else None


def write_contract(
    connection: sqlite3.Connection, contract: IndexContract, prefix: str = LIVE
) -> None:
    """Records what a set is made with."""
    value = json.dumps(asdict(contract))
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"{prefix}contract", value))


def create(connection: sqlite3.Connection, contract: IndexContract) -> None:
    """An empty set to be built, in place of one that was being built."""
    drop(connection, NEW)
    query = "SELECT max(CAST(value AS INTEGER)) FROM meta WHERE key LIKE '%index'"
    number = int(connection.execute(query).fetchone()[0] or 0) + 1
    run(connection, tables(number, NEW))
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('new_index', ?)", (str(number),))
    write_contract(connection, contract, NEW)


def switch(connection: sqlite3.Connection) -> None:
    """The set that was built becomes the live one, which is kept as the old one.

    The old one before is only renamed: to remove it takes time that grows with it.
    """
    drop(connection, DROPPED)
    if OLD in present(connection):
        _rename(connection, OLD, DROPPED)
    _rename(connection, LIVE, OLD)
    _rename(connection, NEW, LIVE)


def large(prefix: str) -> list[str]:
    """The tables of a set that hold much, by seq."""
    return [prefix + name for name in ("vectors", "sentences", "words")]


def take_back(connection: sqlite3.Connection) -> None:
    """The set that was kept becomes the one being built: it lacks what came since."""
    drop(connection, NEW)
    _rename(connection, OLD, NEW)


def drop(connection: sqlite3.Connection, prefix: str) -> None:
    """Removes a set, if there is one."""
    for table in (*(f"{name}_df" for name in _FULL_TEXT), *_TABLES):
        connection.execute(f"DROP TABLE IF EXISTS {prefix}{table}")
    for note in _NOTES:
        connection.execute("DELETE FROM meta WHERE key = ?", (prefix + note,))


def _rename(connection: sqlite3.Connection, before: str, after: str) -> None:
    for table in _FULL_TEXT:
        connection.execute(f"DROP TABLE {before}{table}_df")
    for table in _TABLES:
        connection.execute(f"ALTER TABLE {before}{table} RENAME TO {after}{table}")
    run(connection, _vocabulary(after))
    for note in _NOTES:
        query = "UPDATE meta SET key = ? WHERE key = ?"
        connection.execute(query, (after + note, before + note))


def _vocabulary(prefix: str) -> str:
    return "".join(
        f"CREATE VIRTUAL TABLE {prefix}{table}_df USING fts5vocab ({prefix}{table}, row);\n"
        for table in _FULL_TEXT
    )


def run(connection: sqlite3.Connection, script: str) -> None:
    """The statements of a script that are parted by semicolons, in the open transaction."""
    for statement in script.split(";"):
        connection.execute(statement)
