"""Articles with all their versions: read out of a catalogue whole, and put into another one.

What is put in is compared by content, version by version. It never replaces what is there: a
version that is newer here stays the current one, and what a file says more is added.
"""

import sqlite3
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from vectorstore import copies, copy_groups, origins
from vectorstore.catalogue import Catalogue, Outcome
from vectorstore.copies import Signature
from vectorstore.database import Database, damaged
from vectorstore.errors import IndexMismatch
from vectorstore.models import Article, EmbeddedChunk, IndexContract
from vectorstore.records import COLUMNS, article_of, insert_chunks, insert_version, retire_chunks
from vectorstore.soundness import intact


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article; on the current one stands what belongs to the article.

    `gone` is the day (ISO) since which its page is, `origins` are the sources that brought it.
    """

    article: Article
    gone: str | None = None
    origins: tuple[str, ...] = ()


History: TypeAlias = tuple[Version, ...]
"""Versions of one article, at least one, their numbers ascending; the last is the current one.

A single version may have the number 0: then nobody knows which it is.
"""


def versions(database: Database) -> Generator[Version, None, None]:
    """Every version of every article, in the order they came: of one moment, however long it takes.

    They are read as they are asked for. CatalogueDamaged where one isn't what was stored: to give
    it a new hash elsewhere would hide that.
    """
    query = f"""SELECT a.seq, a.id, a.version, a.gone, {COLUMNS}
        FROM articles a JOIN versions v ON v.article = a.seq ORDER BY a.seq, v.version"""
    with database.snapshot():
        connection = database.read()
        for seq, article_id, current, gone, *row in connection.execute(query):
            article = _intact(database, article_id, row)
            if article.version == current:
                yield Version(article, gone, _origins(connection, seq))
            else:
                yield Version(article)


def plan(held: Mapping[int, str], history: History) -> tuple[Outcome, list[Article]]:
    """What putting a history in does, and the versions that it adds, with their numbers.

    `held` are the content hashes of the versions here by number, the highest being the current
    one; empty if there is no such article. Unless nothing changes, the last version that is
    added becomes the current one.
    """
    articles = [version.article for version in history]
    last = articles[-1]
    if not held:
        return Outcome.ADDED, [replace(a, version=a.version or 1) for a in articles]
    now = max(held)
    lacking = [a for a in articles if a.version and a.version not in held]
    if held[now] == last.content_hash:
        return Outcome.UNCHANGED, lacking if last.version == now else []
    if any((a.version, a.content_hash) == (now, held[now]) for a in articles):
        return Outcome.UPDATED, lacking  # it goes on from what is the current version here
    if last.content_hash in held.values():
        return Outcome.UNCHANGED, []  # what is here is newer
    return Outcome.UPDATED, [replace(last, version=now + 1)]


def expected(catalogue: Catalogue, history: History) -> Outcome | None:
    """What `put` would do with a history as things are now; None if nothing at all."""
    connection = catalogue.database.read()
    last = history[-1]
    outcome, lacking = plan(_held(connection, last.article.id), history)
    if outcome is not Outcome.UNCHANGED or lacking:
        return outcome
    noted = (origins.unnoted(connection, [last.article.id], origin) for origin in last.origins)
    return outcome if any(noted) else None


def put(
    catalogue: Catalogue,
    prepared: Sequence[tuple[History, Sequence[EmbeddedChunk] | None]],
    contract: IndexContract | None = None,
) -> list[Outcome]:
    """Stores articles with their histories, all in one transaction, and says what each did.

    Each comes with the passages of its current version, or None if `expected` has found it
    unchanged: then no more than earlier versions and sources are noted. `contract` is what the
    vectors were made with: IndexMismatch if the index has another by now.
    """
    signatures = [
        None if chunks is None else copies.signature(history[-1].article.text)
        for history, chunks in prepared
    ]
    with catalogue.database.write() as connection:
        if contract is not None and catalogue.contract() != contract:
            raise IndexMismatch(
                "The index was made anew with another model meanwhile. Import again."
            )
        return [
            _put(connection, history, chunks, signature)
            for (history, chunks), signature in zip(prepared, signatures, strict=True)
        ]


def _put(
    connection: sqlite3.Connection,
    history: History,
    chunks: Sequence[EmbeddedChunk] | None,
    signature: Signature | None,
) -> Outcome:
    last = history[-1]
    outcome, lacking = plan(_held(connection, last.article.id), history)
    if outcome is not Outcome.UNCHANGED and chunks is None:
        return Outcome.UNCHANGED  # deleted or changed since it was looked at: that came later
    seq = _number(connection, last.article.id, outcome)
    for article in lacking:
        insert_version(connection, seq, article)
    if outcome is not Outcome.UNCHANGED:
        stored = lacking[-1]
        query = "UPDATE articles SET version = ?, gone = ? WHERE seq = ?"
        connection.execute(query, (stored.version, last.gone, seq))
        insert_chunks(connection, seq, stored, chunks or ())
        copy_groups.insert(connection, seq, stored.text, signature)
    for origin in last.origins:
        origins.note(connection, [seq], origin)
    return outcome


def _number(connection: sqlite3.Connection, article_id: str, outcome: Outcome) -> int:
    """The number of an article whose passages are about to be made: a new one has none yet."""
    if outcome is Outcome.ADDED:
        query = "INSERT INTO articles (id, version) VALUES (?, 0)"
        added = connection.execute(query, (article_id,)).lastrowid
        assert added is not None
        return added
    query = "SELECT seq FROM articles WHERE id = ?"
    seq = int(connection.execute(query, (article_id,)).fetchone()[0])
    if outcome is Outcome.UPDATED:
        retire_chunks(connection, seq)
        copy_groups.remove(connection, seq)
    return seq


def _held(connection: sqlite3.Connection, article_id: str) -> dict[int, str]:
    """The content hash of each stored version of an article."""
    query = """SELECT v.version, v.content_hash FROM versions v
        JOIN articles a ON a.seq = v.article WHERE a.id = ?"""
    return dict(connection.execute(query, (article_id,)).fetchall())


def _intact(database: Database, article_id: str, row: Sequence[object]) -> Article:
    try:
        article = article_of(article_id, row)
    except (ValueError, TypeError) as error:
        raise damaged(database.path, f"the article {article_id!r} can't be read") from error
    if not intact(article):
        told = f"version {article.version} of the article {article_id!r} is not what was stored"
        raise damaged(database.path, told)
    return article


def _origins(connection: sqlite3.Connection, seq: int) -> tuple[str, ...]:
    query = "SELECT origin FROM origins WHERE article = ? ORDER BY origin"
    return tuple(row[0] for row in connection.execute(query, (seq,)))
