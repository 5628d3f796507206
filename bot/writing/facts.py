"""The facts of a text that can be looked up elsewhere: its dates, numbers and names. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from bot.writing.figures import Figure, figures
from bot.writing.moments import Moment, further_days, moments
from bot.writing.naming import names
from bot.writing.vocabulary import Word
from vectorstore.models import Span

Part = TypeVar("Part", Figure, Moment, Word)


@dataclass(frozen=True, slots=True)
class Facts:
    """Dates with at least a month and weekdays, numbers outside of them, words that are names."""

    moments: tuple[Moment, ...]
    figures: tuple[Figure, ...]
    names: tuple[Word, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where its dates and numbers stand."""
        days = (Span(day.start, day.end) for day in self.moments)
        return (*days, *(Span(figure.start, figure.end) for figure in self.figures))


@lru_cache(maxsize=1_000)
def facts_of(text: str, language: str) -> Facts:
    """The facts of a text; kept, because a passage is compared with many sentences."""
    days = moments(text)
    numbers = figures(text, language, [Span(m.start, m.end) for m in days])
    return Facts((*days, *further_days(text)), numbers, tuple(names(text, language)))


def inside(parts: Sequence[Part], span: Span) -> list[Part]:
    """Those that overlap a stretch of the text."""
    return [part for part in parts if part.start < span.end and span.start < part.end]
