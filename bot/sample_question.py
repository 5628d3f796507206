"""A question that an article answers, made by rule, to show what can be asked about it."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from bot.answer import Answer, Status
from ingest.sentences import sentences
from vectorstore.models import Article, Filters

MOST_TRIED = 6
LONGEST_TITLE = 120  # characters of a title that a question may quote
_LOOKED_AT = 2_000  # characters in which names are looked for
_SENTENCES = 6

Quotes = Callable[[str, Filters], Answer]

_PART = r"[A-ZÄÖÜ][a-zäöüß]+(?:-[A-ZÄÖÜ]?[a-zäöüß]+)?"
_NAME = re.compile(rf"(?<=[a-zäöüß,;:] ){_PART}(?: {_PART})+(?![\w.])")
_ASKED = {
    "de": ("Worum geht es bei „{title}“?", "Was ist über {name} bekannt?"),
    "en": ("What is “{title}” about?", "What is known about {name}?"),
}


def sample_question(article: Article, quotes: Quotes) -> str | None:
    """The first of a few plain questions that `quotes` finds an answer to in this article alone."""
    alone = Filters(articles=frozenset({article.id}))
    for question in islice(candidates(article), MOST_TRIED):
        if quotes(question, alone).status is Status.ANSWERED:
            return question
    return None


def candidates(article: Article) -> Iterator[str]:
    """Questions made by rule from the title and the first sentences, the best first."""
    about, known = _ASKED["de" if (article.language or "de").startswith("de") else "en"]
    title = " ".join((article.title or "").split()).strip("„“”\"'")
    if title and len(title) <= LONGEST_TITLE:
        yield about.format(title=title)
    start = article.text[:_LOOKED_AT]
    for span in sentences(start, 0, len(start), article.language)[:_SENTENCES]:
        for name in _names(start[span.start : span.end]):
            yield known.format(name=name)


def _names(sentence: str) -> list[str]:
    """What looks like names: capitals in a row, but not where the sentence begins."""
    return list(dict.fromkeys(match[0] for match in _NAME.finditer(sentence)))
