"""The catalogue's passages as a question needs them: vectors, sentences, texts, by `seq`."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vectorstore import wordvectors
from vectorstore.database import Database
from vectorstore.live import live_of
from vectorstore.models import Article, Chunk, Filters, Span, Vectors, WordVectors
from vectorstore.records import COLUMNS, CURRENT, article_of, sensible
from vectorstore.seqs import Seqs as Seqs

PAGE = 4_096  # vectors read at a time, where all are
SPAN = 8  # bytes of a sentence's start and end

_AMONG = "(SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """A live chunk with its article and the vectors of its content words.

    `spans` and `halves` are its sentences' places and vectors as they are stored. Of 200 that are
    loaded for a question few are looked at closely, so the rest is only made when asked for.
    """

    seq: int
    chunk_id: str
    article: Article
    ordinal: int
    start: int
    end: int
    spans: bytes
    halves: npt.NDArray[np.float16]
    words: WordVectors

    @property
    def chunk(self) -> Chunk:
        """The chunk itself, made anew each time."""
        pairs = np.frombuffer(self.spans, "<i4").reshape(-1, 2).tolist()
        spans = tuple(Span(start, end) for start, end in pairs)
        of = self.article
        return Chunk(self.chunk_id, of.id, of.version, self.ordinal, self.start, self.end, spans)

    @property
    def sentence_vectors(self) -> Vectors:
        """The vectors of its sentences, made anew each time."""
        return self.halves.astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Pending:
    """A chunk that Chroma has to look at again; without a vector it is to be forgotten."""

    seq: int
    chunk_id: str
    vector: bytes | None


class Passages:
    """Read access to the chunks of current versions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seqs(self) -> Seqs:
        """All live chunks, ascending."""
        return _numbers(self._database.read().execute("SELECT seq FROM chunks ORDER BY seq"))

    def vectors(self, seqs: Seqs) -> tuple[Seqs, Vectors]:
        """The live ones among these chunks, ascending, and their vectors as rows."""
        query = f"SELECT seq, vector FROM vectors WHERE seq IN {_AMONG} ORDER BY seq"
        return _matrix(self._database.read().execute(query, (_json(seqs),)).fetchall())

    def vectors_after(self, seq: int) -> tuple[Seqs, Vectors]:
        """The chunks behind `seq`, ascending, and their vectors as rows."""
        query = "SELECT seq, vector FROM vectors WHERE seq > ? ORDER BY seq"
        return _matrix(self._database.read().execute(query, (seq,)).fetchall())

    def vector_pages(self, seq: int) -> Iterator[tuple[Seqs, Vectors]]:
        """The same in parts, so that few are in memory twice."""
        query = "SELECT seq, vector FROM vectors WHERE seq > ? ORDER BY seq"
        rows = self._database.read().execute(query, (seq,))
        while page := rows.fetchmany(PAGE):
            yield _matrix(page)

    def allowed(self, filters: Filters) -> Seqs:
        """The chunks that pass the filters, ascending."""
        if filters.articles is None:
            return live_of(self._database).allowed(filters)
        query = f"""SELECT c.seq FROM {CURRENT} JOIN chunks c ON c.article = a.seq
            WHERE a.id IN (SELECT value FROM json_each(:articles))
            AND (:since IS NULL OR v.day >= :since) AND (:until IS NULL OR v.day <= :until)
            AND (:source IS NULL OR v.source_folded = :source)
            AND (:sources IS NULL OR v.source_folded IN (SELECT value FROM json_each(:sources)))
            AND (:language IS NULL OR v.language = :language
                OR substr(v.language, 1, length(:language) + 1) = :language || '-')
            ORDER BY c.seq"""
        sources = filters.sources and {source.casefold() for source in filters.sources}
        values = {
            "since": filters.since and filters.since.isoformat(),
            "until": filters.until and filters.until.isoformat(),
            "source": filters.source and filters.source.casefold(),
            "language": filters.language and filters.language.lower(),
            "articles": _listed(filters.articles),
            "sources": _listed(sources),
        }
        return _numbers(self._database.read().execute(query, values))

    def live_and_pending(self) -> tuple[set[str], set[str]]:
        """The ids of all live chunks, and of those that Chroma has yet to look at, at one time."""
        query = "SELECT id, 0 FROM chunks UNION ALL SELECT chunk, 1 FROM pending"
        rows = self._database.read().execute(query).fetchall()
        return {i for i, waits in rows if not waits}, {i for i, waits in rows if waits}

    def of_chunks(self, chunk_ids: Sequence[str]) -> Seqs:
        """The live chunks with these ids, ascending."""
        query = f"SELECT seq FROM chunks WHERE id IN {_AMONG} ORDER BY seq"
        return _numbers(self._database.read().execute(query, (json.dumps(list(chunk_ids)),)))

    def load(self, seqs: Seqs) -> list[Passage]:
        """The live ones among these chunks with their articles and sentences, ascending."""
        connection = self._database.read()
        rows = connection.execute(
            f"""SELECT c.seq, c.id, c.article, c.version, c.ordinal, c.start, c.end,
            s.spans, s.vectors, w.vectors FROM chunks c JOIN sentences s ON s.seq = c.seq
            JOIN words w ON w.seq = c.seq
            WHERE c.seq IN {_AMONG} ORDER BY c.seq""",
            (_json(seqs),),
        ).fetchall()
        articles = _articles(connection, {row[2] for row in rows})
        # A write between the two reads may have retired a chunk: its offsets would be wrong.
        live = [row for row in rows if row[2] in articles and articles[row[2]].version == row[3]]
        with sensible("passages"):
            return [_passage(row, articles[row[2]]) for row in live]

    # -- what Chroma lacks -------------------------------------------------------------

    def pending(self, limit: int) -> list[Pending]:
        """The oldest entries that Chroma has not seen."""
        rows = self._database.read().execute(
            """SELECT p.seq, p.chunk, x.vector FROM pending p
            LEFT JOIN chunks c ON c.id = p.chunk LEFT JOIN vectors x ON x.seq = c.seq
            ORDER BY p.seq LIMIT ?""",
            (limit,),
        )
        return [Pending(*row) for row in rows]

    def pending_count(self) -> int:
        """How many entries Chroma has not seen."""
        return int(self._database.read().execute("SELECT count(*) FROM pending").fetchone()[0])

    def pending_seqs(self) -> Seqs:
        """The live chunks that Chroma may lack, ascending."""
        query = "SELECT seq FROM chunks WHERE id IN (SELECT chunk FROM pending) ORDER BY seq"
        return _numbers(self._database.read().execute(query))

    def retired_pending(self) -> int:
        """How many passages Chroma may still hold that are no longer live."""
        query = "SELECT count(*) FROM pending WHERE chunk NOT IN (SELECT id FROM chunks)"
        return int(self._database.read().execute(query).fetchone()[0])

    def settled(self) -> tuple[int, int]:
        """How many passages Chroma holds at least, if it holds what it was given, and at most."""
        query = """SELECT (SELECT count(*) FROM chunks),
            (SELECT count(*) FROM chunks WHERE id IN (SELECT chunk FROM pending)),
            (SELECT count(DISTINCT chunk) FROM pending)"""
        live, live_pending, pending = self._database.read().execute(query).fetchone()
        return live - live_pending, live - live_pending + pending

    def settle(self, entries: Iterable[Pending]) -> None:
        """Forgets entries that Chroma has now seen."""
        with self._database.write(content=False) as connection:
            connection.executemany(
                "DELETE FROM pending WHERE seq = ?", [(entry.seq,) for entry in entries]
            )

    def last_pending(self) -> int:
        """The newest entry there is; 0 if there is none."""
        return int(self._database.read().execute("SELECT max(seq) FROM pending").fetchone()[0] or 0)

    def settle_until(self, seq: int) -> None:
        """Forgets the entries up to `seq`, because Chroma was built after them."""
        with self._database.write(content=False) as connection:
            connection.execute("DELETE FROM pending WHERE seq <= ?", (seq,))

    def page(self, after: int, limit: int) -> list[tuple[int, str, bytes]]:
        """Live chunks behind `after`: seq, id and vector, for a rebuild."""
        query = """SELECT c.seq, c.id, x.vector FROM chunks c JOIN vectors x ON x.seq = c.seq
            WHERE c.seq > ? ORDER BY c.seq LIMIT ?"""
        return self._database.read().execute(query, (after, limit)).fetchall()


def newest(entries: Iterable[Pending]) -> tuple[list[str], list[tuple[str, bytes]]]:
    """What entries come to, each chunk once: ids to forget; ids and vectors to hold."""
    latest = {entry.chunk_id: entry.vector for entry in entries}
    gone = [chunk_id for chunk_id, vector in latest.items() if vector is None]
    return gone, [(chunk_id, vector) for chunk_id, vector in latest.items() if vector is not None]


def _articles(connection: sqlite3.Connection, seqs: set[int]) -> dict[int, Article]:
    query = f"SELECT a.seq, a.id, {COLUMNS} FROM {CURRENT} WHERE a.seq IN {_AMONG}"
    rows = connection.execute(query, (json.dumps(list(seqs)),))
    return {seq: article_of(article_id, row) for seq, article_id, *row in rows}


def _passage(
    row: tuple[int, str, int, int, int, int, int, bytes, bytes, bytes], of: Article
) -> Passage:
    seq, chunk_id, _, _, ordinal, start, end, spans, vectors, words = row
    if not 0 <= start <= end <= len(of.text) or len(spans) % SPAN:
        raise ValueError("offsets")
    halves = np.frombuffer(vectors, "<f2")
    halves = halves.reshape(len(spans) // SPAN, -1) if spans else halves.reshape(0, 0)
    held = np.frombuffer(words, np.int8).reshape(-1, wordvectors.DIMENSION)
    return Passage(seq, chunk_id, of, ordinal, start, end, spans, halves, held)


def _listed(names: Collection[str] | None) -> str | None:
    return None if names is None else json.dumps(sorted(names))


def _json(seqs: Seqs) -> str:
    return json.dumps(seqs.tolist())


def _numbers(rows: sqlite3.Cursor) -> Seqs:
    return np.fromiter((row[0] for row in rows), np.int64)


def _matrix(found: Sequence[tuple[int, bytes]]) -> tuple[Seqs, Vectors]:
    with sensible("vectors"):
        seqs = np.fromiter((row[0] for row in found), np.int64, len(found))
        joined = np.frombuffer(b"".join(row[1] for row in found), "<f4")
        vectors = joined.astype(np.float32, copy=False)
        return seqs, vectors.reshape(len(found), -1) if found else np.empty((0, 0), np.float32)
