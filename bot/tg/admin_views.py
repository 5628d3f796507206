"""Lists of articles, and the question whether to delete one, as messages with buttons. Pure."""

from collections.abc import Sequence

from bot.tg.buttons import (
    Button,
    ConfirmDelete,
    KeepArticle,
    ListArticles,
    OpenArticle,
    Rows,
    Stay,
    data,
)
from bot.tg.markup import Piece, good_link, messages, one_line, shortened, text, words
from bot.tg.rendering import titled
from bot.tg.rendering import whereabouts as of_article
from bot.tg.source_view import View
from bot.words import day, number, say
from vectorstore.listing import Entry
from vectorstore.models import Article

PAGE = 10  # articles
IN_ROW = 5  # buttons
LONGEST_TITLE = 90  # UTF-16 units
LONGEST_SOURCE = 40
LONGEST_WORDS = 60
LONGEST_START = 300  # of an article's text


def entries_view(found: Sequence[Entry], count: int, wanted: str, page: int, language: str) -> View:
    """A page of the list, with a button for each article and for the pages beside it."""
    if not found:
        return View(messages([words(say("list_none", language))])[0], _pages(page, count))
    name = "one_article" if count == 1 else "many_articles"
    counted = say(name, language, count=number(count, language))
    key = "list_head_words" if wanted else "list_head"
    head = say(key, language, counted=counted, words=one_line(wanted, LONGEST_WORDS))
    lines = [text(f"{head}\n\n"), *(_line(entry, language) for entry in found)]
    buttons = [Button(f"#{one.number}", data(OpenArticle(one.number))) for one in found]
    rows = [tuple(buttons[at : at + IN_ROW]) for at in range(0, len(buttons), IN_ROW)]
    return View(messages([lines])[0], (*rows, *_pages(page, count)))


def delete_view(article_number: int, article: Article, language: str) -> View:
    """The article in short, and whether it is to be deleted."""
    head = text(f"#{article_number} ") + titled(article, good_link(article.url), language)
    head += text(of_article(article, language) + "\n\n")
    start = text(shortened(" ".join(article.text[: 2 * LONGEST_START].split()), LONGEST_START))
    asked = text("\n\n" + say("delete_sure", language))
    yes = Button(say("delete_yes", language), data(ConfirmDelete(article_number)))
    no = Button(say("delete_no", language), data(KeepArticle(article_number)))
    return View(messages([[head, start, asked]])[0], ((yes, no),))


def gone_words(key: str, article: Article | None, language: str) -> str:
    """What became of an article, or that it isn't there any more."""
    if article is None:
        return say("delete_unknown", language)
    title = one_line(article.title or "", LONGEST_TITLE) or say("untitled", language)
    return say(key, language, title=say("titled", language, title=title))


def _line(entry: Entry, language: str) -> Piece:
    """`#12 Title – paper, day`."""
    title = one_line(entry.title or "", LONGEST_TITLE) or say("untitled", language)
    told = (one_line(entry.source or "", LONGEST_SOURCE), day(entry.published, language))
    where = ", ".join(part for part in told if part)
    return text(f"#{entry.number} {title}{f' – {where}' if where else ''}\n")


def _pages(page: int, count: int) -> Rows:
    last = -(-count // PAGE)
    if last < 2:
        return ()
    earlier = (Button("‹", data(ListArticles(page - 1))),) if page > 1 else ()
    later = (Button("›", data(ListArticles(page + 1))),) if page < last else ()
    return ((*earlier, Button(f"{page}/{last}", data(Stay())), *later),)
