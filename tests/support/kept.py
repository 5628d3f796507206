"""What a messenger keeps of people, as tests write it and read it back."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vectorstore import topics, turns
from vectorstore.database import Database
from vectorstore.inbox import Delivered
from vectorstore.turns import Kept

BOT, ANNA, BERT = 42, "telegram:77184659", "telegram:1001"
GROUP = "telegram:-100"


@contextmanager
def kept_in(home: Path) -> Iterator[Database]:
    """A catalogue whose connection leaves no more traces than the bot's does."""
    database = Database(home / "catalogue.db")
    database.read().execute("PRAGMA secure_delete = ON")
    yield database
    database.close()


def delivered(number: int, person: str = ANNA, body: str = "{}") -> Delivered:
    """An update."""
    return Delivered(number, person, body)


def ask(
    connection: sqlite3.Connection,
    question: str = "Wann?",
    at: float = 0.0,
    place: str = GROUP,
    person: str = ANNA,
    answer: str | None = "Um acht.",
    asked: int = 1,
    articles: tuple[str, ...] = (),
    answered: bool = True,
    seconds: float = 1.0,
) -> int:
    """Keeps a turn; returns its id."""
    kept = Kept(0, at, place, person, asked, question, answer, (), None)
    return turns.keep(connection, kept, articles, answered, seconds)


def questions(connection: sqlite3.Connection, place: str = GROUP, since: float = 0.0) -> list[str]:
    """The conversation of a place."""
    return [one.question for one in turns.conversation(connection, place, since, 10)]


def count(connection: sqlite3.Connection, table: str) -> int:
    """The rows of a table."""
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def watched(
    connection: sqlite3.Connection, topic: str = "Fähre", person: str = ANNA, place: str = GROUP
) -> topics.Topic:
    """A topic that somebody watches from now on."""
    assert topics.add(connection, person, place, topic, "de")
    return topics.topics(connection)[-1]


def fresh(connection: sqlite3.Connection, topic: topics.Topic, most: int = 99) -> list[str]:
    """The news that a topic has not been told of."""
    return [n.article_id for n in topics.news(connection, topic, most) if not n.told]
