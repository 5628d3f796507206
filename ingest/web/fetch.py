"""The only HTTP in the house: an address to what lies there, checked, limited and polite."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit, urlunsplit

from ingest.web import media
from ingest.web.addresses import AddressGuard
from ingest.web.limits import Limits
from ingest.web.politeness import AGENT, ROBOTS_SIZE, Politeness, retry_after
from vectorstore.errors import FetchError

if TYPE_CHECKING:
    from httpx import URL

    from ingest.web.connection import Answer

REDIRECTS = 5
TRIES = 3
BACK_OFF = 2.0  # seconds before the second try; each further one waits twice as long
LONGEST_ADDRESS = 8_000  # characters
LONGEST_CONDITION = 1_000  # characters of an ETag or a date worth keeping

_HEADERS = {
    "Accept": "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, "
    "application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",
}
_MOVED = (301, 302, 303, 307, 308)
_BUSY = (429, 500, 502, 503, 504)
_GONE = (404, 410)
_PAGE = (200, 203)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a server said of the version it sent, to be asked for again only if it changed."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lay at `url`, to which `requested` led; `media_type` in lower case, if given."""

    url: str
    requested: str
    status: int
    media_type: str | None
    charset: str | None
    body: bytes
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class NotModified:
    """What lies at `url`, behind any redirects, is what the conditions were given for."""

    url: str


@dataclass(frozen=True, slots=True)
class Gone:
    """Nothing lies at `url` any more: the status is 404 or 410."""

    url: str
    status: int


class _Moved(Exception):
    """The answer names another address, relative to the one that was asked."""


class Fetcher:
    """Fetches pages for all who need them. Threads may share it, and should."""

    def __init__(
        self,
        guard: AddressGuard,
        politeness: Politeness,
        limits: Limits | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._guard = guard
        self._politeness = politeness
        self._limits = limits or Limits()
        self._now = now

    def get(self, url: str, conditions: Conditions | None = None) -> Fetched | NotModified | Gone:
        """What lies at an address. One conditional request if it hasn't changed.

        FetchError if it can't be had or must not be; the message never holds the address.
        """
        asked = conditions or Conditions()
        headers = {}
        if asked.etag:
            headers["If-None-Match"] = asked.etag
        if asked.last_modified:
            headers["If-Modified-Since"] = asked.last_modified

        def delay(address: str) -> float:
            return self._politeness.delay(address, self._robots)

        found = self._follow(
            url, headers, delay, lambda address, answer: _page(url, address, answer)
        )
        if isinstance(found, NotModified) and not headers:
            raise FetchError("The site says that the page is unchanged, but was not asked that.")
        return found

    def _robots(self, url: str) -> bytes:
        """A robots.txt, empty if the site has none; the site itself can't forbid to read it."""
        return self._follow(url, {}, lambda address: 0.0, _robots)

    def _follow(
        self,
        url: str,
        headers: Mapping[str, str],
        delay: Callable[[str], float],
        read: Callable[["URL", "Answer"], T],
    ) -> T:
        """The answer behind all redirects, each checked as if the user had named it."""
        address = _checked(url)
        for _ in range(REDIRECTS + 1):
            try:
                return self._try(address, headers, delay(str(address)), read)
            except _Moved as moved:
                address = _checked(str(moved), address)
        raise FetchError(f"The address redirects more than {REDIRECTS} times.")

    def _try(
        self,
        address: "URL",
        headers: Mapping[str, str],
        delay: float,
        read: Callable[["URL", "Answer"], T],
    ) -> T:
        """The answer of one address, after a few tries if it is busy."""
        from ingest.web.connection import Interrupted, ask

        sent = _HEADERS | {"User-Agent": _user_agent()} | dict(headers)
        trust = self._trust if address.scheme == "https" else None
        attempt = 0
        while True:
            with self._politeness.turn(address.host, delay) as turn:
                try:
                    with ask(address, sent, self._guard, self._limits, trust) as answer:
                        if answer.status in _BUSY:
                            after = retry_after(answer.header("Retry-After"), self._now())
                            raise Interrupted(f"The site answered {_named(answer.status)}.", after)
                        return read(address, answer)
                except Interrupted as error:
                    turn.hold(BACK_OFF * 2**attempt if error.after is None else error.after)
                    attempt += 1
                    if attempt == TRIES:
                        raise

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        from httpcore import default_ssl_context

        return default_ssl_context()


def shown_address(url: str) -> str:
    """An address fit for errors and logs: without credentials, query and fragment."""
    try:
        parts = urlsplit(url)
        makes_sense = bool(parts.hostname) and parts.port != 0
    except ValueError:  # of the port too: a password with a slash in it passes for one
        makes_sense = False
    if not makes_sense:
        return "an address that makes no sense"
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "…" if parts.query else "", ""))


def _checked(url: str, base: "URL | None" = None) -> "URL":
    """An address that may be asked, without its fragment; FetchError if it is none."""
    import httpx

    try:
        if len(url) > LONGEST_ADDRESS:
            raise FetchError(f"The address has more than {LONGEST_ADDRESS:,} characters.")
        address = httpx.URL(url) if base is None else base.join(url)
        urlsplit(str(address))  # what httpx takes and others don't is not worth a request
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("The address makes no sense.") from error
    if address.scheme not in ("http", "https"):
        raise FetchError("Only http and https addresses are fetched.")
    if address.userinfo:
        raise FetchError("Addresses with a user name or a password are not fetched.")
    if not address.host or address.port == 0 or (address.port or 0) > 65535:
        raise FetchError("The address makes no sense.")
    return address.copy_with(fragment=None)


def _page(requested: str, url: "URL", answer: "Answer") -> Fetched | NotModified | Gone:
    if answer.status == 304:
        return NotModified(str(url))
    if answer.status in _GONE:
        return Gone(str(url), answer.status)
    _raise_if_moved(answer)
    if answer.status not in _PAGE:
        raise FetchError(f"The page answered {_named(answer.status)}.")
    content_type = answer.header("Content-Type") or ""
    kind = media.kind(content_type)
    if kind and not media.readable(kind):
        raise FetchError(f"Content of the type {kind[:80]} is not read.")
    return Fetched(
        url=str(url),
        requested=requested,
        status=answer.status,
        media_type=kind,
        charset=media.charset(content_type),
        body=b"".join(answer.pieces()),
        conditions=Conditions(
            etag=_condition(answer, "ETag"), last_modified=_condition(answer, "Last-Modified")
        ),
    )


def _robots(url: "URL", answer: "Answer") -> bytes:
    """As RFC 9309 has it: who answers with an error of the asker's forbids nothing."""
    if 200 <= answer.status < 300:
        content = bytearray()
        for piece in answer.pieces():
            content += piece
            if len(content) >= ROBOTS_SIZE:
                break
        return bytes(content)
    _raise_if_moved(answer)
    if 400 <= answer.status < 500:
        return b""
    raise FetchError(f"The site's robots.txt answered {_named(answer.status)}.")


def _raise_if_moved(answer: "Answer") -> None:
    location = answer.header("Location")
    if answer.status in _MOVED and location:
        try:
            raise _Moved(location.encode("latin-1").decode())
        except UnicodeDecodeError:
            raise _Moved(location) from None


def _condition(answer: "Answer", name: str) -> str | None:
    value = answer.header(name)
    return value if value and len(value) <= LONGEST_CONDITION else None


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase.lower()})"
    except ValueError:
        return str(status)


def _user_agent() -> str:
    try:
        number = version("beleg")
    except PackageNotFoundError:
        number = "0"
    return f"{AGENT}/{number} (answers questions about news articles; obeys robots.txt)"
