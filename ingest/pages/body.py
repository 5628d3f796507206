"""The paragraphs of an article in its page, without what the page has around it. Pure.

trafilatura finds the text; before it the parts are cut away whose own markup says that they are
something else, and after it the lines that are addressed to the reader and not about the matter.
"""

import re
from copy import deepcopy
from itertools import zip_longest
from typing import TYPE_CHECKING

from ingest.pages.lines import Line, lines

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LINKED = 0.75  # the share of a line's letters in links above which it only points elsewhere
HELD = 0.85  # the share of an article's text that its element holds at least
LABEL = 30  # characters below which a line may stand anywhere by chance
STANDFIRST_WORDS = 6  # with which a standfirst in metadata and on the page must begin

_AWAY = (
    "nav footer aside button select iframe figure figcaption picture video audio svg "
    "noscript template dialog menu script style"
).split()
_SPARED = frozenset("html body main article".split())
_ALIEN = re.compile(
    r"""(?:^|[\s_-])(?:
    teaser\w*|related\w*|recommend\w*|newsletter\w*|breadcrumb\w*|share-?(?:bar|buttons?|box)|sharing|social-?(?:bar|media|share\w*|links?)|
    comment(?:s|list|section)?|kommentare?|caption|credits?|copyright|bildunterschrift|
    author-?(?:box|info|bio|teaser)?|autor(?:en)?-?(?:box|info)|byline|metadata|tags?|tag-?list|
    ad|ads|advert\w*|anzeige\w*|sponsor\w*|promo\w*|paywall-?\w*|consent\w*|cookie\w*|
    poll|quiz|voting|gallery|galerie|slideshow|
    infobox|factbox|faktenbox|toc|table-of-contents|outbrain|taboola|subscri\w*|abo-?\w*
    )(?:$|[\s_-])""",
    re.X | re.I,
)
_NOTE = re.compile(
    r"""^(?:
    (?:Lesen|Hören|Sehen|Schauen)\s+Sie\s+(?:auch|dazu|mehr)\b|Auch\s+interessant|
    (?:Mehr|Weitere\s+\w+)\s+(?:zum\s+Thema|dazu|lesen|zu:)|Zum\s+Thema:|Lesetipp|
    (?:Empfohlener|Externer)\s+(?:redaktioneller\s+)?Inhalt|
    An\s+dieser\s+Stelle\s+(?:finden\s+Sie|befindet\s+sich|steht)|
    (?:Ich\s+bin\s+damit\s+einverstanden|Zur\s+Anzeige\s+aktiviere|Deine\s+Privatsphäre)|
    Ein\s+Klick\s+für\s+den\s+Datenschutz|Link\s+(?:zum|auf)\s+\w+-Inhalt|
    (?:Folgen|Folgst|Folge)\s+(?:Sie|du|uns)|Abonnieren?\s|Jetzt\s+(?:testen|abonnieren|anmelden)|
    (?:Quelle|Foto|Fotos|Bild|Video|Text|Grafik|Credits?|Photo|Image|Source)\s*:[^.!?]*$|©|\(c\)|
    (?:Stand|Veröffentlicht|Aktualisiert|Published|Updated|Erschienen)\s*(?::|am\b)|
    Dieser\s+(?:Artikel|Text|Beitrag)\s+(?:erschien|ist\s+zuerst|wurde\s+zuerst)|
    (?:Read|See)\s+(?:more|also)|Also\s+read\b|Sign\s+up\s+(?:to|for|here|now)\b|
    Subscribe\s+(?:to|now|for)\b|(?:Advertisement|Anzeige|Werbung)\W*$|
    Bitte\s+markieren\s+Sie|Artikel\s+(?:merken|teilen|anhören)|Zur\s+Startseite
    )""",
    re.X | re.I,
)
_SIGN = re.compile(r"^\(?[\w/., -]{1,12}\)?$|^[-–—|*•\s]+$|^(?:von|by)\s+\S+(?:\s+\S+){0,6}$", re.I)
_OFFER = re.compile(
    r"(?=.*\b(?:Newsletter|Whats-?App-Kanal|Push-Nachrichten|Probeabo|E-Paper|kostenlos\w*\s+testen|"
    r"Affiliate-Links?|Partnermarke)\b)(?=.*\b(?:Sie|Ihnen|du|dich|hier|jetzt|abonniere|you|your)\b)",
    re.I | re.S,
)
_CREDIT = re.compile(
    r"\b(?:Bildrechte|Fotos?|Bild|Quelle|Grafik|Photo|Credits?|Illustration)\s?: ?[^.!?]{2,60}$"
    r"|©[^.!?]{2,60}$|\|\s*\d+:\d\d\s*(?:min|Min\.?|Minuten)?$"
)
_END = re.compile(r"[.!?…:][\"'»«“”„’)\]]*$")


def article_lines(
    page: "HtmlElement", headings: tuple[str, ...], standfirst: str | None
) -> list[Line]:
    """The article's lines in order.

    `headings` are titles that they must not repeat. `standfirst` is how the page's metadata sums
    the article up: if readers see it on the page, it opens them.
    """
    seen = lines(page)
    _cut_away(page)
    known = {folded(heading) for heading in headings if heading}
    kept: list[Line] = []
    opening = _shown_standfirst(standfirst, seen)
    for line in (*opening, *_article(page)):
        plain = folded(line.text)
        if plain and plain not in known and (line in opening or not _is_alien(line)):
            kept.append(line)
            known.add(plain)
    return _without_loose_headings(kept)


def _shown_standfirst(standfirst: str | None, seen: list[Line]) -> list[Line]:
    """The line of the page that begins as its metadata says, near its top."""
    start = " ".join(folded(standfirst or "").split()[:STANDFIRST_WORDS])
    if start.count(" ") < STANDFIRST_WORDS - 1:
        return []
    return [
        line
        for line in seen
        if folded(line.text).startswith(start)
        and not _CREDIT.search(line.text)
        and not any(e.tag in ("figure", "figcaption") for e in line.element.iterancestors())
    ][:1]


def _article(page: "HtmlElement") -> list[Line]:
    """The article's lines.

    trafilatura says which text is the article's, but loses headings, items and halves of lines.
    So the lines are taken from the page: what trafilatura has, and between it, inside the element
    that holds nearly all of it, headings, items and what trafilatura has in part.
    """
    import trafilatura

    text = trafilatura.extract(
        deepcopy(page), include_comments=False, include_tables=False, output_format="txt"
    )
    whole = f" {folded(text or '')} "
    found = lines(page)
    told = [f" {folded(line.text)} " in whole and len(line.text) > LABEL for line in found]
    letters = [len(line.text) * has for line, has in zip(found, told, strict=True)]
    holder = _holder(found, letters)
    inside = [
        i for i, has in enumerate(told) if has and holder is not None and _within(found[i], holder)
    ]
    if not inside:
        return []
    first, last = inside[0], inside[-1]
    built = {_build(found[i]) for i in inside}
    return [
        line
        for i, line in enumerate(found)
        if told[i]
        or (
            (first <= i <= last or (i > last and _END.search(line.text)))
            and _within(line, holder)
            and (_build(line) in built or _belongs(line, whole))
        )
    ]


def _build(line: Line) -> tuple[str | None, ...]:
    """How a line is built into its page: its element and the one around it."""
    element, around = line.element, line.element.getparent()
    outer = (None, None) if around is None else (str(around.tag), around.get("class"))
    return (str(element.tag), element.get("class"), *outer)


def _belongs(line: Line, whole: str) -> bool:
    if line.kind == "li" or line.is_heading:
        return True
    words = folded(line.text).split()
    pieces = [" ".join(words[i : i + 4]) for i in range(max(1, len(words) - 3))]
    return sum(f" {piece} " in whole for piece in pieces) >= 0.5 * len(pieces)


def _holder(found: list[Line], told: list[int]) -> "HtmlElement | None":
    """The innermost element that holds nearly all of the text."""
    weight: dict[HtmlElement, int] = {}
    for line, letters in zip(found, told, strict=True):
        for element in (line.element, *line.element.iterancestors()) if letters else ():
            weight[element] = weight.get(element, 0) + letters
    enough = [e for e, letters in weight.items() if letters >= HELD * sum(told)]
    return max(enough, key=lambda e: sum(1 for _ in e.iterancestors()), default=None)


def _within(line: Line, holder: "HtmlElement") -> bool:
    return line.element is holder or any(e is holder for e in line.element.iterancestors())


def folded(text: str) -> str:
    """Words alone, to compare."""
    return " ".join(re.findall(r"\w+", text.lower()))


def _cut_away(page: "HtmlElement") -> None:
    from lxml import etree

    etree.strip_elements(page, etree.Comment, *_AWAY, "h1", with_tail=False)
    doomed = [e for e in page.iter() if isinstance(e.tag, str) and _says_alien(e)]
    doomed += page.iter("form")  # which some pages wrap around everything
    whole = len(" ".join(page.itertext()))
    for element in doomed:
        if element.getparent() is not None and len(element.text_content()) < 0.4 * whole:
            element.drop_tree()


def _says_alien(element: "HtmlElement") -> bool:
    if element.tag in _SPARED:
        return False
    said = f"{element.get('class') or ''} {element.get('id') or ''}"
    return bool(_ALIEN.search(said)) or element.get("aria-hidden") == "true"


def _is_alien(line: Line) -> bool:
    """Whether a line is a pointer, a credit, a signature or an address to the reader."""
    if _NOTE.match(line.text) and len(line.text) < 400:
        return True
    if line.linked > LINKED * len(line.text) and not (line.kind == "p" and _END.search(line.text)):
        return True
    if _OFFER.match(line.text) and len(line.text) < 500:
        return True
    if _CREDIT.search(line.text) and len(line.text) < 300:
        return True
    if line.kind == "text" and LABEL < len(line.text) < 140 and not _END.search(line.text):
        return True
    return bool(_SIGN.match(line.text)) and line.kind != "li" and not line.is_heading


def _without_loose_headings(found: list[Line]) -> list[Line]:
    """Headings with nothing below them belong to something that was cut away, unless they speak."""
    kept: list[Line] = []
    for line, after in zip_longest(found, found[1:]):
        loose = after is None or (after.is_heading and after.kind <= line.kind)
        if not (line.is_heading and loose) or _END.search(line.text):
            kept.append(line)
    return kept
