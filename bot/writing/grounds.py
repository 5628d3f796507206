"""Whether what a sentence says besides its names and numbers has any ground in its passages. Pure.

"Anna Berger was arrested on Monday" has the name and the day of a passage in which she spoke on
Monday; "it takes 7 years" has the 7 of another sentence's "18 to 7 votes".
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.writing.facts import facts_of
from bot.writing.figures import readings
from bot.writing.told import Told, told
from vectorstore import lexical
from vectorstore.models import Span

_CLAUSES = re.compile(r"[,;:()–?!]|\.\s|\b(?:und|and|oder|or|sowie)\b", re.I)
JOINTS = re.compile(r"[,;:()–?!]\s|\s(?:und|and|oder|or|sowie|but|aber)\s", re.I)
_MUCH = 3  # content words of a clause
_INSIDE = 5  # letters of a stem that another word may have inside: "Leinebrücke"


def shares_words(sentence: str, language: str, text: str) -> bool:
    """Whether a text has a content word of a sentence that is no name, number or date; true if
    the sentence has none."""
    said = _content(sentence, language)
    return not said or overlap(said, stems(text, language))


def groundless_figure(
    sentence: str, language: str, passages: Sequence[Told], carried: frozenset[int]
) -> str | None:
    """A number that the passages only give in sentences about something else, None if none is.

    `carried`: where those numbers begin that stand in what supports the sentence. Only sentences
    with one clause are looked at: others may join what stands far apart.
    """
    if any(passage.language != language for passage in passages):
        return None
    if _CLAUSES.search(sentence.rstrip(".?! ")):
        return None
    said = _content(sentence, language)
    figures = facts_of(sentence, language).figures
    for figure in figures if said else ():
        if figure.start in carried:
            continue
        meant = readings(sentence, figure, figures)
        near = [
            around
            for passage in passages
            for line, around in _lines(passage)
            if any(line.has_figure(reading) for reading in meant)
        ]
        if near and not any(overlap(said, stems(text, language)) for text in near):
            return sentence[figure.start : figure.end]
    return None


def added_clause(sentence: str, language: str, texts: Sequence[str]) -> str | None:
    """A clause that says much and has no word, number or name of the texts, though another one
    has; None if there's none.

    What a model adds of its own hangs on a true sentence: "..., and is a great success".
    """
    held = frozenset().union(*(stems(text, language) for text in texts))
    facts = facts_of(sentence, language)
    known = [span.start for span in facts.spans] + [name.start for name in facts.names]
    added, grounded, at = None, False, 0
    for end, behind in [*(m.span() for m in JOINTS.finditer(sentence)), (len(sentence),) * 2]:
        said = stems(sentence[at:end], language)
        if any(at <= start < end for start in known) or overlap(said, held):
            grounded = True
        elif len(said) >= _MUCH:
            added = added or sentence[at:end].strip(" .")
        at = behind
    return added if grounded else None


@lru_cache(maxsize=200)
def _lines(passage: Told) -> tuple[tuple[Told, str], ...]:
    """Each sentence of a passage, and its text with its neighbours'."""
    lines = passage.lines
    return tuple(
        (
            told("", (line,), passage.language, passage.published),
            " ".join(lines[max(0, at - 1) : at + 2]),
        )
        for at, line in enumerate(lines)
    )


def overlap(said: frozenset[str], held: frozenset[str]) -> bool:
    """Whether two sets of stems share one, or one of them is inside another: "Leinebrücke"."""
    return bool(said & held) or any(
        (len(one) >= _INSIDE and one in other) or (len(other) >= _INSIDE and other in one)
        for one in said
        for other in held
    )


@lru_cache(maxsize=1_000)
def _content(sentence: str, language: str) -> frozenset[str]:
    """Stems of the words that are in no name, number or date of a sentence."""
    facts = facts_of(sentence, language)
    named = (Span(name.start, name.end) for name in facts.names)
    taken = sorted((*facts.spans, *named), key=lambda span: span.start)
    kept, at = [], 0
    for span in taken:
        kept.append(sentence[at : span.start])
        at = max(at, span.end)
    kept.append(sentence[at:])
    return stems(" ".join(kept), language)


@lru_cache(maxsize=2_000)
def stems(text: str, language: str) -> frozenset[str]:
    """The stems of a text's content words."""
    words = [w for w in lexical.words(text) if len(w) > 2 and not lexical.is_function(w)]
    return frozenset(stem for stem in lexical.stems(words, language) if not stem.isdigit())
