"""What a source's button opens: the quote in its context, and the article page by page. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.citations import text_fragment_link
from bot.tg.buttons import Ask, Back, Button, OpenArticle, OpenSource, Rows, Stay, data
from bot.tg.excerpt import around, find_in, nearest_to, pages
from bot.tg.markup import Piece, bold, good_link, text
from bot.tg.readable import begin_of, unmarked
from bot.tg.rendering import titled, whereabouts
from bot.words import say
from vectorstore.models import Article, Span

LONGEST = 1_200  # UTF-16 units of a quote in its context: about what a phone shows
LONGEST_BUTTON_LINK = 2_048  # bytes

_SOUND = re.compile(
    r"https?://(?:(?:[^\W_](?:[\w-]*\w)?\.)+[^\W\d_]{2,}|\d{1,3}(?:\.\d{1,3}){3})"
    r"(?::[1-5]?\d{1,4})?(?:[/?#].*)?",
    re.I | re.S,
)
"""A bad link in a text is dropped, but one on a button has the whole message refused."""


@dataclass(frozen=True, slots=True)
class View:
    """The HTML of one message, and the buttons under it."""

    html: str
    rows: Rows


def source_view(
    opened: OpenSource,
    article: Article,
    versions: Sequence[int],
    language: str,
    quote: str | None = None,
) -> View:
    """A quote marked in its context, a phone's screen of it.

    `article` is the version to show, `versions` are all that are kept, in order. `quote` is what
    stands in the quote's own version; it is needed only if another one is shown.
    """
    if quote is None:
        quote = article.text[opened.start : opened.end]
    found = _found(opened, article, quote)
    shown = found or nearest_to(article, quote)
    link = _link(article, quote if found else "")
    label = f"[{opened.number}] " if opened.number else ""
    head = _head(article, versions, language, link, label)
    if not found and quote.strip():
        head += _lacking(article.version < opened.version, language)
    head += text("\n")
    excerpt = around(article, shown, LONGEST - head.units)
    marked = bold(excerpt.quote) if found else text(excerpt.quote)
    told = head + text(excerpt.before) + marked + text(excerpt.after)
    whole = _whole(opened, article.version, shown if found else Span(shown.start, shown.start))
    rows = (
        _versions_row(opened, article.version, versions, language),
        (Button(say("whole_article", language), data(whole)), *_page_button(link, language)),
        _back_to_answer(opened.turn, language),
    )
    return _view(told, rows)


def article_view(
    opened: OpenArticle,
    article: Article,
    versions: Sequence[int],
    language: str,
    ask: bool = False,
) -> View:
    """A page of an article, the quote that the reader came from marked in it.

    `ask`: whether to offer to take questions about this article alone.
    """
    parts = pages(article)
    page = opened.page or _page_of(parts, opened.start)
    page = max(1, min(page, len(parts)))
    link = _link(article, article.text[opened.start : opened.end])
    head = _head(article, versions, language, link) + text("\n")
    told = head + _marked(article, parts[page - 1], Span(opened.start, opened.end))
    asking = (Button(say("ask_article", language), data(Ask(opened.article))),) if ask else ()
    rows = (
        _pages_row(opened, page, len(parts)),
        (*asking, *_page_button(link, language)),
        _back_from_article(opened, language),
    )
    return _view(told, rows)


def _found(opened: OpenSource, article: Article, quote: str) -> Span | None:
    if article.version == opened.version and quote.strip():
        return Span(opened.start, opened.end)
    found = find_in(article, quote, near=opened.start)
    return Span(*found) if found else None


def _head(
    article: Article, versions: Sequence[int], language: str, link: str | None, label: str = ""
) -> Piece:
    """`[1] Title – paper, date`, and below it which version this is if there are several."""
    head = text(label) + titled(article, link, language)
    head += text(whereabouts(article, language) + "\n")
    if len(versions) < 2 or article.version not in versions:
        return head
    at = versions.index(article.version) + 1
    key = "version_of" if at == len(versions) else "version_old"
    return head + text(say(key, language, number=at, all=len(versions)) + "\n")


def _whole(opened: OpenSource, version: int, shown: Span) -> OpenArticle:
    """What opens the article where a quote stands."""
    o = opened
    return OpenArticle(o.article, version, 0, o.turn, shown.start, shown.end, o.number)


def _lacking(early: bool, language: str) -> Piece:
    """That a version has the quote not yet (`early`) or no longer."""
    return text(say("quote_not_yet" if early else "quote_gone", language) + "\n")


def _marked(article: Article, page: Span, quoted: Span) -> Piece:
    """A page's text with as much of the quote as stands on it in bold."""
    whole = article.text
    start = min(max(quoted.start, page.start), page.end)
    end = min(max(quoted.end, start), page.end)
    wanted = start if quoted.end > quoted.start else page.end - 1
    begin = max(page.start, begin_of(article, wanted))
    before, after = whole[begin:start].lstrip(), whole[max(begin, end) : page.end].rstrip()
    return text(unmarked(before)) + bold(unmarked(whole[start:end])) + text(unmarked(after))


def _link(article: Article, quote: str) -> str | None:
    """The page, opened at the quote if its address doesn't get too long."""
    if not article.url:
        return None
    exact = good_link(text_fragment_link(article.url, quote)) if quote.strip() else None
    return exact if _short(exact) else good_link(article.url)


def _short(link: str | None) -> bool:
    return link is not None and len(link.encode()) <= LONGEST_BUTTON_LINK


def _page_of(parts: Sequence[Span], place: int) -> int:
    return next((n for n, part in enumerate(parts, 1) if place < part.end), 1)


# -- buttons ------------------------------------------------------------------------


def _versions_row(
    opened: OpenSource, version: int, versions: Sequence[int], language: str
) -> tuple[Button, ...]:
    if version not in versions:
        return ()
    at = versions.index(version)
    beside = (
        *(("older_version", v) for v in versions[max(0, at - 1) : at]),
        *(("newer_version", v) for v in versions[at + 1 : at + 2]),
    )
    return tuple(
        Button(
            say(key, language),
            data(replace(opened, shown=0 if other == opened.version else other)),
        )
        for key, other in beside
    )


def _pages_row(opened: OpenArticle, page: int, count: int) -> tuple[Button, ...]:
    if count < 2:
        return ()
    earlier = (Button("‹", data(replace(opened, page=page - 1))),) if page > 1 else ()
    later = (Button("›", data(replace(opened, page=page + 1))),) if page < count else ()
    return (*earlier, Button(f"{page}/{count}", data(Stay())), *later)


def _page_button(link: str | None, language: str) -> tuple[Button, ...]:
    if link is None or not _short(link) or not _SOUND.fullmatch(link):
        return ()
    return (Button(say("to_page", language), url=link),)


def _back_from_article(opened: OpenArticle, language: str) -> tuple[Button, ...]:
    """Back to the quote that the reader came from, or else to the answer."""
    o = opened
    if not o.version or o.end <= o.start:
        return _back_to_answer(o.turn, language)
    source = OpenSource(o.article, o.version, o.start, o.end, o.turn, o.number)
    return (Button(say("back_to_quote", language), data(source)),)


def _back_to_answer(turn: int, language: str) -> tuple[Button, ...]:
    return (Button(say("back_to_answer", language), data(Back(turn))),) if turn else ()


def _view(told: Piece, rows: Rows) -> View:
    return View(told.html.strip(), tuple(row for row in rows if row))
