"""Quotes cut from articles: verbatim, numbered, linked to the very sentence. Pure."""

from collections.abc import Sequence
from urllib.parse import quote as percent_encoded

from bot.answer import Citation
from vectorstore.corrections import correction_notes
from vectorstore.models import Article, Span

WHOLE_QUOTE = 100  # characters up to which a text fragment holds the whole quote
EDGE_WORDS = 5  # words at either end of a longer one


def cite(quotes: Sequence[tuple[Article, Span]]) -> tuple[Citation, ...]:
    """Citations for spans of articles, numbered from 1 in their order."""
    return tuple(_citation(n, article, span) for n, (article, span) in enumerate(quotes, 1))


def text_fragment_link(url: str, quote: str) -> str:
    """The address with a fragment that browsers scroll to and mark (`#:~:text=`)."""
    base, mark, anchor = url.partition("#")
    joint = f"#{anchor.split(':~:')[0]}:~:" if mark else "#:~:"
    return f"{base}{joint}text={_fragment(quote)}"


def _citation(number: int, article: Article, span: Span) -> Citation:
    quote = article.text[span.start : span.end]
    return Citation(
        number=number,
        article_id=article.id,
        version=article.version,
        title=article.title,
        url=article.url,
        link=text_fragment_link(article.url, quote) if article.url else None,
        published=article.published,
        source=article.source,
        quote=quote,
        start=span.start,
        end=span.end,
        correction=_correction(article, span),
    )


def _correction(article: Article, cited: Span) -> str | None:
    """The article's last note of correction, unless the quote holds it."""
    notes = correction_notes(article.text)
    if not notes or (cited.start <= notes[-1].start and notes[-1].end <= cited.end):
        return None
    return article.text[notes[-1].start : notes[-1].end]


def _fragment(quote: str) -> str:
    words = quote.split()
    if len(quote) <= WHOLE_QUOTE or len(words) <= 2 * EDGE_WORDS:
        return _encoded(" ".join(words))
    return f"{_encoded(' '.join(words[:EDGE_WORDS]))},{_encoded(' '.join(words[-EDGE_WORDS:]))}"


def _encoded(text: str) -> str:
    """Commas, ampersands and hyphens mean something in a text fragment, so they are encoded too."""
    return percent_encoded(text, safe="", errors="replace").replace("-", "%2D")
