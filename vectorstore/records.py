"""How articles and chunks lie in the catalogue's rows. Functions that write need a transaction."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from vectorstore import copy_groups, index_sets, lexical, people, postings, removals, replies
from vectorstore.errors import IndexMismatch
from vectorstore.index_sets import DROPPED, LIVE
from vectorstore.models import Article, EmbeddedChunk, content_digest

COLUMNS = """v.url, v.title, v.text, v.published, v.updated, v.authors, v.source, v.language,
    v.content_hash, v.version, v.section"""
CURRENT = "articles a JOIN versions v ON v.article = a.seq AND v.version = a.version"
LISTED = CURRENT.replace(" JOIN ", " LEFT JOIN ")  # for lists: none is to be left out in silence

SAME = f"SELECT a.seq FROM {CURRENT} WHERE a.id = ? AND v.version = ? AND v.content_hash = ?"
"""The number of an article, if it is still what it was: ids and versions may come back."""


class Unreadable(ValueError):
    """What a row holds is no article, or not the one that was stored."""


def article_of(article_id: str, row: Sequence[object]) -> Article:
    """The Article in a row of COLUMNS; Unreadable if there is none."""
    url, title, text, published, updated, authors, source, language, *rest = row
    content_hash, version, section = rest
    with sensible(f"article {article_id!r}"):
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


@contextmanager
def sensible(what: str) -> Iterator[None]:
    """Unreadable if the values of rows, which SQLite lets be anything, make no sense inside."""
    try:
        yield
    except (ValueError, TypeError) as error:
        raise Unreadable(f"what it holds of the {what} makes no sense") from error


def checked(article: Article) -> Article:
    """The article, if it is what was stored, so that it may be shown; Unreadable if not. 30 µs."""
    if content_digest(article) != article.content_hash:
        raise Unreadable(
            f"version {article.version} of the article {article.id!r} is not what was stored"
        )
    return article


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
    connection: sqlite3.Connection,
    seq: int,
    article: Article,
    chunks: Sequence[EmbeddedChunk],
    prefix: str = LIVE,
) -> None:
    """Adds an article's passages to a set; if that is the live one, Chroma hears of it."""
    query = f"INSERT INTO {prefix}indexed VALUES (?, ?)"
    connection.execute(query, (seq, article.version))
    for embedded in chunks:
        chunk = replace(embedded.chunk, version=article.version)
        chunk_id = chunk_identity(article.id, article.version, chunk.ordinal)
        number = connection.execute(
            f"INSERT INTO {prefix}chunks (id, article, version, ordinal, start, end) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (chunk_id, seq, chunk.version, chunk.ordinal, chunk.start, chunk.end),
        ).lastrowid
        assert number is not None
        connection.execute(
            f"INSERT INTO {prefix}vectors VALUES (?, ?)",
            (number, embedded.vector.astype("<f4").tobytes()),
        )
        spans = np.array([(s.start, s.end) for s in chunk.sentences], "<i4").tobytes()
        vectors = embedded.sentence_vectors.astype("<f2").tobytes()
        connection.execute(
            f"INSERT INTO {prefix}sentences VALUES (?, ?, ?)", (number, spans, vectors)
        )
        words = embedded.words.astype(np.int8).tobytes()
        connection.execute(f"INSERT INTO {prefix}words VALUES (?, ?)", (number, words))
        text = article.text[chunk.start : chunk.end]
        terms = postings.terms_of(text, article.language)
        postings.insert(connection, number, terms, prefix)
        if prefix == LIVE:
            connection.execute("INSERT INTO pending (chunk) VALUES (?)", (chunk_id,))


def chunk_identity(article_id: str, version: int, ordinal: int) -> str:
    """A chunk's id: the same for the same place in the same version, whoever computes it."""
    key = f"{article_id}\0{version}\0{ordinal}".encode()
    return hashlib.sha256(key).hexdigest()[:24]


def retire_chunks(connection: sqlite3.Connection, seq: int, prefix: str = LIVE) -> None:
    """Removes an article's chunks from a set, with all that is derived from them."""
    rows = connection.execute(
        f"""SELECT c.seq, c.id, c.start, c.end, v.text, v.language FROM {prefix}chunks c
        JOIN versions v ON v.article = c.article AND v.version = c.version
        WHERE c.article = ?""",
        (seq,),
    ).fetchall()
    for number, chunk_id, start, end, text, language in rows:
        terms = postings.terms_of(text[start:end], language)
        postings.delete(connection, number, terms, prefix)
        for table in ("vectors", "sentences", "words"):
            connection.execute(f"DELETE FROM {prefix}{table} WHERE seq = ?", (number,))
        if prefix == LIVE:
            connection.execute("INSERT INTO pending (chunk) VALUES (?)", (chunk_id,))
    connection.execute(f"DELETE FROM {prefix}chunks WHERE article = ?", (seq,))
    connection.execute(f"DELETE FROM {prefix}indexed WHERE article = ?", (seq,))


def remove(connection: sqlite3.Connection, seq: int) -> None:
    """Removes an article, its versions and its chunks, also from indexes that are not live.

    One of those whose postings another Beleg made can't be rid of single articles: it goes whole.
    That its words are still in the files is noted with it.
    """
    for prefix in index_sets.present(connection):
        contract = index_sets.contract_of(connection, prefix)
        strange = contract is not None and contract.lexical != lexical.VERSION
        if strange and prefix == LIVE:
            raise IndexMismatch(
                "The articles are indexed by another version of Beleg, whose words this one can't "
                "take out. Run `beleg reindex`, then delete."
            )
        if strange or prefix == DROPPED:
            index_sets.drop(connection, prefix)
        else:
            retire_chunks(connection, seq, prefix)
    copy_groups.remove(connection, seq)
    replies.forget(connection, seq)
    people.forget_article(connection, seq)
    query = "DELETE FROM articles WHERE seq = ? RETURNING id"
    for (article_id,) in connection.execute(query, (seq,)).fetchall():
        removals.note(connection, article_id)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
