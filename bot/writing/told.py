"""What cited passages tell: their numbers, dates and names, ready to be compared. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.writing.facts import facts_of
from bot.writing.figures import DAY, YEAR, Figure, implied, stands
from bot.writing.moments import Moment, happened, named
from bot.writing.vocabulary import Vocabulary, vocabulary
from vectorstore import language as languages
from vectorstore.models import Hit, Span


@dataclass(frozen=True, slots=True)
class Told:
    """What a passage tells, its title and day of publication with it. `lines`: its sentences."""

    text: str
    lines: tuple[str, ...]
    language: str
    published: date | None
    figures: tuple[Figure, ...]
    moments: tuple[Moment, ...]
    names: Vocabulary

    def has_figure(self, figure: Figure) -> bool:
        """Whether it tells a number."""
        return stands(figure, self.figures)

    def has_moment(self, moment: Moment) -> bool:
        """Whether it tells a date."""
        return happened(moment, self.moments, self.published)


def told_by(hit: Hit) -> Told:
    """What a passage tells."""
    article = hit.article
    spans = hit.chunk.sentences or (Span(hit.chunk.start, hit.chunk.end),)
    lines = tuple(article.text[span.start : span.end] for span in spans)
    by = " ".join((article.source or "", *article.authors))
    return told(article.title or "", lines, language_of(hit), day_of(article.published), by)


@lru_cache(maxsize=500)
def told(
    title: str, lines: tuple[str, ...], language: str, published: date | None, by: str = ""
) -> Told:
    """What sentences under a title tell. Who published them may be named too."""
    text = "\n".join((title, *lines)) if title else "\n".join(lines)
    there, found = named(text, published), facts_of(text, language).figures
    return Told(
        text=text,
        lines=(title, *lines) if title else lines,
        language=language,
        published=published,
        figures=(*found, *implied(text, found), *_of_dates(there)),
        moments=there,
        names=vocabulary([(text, language), (by, language)]),
    )


def language_of(hit: Hit) -> str:
    """Two letters; guessed from the passage if the article doesn't say."""
    return hit.article.language[:2].lower() if hit.article.language else _guessed(hit.text)


@lru_cache(maxsize=200)
def _guessed(text: str) -> str:
    return languages.detect(text)


def day_of(published: str | None) -> date | None:
    """The day an article appeared, None if it isn't known."""
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def _of_dates(held: Sequence[Moment]) -> list[Figure]:
    """The years of dates, which may stand alone in a sentence, and their days: "vom 12. an"."""
    years = {m.year for m in held if m.year}
    days = {m.day for m in held if m.day}
    return [Figure(float(year), "", 1.0, 0, 0, YEAR) for year in years] + [
        Figure(float(day), DAY, 1.0, 0, 0) for day in days
    ]
