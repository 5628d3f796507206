"""Quotes to the text of an answer: who leads, who agrees, who differs. Pure.

Every quote is verbatim; what is added to the text, days written out and Beleg's own lines, never
reaches a citation.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.agreement import Claim, Weighed, weigh
from bot.answer import Citation
from bot.antecedent import joined
from bot.citations import cite
from bot.dates import dated
from bot.extractive import Quote
from bot.words import day, say
from vectorstore.models import Article, Span

WEIGHED = 20  # ranked sentences among which other articles' claims are looked for
PASSAGE_WITHIN = 0.15  # how far a passage may lie behind the leader's; about other things: .3
SAME_WORDS = 0.8  # share of the shorter quote's words from which two quotes are one

_ALONE = Weighed(0, (), (), 1)
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


@dataclass(frozen=True, slots=True)
class Composed:
    """The text of an answer and the citations that its labels stand for."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Cited:
    article: Article
    span: Span

    @property
    def text(self) -> str:
        return self.article.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class _Line:
    """A quote with the citations that say the same; `key` is how its date is put in front."""

    shown: _Cited
    agreeing: tuple[_Cited, ...] = ()
    key: str | None = None
    said_by: int = 1  # independent articles


def compose(
    question: str, quotes: Sequence[Quote], ranked: Sequence[Quote], language: str, most: int
) -> Composed:
    """The answer made of chosen quotes, best first; at least one is needed.

    `ranked` are the sentences among which others are looked for that say the same or differ;
    `language` is that of Beleg's own words, `most` the most citations.
    """
    claims = [quotes[0], *_others(quotes[0], ranked)]
    found = weigh(question, [_claim(q) for q in claims]) if len(claims) > 1 else _ALONE
    sides = [found.leader, *found.differing][:most]
    agreeing = [claims[i] for i in found.agreeing][: most - len(sides)]
    supports = tuple(_cited(q) for q in agreeing)
    if len(sides) > 1:
        lines = [
            _Line(_cited(claims[i]), supports if i == found.leader else (), "on") for i in sides
        ]
        lines.sort(key=lambda line: _moment(line.shown.article), reverse=True)
        return _written(lines, language, say("differ", language))
    leader = claims[found.leader]
    key = "as_of" if found.leader or len(_days([leader, *agreeing])) > 1 else None
    first = _Line(_cited(leader), supports, key, found.independent if supports else 1)
    further = [q for q in quotes[1:] if found.leader == 0 or q.article.id == leader.article.id]
    return _written(_with_further(first, further, most), language)


# -- what others say -----------------------------------------------------------------------


def _others(leader: Quote, ranked: Sequence[Quote]) -> list[Quote]:
    """The best sentence of each other article that is about as near as the leader's."""
    found: dict[str, Quote] = {}
    for quote in ranked[:WEIGHED]:
        near = leader.hit.score - quote.hit.score <= PASSAGE_WITHIN
        if near and quote.article.id != leader.article.id and quote.sentence.vector is not None:
            found.setdefault(quote.article.id, quote)
    return list(found.values()) if leader.sentence.vector is not None else []


def _claim(quote: Quote) -> Claim:
    vector, article = quote.sentence.vector, quote.article
    assert vector is not None  # _others
    return Claim(
        text=quote.text,
        article_id=article.id,
        article_text=article.text,
        published=article.published,
        language=article.language,
        vector=vector,
        score=quote.score,
    )


def _days(quotes: Sequence[Quote]) -> set[str]:
    return {q.article.published[:10] for q in quotes if q.article.published}


def _moment(article: Article) -> datetime:
    """When an article appeared; what has no date comes last."""
    try:
        return datetime.fromisoformat(article.published or "").replace(tzinfo=None)
    except ValueError:
        return datetime.min


# -- spans ---------------------------------------------------------------------------------


def _cited(quote: Quote) -> _Cited:
    """A quote with the sentences before it that it leans on."""
    sentences, span = quote.hit.chunk.sentences, quote.span
    at = next((i for i, s in enumerate(sentences) if s.start == span.start), None)
    if at is not None:
        whole = joined(quote.article.text, sentences, at, quote.article.language)
        span = Span(whole.start, max(whole.end, span.end))
    return _Cited(quote.article, span)


def _with_further(first: _Line, further: Sequence[Quote], most: int) -> list[_Line]:
    """The first line and those of further quotes; what touches another quote becomes part of it."""
    lines = [first]
    for cited in map(_cited, further):
        others = (*first.agreeing, *(line.shown for line in lines))
        near = [line for line in lines if _touch(line.shown, cited)]
        if near:
            whole = cited
            for line in near:
                whole = _united(whole, line.shown)
            kept = [line for line in lines if line not in near[1:]]
            lines = [replace(line, shown=whole) if line is near[0] else line for line in kept]
        elif not any(_touch(cited, other) or _alike(cited, other) for other in others):
            lines.append(_Line(cited))
    return lines[: most - len(first.agreeing)]


def _touch(one: _Cited, other: _Cited) -> bool:
    """Whether nothing but blanks lies between two spans of one article, or not even that."""
    if one.article.id != other.article.id:
        return False
    between = one.article.text[
        min(one.span.end, other.span.end) : max(one.span.start, other.span.start)
    ]
    return not between.strip() and not _BLANK_LINE.search(between)


def _united(one: _Cited, other: _Cited) -> _Cited:
    start, end = min(one.span.start, other.span.start), max(one.span.end, other.span.end)
    return _Cited(one.article, Span(start, end))


def _alike(one: _Cited, other: _Cited) -> bool:
    a, b = (set(cited.text.casefold().split()) for cited in (one, other))
    return len(a & b) > SAME_WORDS * min(len(a), len(b))


# -- text ----------------------------------------------------------------------------------


def one_line(quote: str) -> str:
    """A quote as it is read in running text; the citation keeps it verbatim."""
    return " ".join(quote.split())


def readable(article: Article, span: Span, language: str) -> str:
    """A quote on one line, the days that it names written out behind them."""
    return dated(one_line(article.text[span.start : span.end]), article.published, language)


def _written(lines: Sequence[_Line], language: str, heading: str | None = None) -> Composed:
    cited = [c for line in lines for c in (line.shown, *line.agreeing)]
    told = [heading] if heading else []
    number = 1
    for line in lines:
        labels = range(number, number := number + 1 + len(line.agreeing))
        told += _line_text(line, labels, language)
    return Composed("\n".join(told), cite([(c.article, c.span) for c in cited]))


def _line_text(line: _Line, labels: range, language: str) -> Iterator[str]:
    article = line.shown.article
    said = readable(article, line.shown.span, language)
    if line.key and article.published:
        said = say(line.key, language, day=day(article.published, language), said=said)
    yield " ".join([said, *(f"[{n}]" for n in labels)])
    if line.said_by > 1:
        yield say("independent", language, count=line.said_by)
