"""What lies at a web address to what a source brings: a page, a feed, a sitemap, a file."""

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from ingest.articles import canonical, located
from ingest.files import formats
from ingest.files.compression import MAGIC, gunzip
from ingest.files.feeds import Feed, FeedItem, is_feed, read_feed
from ingest.files.kinds import Wanted, read_file
from ingest.files.listings import known_by
from ingest.files.mapping import FieldMapping
from ingest.files.reading import LARGEST, File, understood
from ingest.files.sitemaps import is_sitemap, read_sitemap
from ingest.found import Again, Failure, Found, FromPage, Missing, Unchanged
from ingest.pages.extract import from_page
from ingest.web.fetch import Conditions, Fetched, Fetcher, Gone, NotModified, shown_address
from vectorstore.errors import FetchError, SourceError
from vectorstore.models import Article
from vectorstore.pages import Page

TOTAL = 2 * 2**30  # bytes that one run fetches at most
DEEPEST = 4  # lists within lists that are followed: an index of sitemaps, a sitemap, a page

_LISTS = (None, ".html", ".xml", ".rss", ".atom", ".rdf", ".json", ".txt")
"""What feeds and sitemaps are sent as; a PDF may hold RDF, and a text may write about RSS."""

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/jsonl": ".jsonl",
    "application/ndjson": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


class Web:
    """Follows addresses for one run: each is asked once, however many lists name it."""

    def __init__(
        self,
        fetcher: Fetcher,
        known: Callable[[str], Page | None],
        mapping: FieldMapping | None = None,
    ) -> None:
        """`known` says what an address brought the last time, from the catalogue."""
        self._fetcher = fetcher
        self._known = known
        self._mapping = mapping
        self._seen: dict[str, list[Found]] = {}
        self._fetched = 0

    def follow(self, address: str, depth: int = 0) -> Iterator[Found]:
        """Everything that an address brings, also what the lists found there lead to."""
        try:
            key = canonical(address)
        except ValueError:
            yield Failure(shown_address(address), "It is no address.")
            return
        if key in self._seen:
            yield from list(self._seen[key])
            return
        brought = self._seen[key] = []
        for one in self._ask(address, key, depth):
            brought.append(_in_short(one))
            yield one

    def _ask(self, address: str, key: str, depth: int) -> Iterator[Found]:
        page = self._known(key)
        asked = Conditions(page.etag, page.last_modified) if page else None
        try:
            if depth > DEEPEST:
                raise FetchError("Its lists lead to lists without end.")
            if self._fetched > TOTAL:
                raise FetchError(
                    f"This run has fetched {TOTAL // 2**30} GB, which is the most; the rest is "
                    "left for the next one."
                )
            found = self._fetcher.get(address, asked)
            if isinstance(found, NotModified) and page is not None:
                yield Unchanged(page)
            elif isinstance(found, Gone) and page is not None:
                yield Missing(page.article_id, shown_address(address))
            elif isinstance(found, Fetched):
                self._fetched += len(found.body)
                yield from self._read(found, key, depth)
            else:
                raise FetchError("There is no such page (any more).")
        except SourceError as error:
            yield Failure(shown_address(address), str(error))

    def _read(self, found: Fetched, key: str, depth: int) -> Iterator[Found]:
        body = gunzip(found.body, LARGEST) if found.body.startswith(MAGIC) else found.body
        deeper = partial(self.follow, depth=depth + 1)
        may_list = _suffix(found) in _LISTS
        if may_list and is_feed(body):
            yield from self._feed(read_feed(body, found.url), found, depth)
        elif may_list and is_sitemap(body):
            sitemap = read_sitemap(body, found.url)
            for address in [*(page.url for page in sitemap.pages), *sitemap.sitemaps]:
                yield from deeper(address)
        elif _suffix(found) == ".html":
            text = body.decode(found.charset, "replace") if found.charset else body
            article = understood(partial(from_page, text, address=found.url))
            if self._is_copy_of_another(article, (key, canonical(found.url))):
                yield Again(article.id)  # an AMP or print page doesn't replace the one it is of
            else:
                yield FromPage(article, _page(key, article, found.conditions))
        else:
            yield from self._file(found, body, key, deeper)

    def _feed(self, feed: Feed, found: Fetched, depth: int) -> Iterator[Found]:
        """The pages of a feed's items; what the feed carries stands in for a page that fails."""
        if not feed.items:
            raise SourceError("There are no articles in the feed.")
        for number, item in enumerate(feed.items, 1):
            brought = list(self.follow(item.url, depth + 1)) if item.url else []
            failed = any(isinstance(one, Failure) for one in brought)
            if self._stands_in(item, failed):
                place = f"{found.url}!{known_by(item)}"
                yield understood(partial(formats.from_feed_item, item, place))
            elif item.url:
                yield from brought
            else:
                name = f"{shown_address(found.url)}:{number}"
                yield Failure(name, "The item has neither a text nor an address.")

    def _is_copy_of_another(self, article: Article, addresses: tuple[str, str]) -> bool:
        """Whether a page gives itself the address of another one that has brought the article."""
        own = canonical(article.url or addresses[0])
        if own in addresses:
            return False
        return self._known(own) is not None or Again(article.id) in self._seen.get(own, ())

    def _stands_in(self, item: FeedItem, failed: bool) -> bool:
        """Whether the feed's own text is taken: never over what the page has brought before."""
        if not (item.content_html or item.content_text):
            return False
        return item.url is None or (failed and self._known(canonical(item.url)) is None)

    def _file(
        self, found: Fetched, body: bytes, key: str, follow: Callable[[str], Iterator[Found]]
    ) -> Iterator[Found]:
        """A document or data, read as a file of its kind would be."""

        def opened() -> BinaryIO:
            return BytesIO(body)

        suffix = _suffix(found)
        if suffix is None:
            raise SourceError("What lies there is of a kind that is not understood.")
        if suffix == ".zip":
            raise SourceError("Archives are not read from the web. Download it and name the file.")
        path = Path(_name(found.url).removesuffix(formats.GZIP)).with_suffix(suffix)
        file = File(shown_address(found.url), path, opened, place=found.url)
        for one in read_file(file, Wanted(self._mapping, follow)):
            if isinstance(one, Article):
                article = located(one, found.url, found.url)
                single = article.url == found.url
                page = _page(key, article, found.conditions)
                yield FromPage(article, page) if single else article
            else:
                yield one


def _in_short(one: Found) -> Found:
    """What is remembered of what an address brought, in case it is named again."""
    if isinstance(one, Article):
        return Again(one.id)
    if isinstance(one, FromPage):
        return Again(one.article.id)
    return Again(one.page.article_id) if isinstance(one, Unchanged) else one


def _page(key: str, article: Article, said: Conditions) -> Page:
    return Page(key, article.id, said.etag, said.last_modified)


def _suffix(found: Fetched) -> str | None:
    """The suffix that a file of this kind has: by its type, else by its name, else by its look."""
    told = _SUFFIXES.get(found.media_type or "")
    named = Path(_name(found.url).lower().removesuffix(formats.GZIP)).suffix
    if told and not (told == ".txt" and named in formats.SUFFIXES):
        return told
    if named in formats.SUFFIXES:
        return ".html" if formats.SUFFIXES[named] == "html" else named
    start = found.body[:1_000].lstrip().lower()
    if start.startswith(b"%pdf"):
        return ".pdf"
    return ".html" if start.startswith((b"<!doctype html", b"<html")) else None


def _name(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2] or "index"
