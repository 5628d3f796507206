"""A page to an Article: its metadata and its text, each from where it is told best. Pure."""

import logging
from copy import deepcopy
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.articles import LONGEST, article, moment
from ingest.pages.body import article_lines
from ingest.pages.metadata import Metadata, read_metadata, split_names
from ingest.pages.page_kind import refusal
from ingest.pages.plain import opens_as_html, plain_text
from vectorstore import language as languages
from vectorstore.errors import SourceError
from vectorstore.models import Article

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it misses is reported here

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def from_page(
    data: bytes | str,
    *,
    address: str | None = None,
    path: Path | None = None,
    place: str | None = None,
) -> Article:
    """The article of a page; SourceError if it holds none.

    `address` is where it was found on the web; `path` and `place` as `articles.article` takes
    them where it was found elsewhere.
    """
    page = _parsed(data)
    told = read_metadata(page, address)
    guessed = _guessed(page, told)
    found = article_lines(deepcopy(page), _headings(page, told), told.standfirst)
    text = _longer("\n\n".join(line.text for line in found), told.body)
    if reason := refusal(page, told, text):
        raise SourceError(reason)
    if not text:
        raise SourceError(NOTHING)
    return article(
        text=text,
        path=path,
        place=place,
        url=told.url,
        title=told.title,
        published=_first_moment((*told.published, guessed.published)),
        updated=_first_moment(told.updated),
        authors=told.authors or guessed.authors,
        source=told.source,
        language=_trusted(told.language, text),
        section=told.section,
    )


def _trusted(told: str | None, text: str) -> str | None:
    """The language that the page names, if it is the text's: templates name wrong ones."""
    return told if told and told.split("-")[0].lower() == languages.detect(text) else None


def _longer(text: str, body: str | None) -> str:
    """The text on the page, or the metadata's where the page shows little: it is drawn later."""
    if body is None or len(body) < SCANT * len(text):
        return text
    plain = plain_text(body) if opens_as_html(body) else unescape(body)
    paragraphs = (" ".join(line.split()) for line in plain.splitlines())
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _parsed(data: bytes | str) -> "HtmlElement":
    from lxml import etree
    from trafilatura.utils import load_html

    try:
        page = load_html(data)
    except (ValueError, LookupError, etree.LxmlError) as error:
        raise SourceError(NOTHING) from error
    if page is None:
        raise SourceError(NOTHING)
    sizes = [0 if e.tag in ("script", "style") else len(e.text or "") for e in page.iter()]
    if len(sizes) > ELEMENTS or sum(sizes) > LONGEST:
        raise SourceError("The page is too large to be one article.")
    return page


ELEMENTS = 80_000  # of a page; the time that it takes to read one grows faster than they do
NOTHING = "No article was found in the page."
SCANT = 2.5  # times that the metadata's text is longer than the page's where that isn't all


@dataclass(frozen=True, slots=True)
class _Guessed:
    """What trafilatura reads from the visible page, for what its metadata leaves open."""

    published: str = ""
    authors: tuple[str, ...] = ()


def _guessed(page: "HtmlElement", told: Metadata) -> _Guessed:
    if told.authors and _first_moment(told.published):
        return _Guessed()
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(
        deepcopy(page), date_config={"extensive_search": False, "original_date": True}
    )
    names = (n for given in (found.author or "").split(";") for n in split_names(given))
    return _Guessed(found.date or "", tuple(names))


def _headings(page: "HtmlElement", told: Metadata) -> tuple[str, ...]:
    shown = [" ".join(h.text_content().split()) for h in page.iter("h1")]
    return (*shown, told.title or "")


def _first_moment(told: tuple[str, ...]) -> str | None:
    return next((found for said in told if (found := moment(said))), None)
