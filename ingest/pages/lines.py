"""A page's tree to its lines: paragraphs, headings, list items, in reading order. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark meter "
    "nobr output q ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_UNSEEN = re.compile("[\xad\u200b\u200c\u200d\u2060\ufeff]")  # marks where a word may break


@dataclass(slots=True)
class Line:
    """A stretch of text without a break, the element it stands in, how much of it is links.

    `kind` is "h1" to "h6", "p", "li", "blockquote" or "text".
    """

    element: "HtmlElement"
    kind: str
    text: str = ""
    linked: int = 0
    parts: list[str] = field(default_factory=list)

    @property
    def is_heading(self) -> bool:
        """Whether it is marked up as one."""
        return self.kind in _HEADINGS


def lines(page: "HtmlElement") -> list[Line]:
    """The lines of a page; blanks are folded, marks for hyphenation are dropped."""
    found: list[Line] = []
    for line in _walk(page):
        line.text = " ".join(_UNSEEN.sub("", "".join(line.parts)).split())
        line.parts = []
        if line.text:
            found.append(line)
    return found


def _walk(root: "HtmlElement") -> Iterator[Line]:
    """Goes through the tree without recursion: pages nest deeper than Python does."""
    line = Line(root, "text")
    stack: list[tuple[HtmlElement, bool]] = [(root, False)]
    links = 0
    while stack:
        element, leaving = stack.pop()
        if leaving:
            links -= element.tag == "a"
            if _breaks(element):
                yield line
                parent = element.getparent()
                line = Line(element if parent is None else parent, _kind(parent))
            _add(line, element.tail, links)
            continue
        if not isinstance(element.tag, str):
            _add(line, element.tail, links)
            continue
        links += element.tag == "a"
        if _breaks(element):
            yield line
            line = Line(element, _kind(element))
        _add(line, element.text, links)
        if element is not root:
            stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))
    yield line


def _add(line: Line, text: str | None, links: int) -> None:
    if text:
        line.parts.append(text)
        line.linked += len(text.strip()) if links else 0


def _breaks(element: "HtmlElement") -> bool:
    """Whether a line ends at an element; one <br> is only a blank, two are a new paragraph."""
    if element.tag == "br":
        before = element.getprevious()
        return before is not None and before.tag == "br" and not (before.tail or "").strip()
    return element.tag not in _INLINE


def _kind(element: "HtmlElement | None") -> str:
    while element is not None and element.tag in _INLINE:
        element = element.getparent()
    tag = element.tag if element is not None else "text"
    return str(tag) if tag in _HEADINGS or tag in ("p", "li", "blockquote") else "text"
