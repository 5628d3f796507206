"""What a messenger has delivered: each update once, and none forgotten before it is dealt with.

An update is known by its number, with the id of the bot that got it. Its body is kept until it is
done; its number some days longer, because the messenger may deliver it again, and in place of the
status a checksum of the body: a messenger that counts anew, say another server, must be heard.
Functions that write need a transaction.
"""

import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

TABLES = """
CREATE TABLE inbox (
    bot INTEGER NOT NULL, number INTEGER NOT NULL, at REAL NOT NULL,
    person TEXT NOT NULL, body TEXT, attempts INTEGER NOT NULL DEFAULT 0,
    sending INTEGER NOT NULL DEFAULT 0, status INTEGER,
    PRIMARY KEY (bot, number)
) WITHOUT ROWID;
CREATE INDEX inbox_open ON inbox (bot, number) WHERE body IS NOT NULL;
"""


@dataclass(frozen=True, slots=True)
class Delivered:
    """An update as it came, and whose it is; "" if nobody's."""

    number: int
    person: str
    body: str


@dataclass(frozen=True, slots=True)
class Left:
    """An update that was not done when a process ended.

    `attempts` counts the processes that took it up; `sending`: whether its answer may have been
    sent; `status`: the message that told meanwhile how far it is.
    """

    number: int
    at: float
    body: str
    attempts: int
    sending: bool
    status: int | None


def accept(
    connection: sqlite3.Connection, bot: int, delivered: Iterable[Delivered], at: float
) -> list[int]:
    """Keeps updates that came at a time (seconds since 1970); the numbers of those that are new."""
    query = """INSERT INTO inbox (bot, number, at, person, body) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET at = excluded.at, person = excluded.person,
        body = excluded.body, attempts = 0, sending = 0, status = NULL
        WHERE inbox.body IS NULL AND inbox.status <> ?"""
    new = []
    for one in delivered:
        row = (bot, one.number, at, one.person, one.body, _checksum(one.body))
        if connection.execute(query, row).rowcount:
            new.append(one.number)
    return new


def take_up(connection: sqlite3.Connection, bot: int) -> list[Left]:
    """What an earlier process has left, in its order; each counts as one more attempt."""
    query = "UPDATE inbox SET attempts = attempts + 1 WHERE bot = ? AND body IS NOT NULL"
    connection.execute(query, (bot,))
    rows = connection.execute(
        """SELECT number, at, body, attempts, sending, status FROM inbox
        WHERE bot = ? AND body IS NOT NULL ORDER BY number""",
        (bot,),
    )
    return [Left(n, at, body, tries, bool(s), status) for n, at, body, tries, s, status in rows]


def note_status(connection: sqlite3.Connection, bot: int, number: int, message: int) -> None:
    """Remembers the message that will become the answer."""
    query = "UPDATE inbox SET status = ? WHERE bot = ? AND number = ?"
    connection.execute(query, (message, bot, number))


def note_sending(connection: sqlite3.Connection, bot: int, number: int) -> None:
    """Remembers that from now on the answer may have been sent."""
    query = "UPDATE inbox SET sending = 1 WHERE bot = ? AND number = ?"
    connection.execute(query, (bot, number))


def done(connection: sqlite3.Connection, bot: int, number: int) -> None:
    """Forgets what an update was; its number is still known."""
    query = "SELECT body FROM inbox WHERE bot = ? AND number = ? AND body IS NOT NULL"
    for (body,) in connection.execute(query, (bot, number)).fetchall():
        query = """UPDATE inbox SET body = NULL, person = '', status = ?
            WHERE bot = ? AND number = ?"""
        connection.execute(query, (_checksum(body), bot, number))


def expire(connection: sqlite3.Connection, before: float) -> None:
    """Forgets the numbers of what was done before a time."""
    connection.execute("DELETE FROM inbox WHERE body IS NULL AND at < ?", (before,))


def forget(connection: sqlite3.Connection, person: str) -> None:
    """Forgets what somebody wrote, also if it isn't answered yet."""
    query = "SELECT bot, number FROM inbox WHERE person = ?"
    for bot, number in connection.execute(query, (person,)).fetchall():
        done(connection, bot, number)


def _checksum(body: str) -> int:
    return zlib.crc32(body.encode(errors="surrogatepass"))
