"""An article's text as people read it: without Markdown's marks, its title not said twice. Pure."""

import re

from vectorstore.models import Article

_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(?=\S)|(?<=\S)[ \t]+#+[ \t]*$", re.M)
_STRONG = re.compile(r"\*\*(?=[^\s*])([^\n]*?[^\s*])\*\*")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\(https?://[^()\s]*\)")
_MARKED = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+\S", re.M)
_FIRST_LINE = re.compile(r"\s*(\S[^\n]*)(?:\n\s*|\Z)")


def unmarked(shown: str) -> str:
    """The text without the marks of headings, bold words and links; lists read well as they are."""
    if _MARKED.search(shown):
        shown = _HEADING.sub("", shown)
    return _LINK.sub(r"\1", _STRONG.sub(r"\1", shown))


def begin_of(article: Article, most: int) -> int:
    """Where the text begins behind its title; 0 if it doesn't start with it, or has to by `most`.

    `most` is a place that is to be shown.
    """
    first = _FIRST_LINE.match(article.text)
    if first is None or not article.title or not first.end() <= most < len(article.text):
        return 0
    same = _plain(first[1]) == _plain(article.title)
    return first.end() if same else 0


def _plain(line: str) -> str:
    return " ".join(unmarked(line).split()).casefold()
