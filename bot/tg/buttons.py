"""Buttons under messages, and what a tap on one means: all of it in its 64 bytes of data. Pure.

Nothing is kept for a button, so that one from last week still works. What comes back may have
been written by anybody.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields

from bot.answer import Answer, Citation, Nearest
from bot.tg.markup import one_line, shortened
from bot.words import say

LONGEST_DATA = 64  # bytes
MOST_SOURCES = 8  # buttons under an answer
MOST_NEAREST = 3
MOST_IN_ROW = 3
ROOM = {1: 34, 2: 17, 3: 12}  # characters that a phone shows on a button, by buttons in its row

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_DATA = re.compile(r"([a-z]):((?:[0-9a-z]{1,12}(?:\.[0-9a-z]{1,12})*)?)")


@dataclass(frozen=True, slots=True)
class Button:
    """A button: `data` comes back when it is tapped, `url` opens a page. It has one of them."""

    text: str
    data: str | None = None
    url: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class OpenSource:
    """Show a quote in its context: `start` to `end` of this version of the article.

    `article` is its number in the catalogue, `turn` the row of the stored answer (0: none),
    `number` that of the citation in it. `shown`: the version to look the quote up in, 0 for its
    own.
    """

    article: int
    version: int
    start: int
    end: int
    turn: int = 0
    number: int = 0
    shown: int = 0


@dataclass(frozen=True, slots=True)
class OpenArticle:
    """Show a page of an article, counted from 1; 0 is the one on which `start` lies.

    Version 0 is the newest. `start` to `end` is the quote that the reader came from, if any.
    """

    article: int
    version: int = 0
    page: int = 1
    turn: int = 0
    start: int = 0
    end: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Back:
    """Show the answer again."""

    turn: int


@dataclass(frozen=True, slots=True)
class Rate:
    """The answer was good, or it wasn't."""

    turn: int
    good: bool


@dataclass(frozen=True, slots=True)
class EndTopic:
    """Watch a topic no longer."""

    topic: int


@dataclass(frozen=True, slots=True)
class ConfirmDelete:
    """Yes, delete this article."""

    article: int


@dataclass(frozen=True, slots=True)
class KeepArticle:
    """No, don't delete this article."""

    article: int


@dataclass(frozen=True, slots=True)
class ListArticles:
    """Show a page of the list of articles, counted from 1."""

    page: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Take questions about this article alone."""

    article: int


@dataclass(frozen=True, slots=True)
class Stay:
    """Nothing: the button only shows something."""


Tap = (
    OpenSource
    | OpenArticle
    | Back
    | Rate
    | EndTopic
    | ConfirmDelete
    | KeepArticle
    | ListArticles
    | Ask
    | Stay
)

_KINDS: Mapping[str, type[Tap]] = {
    "s": OpenSource,
    "t": OpenArticle,
    "b": Back,
    "f": Rate,
    "x": EndTopic,
    "d": ConfirmDelete,
    "k": KeepArticle,
    "l": ListArticles,
    "a": Ask,
    "n": Stay,
}
_LETTERS = {kind: letter for letter, kind in _KINDS.items()}


def data(of: Tap) -> str:
    """A tap as a button's data. Numbers up to 10**12 always fit; ValueError for what doesn't."""
    written = f"{_LETTERS[type(of)]}:{'.'.join(_in_base_36(int(n)) for n in astuple(of))}"
    if len(written) > LONGEST_DATA:
        raise ValueError(f"too long for a button: {of}")
    return written


def parse(given: str) -> Tap | None:
    """The tap that wrote this data; None for all that `data` doesn't write."""
    match = _DATA.fullmatch(given)
    kind = _KINDS.get(match[1]) if match else None
    if match is None or kind is None or len(given) > LONGEST_DATA:
        return None
    numbers = [int(n, 36) for n in match[2].split(".")] if match[2] else []
    if len(numbers) != len(fields(kind)):
        return None
    make: Callable[..., Tap] = kind
    found = Rate(numbers[0], bool(numbers[1])) if kind is Rate else make(*numbers)
    return found if data(found) == given else None


def answer_rows(
    answer: Answer,
    numbers: Mapping[str, int],
    turn: int,
    language: str,
    rated: bool | None = None,
) -> Rows:
    """The buttons under an answer: its sources, or the nearest articles, then what it was worth.

    `numbers` are those of the articles in the catalogue, by id: what isn't there has no button.
    """
    cited = [c for c in answer.citations if c.article_id in numbers][:MOST_SOURCES]
    rows = [
        tuple(_source(c, numbers[c.article_id], turn, ROOM[len(row)], language) for c in row)
        for row in _in_rows(cited)
    ]
    if not answer.citations:
        near = [n for n in answer.nearest if n.article_id in numbers][:MOST_NEAREST]
        rows += [(_nearest(n, numbers[n.article_id], turn, language),) for n in near]
    return (*rows, _rating(turn, rated)) if turn else tuple(rows)


def _source(citation: Citation, article: int, turn: int, room: int, language: str) -> Button:
    name = one_line(citation.source or "", room) or one_line(citation.title or "", room)
    shown = shortened(f"[{citation.number}] {name or say('untitled', language)}", room)
    c = citation
    return Button(shown, data(OpenSource(article, c.version, c.start, c.end, turn, c.number)))


def _nearest(near: Nearest, article: int, turn: int, language: str) -> Button:
    title = one_line(near.title or "", ROOM[1]) or say("untitled", language)
    shown = shortened(say("view_article", language, title=title), ROOM[1])
    return Button(shown, data(OpenArticle(article, turn=turn)))


def _rating(turn: int, rated: bool | None) -> tuple[Button, ...]:
    return tuple(
        Button(f"{thumb} ✓" if rated is good else thumb, data(Rate(turn, good)))
        for thumb, good in (("👍", True), ("👎", False))
    )


def _in_rows(cited: Sequence[Citation]) -> list[Sequence[Citation]]:
    """Rows of nearly one length: four are two and two."""
    count = -(-len(cited) // MOST_IN_ROW)
    return [cited[len(cited) * n // count : len(cited) * (n + 1) // count] for n in range(count)]


def _in_base_36(number: int) -> str:
    if number < 0:
        raise ValueError(f"no number for a button: {number}")
    digits = ""
    while number or not digits:
        number, last = divmod(number, 36)
        digits = _DIGITS[last] + digits
    return digits
