"""What is derived from the articles is made again: passages, postings, copies.

Each step is one transaction and may be done again at any time. Whoever takes passages out by
force leaves their postings behind: `rebuild_postings` comes after that.
"""

import sqlite3
from collections.abc import Collection, Sequence

from vectorstore import copy_groups, index_sets, postings
from vectorstore.database import Database
from vectorstore.errors import IndexMismatch
from vectorstore.faults import BESIDE
from vectorstore.index_sets import LIVE
from vectorstore.models import Article, EmbeddedChunk, IndexContract
from vectorstore.posting_faults import KINDS, texts
from vectorstore.records import COLUMNS, CURRENT, SAME, article_of, insert_chunks


def articles(database: Database, numbers: Collection[int]) -> list[tuple[int, Article]]:
    """Those articles in their current versions that are still there, each with its number."""
    query = f"SELECT a.id, {COLUMNS} FROM {CURRENT} WHERE a.seq = ?"
    rows = [(number, database.read().execute(query, (number,)).fetchone()) for number in numbers]
    return [(number, article_of(row[0], row[1:])) for number, row in rows if row is not None]


def replace_passages(
    database: Database,
    contract: IndexContract,
    prepared: Sequence[tuple[Article, Sequence[EmbeddedChunk]]],
) -> None:
    """Other passages for articles in the live set; one that has changed since is passed over.

    IndexMismatch if that set is no longer of the contract that they were made with.
    """
    with database.write() as connection:
        if index_sets.contract_of(connection) != contract:
            raise IndexMismatch("The index was made anew meanwhile. Run `beleg doctor` again.")
        for article, chunks in prepared:
            known = (article.id, article.version, article.content_hash)
            for (number,) in connection.execute(SAME, known).fetchall():
                _take_out(connection, number)
                insert_chunks(connection, number, article, chunks)


def _take_out(connection: sqlite3.Connection, number: int) -> None:
    query = "INSERT INTO pending (chunk) SELECT id FROM chunks WHERE article = ?"
    connection.execute(query, (number,))
    for table in BESIDE:
        query = f"DELETE FROM {table} WHERE seq IN (SELECT seq FROM chunks WHERE article = ?)"
        connection.execute(query, (number,))
    for table in ("chunks", "indexed"):
        connection.execute(f"DELETE FROM {table} WHERE article = ?", (number,))


def drop_orphans(database: Database) -> None:
    """Removes from the live set what belongs to no passage or to no article."""
    with database.write() as connection:
        query = """INSERT INTO pending (chunk)
            SELECT id FROM chunks WHERE article NOT IN (SELECT seq FROM articles)"""
        connection.execute(query)
        for table in ("chunks", "indexed"):
            query = f"DELETE FROM {table} WHERE article NOT IN (SELECT seq FROM articles)"
            connection.execute(query)
        for table in BESIDE:
            query = f"DELETE FROM {table} WHERE seq NOT IN (SELECT seq FROM chunks)"
            connection.execute(query)


def rebuild_postings(database: Database) -> None:
    """Makes the live set's postings anew; others have to wait to write, a minute for 100,000."""
    with database.write() as connection:
        for kind in KINDS:
            connection.execute(f"INSERT INTO {kind} ({kind}) VALUES ('delete-all')")
        for seq, terms in texts(connection, LIVE):
            postings.insert(connection, seq, terms)


def compare_again(database: Database, numbers: Collection[int]) -> None:
    """Finds anew whose copies these articles are; those that are gone are forgotten."""
    with database.write() as connection:
        query = "SELECT article FROM copies WHERE grp = ?"
        kin = [row[0] for n in numbers for row in connection.execute(query, (n,)).fetchall()]
        for number in {*numbers, *kin}:
            for table in ("copies", "copy_keys"):
                connection.execute(f"DELETE FROM {table} WHERE article = ?", (number,))
        copy_groups.complete(connection)
