"""Where words are left in the files of a home: its bytes, read as nobody else would read them."""

import gzip
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from vectorstore import lexical

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
SHARED = 3  # letters that such a word may have in common with its neighbour in the postings


def traces(home: Path, words: Iterable[str]) -> list[str]:
    """Every file below a folder that holds the end of one of the words, in any case, packed or not.

    The end, for FTS5 writes of a term only what the one before it doesn't have; the terms of the
    catalogue's postings are looked through as well. Words should be like no others.
    """
    whole = sorted({word.lower() for word in words})
    wanted = [word[SHARED:] for word in whole]
    found = []
    for path in sorted(path for path in home.rglob("*") if path.is_file()):
        content = _unpacked(path.read_bytes()).lower()
        found += [
            f"{word!r} in {path.relative_to(home)} ({encoding})"
            for word in wanted
            for encoding in ENCODINGS
            if word.encode(encoding) in content
        ]
    catalogue = home / "catalogue.db"
    return found + (_postings(catalogue, whole) if catalogue.exists() else [])


def _unpacked(content: bytes) -> bytes:
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def _postings(catalogue: Path, words: Iterable[str]) -> list[str]:
    tokens = [token for word in words for token in lexical.words(word)]
    terms = {*tokens, *lexical.grams(tokens)}
    for language in ("de", "en", None):
        terms.update(lexical.stems(tokens, language))
    found = []
    with closing(sqlite3.connect(catalogue)) as connection:
        query = "SELECT name FROM sqlite_master WHERE name LIKE '%grams' OR name LIKE '%stems'"
        for (table,) in connection.execute(query).fetchall():
            vocabulary = f"temp.terms_of_{table}"
            connection.execute(
                f"CREATE VIRTUAL TABLE {vocabulary} USING fts5vocab(main,{table},row)"
            )
            held = {row[0] for row in connection.execute(f"SELECT term FROM {vocabulary}")}
            found += [f"{term!r} in the postings {table}" for term in sorted(terms & held)]
    return found
