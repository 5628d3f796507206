"""What can still be read of a damaged catalogue: every version that is what was once stored.

SQLite reads what it can; where it gives up, the rows are taken from the pages themselves. Each
version proves itself by its hash, so that nothing is believed that the damage has changed.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from vectorstore import leaves
from vectorstore.database import Database
from vectorstore.leaves import Row
from vectorstore.models import Article
from vectorstore.soundness import intact, reading

_OF_ARTICLES, _OF_VERSIONS, _OF_NAMES = (3, 4), (13, 14), (2,)  # columns, also in old schemas


@dataclass(frozen=True, slots=True)
class Saved:
    """An article with its versions that could be read, ascending, at least one.

    `gone` and `origins` are what the catalogue knew of it, as far as that could be read.
    """

    versions: tuple[Article, ...]
    gone: str | None
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Salvage:
    """What a damaged catalogue holds that another one lacks, and what neither of them has.

    `lost` are ids of articles whose newest version is in neither; `nameless` counts articles
    that only had their texts left, of which one is nobody's without an id. `listed` are the ids
    of all articles in the damaged one, None if not all of them could be read.
    """

    saved: tuple[Saved, ...]
    lost: tuple[str, ...]
    nameless: int
    listed: frozenset[str] | None


@dataclass(slots=True)
class _Read:
    """What was read so far, by the articles' numbers; `whole` until something couldn't be.

    `names` may be those of articles: the index of their ids has them too.
    """

    articles: dict[int, tuple[str, int, str | None]] = field(default_factory=dict)
    names: dict[int, set[str]] = field(default_factory=dict)
    versions: dict[int, dict[int, list[Row]]] = field(default_factory=dict)
    origins: dict[int, set[str]] = field(default_factory=dict)
    whole: bool = True


def salvage(catalogue: Path, into: Database) -> Salvage:
    """Reads a damaged catalogue, which nobody uses any more, for what another one lacks of it.

    Nothing is changed in either.
    """
    found = _Read()
    _by_sqlite(catalogue, found)
    listed = frozenset(name for name, _, _ in found.articles.values()) if found.whole else None
    if not found.whole or not _all_sound(found):
        _by_pages(catalogue, found)
        _name(found)
    saved, lost = [], []
    for number, (name, current, gone) in sorted(found.articles.items()):
        versions = _sound_versions(name, found.versions.get(number, {}))
        has = _held(into, name)
        if any(has.get(article.version) != article.content_hash for article in versions):
            saved.append(Saved(tuple(versions), gone, _sorted(found.origins.get(number, ()))))
        if current not in has and (not versions or versions[-1].version < current):
            lost.append(name)
    nameless = len(found.versions.keys() - found.articles.keys())
    return Salvage(tuple(saved), tuple(lost), nameless, listed)


def _held(database: Database, article_id: str) -> dict[int, str]:
    """The hash of each stored version of an article, by its number."""
    query = """SELECT v.version, v.content_hash FROM versions v
        JOIN articles a ON a.seq = v.article WHERE a.id = ?"""
    return dict(database.read().execute(query, (article_id,)).fetchall())


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))


# -- reading -----------------------------------------------------------------------------


def _by_sqlite(catalogue: Path, found: _Read) -> None:
    if not catalogue.is_file() or catalogue.stat().st_size == 0:
        found.whole = False  # and SQLite would remove the log beside it
        return
    try:
        with reading(catalogue) as connection:
            connection.text_factory = lambda data: data.decode(errors="replace")
            takers: dict[str, Callable[[Row], None]] = {
                "SELECT * FROM articles": lambda row: _take_article(found, row),
                "SELECT * FROM versions NOT INDEXED": lambda row: _take_version(found, row),
                "SELECT * FROM origins": lambda row: _take_origin(found, row),
            }
            for query, take in takers.items():
                _each(connection, query, take, found)
    except sqlite3.Error:
        found.whole = False


def _each(
    connection: sqlite3.Connection, query: str, take: Callable[[Row], None], found: _Read
) -> None:
    try:
        with closing(connection.execute(query)) as rows:
            for row in rows:
                take(row)
    except sqlite3.Error:
        found.whole = False


def _by_pages(catalogue: Path, found: _Read) -> None:
    wanted = {leaves.TABLE: (*_OF_ARTICLES, *_OF_VERSIONS), leaves.INDEX: _OF_NAMES}
    for number, row in leaves.rows(catalogue, wanted):
        if len(row) in _OF_NAMES:
            _take_name(found, row)
        elif len(row) in _OF_ARTICLES:
            _take_article(found, (number, *row[1:]) if row[0] is None else row)
        else:
            _take_version(found, row)


def _take_article(found: _Read, row: Row) -> None:
    number, name, version, gone = (*row, None)[:4]
    fits = isinstance(number, int) and isinstance(name, str) and isinstance(version, int)
    if fits and (gone is None or isinstance(gone, str)):
        found.articles.setdefault(number, (name, version, gone))  # type: ignore[arg-type]


def _take_name(found: _Read, row: Row) -> None:
    name, number = row
    if isinstance(name, str) and isinstance(number, int):
        found.names.setdefault(number, set()).add(name)


def _take_version(found: _Read, row: Row) -> None:
    number, version, *_ = row
    if isinstance(number, int) and isinstance(version, int) and isinstance(row[4], str):
        rows = found.versions.setdefault(number, {}).setdefault(version, [])
        if row not in rows:
            rows.append(row)


def _take_origin(found: _Read, row: Row) -> None:
    origin, number = row
    if isinstance(origin, str) and isinstance(number, int):
        found.origins.setdefault(number, set()).add(origin)


# -- believing ---------------------------------------------------------------------------


def _all_sound(found: _Read) -> bool:
    """Whether every article has its newest version, and all versions are what was stored."""
    if found.versions.keys() - found.articles.keys():
        return False
    for number, (name, current, _) in found.articles.items():
        rows = found.versions.get(number, {})
        sound = _sound_versions(name, rows)
        if len(sound) < len(rows) or current not in rows:
            return False
    return True


def _name(found: _Read) -> None:
    """Finds the articles of texts that have none: with its id a text is what was stored."""
    for number in found.versions.keys() - found.articles.keys():
        for name in found.names.get(number, ()):
            if sound := _sound_versions(name, found.versions[number]):
                found.articles[number] = (name, sound[-1].version, None)


def _sound_versions(name: str, rows: Mapping[int, Collection[Row]]) -> list[Article]:
    """The versions of an article that are what was stored, ascending."""
    found = []
    for _, candidates in sorted(rows.items()):
        sound = filter(None, (_sound(name, row) for row in candidates))
        if (article := next(sound, None)) is not None:
            found.append(article)
    return found


def _sound(name: str, row: Row) -> Article | None:
    """The Article in a row of the table of versions, if it is what was stored."""
    _, version, url, title, text, published, _, updated, authors, source, _, language, *rest = row
    content_hash, section = (*rest, None)[:2]
    try:
        article = Article(
            *(name, url, title, text, published, updated),  # type: ignore[arg-type]
            authors=tuple(json.loads(str(authors))),
            source=source,  # type: ignore[arg-type]
            language=language,  # type: ignore[arg-type]
            content_hash=str(content_hash),
            version=version,  # type: ignore[arg-type]
            section=section,  # type: ignore[arg-type]
        )
        return article if intact(article) else None  # then all of it is of the right kind
    except (TypeError, ValueError):
        return None
