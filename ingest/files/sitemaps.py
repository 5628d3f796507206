"""Sitemaps, news sitemaps and sitemap indexes to the addresses they list. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from ingest.articles import web_address
from ingest.files.decoding import decode
from ingest.files.url_list import addresses_in, is_address
from ingest.files.xml_text import root_of, xml_text
from ingest.pages.plain import one_line
from vectorstore.errors import SourceError


@dataclass(frozen=True, slots=True)
class SitemapPage:
    """A page, and what a news sitemap says of it; dates as the sitemap writes them."""

    url: str
    lastmod: str | None = None
    title: str | None = None
    published: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Pages, and addresses of further sitemaps."""

    pages: tuple[SitemapPage, ...] = ()
    sitemaps: tuple[str, ...] = ()


def is_sitemap(data: bytes) -> bool:
    """Whether it looks like one; its text form holds nothing but addresses."""
    if root_of(data) in ("urlset", "sitemapindex"):
        return True
    first = data[:2_048].removeprefix(b"\xef\xbb\xbf").strip().split(b"\n")[0].strip()
    if not is_address(first.decode("latin-1")):
        return False
    return addresses_in(data.decode("utf-8", "replace")) is not None


def read_sitemap(data: bytes, base: str | None) -> Sitemap:
    """Everything it lists, each once, in its order; of a damaged one what stands before the damage.

    `base` is the sitemap's own address. SourceError if it is no sitemap.
    """
    if root_of(data) not in ("urlset", "sitemapindex"):
        addresses = addresses_in(decode(data))
        if addresses is None:
            raise SourceError("It is no sitemap.")
        return Sitemap(pages=tuple(SitemapPage(url) for url in addresses))
    root = _parsed(xml_text(data))
    pages: dict[str, SitemapPage] = {}
    sitemaps: dict[str, None] = {}
    for element in root.iterchildren():
        kind = _name(element)
        url = _address(element, base)
        if url and kind == "url":
            pages.setdefault(url, _page(element, url))
        elif url and kind == "sitemap":
            sitemaps[url] = None
    return Sitemap(tuple(pages.values()), tuple(sitemaps))


def _parsed(text: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(text.encode(errors="replace"), parser)
    except (etree.LxmlError, ValueError) as error:
        raise SourceError("The sitemap can't be read.") from error
    if root is None:
        raise SourceError("The sitemap can't be read.")
    return root


def _page(element: Any, url: str) -> SitemapPage:
    news = next(_named(element, "news"), None)
    publication = next(_named(news, "publication"), None) if news is not None else None
    return SitemapPage(
        url=url,
        lastmod=_text(element, "lastmod"),
        title=one_line(_text(news, "title")),
        published=_text(news, "publication_date"),
        language=_text(publication, "language"),
    )


def _address(element: Any, base: str | None) -> str | None:
    location = _text(element, "loc")
    if not location:
        return None
    try:
        return web_address(urljoin(base or "", location))
    except ValueError:
        return None


def _named(element: Any, name: str) -> Iterator[Any]:
    """Children of this name in any namespace: half of all sitemaps get theirs wrong."""
    return (child for child in element.iterchildren() if _name(child) == name)


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _text(element: Any, name: str) -> str | None:
    if element is None:
        return None
    for child in _named(element, name):
        return "".join(child.itertext()).strip() or None
    return None
