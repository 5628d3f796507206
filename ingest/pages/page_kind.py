"""Pages that are no article: lists of articles, paywall stubs, consent walls. Pure."""

import re
from typing import TYPE_CHECKING

from ingest.pages import linked_data
from ingest.pages.body import LINKED
from ingest.pages.lines import Line, lines
from ingest.pages.metadata import Metadata, titles

if TYPE_CHECKING:
    from lxml.html import HtmlElement

STUB = 900  # characters of text below which a page that sells the rest shows only its beginning
WALL = 1_500  # characters of text that a consent wall has at most
TEASERS = 5  # teasers that a list has at least
TEASER = 60  # characters from which a line is a teaser's or an article's text

CONSENT = (
    "The page asks for consent to cookies and shows no article. Save the article's page instead."
)
PAYWALL = "The page shows only the beginning of the article; the rest is behind a paywall."
LIST = "The page is a list of articles, not an article. Name its feed or the articles themselves."

_CONSENT = re.compile(
    r"cookies?\b|einwilligung|zustimm|datenschutz|consent|tracking|privacy|werbung|personalisiert",
    re.I,
)
_ACCEPT = re.compile(
    r"alle[ns]?\s+(?:cookies\s+)?(?:akzeptieren|zustimmen)|zustimmen und|akzeptieren und|"
    r"accept\s+(?:all|and|cookies)|agree\s+and|i\s+agree|einverstanden",
    re.I,
)
_SELLS = re.compile(
    r"weiterlesen\s+mit|jetzt\s+(?:abonnieren|weiterlesen|testen)|(?:probe)?abo\b|"
    r"bereits\s+abonnent|artikel\s+freischalten|exklusiv\s+für\s+abonnent|plus-artikel|"
    r"subscribe\s+to\s+(?:read|continue)|already\s+a\s+subscriber|for\s+subscribers|"
    r"continue\s+reading\s+(?:with|by)|start\s+your\s+(?:free\s+)?trial",
    re.I,
)


def refusal(page: "HtmlElement", told: Metadata, text: str) -> str | None:
    """Why a page, whole and untouched, is no article though `text` was found in it; or None."""
    whole = " ".join(page.text_content().split())
    if not told.published and _is_consent_wall(whole, text):
        return CONSENT
    if len(text) < STUB and told.free is not True and _sells_the_rest(page, told.free):
        return PAYWALL
    if not _is_list(page, text):
        return None
    return f"{LIST} It names this feed: {told.feed}" if told.feed else LIST


def _is_consent_wall(whole: str, text: str) -> bool:
    """Little text, most of it about consent, and a button to agree."""
    shown = text or whole
    if len(shown) > WALL or not _ACCEPT.search(whole):
        return False
    return len({match.lower() for match in _CONSENT.findall(shown)}) >= 3


def _sells_the_rest(page: "HtmlElement", free: bool | None) -> bool:
    """Whether an offer to subscribe stands for the rest of the text, not only in a banner."""
    outside = "ancestor::nav or ancestor::header or ancestor::footer or ancestor::head"
    if free is False:
        return any(_SELLS.search(text) for text in page.xpath(f"//text()[not({outside})]"))
    marked = page.xpath("//*[contains(@class, 'paywall') or contains(@id, 'paywall')]")
    return any(_SELLS.search(element.text_content()) for element in marked if _is_paywall(element))


def _is_paywall(element: "HtmlElement") -> bool:
    """Whether an element is one that readers see, by its own names."""
    if element.tag in ("html", "body") or element.get("hidden") is not None:
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    return any(name.startswith("paywall") or name.endswith("-paywall") for name in names) and not (
        {"no-paywall", "hidden"} & set(names)
    )


def _is_list(page: "HtmlElement", text: str) -> bool:
    """Whether most of what would be the article stands below headings that link elsewhere."""
    kinds = [str(kind).lower() for kind in page.xpath("//meta[@property='og:type']/@content")]
    if linked_data.article_node(page, titles(page)).get("headline") or "article" in kinds:
        return False
    teasers: set[str] = set()
    above: list[Line] = []
    for line in lines(page):
        if len(line.text) >= TEASER and not line.is_heading:
            if any(one.is_heading and one.linked >= LINKED * len(one.text) for one in above):
                teasers.add(line.text)
            above = []
        else:
            above = [*above[-2:], line]
    running = [one for one in text.split("\n\n") if len(one) >= TEASER]
    return len(teasers) >= TEASERS and sum(one in teasers for one in running) >= 0.75 * len(running)
