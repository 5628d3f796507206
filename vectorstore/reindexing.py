"""Another index beside the live one: filled article by article, then switched to at once.

What is filled survives a kill, and the next run goes on there. Until the switch the live index
answers, and afterwards it is kept, so that going back embeds only what came since.
"""

from collections.abc import Sequence

from vectorstore import index_sets
from vectorstore.errors import IndexMismatch
from vectorstore.index_sets import LIVE, NEW, OLD
from vectorstore.models import Article, EmbeddedChunk, IndexContract
from vectorstore.records import COLUMNS, CURRENT, article_of, insert_chunks, retire_chunks
from vectorstore.schema import Database

_MISSING = f"""FROM {CURRENT} LEFT JOIN new_indexed i ON i.article = a.seq
    WHERE i.version IS NULL OR i.version <> a.version"""


class SideIndex:
    """The index that is being built in a catalogue; `begin` comes first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, contract: IndexContract, back: bool = False) -> None:
        """Goes on with a set of this contract that is unfinished, else takes one up.

        That is the one that was kept, if it has this contract and the live one hasn't, or if
        `back` asks for it: IndexMismatch if there is none of this contract then. Else a new one.
        """
        with self._database.write(content=False) as connection:
            unfinished, kept, live = (
                index_sets.contract_of(connection, prefix) for prefix in (NEW, OLD, LIVE)
            )
            if back and kept != contract and (unfinished != contract or kept is not None):
                raise IndexMismatch(_no_way_back(kept))
            if kept == contract and (back or contract != live):
                index_sets.take_back(connection)
            elif unfinished != contract:
                index_sets.create(connection, contract)

    def missing(self) -> int:
        """How many articles it lacks, or has in another version."""
        query = f"SELECT count(*) {_MISSING}"
        return int(self._database.read().execute(query).fetchone()[0])

    def next_missing(self, after: int, limit: int) -> list[tuple[int, Article]]:
        """Articles that it lacks behind the number `after`, each with its own number."""
        query = f"SELECT a.seq, a.id, {COLUMNS} {_MISSING} AND a.seq > ? ORDER BY a.seq LIMIT ?"
        rows = self._database.read().execute(query, (after, limit)).fetchall()
        return [(seq, article_of(article_id, row)) for seq, article_id, *row in rows]

    def add(self, prepared: Sequence[tuple[Article, Sequence[EmbeddedChunk]]]) -> None:
        """Adds articles, in one transaction; one that has changed or gone since is passed over."""
        with self._database.write(content=False) as connection:
            for article, chunks in prepared:
                query = "SELECT seq FROM articles WHERE id = ? AND version = ?"
                row = connection.execute(query, (article.id, article.version)).fetchone()
                if row is not None:
                    retire_chunks(connection, row[0], NEW)
                    insert_chunks(connection, row[0], article, chunks, NEW)

    def switch(self) -> bool:
        """Makes it the live index, in one transaction; False if it lacks an article by now."""
        with self._database.write() as connection:
            if connection.execute(f"SELECT 1 {_MISSING} LIMIT 1").fetchone() is not None:
                return False
            index_sets.switch(connection)
            connection.execute("DELETE FROM pending")
            connection.execute(
                """INSERT INTO pending (chunk)
                SELECT id FROM old_chunks UNION SELECT id FROM chunks"""
            )
            return True


def _no_way_back(kept: IndexContract | None) -> str:
    if kept is None:
        return "No earlier index is kept. `beleg reindex` makes one anew with the model set now."
    return (
        f"The index before was made with {kept.model}. Set EMBEDDING_MODEL to that, then run "
        "`beleg reindex --back`; or with the same model, but by another version of Beleg."
    )
