"""What is kept of people who ask in a messenger, and how all of it is forgotten.

inbox                  updates that are not answered yet
turns, turn_articles   questions and answers
places                 chats that ask about one article alone
topics, told, news     what people want to hear of, and what is new
moved                  chats that go on under another number

None of it goes into a backup. Functions that write need a transaction.
"""

import sqlite3

from vectorstore import inbox, topics, turns

TABLES = f"""{inbox.TABLES}{turns.TABLES}{topics.TABLES}
CREATE TABLE moved (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
"""

# Who refers to others comes before them.
_NAMES = ("inbox", "turn_articles", "turns", "places", "told", "topics", "news", "moved", "spent")
_ATTEMPT = 50  # milliseconds that others who want to write have to wait meanwhile
_PLACED = ("turns", "places", "topics")
_AT = "(place = :place OR substr(place, 1, length(:place) + 1) = :place || ':')"


def forget(connection: sqlite3.Connection, person: str) -> None:
    """Forgets everything about somebody: questions, answers, topics.

    What they wrote alone with a bot is in a place of their own name. For a connection that deletes
    securely (`PRAGMA secure_delete`).
    """
    for table in (inbox, turns, topics):
        table.forget(connection, person)
    for name in _PLACED:
        connection.execute(f"DELETE FROM {name} WHERE {_AT}", {"place": person})
    connection.execute("DELETE FROM moved WHERE ? IN (old, new)", (person,))
    _write_anew(connection)


def move(connection: sqlite3.Connection, old: str, new: str) -> None:
    """A chat goes on under another name, with all its topics; so does what is kept of it."""
    connection.execute("INSERT OR REPLACE INTO moved VALUES (?, ?)", (old, new))
    for table in _PLACED:
        query = f"UPDATE OR REPLACE {table} SET place = :new || substr(place, length(:place) + 1)"
        connection.execute(f"{query} WHERE {_AT}", {"new": new, "place": old})


def moved(connection: sqlite3.Connection) -> dict[str, str]:
    """The chats that go on under another name."""
    return dict(connection.execute("SELECT old, new FROM moved"))


def forget_article(connection: sqlite3.Connection, article: int) -> None:
    """Forgets the words of an article that is being deleted, wherever people were told them."""
    turns.forget_article(connection, article)
    topics.forget_article(connection, article)


def strip(connection: sqlite3.Connection) -> None:
    """Takes everything about people out of a copy of the catalogue, so that no trace is left."""
    connection.execute("PRAGMA secure_delete = ON")
    for name in _present(connection):
        connection.execute(f"DELETE FROM {name}")


def cut_off_log(connection: sqlite3.Connection) -> bool:
    """Empties SQLite's log, in which forgotten words still stand; False if somebody reads it.

    Not inside a transaction.
    """
    patience = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute(f"PRAGMA busy_timeout = {_ATTEMPT}")
    try:
        return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")


def _present(connection: sqlite3.Connection) -> list[str]:
    """The people's tables; a catalogue of before has not all of them."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    there = {row[0] for row in connection.execute(query)}
    return [name for name in _NAMES if name in there]


def _write_anew(connection: sqlite3.Connection) -> None:
    """Writes the people's tables into other pages and overwrites those where they were.

    Where rows had to make room for others, SQLite leaves copies of them, which nobody reads and
    `secure_delete` doesn't reach.
    """
    names = _present(connection)
    listed = ", ".join(f"'{name}'" for name in names)
    made = f"SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN ({listed})"
    made_with = connection.execute(f"{made} ORDER BY type DESC").fetchall()  # tables, indexes
    counted = f"FROM sqlite_sequence WHERE name IN ({listed})"
    counts = connection.execute(f"SELECT name, seq {counted}").fetchall()
    for name in names:
        connection.execute(f"CREATE TEMP TABLE held_{name} AS SELECT * FROM main.{name}")
    for name in names:
        connection.execute(f"DROP TABLE main.{name}")
    for (statement,) in made_with:
        connection.execute(statement)
    for name in reversed(names):
        connection.execute(f"INSERT INTO main.{name} SELECT * FROM temp.held_{name}")
        connection.execute(f"DROP TABLE temp.held_{name}")
    connection.execute(f"DELETE {counted}")
    connection.executemany("INSERT INTO sqlite_sequence VALUES (?, ?)", counts)
