"""Another index beside the live one: filled article by article, then switched to at once.

What is filled survives a kill, and the next run goes on there. Until the switch the live index
answers, and afterwards it is kept, so that going back embeds only what came since.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from vectorstore import index_sets
from vectorstore.alone import alone
from vectorstore.database import Database
from vectorstore.errors import IndexMismatch
from vectorstore.index_sets import DROPPED, LIVE, NEW, OLD
from vectorstore.models import Article, EmbeddedChunk, IndexContract
from vectorstore.records import COLUMNS, CURRENT, SAME, article_of, insert_chunks, retire_chunks

AT_ONCE = 2_000  # passages that are discarded in one transaction

_MISSING = f"""FROM {CURRENT} LEFT JOIN new_indexed i ON i.article = a.seq
    WHERE i.version IS NULL OR i.version <> a.version"""


@contextmanager
def side_index(
    database: Database, contract: IndexContract, back: bool = False
) -> Iterator["SideIndex"]:
    """The set of this contract that is being built: one that is unfinished, else another.

    That is the one that was kept, if it has this contract and the live one hasn't, or if `back`
    asks for it: IndexMismatch if there is none of this contract then. Else a new one. StoreError
    while another process builds one in this home.
    """
    with alone(database.path.parent, "reindex"):
        side = SideIndex(database, contract)
        side.begin(back)
        yield side


class SideIndex:
    """The index that is being built in a catalogue; see side_index."""

    def __init__(self, database: Database, contract: IndexContract) -> None:
        self._database = database
        self._contract = contract

    def begin(self, back: bool = False) -> None:
        """Finds the set, or makes one."""
        wanted = self._contract
        with self._database.write(content=False) as connection:
            index_sets.drop(connection, DROPPED)
            unfinished, kept, live = (
                index_sets.contract_of(connection, prefix) for prefix in (NEW, OLD, LIVE)
            )
            if back and kept != wanted and (unfinished != wanted or kept is not None):
                raise IndexMismatch(_no_way_back(kept, wanted))
            if kept == wanted and (back or wanted != live):
                index_sets.take_back(connection)
            elif unfinished != wanted:
                index_sets.create(connection, wanted)

    def missing(self) -> int:
        """How many articles it lacks, or has in another version."""
        with self._database.snapshot():
            self._still_there()
            query = f"SELECT count(*) {_MISSING}"
            return int(self._database.read().execute(query).fetchone()[0])

    def next_missing(self, after: int, limit: int) -> list[tuple[int, Article]]:
        """Articles that it lacks behind the number `after`, each with its own number."""
        query = f"SELECT a.seq, a.id, {COLUMNS} {_MISSING} AND a.seq > ? ORDER BY a.seq LIMIT ?"
        with self._database.snapshot():
            self._still_there()
            rows = self._database.read().execute(query, (after, limit)).fetchall()
        return [(seq, article_of(article_id, row)) for seq, article_id, *row in rows]

    def add(self, prepared: Sequence[tuple[Article, Sequence[EmbeddedChunk]]]) -> None:
        """Adds articles, in one transaction; one that has changed or gone since is passed over."""
        with self._database.write(content=False) as connection:
            self._still_there()
            for article, chunks in prepared:
                known = (article.id, article.version, article.content_hash)
                row = connection.execute(SAME, known).fetchone()
                if row is not None:
                    retire_chunks(connection, row[0], NEW)
                    insert_chunks(connection, row[0], article, chunks, NEW)

    def switch(self) -> bool:
        """Makes it the live index, in one transaction; False if it lacks an article by now.

        Chroma has the vectors of the one before: whoever owns it builds it anew.
        """
        with self._database.write() as connection:
            self._still_there()
            if connection.execute(f"SELECT 1 {_MISSING} LIMIT 1").fetchone() is not None:
                return False
            index_sets.switch(connection)
            connection.execute("DELETE FROM pending")
            connection.execute(
                "INSERT OR REPLACE INTO meta VALUES ('chroma_purge', lower(hex(randomblob(16))))"
            )
        self._discard()
        return True

    def _still_there(self) -> None:
        """IndexMismatch if the set is another's by now: a restore, or a lock that isn't one."""
        if index_sets.contract_of(self._database.read(), NEW) != self._contract:
            raise IndexMismatch(
                "The index that was being built is gone: something else was put in its place. "
                "Run `beleg reindex` again."
            )

    def _discard(self) -> None:
        """Removes the set before the one before, in steps, so that no other writer waits long."""
        for table in index_sets.large(DROPPED):
            while True:
                with self._database.write(content=False) as connection:
                    query = f"""DELETE FROM {table} WHERE seq IN
                        (SELECT seq FROM {table} LIMIT {AT_ONCE})"""
                    if not _there(connection, table) or not connection.execute(query).rowcount:
                        break
        with self._database.write(content=False) as connection:
            index_sets.drop(connection, DROPPED)


def _there(connection: sqlite3.Connection, table: str) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE name = ?"
    return connection.execute(query, (table,)).fetchone() is not None


def _no_way_back(kept: IndexContract | None, wanted: IndexContract) -> str:
    if kept is None:
        return "No earlier index is kept. `beleg reindex` makes one anew with the model set now."
    told = f"The index before was made with {kept.model}"
    if kept.model != wanted.model:
        return f"{told}. Set EMBEDDING_MODEL to that, then run `beleg reindex --back`."
    return (
        f"{told} by another version of Beleg, or with other weights, so this can't use it. "
        "The present index stays."
    )
