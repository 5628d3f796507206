"""Is a home whole after a fault? Looked at as the next start would find it.

`inspect_catalogue` opens the catalogue here; `inspect_home` also lets a fresh process take over
Chroma, search for every article's own words and ask doctor. Both return complaints, fit to print.

Acknowledged is what the user was told is done: a text by its id, or None if it was deleted. What
was under way has several states that are right, each of them whole.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from bot.bootstrap import App
from bot.doctor import examine
from bot.settings import load_settings
from tests.support.embedding import HashingEmbedder
from tests.support.kill_persist import wide
from tests.support.kill_processes import Died, elsewhere
from tests.support.store import real_embedder
from vectorstore import postings
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.embedder import EmbeddedQuestion, Embedder
from vectorstore.errors import BelegError
from vectorstore.exact import ExactIndex
from vectorstore.models import NO_FILTERS, content_digest
from vectorstore.ownership import OwnedIndex
from vectorstore.records import COLUMNS, article_of
from vectorstore.retriever import Retriever

State = str | None
"""The text of an article, or None: it isn't there."""

SEARCHED = 40  # articles searched for by their own words; of more, every n-th
COUNTED = 600  # passages whose postings are all counted; of more, only their numbers are compared
PREFIXES = ("", "new_", "old_", "dropped_")  # of the indexes that a catalogue may hold
BESIDE = ("vectors", "sentences", "words")


def inspect_home(
    home: Path,
    acknowledged: Mapping[str, State],
    under_way: Mapping[str, Collection[State]] | None = None,
    searched: int = SEARCHED,
) -> list[str]:
    """What is wrong with a home that nobody has open; empty if it is whole.

    Chroma is rebuilt or brought up to date on the way, as the next owner would.
    """
    found = inspect_catalogue(home, acknowledged, under_way)
    unsure = under_way or {}
    if not (home / "catalogue.db").exists():
        return found
    there = [i for i, text in acknowledged.items() if text is not None and i not in unsure]
    sample = there[:: max(1, -(-len(there) // searched))]
    try:
        return found + elsewhere(_inspect_index, home, {i: acknowledged[i] for i in sample})
    except Died as died:
        return [*found, f"the next owner of Chroma fell: {died}"]


# -- the catalogue ------------------------------------------------------------------------


def inspect_catalogue(
    home: Path,
    acknowledged: Mapping[str, State],
    under_way: Mapping[str, Collection[State]] | None = None,
) -> list[str]:
    """What is wrong with a home's catalogue alone. Takes some milliseconds."""
    path = home / "catalogue.db"
    if not path.exists() and not any(text is not None for text in acknowledged.values()):
        return []
    try:
        database = Database(path)
    except BelegError as error:
        return [f"the catalogue doesn't open: {error}"]
    try:
        right = {i: (text,) for i, text in acknowledged.items()} | dict(under_way or {})
        return [*_file(database.read()), *_texts(database, right), *_passages(database.read())]
    except (BelegError, sqlite3.Error) as error:
        return [f"the catalogue can't be read: {error}"]
    finally:
        database.close()


def _file(connection: sqlite3.Connection) -> Iterator[str]:
    for pragma, good in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
        rows = connection.execute(f"PRAGMA {pragma}").fetchall()
        if rows != good:
            yield f"{pragma} says {rows[:3]}"
    for table in _named(connection, "grams", "stems"):
        try:
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
        except sqlite3.Error as error:
            yield f"the postings in {table} are broken: {error}"


def _texts(database: Database, right: Mapping[str, Collection[State]]) -> Iterator[str]:
    """Every article is what was said of it, listed once, and no version has lost a character."""
    held = {article.id: article.text for article in Catalogue(database).texts()}
    listed = Counter(entry.article.id for entry in Catalogue(database).articles())
    for article_id, states in right.items():
        state = held.get(article_id)
        if state not in states:
            yield f"{article_id!r} is {_shown(state)}, not {' or '.join(map(_shown, states))}"
        if listed[article_id] != (state is not None):
            yield f"{article_id!r} is listed {listed[article_id]} times"
    query = f"SELECT a.id, {COLUMNS} FROM articles a JOIN versions v ON v.article = a.seq"
    for article_id, *row in database.read().execute(query):
        version = article_of(article_id, row)
        if version.content_hash != content_digest(version):
            yield f"version {version.version} of {article_id!r} is not what was stored"


def _passages(connection: sqlite3.Connection) -> Iterator[str]:
    """Passages of current versions alone, each with all that belongs to it, in every index."""
    stale = connection.execute(
        """SELECT a.id, c.version, a.version FROM articles a LEFT JOIN chunks c ON c.article = a.seq
        WHERE c.version IS NOT a.version"""
    ).fetchall()
    for article_id, version, current in stale:
        yield f"{article_id!r} has passages of version {version}, its own is {current}"
    for table in _named(connection, "chunks"):
        prefix = table.removesuffix("chunks")
        seqs = _seqs(connection, "seq", table)
        for beside in BESIDE:
            if _seqs(connection, "seq", prefix + beside) != seqs:
                yield f"{prefix}{beside} has others than the {len(seqs)} rows of {table}"
        for kind in ("grams", "stems"):
            if _seqs(connection, "id", f"{prefix}{kind}_docsize") != seqs:
                yield f"{prefix}{kind} has others than the {len(seqs)} rows of {table}"
    yield from _postings(connection)


def _postings(connection: sqlite3.Connection) -> Iterator[str]:
    """Every term stands in as many passages as really have it: no posting is left over."""
    query = """SELECT v.text, c.start, c.end, v.language FROM chunks c
        JOIN versions v ON v.article = c.article AND v.version = c.version"""
    if connection.execute("SELECT count(*) FROM chunks").fetchone()[0] > COUNTED:
        return
    grams: Counter[str] = Counter()
    stems: Counter[str] = Counter()
    for text, start, end, language in connection.execute(query):
        terms = postings.terms_of(text[start:end], language)
        grams.update(set(terms.grams.split()))
        stems.update(set(terms.stems.split()))
    for table, right in (("grams", grams), ("stems", stems)):
        held = Counter(dict(connection.execute(f"SELECT term, doc FROM {table}_df")))
        if held != right:
            wrong = sorted((held - right) + (right - held))[:5]
            yield f"the postings in {table} are wrong: {', '.join(wrong)}"


def _named(connection: sqlite3.Connection, *kinds: str) -> list[str]:
    """The tables of these kinds, of the live index and of those beside it."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    names = {row[0] for row in connection.execute(query)}
    return [p + kind for p in PREFIXES for kind in kinds if p + kind in names]


def _seqs(connection: sqlite3.Connection, column: str, table: str) -> list[int]:
    return [row[0] for row in connection.execute(f"SELECT {column} FROM {table} ORDER BY 1")]


def _shown(state: State) -> str:
    return "not there" if state is None else repr(state[:40])


# -- what is derived from it, in a process of its own --------------------------------------


def _inspect_index(home: Path, texts: Mapping[str, str]) -> list[str]:
    database = Database(home / "catalogue.db")
    try:
        embedder = _embedder(Catalogue(database))
        index = OwnedIndex(home, database, ExactIndex(database))
        try:
            found = [*_chroma(database, index), *_searches(database, embedder, index, texts)]
        finally:
            index.close()
        return [*found, *_doctor(home, database, embedder)]
    except BelegError as error:
        return [f"the home can't be used: {error}"]
    finally:
        database.close()


def _embedder(catalogue: Catalogue) -> Embedder:
    contract = catalogue.contract()
    if contract is None:
        return HashingEmbedder()
    if contract.model != HashingEmbedder().identity().name:
        return real_embedder()
    return _Wide(contract.weights, contract.dimension)


class _Wide(HashingEmbedder):
    """The embedder of a home whose vectors are made wider than its words need."""

    def __init__(self, weights: str, dimension: int) -> None:
        super().__init__(weights=weights)
        self._identity = replace(self._identity, dimension=dimension)

    def encode_question(self, question: str) -> EmbeddedQuestion:
        found = super().encode_question(question)
        return replace(found, vector=wide(found.vector, self._identity.dimension))


def _chroma(database: Database, index: OwnedIndex) -> Iterator[str]:
    if not index.own():
        yield "somebody still owns Chroma"
        return
    if not index.catch_up():
        yield "Chroma can't be brought up to date"
    held = index.store.ids()
    live = {row[0] for row in database.read().execute("SELECT id FROM chunks")}
    if orphans := held - live:
        yield f"Chroma holds {len(orphans)} vectors of passages that are gone"
    if missing := live - held:
        yield f"Chroma lacks {len(missing)} of {len(live)} vectors"


def _searches(
    database: Database, embedder: Embedder, index: OwnedIndex, texts: Mapping[str, str]
) -> Iterator[str]:
    """Every article is found by what its first passage says, and no passage twice."""
    retriever = Retriever(database, embedder, index)
    for article_id, text in texts.items():
        hits = retriever.search(own_words(database, article_id, text), 10, NO_FILTERS)
        if article_id not in {hit.article.id for hit in hits}:
            yield f"{article_id!r} is not found by its own words"
        if len({hit.chunk.id for hit in hits}) != len(hits):
            yield f"a passage is found twice by the words of {article_id!r}"
        if any(hit.article.version != hit.chunk.version for hit in hits):
            yield f"a passage of another version is found by the words of {article_id!r}"


def own_words(database: Database, article_id: str, text: str) -> str:
    """What nothing else says so: the first live passage of an article that says `text`."""
    query = """SELECT c.start, c.end FROM articles a JOIN chunks c ON c.article = a.seq
        WHERE a.id = ? ORDER BY c.ordinal"""
    row = database.read().execute(query, (article_id,)).fetchone()
    return text[slice(*row)] if row else text[:200]


def _doctor(home: Path, database: Database, embedder: Embedder) -> Iterator[str]:
    os.environ["BELEG_HOME"] = str(home)
    index = OwnedIndex(home, database, ExactIndex(database))
    try:
        app = App(load_settings(), database, Catalogue(database), embedder, index)
        for check in examine(app):
            if not check.ok:
                yield f"doctor says of {check.name}: {check.state}"
    finally:
        index.close()
