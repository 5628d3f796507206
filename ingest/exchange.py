"""Articles with their versions as lines of JSON, to and fro. Pure.

A line is one version in the input format, with its number; an article's lines stand together, the
current version last. So an export can also be ingested, which takes in the current versions.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from ingest.articles import supplemented, verbatim
from ingest.files.formats import from_record, json_value
from ingest.files.reading import LARGEST, understood
from ingest.found import Failure
from vectorstore.errors import SourceError
from vectorstore.history import History, Version
from vectorstore.models import Article, content_digest

HIGHEST = 2**53  # a version's number that every reader of JSON still knows exactly

_FIELDS = (
    *("id", "url", "title", "text", "published", "updated"),
    *("authors", "source", "language"),
)


def to_line(version: Version) -> bytes:
    """A version as a line, which ends in LF and holds no other."""
    article = version.article
    record: dict[str, Any] = {name: getattr(article, name) for name in _FIELDS}
    if article.section is not None:
        record["section"] = article.section
    record["version"] = article.version
    if version.gone is not None:
        record["gone"] = version.gone
    if version.origins:
        record["origins"] = version.origins
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def from_line(line: bytes) -> Version:
    """The version that a line holds, 0 if it says no number; SourceError if it can't be taken in.

    What a line with a number says is kept as it is: an article without a title or a language stays
    without, where `ingest` looks for one in the text.
    """
    if len(line) > LARGEST:
        raise SourceError(f"The line is longer than {LARGEST // 2**20} MB; no article is.")
    record = json_value(line)
    if not isinstance(record, dict):
        raise SourceError("The line is no JSON object.")
    found = understood(partial(_article, record))
    number = record.get("version")
    if number is not None:
        found = _numbered(found, number, record)
    return Version(found, _day(record.get("gone")), _origins(record.get("origins")))


def histories(lines: Iterable[bytes], name: str) -> Iterator[History | Failure]:
    """The articles that lines hold, and what can't be taken in, by the name of the file and line.

    Versions of one article that follow upon each other, their numbers ascending, belong together.
    An empty line is none.
    """
    held: list[Version] = []
    for number, line in enumerate(lines, 1):
        content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not content.strip():
            continue
        try:
            version = from_line(content)
        except SourceError as error:
            yield Failure(f"{name}:{number}", str(error))
            continue
        if held and not _follows(version.article, held[-1].article):
            yield tuple(held)
            held.clear()
        held.append(version)
    if held:
        yield tuple(held)


def _follows(version: Article, before: Article) -> bool:
    return version.id == before.id and 0 < before.version < version.version


def _article(record: dict[str, Any]) -> Article:
    section = record.get("section")
    return supplemented(from_record(record), None, section if isinstance(section, str) else None)


def _numbered(found: Article, number: object, record: dict[str, Any]) -> Article:
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= HIGHEST:
        raise SourceError('The "version" is no number from 1 on.')
    exact = replace(
        found,
        title=_title(record.get("title"), found.title),
        language=None if record.get("language") is None else found.language,
    )
    return replace(exact, version=number, content_hash=content_digest(exact))


def _title(given: object, read: str | None) -> str | None:
    """A headline read off a text may hold what other titles are rid of, tabs and NULs, say."""
    if not isinstance(given, str):
        return None if given is None else read
    return given if given and given == verbatim(given).strip() and "\n" not in given else read


def _day(value: object) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()  # type: ignore[arg-type]
    except (ValueError, TypeError):
        raise SourceError('"gone" is no day such as "2026-03-18".') from None


def _origins(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise SourceError('"origins" is no list of names.')
    try:
        "".join(value).encode()
    except UnicodeEncodeError:
        raise SourceError('"origins" holds half a character.') from None
    return tuple(value)
