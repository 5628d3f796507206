"""How a question is searched when it says when: which articles, and which of their sentences. Pure.

The period is when things happened. Reports of them may follow some days later; then the sentence
itself has to name a day of the period.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.dates import named_days
from bot.period import Period, period_of
from vectorstore import lexical
from vectorstore.models import Article, Filters, Hit, Span

GRACE = timedelta(days=4)  # over a weekend and a holiday


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is searched: its words, the articles it is about, and when.

    `anytime` has its words for a search at any time.
    """

    words: str
    filters: Filters
    anytime: str
    period: Period | None = None

    @property
    def firm(self) -> bool:
        """Whether an answer from another time would be wrong: who says "gestern" means it."""
        return self.period is not None and self.period.relative


def understood(question: str, filters: Filters, today: date) -> Asked:
    """A question with the period it names, unless the filters say when.

    The words of a period are left out: the filter stands for them, and few articles name their own
    month. At any time they count again, but for those that depend on today.
    """
    period = None if filters.since or filters.until else period_of(question, today)
    if period is None or (period.since is None and period.until is None):
        return Asked(question, filters, question)
    until = period.until and min(period.until, today)
    period = replace(period, until=until)
    reported = until and min(until + GRACE, today)
    searched = replace(filters, since=period.since, until=reported)
    words = _without(question, period)
    return Asked(words, searched, words if period.relative else question, period)


def whenever(asked: Asked) -> Asked:
    """The same question about any time."""
    filters = replace(asked.filters, since=None, until=None)
    return Asked(asked.anytime, filters, asked.anytime)


def counts(period: Period | None, article: Article, sentence: Span) -> bool:
    """Whether a sentence of an article tells of the period."""
    if period is None:
        return True
    day = _day(article.published)
    if day is None:
        return False
    if _within(period, day):
        return True
    if period.until is None or day <= period.until:
        return False
    named = named_days(article.text[sentence.start : sentence.end], day)
    return any(_within(period, found.day) for found in named)


def telling(hit: Hit, period: Period | None) -> bool:
    """Whether any sentence of a passage tells of the period."""
    return period is None or any(
        counts(period, hit.article, Span(s.start, s.end)) for s in hit.sentences
    )


def _without(question: str, period: Period) -> str:
    rest = " ".join(f"{question[: period.start]} {question[period.end :]}".split())
    told = [word for word in lexical.words(rest) if not lexical.asks(word)]
    return rest if told else question


def _within(period: Period, day: date) -> bool:
    after = period.since is None or period.since <= day
    return after and (period.until is None or day <= period.until)


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None
