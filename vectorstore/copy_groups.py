"""Which articles are copies of one another, as SQLite keeps it. Writing needs a transaction.

A group is known by its oldest article's number. Two groups become one when an article of one is
a copy of an article of the other and most pairs across are kin. A copy alone would not do: a
roundup that reprints two reports is a copy of both, and they would count as one source. Nor
would it do to compare with one representative: two papers that each rewrote a third of a report
are hardly copies of each other, and are united by the report.
"""

import sqlite3
from collections.abc import Sequence

import numpy as np

from vectorstore import copies
from vectorstore.copies import Runs, Signature

TABLES = """
CREATE TABLE copies (
    article INTEGER PRIMARY KEY REFERENCES articles (seq) ON DELETE CASCADE,
    grp INTEGER NOT NULL,
    signature BLOB NOT NULL
);
CREATE INDEX copies_by_group ON copies (grp);
CREATE TABLE copy_keys (
    key INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (key, article)
) WITHOUT ROWID;
"""

OLDEST = """(SELECT g.id FROM copies k JOIN articles g ON g.seq = k.grp
    WHERE k.article = a.seq AND EXISTS
    (SELECT 1 FROM copies o WHERE o.grp = k.grp AND o.article <> a.seq))"""
"""The id of the oldest article of a's group as a column; NULL where a has no copies."""

HOLDERS = 64  # the oldest holders of a key that are looked at
COMMON = 16  # groups among them from which a key is a phrase or a footer, and proposes nobody
GROUPS, EACH = 8, 2  # groups that an article is compared with, and articles of each
SAMPLE = 8  # articles that stand for a group when two are compared
SPLIT = 64  # the largest group that is looked through again when it loses an article


class _Reader:
    """The runs of stored articles, each read once."""

    def __init__(self, connection: sqlite3.Connection, held: dict[int, Runs]) -> None:
        self._connection = connection
        self._held = held

    def runs(self, seq: int) -> Runs:
        if seq not in self._held:
            self._held[seq] = copies.runs(_text(self._connection, seq))
        return self._held[seq]


def insert(
    connection: sqlite3.Connection, seq: int, text: str, prepared: Signature | None = None
) -> int:
    """Adds an article whose current version is stored and says `text`; returns its group.

    `prepared` is `copies.signature(text)`, if it was computed before the transaction.
    """
    signature = copies.signature(text) if prepared is None else prepared
    connection.execute(
        "INSERT INTO copies VALUES (?, ?, ?)", (seq, seq, signature.astype("<i8").tobytes())
    )
    connection.executemany(
        "INSERT INTO copy_keys VALUES (?, ?)", [(key, seq) for key in signature.tolist()]
    )
    reader = _Reader(connection, {seq: copies.runs(text)})
    return _join(connection, seq, signature, reader)


def remove(connection: sqlite3.Connection, seq: int) -> None:
    """Takes out an article that is deleted or about to say something else.

    What it held together falls apart, unless the group has more than SPLIT articles: such a one
    does not hang on one article, and to look through it at every change would take too long.
    """
    query = "SELECT grp, signature FROM copies WHERE article = ?"
    row = connection.execute(query, (seq,)).fetchone()
    if row is None:
        return
    group = row[0]
    connection.executemany(
        "DELETE FROM copy_keys WHERE key = ? AND article = ?",
        [(key, seq) for key in _signature(row[1]).tolist()],
    )
    connection.execute("DELETE FROM copies WHERE article = ?", (seq,))
    rest = _oldest(connection, group, SPLIT + 1)
    if len(rest) <= SPLIT:
        _regroup(connection, rest)
    elif group == seq:
        connection.execute("UPDATE copies SET grp = ? WHERE grp = ?", (rest[0], group))


def complete(connection: sqlite3.Connection) -> int:
    """Adds every article that is in no group yet, as after a migration; returns how many."""
    query = """SELECT seq FROM articles
        WHERE seq NOT IN (SELECT article FROM copies) ORDER BY seq"""
    missing = [row[0] for row in connection.execute(query)]
    for seq in missing:
        insert(connection, seq, _text(connection, seq))
    return len(missing)


def groups(connection: sqlite3.Connection) -> dict[int, int]:
    """The group of every article that has copies: articles with one number are one source."""
    query = """SELECT article, grp FROM copies WHERE grp IN
        (SELECT grp FROM copies GROUP BY grp HAVING count(*) > 1)"""
    return dict(connection.execute(query).fetchall())


def members(connection: sqlite3.Connection, seq: int) -> list[int]:
    """An article and its copies, oldest first; empty if it was never added."""
    query = """SELECT article FROM copies
        WHERE grp = (SELECT grp FROM copies WHERE article = ?) ORDER BY article"""
    return [row[0] for row in connection.execute(query, (seq,))]


def _regroup(connection: sqlite3.Connection, articles: Sequence[int]) -> None:
    """Sets articles apart and unites anew those that belong together."""
    connection.executemany("UPDATE copies SET grp = article WHERE article = ?", zip(articles))
    reader = _Reader(connection, {})
    for seq in articles:
        query = "SELECT signature FROM copies WHERE article = ?"
        held = connection.execute(query, (seq,)).fetchone()[0]
        _join(connection, seq, _signature(held), reader)


def _join(connection: sqlite3.Connection, seq: int, signature: Signature, reader: _Reader) -> int:
    """Unites an article with the groups that it belongs to; returns the group it is in then."""
    mine = reader.runs(seq)
    group = _group(connection, seq)
    for candidates in _proposed(connection, seq, signature):
        other = _group(connection, candidates[0])
        if (
            other != group
            and any(copies.are_copies(mine, reader.runs(c)) for c in candidates)
            and _mostly_kin(connection, group, other, reader)
        ):
            gone, group = max(group, other), min(group, other)
            connection.execute("UPDATE copies SET grp = ? WHERE grp = ?", (group, gone))
    return group


def _proposed(connection: sqlite3.Connection, seq: int, signature: Signature) -> list[list[int]]:
    """For each group that shares keys with an article, those of its articles that share most."""
    shared: dict[int, int] = {}
    group_of: dict[int, int] = {}
    query = """SELECT k.article, c.grp FROM copy_keys k JOIN copies c ON c.article = k.article
        WHERE k.key = ? AND k.article != ? ORDER BY k.article LIMIT ?"""
    for key in signature.tolist():
        rows = connection.execute(query, (key, seq, HOLDERS)).fetchall()
        if len({group for _, group in rows}) <= COMMON:
            group_of.update(rows)
            for article, _ in rows:
                shared[article] = shared.get(article, 0) + 1
    found: dict[int, list[int]] = {}
    for article in sorted(shared, key=lambda a: (-shared[a], a)):
        found.setdefault(group_of[article], []).append(article)
    return [articles[:EACH] for articles in list(found.values())[:GROUPS]]


def _mostly_kin(connection: sqlite3.Connection, one: int, other: int, reader: _Reader) -> bool:
    ours, theirs = (_oldest(connection, group, SAMPLE) for group in (one, other))
    kin = [copies.are_kin(reader.runs(a), reader.runs(b)) for a in ours for b in theirs]
    return sum(kin) > len(kin) / 2


def _oldest(connection: sqlite3.Connection, group: int, limit: int) -> list[int]:
    query = "SELECT article FROM copies WHERE grp = ? ORDER BY article LIMIT ?"
    return [row[0] for row in connection.execute(query, (group, limit))]


def _group(connection: sqlite3.Connection, seq: int) -> int:
    query = "SELECT grp FROM copies WHERE article = ?"
    return int(connection.execute(query, (seq,)).fetchone()[0])


def _text(connection: sqlite3.Connection, seq: int) -> str:
    """What the current version of a stored article says."""
    query = """SELECT v.text FROM articles a
        JOIN versions v ON v.article = a.seq AND v.version = a.version WHERE a.seq = ?"""
    return str(connection.execute(query, (seq,)).fetchone()[0])


def _signature(blob: bytes) -> Signature:
    return np.frombuffer(blob, "<i8").astype(np.int64)
