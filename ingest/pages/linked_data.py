"""What a page says of its article in JSON-LD (schema.org). Pure."""

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Node = dict[str, Any]

_ARTICLE = re.compile(r"Article|Posting|Report$|^Review$|Newsarticle")
_COMMENT = re.compile(r"^\s*(?:<!--|/?/?<!\[CDATA\[)|(?:-->|/?/?\]\]>)\s*$")
DEEPEST = 20  # how far nodes are followed into one another


def article_node(page: "HtmlElement", titles: Sequence[str]) -> Node:
    """The node that describes the page's article, or an empty one.

    Teasers describe other articles in the same way. Of several nodes with headlines those count
    that one of the page's `titles` holds; of these the one with most to say, or the first.
    """
    nodes = [node for found in _documents(page) for node in _nodes(found)]
    articles = [node for node in nodes if any(_ARTICLE.search(kind) for kind in kinds(node))]
    headlines = {text(node.get("headline")) for node in articles if node.get("headline")}
    if len(headlines) > 1:
        shown = [" ".join(title.split()).casefold() for title in titles]
        said = ((node, (text(node.get("headline")) or "").casefold()) for node in articles)
        articles = [
            node for node, headline in said if headline and any(headline in t for t in shown)
        ]
    return max(articles, key=_weight, default={})


def kinds(node: Node) -> list[str]:
    """The types of a node, without the address of the vocabulary."""
    said = node.get("@type")
    return [
        str(kind).rsplit("/", 1)[-1]
        for kind in (said if isinstance(said, list) else [said])
        if kind
    ]


def text(value: object) -> str | None:
    """A plain string out of what may be a string, a list or a node with a name."""
    if isinstance(value, list):
        return next((found for item in value if (found := text(item))), None)
    if isinstance(value, dict):
        return text(value.get("name") or value.get("@value"))
    if not isinstance(value, str):
        return None
    return " ".join(html.unescape(html.unescape(value)).split()) or None


def names(value: object) -> list[str]:
    """The names of people and organisations, in order."""
    if isinstance(value, list):
        return [name for item in value for name in names(item)]
    if isinstance(value, dict) and not value.get("name"):
        parts = (text(value.get("givenName")), text(value.get("familyName")))
        return [joined] if (joined := " ".join(part for part in parts if part)) else []
    found = text(value)
    return [found] if found else []


def _weight(node: Node) -> int:
    wanted = ("headline", "datePublished", "author", "publisher", "articleBody", "mainEntityOfPage")
    return sum(1 for key in wanted if node.get(key))


def _documents(page: "HtmlElement") -> Iterator[object]:
    for script in page.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() != "application/ld+json":
            continue
        source = _COMMENT.sub("", script.text or "")
        try:
            yield json.loads(source, strict=False)
        except (ValueError, RecursionError):
            continue


def _nodes(found: object, depth: int = 0) -> Iterator[Node]:
    if depth > DEEPEST:
        return
    if isinstance(found, list):
        for item in found:
            yield from _nodes(item, depth + 1)
    elif isinstance(found, dict):
        yield found
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(found.get(key), list | dict):
                yield from _nodes(found[key], depth + 1)
