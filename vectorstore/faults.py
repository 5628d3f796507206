"""What can be wrong inside a catalogue that opens: in what it was told, in an index made of it.

Nothing here writes. Call all of it in one `Database.snapshot`, else a write between two looks
counts as a fault.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vectorstore import wordvectors
from vectorstore.index_sets import LIVE
from vectorstore.records import article_of, chunk_identity
from vectorstore.soundness import Broken, columns, intact, what_is_broken

BESIDE = ("vectors", "sentences", "words")
_UNIT = 0.01  # how far a vector's length may be from 1


@dataclass(frozen=True, slots=True)
class IndexFaults:
    """What is wrong with an index set.

    `articles` are the numbers of those whose passages are missing or broken, and what is wrong;
    `silent` those that have no passages, which is right if they say nothing. `orphans` counts
    rows that belong to no passage or to no article.
    """

    articles: dict[int, str] = field(default_factory=dict)
    silent: tuple[int, ...] = ()
    orphans: int = 0


# -- what the catalogue was told ---------------------------------------------------------


def of_articles(connection: sqlite3.Connection) -> list[str]:
    """What is broken in the file, the articles and their versions, a few words each."""
    found: list[str] = []
    try:
        with what_is_broken(), _any_bytes(connection):
            pages = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
            if pages != ["ok"]:
                return [line.strip() for page in pages for line in str(page).splitlines()[-1:]]
            found.extend(_versions(connection))
    except Broken as broken:
        found.append(str(broken))
    return found


def _versions(connection: sqlite3.Connection) -> Iterator[str]:
    if connection.execute("PRAGMA foreign_key_check(versions)").fetchone() is not None:
        yield "a version belongs to no article"
    query = """SELECT a.id FROM articles a LEFT JOIN versions v
        ON v.article = a.seq AND v.version = a.version WHERE v.article IS NULL"""
    for (article_id,) in connection.execute(query):
        yield f"the text of {article_id!r} is missing"
    query = f"""SELECT a.id, v.version, {columns(connection)}
        FROM articles a JOIN versions v ON v.article = a.seq"""
    for article_id, version, *row in connection.execute(query):
        try:
            sound = intact(article_of(article_id, row))
        except (ValueError, TypeError):  # values that no article has
            sound = False
        if not sound:
            yield f"version {version} of {article_id!r} is not what was stored"


@contextmanager
def _any_bytes(connection: sqlite3.Connection) -> Iterator[None]:
    """Reads also what is no UTF-8 any more: then the hash shows which version that is in."""
    usual = connection.text_factory
    connection.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = usual


# -- an index ----------------------------------------------------------------------------


def of_index(
    connection: sqlite3.Connection, dimension: int | None, prefix: str = LIVE
) -> IndexFaults:
    """What is wrong with the passages of a set and what belongs to them, but for the postings.

    `dimension` is that of its vectors, None if nobody knows. Only the live set has to have all
    articles in their current versions.
    """
    found: dict[int, str] = {}
    ordinals: dict[int, set[int]] = defaultdict(set)
    counts: dict[int, int] = defaultdict(int)
    lengths = _lengths(connection, prefix)
    for row in connection.execute(_PASSAGES.format(p=prefix)):
        article, ordinal = row[1], row[3]
        ordinals[article].add(ordinal)
        counts[article] += 1
        try:
            wrong = _wrong(row[2:], lengths.get(article), dimension)
        except TypeError:  # SQLite holds anything in any column
            wrong = "a passage is broken"
        if wrong is not None:
            found.setdefault(article, wrong)
    for article, held in ordinals.items():
        if held != set(range(counts[article])):
            found.setdefault(article, "a passage is missing")
    if prefix == LIVE:
        query = """SELECT a.seq FROM articles a LEFT JOIN indexed i ON i.article = a.seq
            WHERE i.version IS NOT a.version"""
        for (article,) in connection.execute(query):
            found.setdefault(article, "it has no passages")
    silent = tuple(article for article in lengths if article not in counts)
    return IndexFaults(found, silent, _orphans(connection, prefix))


def passages_of(connection: sqlite3.Connection, articles: Collection[int] | None) -> dict[int, int]:
    """How many passages these articles have in the live set; None stands for all that it holds."""
    query = """SELECT i.article, count(c.seq) FROM indexed i
        LEFT JOIN chunks c ON c.article = i.article GROUP BY i.article"""
    found = dict(connection.execute(query).fetchall())
    return found if articles is None else {number: found[number] for number in articles}


_PASSAGES = """SELECT c.seq, c.article, c.version, c.ordinal, c.id, c.start, c.end, a.id,
    x.vector, s.spans, s.vectors, length(w.vectors)
    FROM {p}chunks c JOIN articles a ON a.seq = c.article
    LEFT JOIN {p}vectors x ON x.seq = c.seq LEFT JOIN {p}sentences s ON s.seq = c.seq
    LEFT JOIN {p}words w ON w.seq = c.seq"""


def _lengths(connection: sqlite3.Connection, prefix: str) -> dict[int, tuple[int, int]]:
    """Which version of each article a set holds, and how long that is, in code points."""
    query = f"""SELECT i.article, i.version, v.text FROM {prefix}indexed i
        JOIN versions v ON v.article = i.article AND v.version = i.version"""
    return {article: (version, len(text)) for article, version, text in connection.execute(query)}


def _wrong(row: Sequence[Any], held: tuple[int, int] | None, dimension: int | None) -> str | None:
    """What is wrong with a passage, in a few words."""
    version, ordinal, chunk_id, start, end, article_id, vector, spans, vectors, words = row
    if held is None or version != held[0]:
        return "a passage is of another version"
    if chunk_id != chunk_identity(article_id, version, ordinal):
        return "a passage has another id than it should"
    if not 0 <= start < end <= held[1]:
        return "a passage lies outside the text"
    if vector is None or not _are_units(vector, "<f4", 1, dimension):
        return "the vector of a passage is missing or broken"
    if words is None or words % wordvectors.DIMENSION:
        return "the words of a passage are missing or broken"
    if spans is None or len(spans) % 8:
        return "the sentences of a passage are missing or broken"
    pairs = np.frombuffer(spans, "<i4").reshape(-1, 2)
    inside = (pairs[:, 0] >= start) & (pairs[:, 0] < pairs[:, 1]) & (pairs[:, 1] <= end)
    if not inside.all() or not _are_units(vectors, "<f2", len(pairs), len(vector) // 4):
        return "the sentences of a passage are missing or broken"
    return None


def _are_units(content: bytes, kind: str, count: int, dimension: int | None) -> bool:
    """Whether these are so many vectors of length 1."""
    size = np.dtype(kind).itemsize
    if dimension is None:
        dimension = len(content) // size
    if len(content) != count * dimension * size or (count and not dimension):
        return False
    rows = np.frombuffer(content, kind).astype(np.float32).reshape(count, -1 if count else 0)
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.sqrt((rows * rows).sum(axis=1))
    return bool((np.abs(lengths - 1) <= _UNIT).all())


def _orphans(connection: sqlite3.Connection, prefix: str) -> int:
    count = 0
    for table in BESIDE:
        query = f"""SELECT count(*) FROM {prefix}{table}
            WHERE seq NOT IN (SELECT seq FROM {prefix}chunks)"""
        count += connection.execute(query).fetchone()[0]
    for table in ("chunks", "indexed"):
        query = f"""SELECT count(*) FROM {prefix}{table}
            WHERE article NOT IN (SELECT seq FROM articles)"""
        count += connection.execute(query).fetchone()[0]
    return count


# -- copies ------------------------------------------------------------------------------


def of_copies(connection: sqlite3.Connection) -> frozenset[int]:
    """Articles of which it isn't known, or not whole, whose copies they are; also gone ones."""
    queries = (
        "SELECT seq FROM articles EXCEPT SELECT article FROM copies",
        "SELECT article FROM copies EXCEPT SELECT seq FROM articles",
        "SELECT article FROM copies WHERE grp NOT IN (SELECT article FROM copies)",
        "SELECT article FROM copy_keys EXCEPT SELECT article FROM copies",
        """SELECT c.article FROM copies c LEFT JOIN
            (SELECT article, count(*) AS keys FROM copy_keys GROUP BY article) k
            ON k.article = c.article WHERE length(c.signature) <> 8 * coalesce(k.keys, 0)""",
    )
    return frozenset(row[0] for query in queries for row in connection.execute(query))
