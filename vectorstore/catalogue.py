"""The catalogue of articles: the truth, in SQLite. Chroma and the postings are derived from it.

An article's version, chunks, vectors and postings are written in one transaction, together with
a note of what Chroma now lacks or still holds. What `store` returned survives `kill -9`.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from vectorstore import copies, copy_groups, index_sets, origins, pages, topics
from vectorstore.copies import Signature
from vectorstore.database import Database
from vectorstore.errors import ArticleNotFound, IndexMismatch
from vectorstore.models import Article, EmbeddedChunk, IndexContract
from vectorstore.pages import Page
from vectorstore.records import (
    COLUMNS,
    CURRENT,
    LISTED,
    article_of,
    checked,
    insert_chunks,
    insert_version,
    remove,
    retire_chunks,
)


class Outcome(StrEnum):
    """What storing an article did."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in the list of articles, with the number of its chunks.

    `group` is the id of the oldest of its copies, itself or another; None if it has none.
    `gone` is the day since which its page is.
    """

    article: Article
    chunks: int
    group: str | None = None
    gone: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the catalogue holds; `pending` counts chunks that Chroma has yet to look at."""

    articles: int
    versions: int
    chunks: int
    pending: int


class Catalogue:
    """Articles and their versions in a Database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # -- reading -----------------------------------------------------------------------

    def article(self, article_id: str, version: int | None = None) -> Article:
        """One version of an article, the current one by default; ArticleNotFound if none."""
        row = (
            self.database.read()
            .execute(
                f"""SELECT v.version IS NULL, {COLUMNS} FROM articles a LEFT JOIN versions v
                ON v.article = a.seq AND v.version = coalesce(?, a.version) WHERE a.id = ?""",
                (version, article_id),
            )
            .fetchone()
        )
        if row is None or (row[0] and version is not None):
            raise ArticleNotFound(article_id, version)
        return checked(article_of(article_id, row[1:]))

    def articles(self) -> Iterator[Listed]:
        """Every current article, newest first, without its text."""
        columns = COLUMNS.replace("v.text", "''")
        rows = self.database.read().execute(
            f"""SELECT a.id, a.gone, (SELECT count(*) FROM chunks c WHERE c.article = a.seq),
            {copy_groups.OLDEST}, {columns}
            FROM {LISTED} ORDER BY v.day IS NULL, v.day DESC, a.seq DESC"""
        )
        for article_id, gone, chunks, group, *row in rows:
            yield Listed(article_of(article_id, row), chunks, group, gone)

    def texts(self) -> Iterator[Article]:
        """Every current article, whole, oldest entry first."""
        query = f"SELECT a.id, {COLUMNS} FROM {LISTED} ORDER BY a.seq"
        for article_id, *row in self.database.read().execute(query):
            yield article_of(article_id, row)

    def content_hash(self, article_id: str) -> str | None:
        """The hash of the current version, or None if there is no such article."""
        row = (
            self.database.read()
            .execute(f"SELECT v.content_hash FROM {CURRENT} WHERE a.id = ?", (article_id,))
            .fetchone()
        )
        return row[0] if row else None

    def page(self, address: str) -> Page | None:
        """What an address brought when it was last read."""
        return pages.known(self.database.read(), address)

    def languages(self) -> frozenset[str]:
        """The primary subtags of the languages that articles are in."""
        rows = self.database.read().execute(f"SELECT DISTINCT v.language FROM {CURRENT}")
        return frozenset(row[0].split("-")[0].lower() for row in rows if row[0])

    def size(self) -> int:
        """How many articles there are."""
        return int(self.database.read().execute("SELECT count(*) FROM articles").fetchone()[0])

    def has_one_article(self) -> bool:
        """Whether there is exactly one."""
        query = "SELECT count(*) FROM (SELECT 1 FROM articles LIMIT 2)"
        return bool(self.database.read().execute(query).fetchone()[0] == 1)

    def counts(self) -> Counts:
        """How much there is."""
        connection = self.database.read()
        tables = ("articles", "versions", "chunks", "pending")
        found = [connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables]
        return Counts(*found)

    # -- writing -----------------------------------------------------------------------

    def store(
        self,
        prepared: Sequence[tuple[Article, Sequence[EmbeddedChunk]]],
        origin: str,
        contract: IndexContract | None = None,
    ) -> list[Outcome]:
        """Stores articles as new versions, all in one transaction, and says what each did.

        `contract` is what the vectors were made with: IndexMismatch if the index has another by
        now, because another process has made it anew.

        An article that meanwhile has this content is left alone, so that two ingests of the
        same source make no version twice.
        """
        signatures = [copies.signature(article.text) for article, _ in prepared]
        with self.database.write() as connection:
            if contract is not None and self.contract() != contract:
                raise IndexMismatch(
                    "The index was made anew with another model meanwhile. Ingest again."
                )
            return [
                _store(connection, article, chunks, signature, origin)
                for (article, chunks), signature in zip(prepared, signatures, strict=True)
            ]

    def note_pages(self, found: Sequence[Page]) -> None:
        """Remembers what addresses brought, whose articles are stored: their pages are there."""
        if not found:
            return
        with self.database.write(content=False) as connection:
            for page in found:
                pages.note(connection, page)
                pages.mark_gone(connection, page.article_id, None)

    def mark_gone(self, article_ids: Iterable[str], day: str) -> None:
        """Notes the day (ISO) on which the pages of articles were found to be gone."""
        with self.database.write(content=False) as connection:
            for article_id in article_ids:
                pages.mark_gone(connection, article_id, day)

    def confirm(self, article_ids: Sequence[str], origin: str) -> None:
        """Notes that a source still has these articles, for a later prune."""
        fresh = origins.unnoted(self.database.read(), article_ids, origin)
        if fresh:
            with self.database.write() as connection:
                origins.note(connection, fresh, origin)

    def delete(self, article_ids: Iterable[str]) -> int:
        """Removes articles with all their versions; returns how many there were.

        IndexMismatch if another Beleg made the postings: this one couldn't take words out of them.
        """
        with self.database.write() as connection:
            found = 0
            for article_id in dict.fromkeys(article_ids):
                query = "SELECT seq FROM articles WHERE id = ?"
                row = connection.execute(query, (article_id,)).fetchone()
                if row:
                    remove(connection, row[0])
                    found += 1
            return found

    def brought(self, origin: str) -> frozenset[str]:
        """The articles that a source has brought so far."""
        return origins.brought(self.database.read(), origin)

    def prune(self, origin: str, dropped: frozenset[str]) -> int:
        """Removes what a source no longer has, unless another source has it."""
        with self.database.write() as connection:
            return origins.prune(connection, origin, dropped)

    # -- the index contract ------------------------------------------------------------

    def contract(self) -> IndexContract | None:
        """What the stored vectors and postings were made with; None while there are none."""
        return index_sets.contract_of(self.database.read())

    def require(self, contract: IndexContract) -> None:
        """Refuses to go on with vectors made otherwise; the first to ask decides."""
        found = self.contract()
        if found is None:
            with self.database.write() as connection:
                found = self.contract()
                if found is None:
                    index_sets.write_contract(connection, contract)
                    return
        if found != contract:
            told = f"The articles are indexed with {found.model} {_difference(found, contract)}."
            way = "`beleg reindex` to build the index anew."
            if found.model != contract.model:
                raise IndexMismatch(f"{told} Set EMBEDDING_MODEL back, or run {way}")
            raise IndexMismatch(f"{told} Run {way}")


def _difference(found: IndexContract, wanted: IndexContract) -> str:
    if found.model != wanted.model:
        return f"but {wanted.model} is set now"
    if found.chunker != wanted.chunker or found.lexical != wanted.lexical:
        return "by another version of Beleg"
    return "and that model has changed since"


def _store(
    connection: sqlite3.Connection,
    article: Article,
    chunks: Sequence[EmbeddedChunk],
    signature: Signature,
    origin: str,
) -> Outcome:
    row = connection.execute(
        f"SELECT a.seq, v.version, v.content_hash FROM {CURRENT} WHERE a.id = ?", (article.id,)
    ).fetchone()
    if row and row[2] == article.content_hash:
        outcome, seq = Outcome.UNCHANGED, row[0]
    elif row:
        outcome, seq = Outcome.UPDATED, row[0]
        retire_chunks(connection, seq)
        copy_groups.remove(connection, seq)
        connection.execute("UPDATE articles SET version = ? WHERE seq = ?", (row[1] + 1, seq))
    else:
        outcome = Outcome.ADDED
        query = "INSERT INTO articles (id, version) VALUES (?, 1)"
        seq = connection.execute(query, (article.id,)).lastrowid
    if outcome is not Outcome.UNCHANGED:
        stored = replace(article, version=row[1] + 1 if row else 1)
        insert_version(connection, seq, stored)
        insert_chunks(connection, seq, stored, chunks)
        copy_groups.insert(connection, seq, article.text, signature)
        topics.note_news(connection, seq)
    origins.note(connection, [seq], origin)
    return outcome
