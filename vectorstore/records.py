"""How articles and chunks lie in the catalogue's rows. Functions that write need a transaction."""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np

from vectorstore import copy_groups, postings
from vectorstore.models import Article, EmbeddedChunk, IndexContract

COLUMNS = """v.url, v.title, v.text, v.published, v.updated, v.authors, v.source, v.language,
    v.content_hash, v.version, v.section"""
CURRENT = "articles a JOIN versions v ON v.article = a.seq AND v.version = a.version"


def article_of(article_id: str, row: Sequence[object]) -> Article:
    """The Article in a row of COLUMNS."""
    url, title, text, published, updated, authors, source, language, *rest = row
    content_hash, version, section = rest
    return Article(
        id=article_id,
        url=_text(url),
        title=_text(title),
        text=str(text),
        published=_text(published),
        updated=_text(updated),
        authors=tuple(json.loads(str(authors))),
        source=_text(source),
        language=_text(language),
        content_hash=str(content_hash),
        version=int(str(version)),
        section=_text(section),
    )


def write_contract(connection: sqlite3.Connection, contract: IndexContract) -> None:
    """Records the contract that the stored index follows."""
    connection.execute(
        "INSERT OR REPLACE INTO meta VALUES ('contract', ?)", (json.dumps(asdict(contract)),)
    )


def insert_version(connection: sqlite3.Connection, seq: int, article: Article) -> None:
    source = article.source.casefold() if article.source else None
    day = article.published[:10] if article.published else None
    connection.execute(
        "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(seq, article.version, article.url, article.title, article.text),
            *(article.published, day, article.updated),
            json.dumps(article.authors, ensure_ascii=False),
            *(article.source, source, article.language, article.content_hash),
            article.section,
        ),
    )


def insert_chunks(
    connection: sqlite3.Connection, seq: int, article: Article, chunks: Sequence[EmbeddedChunk]
) -> None:
    for embedded in chunks:
        chunk = replace(embedded.chunk, version=article.version)
        chunk_id = chunk_identity(article.id, article.version, chunk.ordinal)
        number = connection.execute(
            "INSERT INTO chunks (id, article, version, ordinal, start, end) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (chunk_id, seq, chunk.version, chunk.ordinal, chunk.start, chunk.end),
        ).lastrowid
        assert number is not None
        connection.execute(
            "INSERT INTO vectors VALUES (?, ?)",
            (number, embedded.vector.astype("<f4").tobytes()),
        )
        spans = np.array([(s.start, s.end) for s in chunk.sentences], "<i4")
        vectors = embedded.sentence_vectors.astype("<f2")
        connection.execute(
            "INSERT INTO sentences VALUES (?, ?, ?)", (number, spans.tobytes(), vectors.tobytes())
        )
        connection.execute(
            "INSERT INTO words VALUES (?, ?)", (number, embedded.words.astype(np.int8).tobytes())
        )
        text = article.text[chunk.start : chunk.end]
        postings.insert(connection, number, postings.terms_of(text, article.language))
        connection.execute("INSERT INTO pending (chunk) VALUES (?)", (chunk_id,))


def chunk_identity(article_id: str, version: int, ordinal: int) -> str:
    """A chunk's id: the same for the same place in the same version, whoever computes it."""
    key = f"{article_id}\0{version}\0{ordinal}".encode()
    return hashlib.sha256(key).hexdigest()[:24]


def retire_chunks(connection: sqlite3.Connection, seq: int) -> None:
    """Removes an article's chunks with all that is derived from them; Chroma hears of it."""
    rows = connection.execute(
        """SELECT c.seq, c.id, c.start, c.end, v.text, v.language FROM chunks c
        JOIN versions v ON v.article = c.article AND v.version = c.version
        WHERE c.article = ?""",
        (seq,),
    ).fetchall()
    for number, chunk_id, start, end, text, language in rows:
        postings.delete(connection, number, postings.terms_of(text[start:end], language))
        connection.execute("DELETE FROM vectors WHERE seq = ?", (number,))
        connection.execute("DELETE FROM sentences WHERE seq = ?", (number,))
        connection.execute("DELETE FROM words WHERE seq = ?", (number,))
        connection.execute("INSERT INTO pending (chunk) VALUES (?)", (chunk_id,))
    connection.execute("DELETE FROM chunks WHERE article = ?", (seq,))


def remove(connection: sqlite3.Connection, seq: int) -> None:
    """Removes an article, its versions and its chunks."""
    retire_chunks(connection, seq)
    copy_groups.remove(connection, seq)
    connection.execute("DELETE FROM articles WHERE seq = ?", (seq,))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
