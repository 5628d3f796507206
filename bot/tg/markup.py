"""Telegram's HTML: safe pieces that know their size, packed into messages. Pure.

Telegram measures a text after parsing its HTML, so every piece counts what will be shown apart
from what is sent. Sizes are UTF-16 units, the unit of Telegram's offsets: never fewer than its
characters.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encoded

LONGEST = 4_096  # UTF-16 units of a message as shown
HEAVIEST = 32_000  # bytes of a message's HTML; Telegram takes 32 KiB
MOST_ENTITIES = 100  # links and quotes in a message; Telegram drops further ones silently
LONGEST_LINK = 4_096  # bytes of its HTML
BREAKABLE = 512  # characters after which a word without end may be broken

_BIDI = "\u202a-\u202e\u2066-\u2069"
_SURROGATES = "\ud800-\udfff"
_LINE_ENDS = re.compile(r"\r\n?")
_BLANKS = re.compile("[\t\v\f\x85]")
_UNFIT = re.compile(f"[\x00-\x09\x0b-\x1f\x7f-\x9f{_BIDI}]")
_LONE = re.compile(f"[{_SURROGATES}]")
_WORD = re.compile(rf"\S{{1,{BREAKABLE}}}|\s{{1,{BREAKABLE}}}")
_HTTP = re.compile(r"https?://([^\s/?#:@\\\"<>]+)(?::\d{1,5})?([/?#].*)?", re.I | re.S)
_HOST = re.compile(r".*\.[^\W\d_]{2,}|\d{1,3}(\.\d{1,3}){3}")
_UNLINKABLE = re.compile(f"[\\s\x00-\x20\x7f-\x9f{_SURROGATES}{_BIDI}]")


@dataclass(frozen=True, slots=True)
class Piece:
    """HTML that must not be torn, with what it counts: units shown, bytes sent, entities."""

    html: str = ""
    units: int = 0
    weight: int = 0
    entities: int = 0

    def __add__(self, other: "Piece") -> "Piece":
        return Piece(
            self.html + other.html,
            self.units + other.units,
            self.weight + other.weight,
            self.entities + other.entities,
        )

    @property
    def fits(self) -> bool:
        """Whether one message can hold it."""
        return self.units <= LONGEST and self.weight <= HEAVIEST and self.entities <= MOST_ENTITIES


def text(shown: str) -> Piece:
    """Plain text."""
    return _piece(cleaned(shown))


def link(shown: str, href: str | None) -> Piece:
    """A link to what `good_link` let pass, plain text without one."""
    if href is None:
        return text(shown)
    return _piece(cleaned(shown), f'<a href="{_escaped(href)}">', "</a>")


def bold(shown: str) -> Piece:
    """Text that stands out; nothing if there is nothing to show."""
    shown = cleaned(shown)
    return _piece(shown, "<b>", "</b>") if shown.strip() else text(shown)


def folded_quote(shown: str) -> Piece:
    """A quote that opens on a tap; nothing if there is nothing to show."""
    shown = cleaned(shown).strip()
    return _piece(shown, "<blockquote expandable>", "</blockquote>") if shown else Piece()


def words(shown: str) -> list[Piece]:
    """Text that may be torn between its words."""
    return [_piece(word) for word in _WORD.findall(cleaned(shown))]


def messages(blocks: Iterable[Sequence[Piece]]) -> list[str]:
    """The HTML of as few messages as hold the blocks in order.

    A block is kept whole if any message can hold it, and torn between its pieces otherwise.
    """
    pages = [Piece()]
    for block in blocks:
        whole = sum(block, Piece())
        for piece in (whole,) if whole.fits else block:
            if not (pages[-1] + piece).fits:
                pages.append(Piece())
            pages[-1] += piece
    return [source for page in pages if (source := page.html.strip())]


def plain(source: str) -> str:
    """What a reader sees of HTML made here."""
    return html.unescape(re.sub("<[^>]*>", "", source))


def cleaned(shown: str) -> str:
    """Text without what steers a terminal or turns writing round; "\\n" ends every line."""
    one_way = _BLANKS.sub(" ", _LINE_ENDS.sub("\n", shown))
    return well_formed(_UNFIT.sub("", one_way))


def well_formed(shown: str) -> str:
    """The text without halves of characters, and as long as it was."""
    return _LONE.sub("\ufffd", shown)


def shortened(shown: str, most: int) -> str:
    """The text cleaned and, if it has more than `most` UTF-16 units, cut with an ellipsis."""
    shown = cleaned(shown)
    if units(shown) <= most:
        return shown
    return shown[: reach(shown, most - 1)].rstrip() + "…"


def one_line(shown: str, most: int) -> str:
    """The text without line breaks and double blanks, shortened."""
    return shortened(" ".join(shown.split()), most).strip()


def units(shown: str) -> int:
    """UTF-16 units."""
    return len(well_formed(shown).encode("utf-16-le")) // 2


def reach(shown: str, most: int) -> int:
    """How many of the characters have together at most `most` UTF-16 units."""
    kept = well_formed(shown).encode("utf-16-le")[: 2 * max(0, most)]
    return len(kept.decode("utf-16-le", "ignore"))


def good_link(url: str | None) -> str | None:
    """The address if Telegram links it, else None: it drops bad ones without a word."""
    match = _HTTP.fullmatch(url.strip()) if url else None
    if match is None or not _HOST.fullmatch(match[1]) or _UNLINKABLE.search(match[1]):
        return None
    base, rest = match[0][: match.start(2)] if match[2] else match[0], match[2] or ""
    href = base + _UNLINKABLE.sub(lambda m: percent_encoded(m[0], errors="replace"), rest)
    return href if len(_escaped(href).encode()) <= LONGEST_LINK else None


def _piece(shown: str, opening: str = "", closing: str = "") -> Piece:
    source = f"{opening}{_escaped(shown)}{closing}"
    return Piece(source, units(shown), len(source.encode()), 1 if opening else 0)


def _escaped(shown: str) -> str:
    """Telegram knows four named references and shows all others as they stand."""
    return html.escape(shown, quote=False).replace('"', "&quot;")
