"""One file or one line of each format to an Article. Pure: bytes and records in, values out."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ingest.articles import article
from ingest.files import documents
from ingest.files.decoding import decode
from ingest.files.feeds import FeedItem
from ingest.pages.plain import plain_text
from vectorstore.errors import SourceError
from vectorstore.models import Article

SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".list": "text",
    ".urls": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".xml": "xml",
    ".rss": "xml",
    ".atom": "xml",
    ".rdf": "xml",
    ".pdf": "pdf",
    ".docx": "docx",
    ".zip": "zip",
}
GZIP = ".gz"  # may stand behind each of them but .zip


def kind_of(name: str) -> tuple[str | None, bool]:
    """The kind of file that a name stands for, None if none; and whether gzip is around it."""
    stem = name.lower()
    packed = stem.endswith(GZIP)
    kind = SUFFIXES.get(Path(stem.removesuffix(GZIP)).suffix)
    return (None if packed and kind == "zip" else kind), packed


def from_text(data: bytes, path: Path, place: str | None = None) -> Article:
    """Plain text; the headline is read off its layout, else the file's name serves."""
    return article(text=decode(data), path=path, place=place)


def from_markdown(data: bytes, path: Path, place: str | None = None) -> Article:
    """Markdown with or without YAML front matter; the text is what stands behind it."""
    front, body = _front_matter(decode(data))
    return article(
        text=body,
        path=path,
        place=place,
        given_id=_word(front, "id"),
        url=_word(front, "url", "link", "canonical"),
        title=_word(front, "title"),
        published=_first(front, "published", "date"),
        updated=_first(front, "updated", "modified", "lastmod"),
        authors=_names(_first(front, "authors", "author")),
        source=_word(front, "source", "publisher"),
        language=_word(front, "language", "lang"),
    )


def from_html(data: bytes, path: Path, place: str | None = None) -> Article:
    """A saved page; its address is the one that it gives itself."""
    from ingest.pages.extract import from_page

    return from_page(data, path=path, place=place)


def from_pdf(data: bytes, path: Path, place: str | None = None) -> Article:
    """A PDF that holds text."""
    return _from_document(documents.read_pdf(data), path, place)


def from_docx(data: bytes, path: Path, place: str | None = None) -> Article:
    """A Word document."""
    return _from_document(documents.read_docx(data), path, place)


def from_feed_item(item: FeedItem, place: str) -> Article:
    """An item whose feed carries the whole text; `place` says which feed's and which item's."""
    text = item.content_text or plain_text(item.content_html or "")
    return article(
        text=text,
        place=place,
        url=item.url,
        title=item.title,
        published=item.published,
        updated=item.updated,
        authors=item.authors,
        source=item.source,
        language=item.language,
    )


def from_json_line(line: bytes) -> Article:
    """A line of JSONL in the input format (README: "What goes in")."""
    record = json_value(line)
    if not isinstance(record, dict):
        raise SourceError("The line is no JSON object.")
    return from_record(record)


def json_value(data: bytes | str, what: str = "The line") -> Any:
    """What the JSON stands for; SourceError if it is none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        reason = str(error).split(":")[0] if isinstance(error, ValueError) else "nested too deep"
        raise SourceError(f"{what} is no JSON ({reason}).") from error


def from_record(
    record: Mapping[str, Any], path: Path | None = None, place: str | None = None
) -> Article:
    """A record in the input format."""
    text = record.get("text")
    if not isinstance(text, str):
        raise SourceError('The article has no "text".')
    return article(
        text=text,
        path=path,
        place=place,
        given_id=_word(record, "id"),
        url=_word(record, "url"),
        title=_word(record, "title"),
        published=record.get("published"),
        updated=record.get("updated"),
        authors=_names(_first(record, "authors", "author")),
        source=_word(record, "source"),
        language=_word(record, "language"),
    )


def _from_document(found: documents.Document, path: Path, place: str | None) -> Article:
    return article(
        text=found.text,
        path=path,
        place=place,
        title=found.title,
        published=found.published,
        authors=found.authors,
        language=found.language,
    )


def _front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].rstrip() != "---":
        return {}, text
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
    if not end:
        return {}, text
    import yaml

    try:
        front = yaml.safe_load("\n".join(lines[1:end]))
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError) as error:
        reason = " ".join(str(error).split())[:120]
        raise SourceError(f"The front matter is no YAML ({reason}).") from error
    if front is not None and not isinstance(front, dict):
        return {}, text  # prose between two rules
    return front or {}, "\n".join(lines[end + 1 :])


def _first(record: Mapping[str, Any], *keys: str) -> Any:
    return next((record[key] for key in keys if record.get(key) not in (None, "")), None)


def _word(record: Mapping[str, Any], *keys: str) -> str | None:
    """A field that should be a string; numbers are taken for what they look like."""
    value = _first(record, *keys)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _names(value: Any, separator: str | None = None) -> Iterable[str]:
    if isinstance(value, str):
        return value.split(separator) if separator else [value]
    if isinstance(value, list | tuple):
        return [name for name in value if isinstance(name, str)]
    return []
