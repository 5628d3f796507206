"""One file or one line of each format to an Article. Pure: bytes and records in, values out."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ingest.articles import article
from ingest.decoding import decode
from vectorstore.errors import SourceError
from vectorstore.models import Article

SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


def from_text(data: bytes, path: Path) -> Article:
    """Plain text; the headline is read off its layout, else the file's name serves."""
    return article(text=decode(data), path=path)


def from_markdown(data: bytes, path: Path) -> Article:
    """Markdown with or without YAML front matter; the text is what stands behind it."""
    front, body = _front_matter(decode(data))
    return article(
        text=body,
        path=path,
        given_id=_word(front, "id"),
        url=_word(front, "url", "link", "canonical"),
        title=_word(front, "title"),
        published=_first(front, "published", "date"),
        updated=_first(front, "updated", "modified", "lastmod"),
        authors=_names(_first(front, "authors", "author")),
        source=_word(front, "source", "publisher"),
        language=_word(front, "language", "lang"),
    )


def from_html(data: bytes, path: Path) -> Article:
    """A saved page: its main text and metadata, found by trafilatura."""
    import trafilatura

    page = trafilatura.bare_extraction(
        data,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if page is None or isinstance(page, dict) or not page.text:
        raise SourceError("No article was found in the page.")
    return article(
        text=page.text,
        path=path,
        url=page.url,
        title=page.title,
        published=page.date,
        authors=_names(page.author, separator=";"),
        source=page.sitename,
        language=page.language,
    )


def from_json_line(line: bytes) -> Article:
    """A line of JSONL in the input format (README: "What goes in")."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = str(error).split(":")[0] if isinstance(error, ValueError) else "nested too deep"
        raise SourceError(f"The line is no JSON ({reason}).") from error
    if not isinstance(record, dict):
        raise SourceError("The line is no JSON object.")
    text = record.get("text")
    if not isinstance(text, str):
        raise SourceError('The article has no "text".')
    return article(
        text=text,
        given_id=_word(record, "id"),
        url=_word(record, "url"),
        title=_word(record, "title"),
        published=record.get("published"),
        updated=record.get("updated"),
        authors=_names(_first(record, "authors", "author")),
        source=_word(record, "source"),
        language=_word(record, "language"),
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
