"""Files that list addresses: feeds, sitemaps and plain lists. What they carry whole is taken."""

from collections.abc import Iterable, Iterator
from functools import partial

from ingest.files import formats
from ingest.files.decoding import decode
from ingest.files.feeds import FeedItem, is_feed, read_feed
from ingest.files.reading import File, understood
from ingest.files.sitemaps import is_sitemap, read_sitemap
from ingest.files.url_list import addresses_in, shown
from ingest.found import Failure, Follow, Found
from vectorstore.errors import SourceError


def nowhere(address: str) -> Iterator[Found]:
    """Follows no address."""
    yield Failure(shown(address), "Pages can't be fetched here.")


def listed(file: File, data: bytes, follow: Follow) -> Iterator[Found]:
    """What a feed or a sitemap brings; SourceError if it is neither."""
    if is_feed(data):
        yield from _feed(file, data, follow)
    elif is_sitemap(data):
        sitemap = read_sitemap(data, None)
        pages = (page.url for page in sitemap.pages)
        yield from followed([*pages, *sitemap.sitemaps], file.name, follow)
    else:
        raise SourceError("It is neither a feed nor a sitemap, and other XML is not understood.")


def text_or_addresses(file: File, data: bytes, follow: Follow) -> Iterator[Found]:
    """A text is an article, unless it is nothing but addresses."""
    addresses = addresses_in(decode(data))
    if addresses is None:
        yield understood(partial(formats.from_text, data, file.path, file.place))
    else:
        yield from followed(addresses, file.name, follow)


def followed(addresses: Iterable[str], name: str, follow: Follow) -> Iterator[Found]:
    """What all addresses bring, one after the other."""
    empty = True
    for address in addresses:
        empty = False
        yield from follow(address)
    if empty:
        yield Failure(name, "There are no addresses in it.")


def _feed(file: File, data: bytes, follow: Follow) -> Iterator[Found]:
    feed = read_feed(data, None)
    for number, item in enumerate(feed.items, 1):
        try:
            if item.content_html or item.content_text:
                place = f"{file.place or file.path.resolve()}!{known_by(item)}"
                yield understood(partial(formats.from_feed_item, item, place))
            elif item.url:
                yield from follow(item.url)
            else:
                raise SourceError("The item has neither a text nor an address.")
        except SourceError as error:
            yield Failure(f"{file.name}:{number}", str(error))
    if not feed.items:
        yield Failure(file.name, "There are no articles in the feed.")


def known_by(item: FeedItem) -> str:
    """What tells an item without address from the others, and stays when the feed moves on."""
    return item.id or item.title or (item.content_text or item.content_html or "")[:200]
