"""What was asked in a messenger and what was answered, for follow-ups and for looking it up again.

A place is a chat, or a topic in it; people and places are opaque names. Answers are opaque too,
and go with any article that they name. Functions that write need a transaction.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

TABLES = """
CREATE TABLE turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL, place TEXT NOT NULL, person TEXT NOT NULL,
    asked INTEGER NOT NULL, question TEXT NOT NULL,
    answered INTEGER NOT NULL, seconds REAL NOT NULL, answer TEXT,
    messages TEXT NOT NULL DEFAULT '', rated INTEGER, past INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX turns_by_place ON turns (place, id);
CREATE INDEX turns_by_person ON turns (person, id);
CREATE INDEX turns_by_time ON turns (at);
CREATE TABLE turn_articles (
    turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    article INTEGER NOT NULL,
    PRIMARY KEY (article, turn)
) WITHOUT ROWID;
CREATE INDEX turn_articles_by_turn ON turn_articles (turn);
CREATE TABLE places (
    place TEXT PRIMARY KEY, article INTEGER NOT NULL, at REAL NOT NULL
) WITHOUT ROWID;
"""

_COLUMNS = "id, at, place, person, asked, question, answer, messages, rated"


@dataclass(frozen=True, slots=True)
class Kept:
    """A question and its answer: `asked` and `messages` are the numbers of their messages.

    Of what somebody was told without asking `asked` is 0; it counts as no question. `answer` is
    None once an article that it names is deleted.
    """

    id: int
    at: float
    place: str
    person: str
    asked: int
    question: str
    answer: str | None
    messages: tuple[int, ...]
    rated: bool | None


@dataclass(frozen=True, slots=True)
class Asked:
    """How much was asked since a time, by how many, how it went; `median` is in seconds."""

    questions: int
    people: int
    answered: int
    good: int
    bad: int
    median: float


def keep(
    connection: sqlite3.Connection,
    kept: Kept,
    articles: Iterable[str],
    answered: bool,
    seconds: float,
) -> int:
    """Keeps a turn whose answer names these articles; returns its id. `kept.id` is not used."""
    turn = connection.execute(
        """INSERT INTO turns (at, place, person, asked, question, answer, answered, seconds)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
        (
            kept.at,
            kept.place,
            kept.person,
            kept.asked,
            kept.question,
            kept.answer,
            answered,
            seconds,
        ),
    ).fetchone()[0]
    query = "INSERT INTO turn_articles SELECT ?, seq FROM articles WHERE id = ?"
    connection.executemany(query, [(turn, article) for article in set(articles)])
    return int(turn)


def note_messages(connection: sqlite3.Connection, turn: int, messages: Iterable[int]) -> None:
    """Remembers which messages tell the answer."""
    numbers = " ".join(map(str, messages))
    connection.execute("UPDATE turns SET messages = ? WHERE id = ?", (numbers, turn))


def rate(connection: sqlite3.Connection, turn: int, good: bool) -> None:
    """Remembers what somebody thought of an answer."""
    connection.execute("UPDATE turns SET rated = ? WHERE id = ?", (good, turn))


def turn(connection: sqlite3.Connection, number: int) -> Kept | None:
    """One turn."""
    query = f"SELECT {_COLUMNS} FROM turns WHERE id = ?"
    return next(map(_kept, connection.execute(query, (number,))), None)


def turn_at(connection: sqlite3.Connection, place: str, asked: int) -> Kept | None:
    """The latest turn of a place whose question is this message."""
    query = f"SELECT {_COLUMNS} FROM turns WHERE place = ? AND asked = ? ORDER BY id DESC LIMIT 1"
    return next(map(_kept, connection.execute(query, (place, asked))), None)


def last_of(connection: sqlite3.Connection, place: str, person: str) -> Kept | None:
    """What somebody asked last in a place."""
    query = f"""SELECT {_COLUMNS} FROM turns WHERE place = ? AND person = ? AND asked
        ORDER BY id DESC LIMIT 1"""
    return next(map(_kept, connection.execute(query, (place, person))), None)


def conversation(connection: sqlite3.Connection, place: str, since: float, most: int) -> list[Kept]:
    """The last turns of a place since a time and since it last began anew, the oldest first."""
    rows = connection.execute(
        f"""SELECT {_COLUMNS} FROM turns WHERE place = ? AND at >= ? AND NOT past
        ORDER BY id DESC LIMIT ?""",
        (place, since, most),
    )
    return [_kept(row) for row in rows][::-1]


def until(connection: sqlite3.Connection, place: str, turn: int, most: int) -> list[Kept]:
    """The last turns of a place up to one, the oldest first."""
    query = f"SELECT {_COLUMNS} FROM turns WHERE place = ? AND id <= ? ORDER BY id DESC LIMIT ?"
    return [_kept(row) for row in connection.execute(query, (place, turn, most))][::-1]


def turn_told(connection: sqlite3.Connection, place: str, message: int) -> Kept | None:
    """The turn that a message of the bot's tells."""
    query = f"""SELECT {_COLUMNS} FROM turns WHERE place = ? AND ' ' || messages || ' ' LIKE ?
        ORDER BY id DESC LIMIT 1"""
    return next(map(_kept, connection.execute(query, (place, f"% {message} %"))), None)


def begin_anew(connection: sqlite3.Connection, place: str) -> None:
    """What was asked before no longer belongs to the conversation."""
    connection.execute("UPDATE turns SET past = 1 WHERE place = ? AND NOT past", (place,))
    connection.execute("DELETE FROM places WHERE place = ?", (place,))


def put_past(connection: sqlite3.Connection, turn: int) -> None:
    """A turn does not belong to the conversation that goes on."""
    connection.execute("UPDATE turns SET past = 1 WHERE id = ?", (turn,))


def remove_asked(connection: sqlite3.Connection, place: str, asked: int) -> None:
    """Forgets the turns that a message began."""
    connection.execute("DELETE FROM turns WHERE place = ? AND asked = ?", (place, asked))


def focus(connection: sqlite3.Connection, place: str, since: float) -> int | None:
    """The number of the one article that a place has asked about since a time, if only one."""
    query = "SELECT article FROM places WHERE place = ? AND at >= ?"
    row = connection.execute(query, (place, since)).fetchone()
    return row[0] if row else None


def set_focus(connection: sqlite3.Connection, place: str, article: int, at: float) -> None:
    """From a time on a place asks about one article (its number) alone."""
    connection.execute("INSERT OR REPLACE INTO places VALUES (?, ?, ?)", (place, article, at))


def go_on(connection: sqlite3.Connection, place: str, at: float) -> None:
    """A place goes on asking about what it asks about."""
    connection.execute("UPDATE places SET at = ? WHERE place = ?", (at, place))


def asked_since(connection: sqlite3.Connection, at: float) -> Asked:
    """How the questions since a time went."""
    counts = connection.execute(
        """SELECT count(*), count(DISTINCT person), coalesce(sum(answered), 0),
        coalesce(sum(rated = 1), 0), coalesce(sum(rated = 0), 0)
        FROM turns WHERE at >= ? AND asked""",
        (at,),
    ).fetchone()
    query = "SELECT seconds FROM turns WHERE at >= ? AND asked ORDER BY seconds LIMIT 1 OFFSET ?"
    row = connection.execute(query, (at, counts[0] // 2)).fetchone()
    return Asked(*[*counts, row[0] if row else 0.0])


def count(connection: sqlite3.Connection, column: str, who: str, since: float, until: float) -> int:
    """How many questions a person or a place (the column) has asked from one time to another.

    Those in the topics of a place are its own.
    """
    assert column in ("person", "place")
    query = f"""SELECT count(*) FROM turns WHERE ({column} = ? OR {column} BETWEEN ? AND ?)
        AND at >= ? AND at < ? AND asked <> 0"""
    topics = f"{who}:", f"{who};"  # all that begins with who and ":"
    return int(connection.execute(query, (who, *topics, since, until)).fetchone()[0])


def expire(connection: sqlite3.Connection, before: float) -> None:
    """Forgets what was asked before a time."""
    connection.execute("DELETE FROM turns WHERE at < ?", (before,))
    connection.execute("DELETE FROM places WHERE at < ?", (before,))


def forget(connection: sqlite3.Connection, person: str) -> None:
    """Forgets all that somebody asked."""
    connection.execute("DELETE FROM turns WHERE person = ?", (person,))


def forget_article(connection: sqlite3.Connection, article: int) -> None:
    """Forgets the answers that name an article which is being deleted."""
    query = """UPDATE turns SET answer = NULL WHERE id IN
        (SELECT turn FROM turn_articles WHERE article = ?)"""
    connection.execute(query, (article,))
    connection.execute("DELETE FROM turn_articles WHERE article = ?", (article,))
    connection.execute("DELETE FROM places WHERE article = ?", (article,))


def _kept(row: tuple[Any, ...]) -> Kept:
    *known, messages, rated = row
    numbers = tuple(int(number) for number in messages.split())
    return Kept(*[*known, numbers, None if rated is None else bool(rated)])
