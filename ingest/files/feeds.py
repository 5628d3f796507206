"""RSS, Atom and JSON Feed to their items, however broken the feed is. Pure."""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from ingest.articles import web_address
from ingest.files.decoding import decode
from ingest.files.xml_text import root_of, xml_text
from ingest.pages.plain import one_line
from vectorstore.errors import SourceError

_XML_ROOTS = ("rss", "rdf", "feed")
_JSON_FEED = b"jsonfeed.org/version"
_ITEM_START = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>])", re.I)
_ITEM_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.I)
_FEED_END = re.compile(r"</(?:[\w.-]+:)?(?:rss|rdf|feed)\s*>\s*\Z", re.I)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An item. Dates as the feed writes them; content only if the feed carries the whole text."""

    url: str | None
    title: str | None
    published: str | None
    updated: str | None
    authors: tuple[str, ...]
    language: str | None
    source: str | None
    content_html: str | None
    content_text: str | None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's title and its items in the feed's order."""

    title: str | None
    items: tuple[FeedItem, ...]


def is_feed(data: bytes) -> bool:
    """Whether it looks like one; the start of an XML file is enough to tell."""
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _JSON_FEED in data
    return root_of(data) in _XML_ROOTS


def read_feed(data: bytes, base: str | None) -> Feed:
    """All items that are whole; of a feed that was cut off those before the cut.

    `base` is the feed's own address. SourceError if it is no feed.
    """
    if not is_feed(data):
        raise SourceError("It is no feed.")
    try:
        return _xml_feed(data, base) if root_of(data) in _XML_ROOTS else _json_feed(data, base)
    except SourceError:
        raise
    except Exception as error:  # whatever a parser makes of junk
        raise SourceError(f"The feed can't be read ({type(error).__name__}).") from error


def _xml_feed(data: bytes, base: str | None) -> Feed:
    import feedparser  # type: ignore[import-untyped]

    text = _without_torn_item(xml_text(data))
    # A stream, because feedparser opens and fetches what it takes for a name or an address.
    parsed = feedparser.parse(
        io.BytesIO(f"<?xml version='1.0' encoding='utf-8'?>\n{text}".encode(errors="replace")),
        response_headers={"content-location": base} if base else None,
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    title = one_line(_string(parsed.feed, "title"))
    where = base or _string(parsed.feed, "link")
    language = _string(parsed.feed, "language")
    return Feed(title, tuple(_xml_item(entry, where, title, language) for entry in parsed.entries))


def _without_torn_item(text: str) -> str:
    """A feed that was cut off ends in half an article, which would be taken for a whole one."""
    if _FEED_END.search(text[-200:]):
        return text
    ends = [found.end() for found in _ITEM_END.finditer(text)]
    if ends:
        return text[: ends[-1]]
    first = _ITEM_START.search(text)
    return text[: first.start()] if first else text


def _xml_item(
    entry: Mapping[str, Any], base: str | None, feed_title: str | None, language: str | None
) -> FeedItem:
    url = _resolved(_string(entry, "link") or _permanent(entry), base)
    contents = [part for part in _list(entry, "content") if isinstance(part, Mapping)]
    if not contents and url is None:  # RSS 2.0: without a link the description is the item
        contents = [p for p in (_get(entry, "summary_detail"),) if isinstance(p, Mapping)]
    written = max(contents, key=lambda part: len(_string(part, "value") or ""), default={})
    value = _string(written, "value")
    plain = _string(written, "type") == "text/plain"
    source = _get(entry, "source")
    named = one_line(_string(source, "title")) if isinstance(source, Mapping) else None
    return FeedItem(
        url=url,
        title=one_line(_string(entry, "title")),
        published=_string(entry, "published"),
        updated=_string(entry, "updated"),
        authors=_authors(_list(entry, "authors")),
        language=_string(written, "language") or language,
        source=named or feed_title,
        content_html=None if plain else value,
        content_text=value if plain else None,
        id=_string(entry, "id"),
    )


def _permanent(entry: Mapping[str, Any]) -> str | None:
    """An id that is an address, where there is no link."""
    return web_address(_string(entry, "id"))


def _json_feed(data: bytes, base: str | None) -> Feed:
    try:
        feed = json.loads(decode(data))
    except (ValueError, RecursionError) as error:
        raise SourceError("The JSON Feed is no whole JSON.") from error
    if not isinstance(feed, dict):
        raise SourceError("It is no feed.")
    where = base or web_address(_string(feed, "feed_url") or _string(feed, "home_page_url"))
    items = (item for item in _list(feed, "items") if isinstance(item, dict))
    return Feed(
        one_line(_string(feed, "title")), tuple(_json_item(item, feed, where) for item in items)
    )


def _json_item(item: dict[str, Any], feed: dict[str, Any], base: str | None) -> FeedItem:
    link = _string(item, "url") or _string(item, "external_url") or _permanent(item)
    found = item.get("id")
    return FeedItem(
        url=_resolved(link, base),
        title=one_line(_string(item, "title")),
        published=_string(item, "date_published"),
        updated=_string(item, "date_modified"),
        authors=_authors(_people(item)) or _authors(_people(feed)),
        language=_string(item, "language") or _string(feed, "language"),
        source=one_line(_string(feed, "title")),
        content_html=_string(item, "content_html"),
        content_text=_string(item, "content_text"),
        id=str(found) if isinstance(found, str | int) else None,
    )


def _people(record: dict[str, Any]) -> Iterator[Any]:
    """Version 1.1 has authors, version 1.0 an author."""
    yield from _list(record, "authors")
    if not record.get("authors"):
        yield record.get("author")


def _authors(people: Iterable[Any]) -> tuple[str, ...]:
    names = (one_line(_string(person, "name")) for person in people if isinstance(person, Mapping))
    return tuple(dict.fromkeys(name for name in names if name))


def _resolved(link: str | None, base: str | None) -> str | None:
    if not link:
        return None
    try:
        return web_address(urljoin(base or "", link.strip()))
    except ValueError:
        return None


def _get(record: Mapping[str, Any], key: str) -> Any:
    """The value itself: feedparser's own look-up takes one date for another."""
    return dict.get(record, key) if isinstance(record, dict) else None


def _string(record: Mapping[str, Any], key: str) -> str | None:
    value = _get(record, key)
    return value.strip() or None if isinstance(value, str) else None


def _list(record: Mapping[str, Any], key: str) -> list[Any]:
    value = _get(record, key)
    return list(value) if isinstance(value, list | tuple) else []
