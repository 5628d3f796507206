"""What a page says about its article: title, dates, authors, source, address. Pure.

JSON-LD, meta tags and trafilatura are asked; which comes first for which field was measured with
`python benchmarks/extraction.py FOLDER`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from ingest.articles import web_address
from ingest.pages import linked_data
from ingest.pages.headlines import headline

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_PUBLISHED = ("article:published_time", "og:article:published_time", "dc.date.issued", "date")
_MORE_PUBLISHED = ("datepublished", "publish-date", "pubdate", "last-published", "dcterms.created")
_UPDATED = ("article:modified_time", "og:updated_time", "last-modified", "datemodified")
_SECTION = ("article:section", "section", "category")
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|/(?=\s)|\||\bund\b|\band\b|&)\s*")
_BEFORE_NAMES = re.compile(r"^(?:von|by|text|autor(?:in)?|author)\s*:?\s+", re.I)
_CODE = re.compile(r"\s*\([^)]{1,25}\)\s*$")
_NO_NAME = re.compile(r"https?:|www\.|@|^\W*$|\d{3}", re.I)


@dataclass(frozen=True, slots=True)
class Metadata:
    """A page's own words about its article; None for what it doesn't say.

    `published` and `updated` hold every date that is told, as given, the most trusted first.
    `feed` is the address of one that it names, `body` the whole text where metadata repeats it.
    `free` is False behind a paywall, None if it isn't told.
    """

    title: str | None
    standfirst: str | None
    published: tuple[str, ...]
    updated: tuple[str, ...]
    authors: tuple[str, ...]
    source: str | None
    section: str | None
    language: str | None
    url: str | None
    body: str | None
    feed: str | None
    free: bool | None


def read_metadata(page: "HtmlElement", address: str | None) -> Metadata:
    """The metadata of a parsed page that was found at `address`, if that is known."""
    node = linked_data.article_node(page, titles(page))
    tags = _Tags(page)
    source = tags.first("og:site_name", "application-name") or linked_data.text(
        node.get("publisher")
    )
    url = _canonical(page, tags, node, address)
    site = " ".join(filter(None, (source, urlsplit(url or "").hostname))) or None
    return Metadata(
        title=headline(
            linked_data.text(node.get("headline")) or linked_data.text(node.get("name")),
            tags.first("og:title", "twitter:title"),
            _shown(page),
            _window(page),
            site,
        ),
        standfirst=linked_data.text(node.get("description"))
        or tags.first("og:description", "description"),
        published=_said(
            linked_data.text(node.get("datePublished")),
            *(tags.first(key) for key in (*_PUBLISHED, *_MORE_PUBLISHED)),
            _time(page),
        ),
        updated=_said(
            linked_data.text(node.get("dateModified")), *(tags.first(key) for key in _UPDATED)
        ),
        authors=_authors(node, tags, site),
        source=source,
        section=linked_data.text(node.get("articleSection")) or tags.first(*_SECTION),
        language=linked_data.text(node.get("inLanguage")) or page.get("lang"),
        url=url,
        feed=_feed(page, address),
        body=body if isinstance(body := node.get("articleBody"), str) else None,
        free=_truth(node.get("isAccessibleForFree")),
    )


def _feed(page: "HtmlElement", address: str | None) -> str | None:
    """The first feed that the page names."""
    kinds = (
        "contains(@type, 'rss+xml') or contains(@type, 'atom+xml') or contains(@type, 'feed+json')"
    )
    for found in page.xpath(f"//link[contains(@rel, 'alternate')][{kinds}]/@href"):
        try:
            return web_address(urljoin(address or "", str(found or "").strip()))
        except ValueError:
            continue
    return None


def titles(page: "HtmlElement") -> tuple[str, ...]:
    """The titles that readers see, on the page, in the window's bar, and where it is shared."""
    shared = page.xpath("//meta[@property='og:title']/@content")
    return tuple(filter(None, (_shown(page), _window(page), *map(str, shared))))


def _truth(value: object) -> bool | None:
    return {"true": True, "false": False}.get(str(value).rsplit("/", 1)[-1].lower())


def _said(*values: str | None) -> tuple[str, ...]:
    return tuple(value for value in values if value)


class _Tags:
    """The meta tags of a page by name or property, in lower case."""

    def __init__(self, page: "HtmlElement") -> None:
        self._found: dict[str, list[str]] = {}
        for tag in page.iter("meta"):
            key = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
            content = linked_data.text(tag.get("content"))
            if key and content:
                self._found.setdefault(key.strip().lower(), []).append(content)

    def first(self, *keys: str) -> str | None:
        return next((self._found[key][0] for key in keys if key in self._found), None)

    def all(self, key: str) -> list[str]:
        return self._found.get(key, [])


def _authors(node: linked_data.Node, tags: _Tags, site: str | None) -> tuple[str, ...]:
    """Names from JSON-LD, else from the meta tags, each once; the publisher's only if no other."""
    told = (
        linked_data.names(node.get("author")) or linked_data.names(node.get("creator")),
        tags.all("article:author"),
        [*tags.all("author"), *tags.all("dc.creator")],
    )
    found = [
        tuple(dict.fromkeys(name for given in said for name in split_names(given))) for said in told
    ]
    people = (names for names in found if names and not all(_is(name, site) for name in names))
    return next(people, next(filter(None, found), ()))


def _is(name: str, site: str | None) -> bool:
    return bool(site) and re.sub(r"\W", "", name.lower()) in re.sub(r"\W", "", str(site).lower())


def split_names(given: str) -> Iterator[str]:
    """The people in a line of authors: "Von Ada Beispiel und Max Muster, dpa"."""
    for part in _BETWEEN_NAMES.split(_BEFORE_NAMES.sub("", given.strip())):
        name = _CODE.sub("", part).strip()
        if name and not _NO_NAME.search(name) and len(name) <= 80:
            yield name


def _shown(page: "HtmlElement") -> str | None:
    """The heading on the page; parts that only decorate are left out."""
    for heading in page.iter("h1"):
        said = " ".join(_visible(heading)).split()
        if said:
            return " ".join(said)
    return None


def _visible(element: "HtmlElement") -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _visible(child)
        yield child.tail or ""


def _window(page: "HtmlElement") -> str | None:
    for title in page.iter("title"):
        return linked_data.text(str(title.text_content()))
    return None


def _time(page: "HtmlElement") -> str | None:
    """The first moment that the page marks up as one."""
    found = page.xpath("//article//time/@datetime | //time[@pubdate]/@datetime")
    return next(
        (str(value).strip() for value in found if re.match(r"\s*\d{4}-\d\d-\d\d", value)), None
    )


def _canonical(
    page: "HtmlElement", tags: _Tags, node: linked_data.Node, address: str | None
) -> str | None:
    """The address that the page gives itself, if it is of the same site as where it was found.

    A site's front page is no article's address: pages that all name it would be one article.
    """
    links = page.xpath("//link[translate(@rel, 'CANOIL', 'canoil') = 'canonical']/@href")
    told = [*links, *tags.all("og:url")]
    if address is None:  # JSON-LD may be a teaser's; it is better than the file's name
        told.append(linked_data.text(node.get("url")))
    for found in filter(None, told):
        try:
            whole = urljoin(address or "", found.strip())
            parts = urlsplit(whole)
        except ValueError:
            continue
        whole_page = parts.scheme in ("http", "https") and parts.hostname and parts.path.strip("/")
        if whole_page and _same_site(whole, address):
            return str(whole)
    return address


def _same_site(url: str, address: str | None) -> bool:
    """Whether an address may speak for a page that was found at another one."""
    if address is None:
        return True
    from tld import get_fld

    def site(of: str) -> str | None:
        domain = get_fld(of, fail_silently=True, search_private=True)
        return domain or urlsplit(of).hostname

    return site(url) == site(address)
