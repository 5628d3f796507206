"""Lines of a PDF's pages to paragraphs: no running heads, no hyphens of line ends. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

GAP = 1.45  # times the usual distance of two lines: more is a new paragraph
INDENT = 0.8  # times the font size: a line that starts this far in begins a paragraph
SHORT = 0.7  # times the next line's width: a sentence that ends this early ends a paragraph
LARGER = 1.15  # times the font size of the line before: a heading begins or ends
EDGE = 2  # lines at a page's top and bottom that may be a running head or a page number
SHARED = 3  # pages that have the same words at the same height: a running head, of a chapter too
FEWEST = 3  # letters that a title in large print has

_LIGATURES = {0xFB00 + n: text for n, text in enumerate("ff fi fl ffi ffl st st".split())}
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"\W*(?:seite|page|s\.|p\.)?\s*(\d{1,4})(?:\s*(?:von|of|/)\s*\d+)?\W*", re.I
)
_BULLETS = ("•", "‣", "▪", "◦", "●", "■")
_ENDS = (".", "!", "?", ":", "“", "”", '"', "«", "»")
_HYPHENATED = re.compile(r"[^\W\d_][-\u2010\u00ad]$")


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line and its box, in points from the page's bottom left."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float


def joined(pages: Sequence[Sequence[PdfLine]]) -> str:
    """The text of all pages, paragraphs a blank line apart; empty if there is none."""
    lines = [line for page in _without_edges(pages) for line in page if line.text.strip()]
    usual = _usual_distance(lines)
    paragraphs: list[str] = []
    previous: PdfLine | None = None
    for line in lines:
        content = _content(line)
        if previous is None or _begins_paragraph(previous, line, usual):
            paragraphs.append(content)
        else:
            paragraphs[-1] = _continued(paragraphs[-1], content)
        previous = line
    return "\n\n".join(paragraphs)


def largest(pages: Sequence[Sequence[PdfLine]]) -> str | None:
    """What stands in clearly larger print than the rest, on the first page: the title."""
    if not pages or not pages[0]:
        return None
    usual = median(line.size for page in pages for line in page)
    size = max(line.size for line in pages[0])
    title = ""
    for line in pages[0]:
        if line.size == size:
            title = _continued(title, _content(line)) if title else _content(line)
        elif title:
            break
    letters = sum(c.isalpha() for c in title)
    return title if size > LARGER * usual and letters >= FEWEST and len(title) <= 250 else None


def _content(line: PdfLine) -> str:
    """A line without what only print needs: ligatures and places where a word may be cut."""
    text = " ".join(line.text.translate(_LIGATURES).split())
    return text[:-1].replace("\u00ad", "") + text[-1:]


def _continued(text: str, line: str) -> str:
    """The text with the next line; a word that was cut at the line's end becomes whole again.

    A capital after the hyphen means a compound: "Nord-" and "Süd-Gefälle" keep it, and so does
    "Ein- und Ausgang".
    """
    if not _HYPHENATED.search(text[-2:]):
        return f"{text} {line}"
    if line[:1].islower():
        first = line.split(maxsplit=1)[0]
        if first in ("und", "oder", "bzw.", "and", "or"):
            return f"{text} {line}"
        return text[:-1] + line
    return text + line


def _begins_paragraph(before: PdfLine, line: PdfLine, usual: float) -> bool:
    small, large = sorted((before.size, line.size))
    if small <= 0 or large > LARGER * small or line.text.lstrip().startswith(_BULLETS):
        return True
    ended = before.text.rstrip().endswith(_ENDS)
    short = before.right - before.left < SHORT * (line.right - line.left)
    distance = before.bottom - line.bottom
    if distance <= 0:  # the next column or page
        return ended and (short or _indented(before, line))
    return distance > GAP * max(usual, line.size) or _indented(before, line) or (ended and short)


def _indented(before: PdfLine, line: PdfLine) -> bool:
    return INDENT * line.size < line.left - before.left < 5 * line.size


def _usual_distance(lines: Sequence[PdfLine]) -> float:
    distances = [a.bottom - b.bottom for a, b in pairwise(lines)]
    near = [d for d, line in zip(distances, lines, strict=False) if 0 < d < 3 * line.size]
    return median(near) if near else 0.0


def _without_edges(pages: Sequence[Sequence[PdfLine]]) -> Iterator[list[PdfLine]]:
    """The pages without lines that several of them share at the top or bottom, and page numbers."""
    counts = Counter(key for page in pages for key in {_key(line) for line in _edges(page)})
    third = max(2, len(pages) // 3)  # for numbers, which the rows of a long table share too
    for number, page in enumerate(pages, 1):
        dropped = set()
        for line in _edges(page):
            key = _key(line)
            worded = any(c.isalpha() for c in key[0])
            shared = counts[key] >= (min(SHARED, third) if worded else third)
            if shared or _is_page_number(line.text, number):
                dropped.add(id(line))
        yield [line for line in page if id(line) not in dropped]


def _edges(page: Sequence[PdfLine]) -> list[PdfLine]:
    ordered = sorted(page, key=lambda line: line.bottom)
    return ordered if len(ordered) <= 2 * EDGE else ordered[:EDGE] + ordered[-EDGE:]


def _key(line: PdfLine) -> tuple[str, int]:
    """What a running head keeps from page to page: its words and its height on the page."""
    return _NUMBER.sub("#", " ".join(line.text.split())), round(line.bottom / 4)


def _is_page_number(text: str, number: int) -> bool:
    found = _PAGE_NUMBER.fullmatch(text) if len(text) <= 40 else None
    return found is not None and int(found[1]) == number
