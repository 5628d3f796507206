"""What a source says of an article to an Article: ids, dates, texts, all as given. Pure."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from ingest.layout import read_layout
from vectorstore import language as languages
from vectorstore.errors import SourceError
from vectorstore.models import Article, content_digest

LONGEST = 2_000_000  # characters; a thick book. What is longer is no article, and takes minutes

_NO_ADDRESS = re.compile(r"[\s\x00-\x20\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HALF_DAY = re.compile(r"\b[ap]\.?m\b", re.I)
_AS_GIVEN = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ]|$)")


def article(
    *,
    text: str,
    given_id: str | None = None,
    url: str | None = None,
    path: Path | None = None,
    place: str | None = None,
    title: str | None = None,
    published: object = None,
    updated: object = None,
    authors: Iterable[str] = (),
    source: str | None = None,
    language: str | None = None,
    section: str | None = None,
) -> Article:
    """An Article from its parts; SourceError if it has no text, is too long or has no identity.

    `place` says where in the world it lies if that is not `path`, of which only the name is
    used then: an archive's path and a member's name, say.
    """
    body = _readable(text)
    link = web_address(url)
    plain_title = line(title)
    if plain_title is None:
        plain_title = read_layout(body, None).headline or (line(path.stem) if path else None)
    found = Article(
        id=identity(given_id, link, path, place),
        url=link,
        title=plain_title,
        text=body,
        published=moment(published),
        updated=moment(updated),
        authors=tuple(name for name in map(line, authors) if name),
        source=line(source),
        language=_language(language) or languages.detect(body),
        content_hash="",
        section=line(section),
    )
    return replace(found, content_hash=content_digest(found))


def located(found: Article, place: str, url: str) -> Article:
    """The same article, known by its address, if it was known by no more than its `place`."""
    if found.url or found.id != identity(None, None, None, place):
        return found
    moved = replace(found, id=identity(None, url, None), url=url, content_hash="")
    return replace(moved, content_hash=content_digest(moved))


def supplemented(found: Article, language: str | None, section: str | None) -> Article:
    """The same article with what is known of it beforehand, None being nothing.

    The language replaces any but one that says more, the section none that there is.
    """
    told = found.language or ""
    tongue = found.language if language is None or _is_kind_of(told, language) else language
    part = found.section or line(section)
    if (tongue, part) == (found.language, found.section):
        return found
    known = replace(found, language=tongue, section=part, content_hash="")
    return replace(known, content_hash=content_digest(known))


def _is_kind_of(language: str, wider: str) -> bool:
    return f"{language}-".startswith(f"{wider}-")


def identity(
    given: str | None, url: str | None, path: Path | None, place: str | None = None
) -> str:
    """The id: as given, else from the canonical URL, else from where it lies: place or path."""
    if given:
        return _characters(given)
    if url:
        return "web-" + _short_digest(canonical(url))
    if place:
        return "file-" + _short_digest(place)
    if path:
        return "file-" + _short_digest(str(path.resolve()))
    raise SourceError('The article has neither "id" nor "url".')


def canonical(url: str) -> str:
    """One form for the addresses of one page: no fragment, no tracking, no default port."""
    import courlan

    normalised: str = courlan.normalize_url(urldefrag(url).url)
    return normalised


def _readable(text: str) -> str:
    """The text of an article that has one, and no book."""
    body = verbatim(text)
    if not body.strip():
        raise SourceError("The article has no text.")
    if len(body) > LONGEST:
        raise SourceError(
            f"The article has {len(body):,} characters; {LONGEST:,} are the most. "
            "Split it into several."
        )
    return body


def verbatim(text: str) -> str:
    """The text as the source gave it, but for line ends and what is no character."""
    return _characters(text.replace("\r\n", "\n").replace("\r", "\n"))


def line(value: str | None) -> str | None:
    """A title or name on one line; None if nothing is left."""
    if not value:
        return None
    return " ".join(_characters(value).replace("\0", " ").split()) or None


def web_address(url: str | None) -> str | None:
    """The address if a reader could open it: http or https with a host."""
    if not url:
        return None
    address = _characters(url).strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if _NO_ADDRESS.search(address):  # what could steer a terminal or break out of a link
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None


def moment(value: object) -> str | None:
    """A date, or a date and time, in ISO 8601 as given, never converted; None if it is neither."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if not isinstance(value, str) or not value.strip():
        return None
    text = value.strip()
    for kind in (date, datetime):
        try:
            found = kind.fromisoformat(text)
        except ValueError:
            continue
        return text if _AS_GIVEN.match(text) else found.isoformat()
    return _other_moment(text)


def _other_moment(text: str) -> str | None:
    """Dates as mails and feeds write them, and as people do: "18.03.2026", "March 18, 2026"."""
    try:
        if not _HALF_DAY.search(text):  # which the mail's parser passes over
            return parsedate_to_datetime(text).isoformat()
    except (ValueError, OverflowError, TypeError, IndexError):
        pass
    import dateparser

    wanted = {"STRICT_PARSING": True, "DATE_ORDER": "DMY", "PARSERS": ["absolute-time"]}
    found = dateparser.parse(text, languages=["de", "en"], settings=wanted)
    return found.date().isoformat() if found else None


def _characters(text: str) -> str:
    """The text with U+FFFD for lone surrogates, which are no characters."""
    return _SURROGATE.sub("\ufffd", text)


def _language(code: str | None) -> str | None:
    text = (code or "").strip().replace("_", "-").lower()
    return text if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", text) else None


def _short_digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:12]
