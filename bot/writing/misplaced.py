"""A number said of one thing that the passages say of another, as if two changed places. Pure.

Each clause of a sentence is held against the clauses of its passages: if it shares words with one
that has another number of the same unit, and none with any that has its own, the number is that of
something else. In doubt nothing is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.writing.facts import facts_of
from bot.writing.figures import Figure, readings, stands
from bot.writing.grounds import JOINTS, overlap, stems
from bot.writing.told import Told
from vectorstore.models import Span

SHARED = 2  # words of a clause that another number's clause has


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause: its numbers, and the stems of its other words."""

    figures: tuple[Figure, ...]
    words: frozenset[str]


def misplaced_figure(sentence: str, language: str, passages: Sequence[Told]) -> str | None:
    """A number that its clause has from another one of the passages, None if none is."""
    if any(passage.language != language for passage in passages):
        return None
    held = [
        clause for told in passages for line in told.lines for clause in _clauses(line, language)
    ]
    among = facts_of(sentence, language).figures
    for clause in _clauses(sentence, language):
        if len(clause.figures) != 1 or not clause.figures[0].unit:
            continue
        (figure,) = clause.figures
        meant = readings(sentence, figure, among)
        own = [c for c in held if any(stands(one, c.figures) for one in meant)]
        others = [c for c in held if c not in own and _of_kind(figure, c)]
        if not own or any(overlap(clause.words, c.words) for c in own):
            continue
        if any(_shared(clause.words, c.words) >= SHARED for c in others):
            return sentence[figure.start : figure.end]
    return None


def _of_kind(figure: Figure, clause: _Clause) -> bool:
    return len(clause.figures) == 1 and clause.figures[0].unit == figure.unit


def _shared(said: frozenset[str], held: frozenset[str]) -> int:
    return sum(overlap(frozenset([one]), held) for one in said)


@lru_cache(maxsize=2_000)
def _clauses(text: str, language: str) -> tuple[_Clause, ...]:
    return tuple(_split(text, language))


def _split(text: str, language: str) -> Iterator[_Clause]:
    facts, at = facts_of(text, language), 0
    for end, behind in [*(m.span() for m in JOINTS.finditer(text)), (len(text), len(text))]:
        inside = tuple(f for f in facts.figures if at <= f.start < end)
        yield _Clause(inside, stems(_without(text, Span(at, end), facts.spans), language))
        at = behind


def _without(text: str, part: Span, taken: Sequence[Span]) -> str:
    """A part of a text without its numbers and dates."""
    kept = [c if not _among(at, taken) else " " for at, c in enumerate(text)]
    return "".join(kept[part.start : part.end])


def _among(at: int, spans: Sequence[Span]) -> bool:
    return any(span.start <= at < span.end for span in spans)
