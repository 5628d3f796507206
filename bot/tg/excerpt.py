"""Which part of an article to show: a quote with the sentences around it, or page by page. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.tg.markup import cleaned, reach, shortened, units, well_formed
from bot.tg.readable import begin_of, unmarked
from ingest.sentences import sentences
from vectorstore.models import Article, Span

PAGE = 3_000  # UTF-16 units of a page, blanks at its ends counted
SENTENCES = 3  # shown before a quote and after it

_REACH = 1_500  # characters looked at on either side of a quote; more than is ever shown
_LONGEST_QUOTE = 10_000  # characters; none is, but what a tap says may have been made up
_SEARCHED = 200_000  # characters looked through for what comes nearest to a lost quote
_LEAST = 40  # units for which a sentence is worth cutting
_BREAK = re.compile(r"[^\S\n]*\n\s*")
_LETTERS = re.compile(r"[^\W_]{2,}")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote and what stands before and after it, with ellipses where the article goes on."""

    before: str
    quote: str
    after: str


def find_in(article: Article, quote: str, near: int = 0) -> tuple[int, int] | None:
    """Where a quote stands word for word, whatever the blanks between: nearest to `near`."""
    words = quote.split()
    if not words or len(quote) > _LONGEST_QUOTE:
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    found = [match.span() for match in pattern.finditer(article.text)]
    return min(found, key=lambda span: abs(span[0] - near), default=None)


def nearest_to(article: Article, quote: str) -> Span:
    """The sentence that shares most with a quote, rare words above all; the first if none does."""
    text, wanted = article.text, _words(quote)
    spans = _sentences(article, 0, min(len(text), _SEARCHED))
    held = [_words(text[span.start : span.end]) for span in spans]
    often = Counter(word for words in held for word in words)

    def weight(words: set[str]) -> float:
        return sum(1 / max(1, often[word]) for word in words)

    likeness = [weight(wanted & words) / (weight(wanted | words) or 1) for words in held]
    return spans[likeness.index(max(likeness))] if spans else Span(0, 0)


def around(article: Article, quoted: Span, most: int) -> Excerpt:
    """A quote with the sentences around it, in at most `most` UTF-16 units.

    The quote is cut only if it alone is longer.
    """
    quote = shortened(unmarked(article.text[quoted.start : quoted.end]), most)
    room = most - units(quote)
    after = _after(article, quoted.end, room - units(_before(article, quoted.start, room // 2)))
    before = _before(article, quoted.start, room - units(after))
    return Excerpt(before, quote, after)


def pages(article: Article) -> list[Span]:
    """The article's text in pages, cut where a paragraph or at least a sentence ends.

    Joined they are the whole text.
    """
    return list(_pages(well_formed(article.text), article.language))


def _sentences(article: Article, start: int, end: int) -> list[Span]:
    return sentences(well_formed(article.text), start, end, article.language)


def _words(of: str) -> set[str]:
    return set(_LETTERS.findall(of.casefold()))


def _before(article: Article, end: int, room: int) -> str:
    """The last sentences before a place, as many as there is room for."""
    text, room, begin = article.text, room - 2, begin_of(article, end)  # for the ellipsis
    spans = _sentences(article, max(begin, end - _REACH), end)[-SENTENCES:]
    start = end
    for span in reversed(spans):
        if units(_tidy(text[span.start : end])) > room:
            break
        start = span.start
    if start < end:
        return ("… " if text[begin:start].strip() else "") + _tidy(text[start:end]).lstrip()
    cut = _tidy(text[spans[-1].start : end]) if spans and room >= _LEAST else ""
    if not cut:
        return "… " if spans and room >= 0 else ""
    kept = cut[-reach(cut[::-1], room) :]
    return "… " + (kept.partition(" ")[2] or kept).lstrip()


def _after(article: Article, start: int, room: int) -> str:
    """The first sentences after a place, as many as there is room for."""
    text, room = article.text, room - 2  # for the ellipsis
    spans = _sentences(article, start, min(len(text), start + _REACH))[:SENTENCES]
    end = start
    for span in spans:
        if units(_tidy(text[start : span.end])) > room:
            break
        end = span.end
    if end > start:
        return _tidy(text[start:end]).rstrip() + (" …" if text[end:].strip() else "")
    cut = _tidy(text[start : spans[0].end]) if spans and room >= _LEAST else ""
    if not cut:
        return " …" if spans and room >= 0 else ""
    kept = cut[: reach(cut, room)]
    return (kept.rpartition(" ")[0] or kept).rstrip() + " …"


def _tidy(text: str) -> str:
    """The text as it is read, and without empty lines."""
    return _BREAK.sub("\n", cleaned(unmarked(text)))


def _pages(text: str, language: str | None) -> Iterator[Span]:
    start = 0
    while start < len(text) or start == 0:
        end = _page_end(text, start, start + reach(text[start : start + PAGE], PAGE), language)
        yield Span(start, end)
        if end == len(text):
            return
        start = end


def _page_end(text: str, start: int, end: int, language: str | None) -> int:
    """Where a page that could go on to `end` had best stop, not before its middle."""
    if end == len(text):
        return end
    middle = (start + end) // 2
    for mark in ("\n\n", "\n"):
        if (found := text.rfind(mark, middle, end)) >= 0:
            return found + len(mark)
    complete = sentences(text, start, end, language)[:-1]  # the last one may go on
    if complete and complete[-1].end > middle:
        return complete[-1].end
    blank = text.rfind(" ", middle, end)
    return blank + 1 if blank >= 0 else end
