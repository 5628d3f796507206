"""Titles and fragments of HTML, as feeds carry them, to plain text. Pure."""

import html
import re

from vectorstore.errors import SourceError

_INLINE = "a|abbr|b|cite|code|em|font|i|img|mark|q|s|small|span|strong|sub|sup|u|wbr"
_BLOCK = "article|blockquote|br|dd|div|dl|dt|figcaption|figure|h[1-6]|hr|li|ol|p|pre|section|ul"
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE})(?:\s[^<>]*)?/?>", re.I)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK})(?:\s[^<>]*)?/?>", re.I)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_OPENS_AS_HTML = re.compile(
    rf"\s*<(?:!doctype|html|body|table|{_BLOCK}|{_INLINE})(?:\s[^<>]*)?/?>", re.I
)

_DROPPED = ("script", "style", "template", "noscript", "iframe", "svg", "form", "button")
_PARAGRAPHS = (
    *("address article aside blockquote body dd div dl dt figcaption figure footer".split()),
    *("h1 h2 h3 h4 h5 h6 header hr main ol p pre section table ul".split()),
)
_PARAGRAPH_END, _LINE_END = "\ue000", "\ue001"  # private: they mean nothing in an article
_MARKS = dict.fromkeys(_PARAGRAPHS, _PARAGRAPH_END) | dict.fromkeys(("br", "li", "tr"), _LINE_END)


def one_line(title: str | None) -> str | None:
    """A title without markup and references, which many feeds escape twice; None if empty."""
    text = title or ""
    for _ in range(2):
        text = _BLOCK_TAG.sub(" ", _INLINE_TAG.sub("", text))
        text = _REFERENCE.sub(lambda found: html.unescape(found[0]), text)
    return " ".join(text.split()) or None


def opens_as_html(text: str) -> bool:
    """Whether a text that may be plain or HTML is HTML: it begins with one of its tags."""
    return bool(_OPENS_AS_HTML.match(text))


def plain_text(fragment: str) -> str:
    """The text of a fragment of HTML, its paragraphs a blank line apart.

    For text that is known to be the article's own: nothing is left out but what is never text.
    """
    from lxml import etree

    parser = etree.HTMLParser(no_network=True, recover=True, huge_tree=False, encoding="utf-8")
    marked = re.sub("[\ue000\ue001\0]", " ", fragment)
    data = f"<div>{marked}</div>".encode(errors="replace")
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise SourceError("Its HTML can't be read.") from error
    if root is None:
        return ""
    unread = (etree.Comment, etree.ProcessingInstruction, *_DROPPED)
    etree.strip_elements(root, *unread, with_tail=False)
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        parts.append(_MARKS.get(element.tag, ""))
        parts.append((element.text if event == "start" else element.tail) or "")
    paragraphs = "".join(parts).split(_PARAGRAPH_END)
    return "\n\n".join(filter(None, map(_lines, paragraphs)))


def _lines(paragraph: str) -> str:
    lines = (" ".join(line.split()) for line in paragraph.split(_LINE_END))
    return "\n".join(filter(None, lines))
