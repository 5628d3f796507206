"""What can be wrong with the postings of an index: FTS5's own check, and the texts themselves.

FTS5 calls a posting whose passage is gone sound, and one that a passage lacks.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator

from vectorstore import postings
from vectorstore.database import Database
from vectorstore.index_sets import LIVE
from vectorstore.postings import Terms
from vectorstore.soundness import Broken, what_is_broken

KINDS = ("grams", "stems")
ALL = 3_000  # passages up to which every term is compared: 2 seconds; of more, so many passages
_TERMS = 3  # of a passage that are looked up then

_TEXTS = """SELECT c.seq, v.text, c.start, c.end, v.language FROM {p}chunks c
    JOIN versions v ON v.article = c.article AND v.version = c.version {where} ORDER BY c.seq"""


def of_postings(
    database: Database, prefix: str = LIVE, thorough: bool = False, own: bool = True
) -> str | None:
    """The first thing that is wrong with a set's postings, in a few words.

    `thorough` compares every term of every passage, however many. `own` says that this Beleg made
    them: another's are not compared. Takes the catalogue's write lock for a moment, where it can.
    """
    try:
        with what_is_broken():
            _check_structure(database.read(), prefix)
            with database.snapshot():
                connection = database.read()
                return _numbers(connection, prefix) or (
                    _terms(connection, prefix, thorough) if own else None
                )
    except Broken as broken:
        return str(broken)


def _check_structure(connection: sqlite3.Connection, prefix: str) -> None:
    for table in (f"{prefix}{kind}" for kind in KINDS):
        try:
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:  # it counts as a write
                raise


def _numbers(connection: sqlite3.Connection, prefix: str) -> str | None:
    for kind in KINDS:
        sizes, chunks = f"SELECT id FROM {prefix}{kind}_docsize", f"SELECT seq FROM {prefix}chunks"
        for one, other, told in ((chunks, sizes, "are missing"), (sizes, chunks, "are left over")):
            query = f"SELECT count(*) FROM ({one} EXCEPT {other})"
            count = connection.execute(query).fetchone()[0]
            if count:
                return f"the {kind} of {count} passages {told}"
    return None


def _terms(connection: sqlite3.Connection, prefix: str, thorough: bool) -> str | None:
    count = connection.execute(f"SELECT count(*) FROM {prefix}chunks").fetchone()[0]
    if thorough or count <= ALL:
        return _all_terms(connection, prefix)
    return _some_terms(connection, prefix, -(-count // ALL))


def _all_terms(connection: sqlite3.Connection, prefix: str) -> str | None:
    """Whether each term stands in as many passages as really have it."""
    right: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for _, terms in texts(connection, prefix):
        right["grams"].update(set(terms.grams.split()))
        right["stems"].update(set(terms.stems.split()))
    for kind in KINDS:
        held = Counter(dict(connection.execute(f"SELECT term, doc FROM {prefix}{kind}_df")))
        if wrong := (held - right[kind]) + (right[kind] - held):
            return f"the {kind} differ from the texts in {len(wrong)} terms"
    return None


def _some_terms(connection: sqlite3.Connection, prefix: str, every: int) -> str | None:
    """Whether one in so many passages is found by some of its terms."""
    for seq, terms in texts(connection, prefix, f"WHERE c.seq % {every} = 0"):
        for kind, body in zip(KINDS, (terms.grams, terms.stems), strict=True):
            found = body.split()
            for term in found[:: max(1, len(found) // _TERMS)]:
                query = f"SELECT 1 FROM {prefix}{kind} WHERE {prefix}{kind} MATCH ? AND rowid = ?"
                if connection.execute(query, (f'"{term}"', seq)).fetchone() is None:
                    return f"the {kind} lack terms of the texts"
    return None


def texts(
    connection: sqlite3.Connection, prefix: str = LIVE, where: str = ""
) -> Iterator[tuple[int, Terms]]:
    """The passages of a set by number, with the terms that their postings have to have."""
    rows = connection.execute(_TEXTS.format(p=prefix, where=where))
    for seq, text, start, end, language in rows:
        yield seq, postings.terms_of(text[start:end], language)
