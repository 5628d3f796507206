"""Topics that people watch, and the articles that are stored while somebody does.

Functions that write need a transaction.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

TABLES = """
CREATE TABLE topics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person TEXT NOT NULL, place TEXT NOT NULL, topic TEXT NOT NULL, language TEXT NOT NULL,
    day TEXT NOT NULL DEFAULT '', told INTEGER NOT NULL DEFAULT 0, seen INTEGER NOT NULL,
    UNIQUE (place, topic)
);
CREATE TABLE told (
    topic INTEGER NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
    article INTEGER NOT NULL,
    PRIMARY KEY (topic, article)
) WITHOUT ROWID;
CREATE TABLE news (seq INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody wants to hear of, where, in which language; `told` times on a `day` (ISO).

    `seen` is the last piece of news that was looked at for it.
    """

    id: int
    person: str
    place: str
    topic: str
    language: str
    day: str
    told: int
    seen: int

    def told_on(self, day: str) -> int:
        """How many messages there were on a day."""
        return self.told if self.day == day else 0


@dataclass(frozen=True, slots=True)
class News:
    """An article of which a version was stored; `seq` grows from one to the next.

    `told`: whether somebody has heard of it already, or of a copy.
    """

    seq: int
    article_id: str
    told: bool


def add(connection: sqlite3.Connection, person: str, place: str, topic: str, language: str) -> bool:
    """Watches a topic for somebody, from now on; False if that is told to this place already."""
    query = """INSERT OR IGNORE INTO topics (person, place, topic, language, seen) VALUES (?, ?, ?,
        ?, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'news'), 0))"""
    return bool(connection.execute(query, (person, place, topic, language)).rowcount)


def topics(
    connection: sqlite3.Connection, person: str | None = None, place: str | None = None
) -> list[Topic]:
    """The topics of somebody, or of all, and of one place, or of all; the oldest first."""
    query = """SELECT id, person, place, topic, language, day, told, seen FROM topics
        WHERE (:person IS NULL OR person = :person) AND (:place IS NULL OR place = :place)
        ORDER BY id"""
    rows = connection.execute(query, {"person": person, "place": place})
    return [Topic(*row) for row in rows]


def end(connection: sqlite3.Connection, topic: int, person: str) -> bool:
    """Ends a topic of somebody; False if there is none of that number."""
    query = "DELETE FROM topics WHERE id = ? AND person = ?"
    ended = bool(connection.execute(query, (topic, person)).rowcount)
    _forget_news(connection)
    return ended


def forget(connection: sqlite3.Connection, person: str) -> None:
    """Ends all that somebody watches."""
    connection.execute("DELETE FROM topics WHERE person = ?", (person,))
    _forget_news(connection)


def leave(connection: sqlite3.Connection, place: str) -> None:
    """Ends all that is told to a place."""
    connection.execute("DELETE FROM topics WHERE place = ?", (place,))
    _forget_news(connection)


def note_told(
    connection: sqlite3.Connection, topic: int, articles: Iterable[int], day: str
) -> bool:
    """Counts one more message on a topic for a day (ISO), about articles and their copies.

    False if the topic has been ended.
    """
    query = """UPDATE topics SET told = CASE WHEN day = ? THEN told + 1 ELSE 1 END, day = ?
        WHERE id = ?"""
    if not connection.execute(query, (day, day, topic)).rowcount:
        return False
    query = "INSERT OR IGNORE INTO told VALUES (?, ?)"
    connection.executemany(query, [(topic, article) for article in articles])
    return True


def note_news(connection: sqlite3.Connection, article: int) -> None:
    """Remembers that a version of an article was stored, if anybody watches anything."""
    query = "INSERT INTO news (article) SELECT ? WHERE EXISTS (SELECT 1 FROM topics)"
    connection.execute(query, (article,))


def news(connection: sqlite3.Connection, topic: Topic, most: int) -> list[News]:
    """What was stored and not yet looked at for a topic, the oldest first."""
    query = """SELECT n.seq, a.id, EXISTS (SELECT 1 FROM told t WHERE t.topic = :topic
            AND t.article IN (SELECT n.article UNION ALL SELECT b.article
            FROM copies c JOIN copies b ON b.grp = c.grp WHERE c.article = n.article))
        FROM news n JOIN articles a ON a.seq = n.article
        WHERE n.seq > :seen ORDER BY n.seq LIMIT :most"""
    rows = connection.execute(query, {"topic": topic.id, "seen": topic.seen, "most": most})
    return [News(seq, article, bool(told)) for seq, article, told in rows]


def last_news(connection: sqlite3.Connection) -> int:
    """The number of the latest piece of news that is kept; 0 if there is none."""
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM news").fetchone()[0])


def note_seen(connection: sqlite3.Connection, topic: int, seq: int) -> None:
    """The news up to one were looked at for a topic."""
    connection.execute("UPDATE topics SET seen = ? WHERE id = ? AND seen < ?", (seq, topic, seq))
    _forget_news(connection)


def forget_article(connection: sqlite3.Connection, article: int) -> None:
    """Forgets what was noted of an article that is being deleted."""
    connection.execute("DELETE FROM news WHERE article = ?", (article,))
    connection.execute("DELETE FROM told WHERE article = ?", (article,))


def _forget_news(connection: sqlite3.Connection) -> None:
    """Forgets what nobody's topic has to be compared with any more."""
    query = "SELECT count(*), min(seen) FROM topics"
    watched, seen = connection.execute(query).fetchone()
    query = "DELETE FROM news WHERE seq <= ?" if watched else "DELETE FROM news"
    connection.execute(query, (seen,) if watched else ())
