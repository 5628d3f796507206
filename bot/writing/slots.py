"""A sentence that repeats its passage but for one fact, which it replaces by another. Pure.

A wrong number or name may well be among those of the passage. Where the words around it are the
passage's own, what stands there in the passage decides: "Bern beat Basel" isn't "Basel beat Bern".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations

from bot.number_words import SMALL
from bot.writing import lexicon
from bot.writing.facts import facts_of, inside
from bot.writing.figures import implied, stands
from bot.writing.moments import happened
from bot.writing.naming import is_well_known
from bot.writing.told import Told
from bot.writing.vocabulary import fold, holds, vocabulary
from vectorstore import lexical
from vectorstore.models import Span

LONGEST = 3  # words that one fact may have
AROUND = 3  # words that are the same around it; an end of both sentences counts as one
MOST_NAMES = 12  # of a sentence, that may be tried in each other's place
OVERLAP = 0.5  # of either sentence's words that are the other's too

_Block = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence of a passage, aligned with the one that a model wrote."""

    text: str
    told: Told
    blocks: tuple[_Block, ...]
    places: tuple["_Place", ...]
    shared: int
    enough: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Words `said` of a sentence, from token `first` to `last`, and those `held` in their place."""

    first: int
    last: int
    said: Span
    held: Span


def replaced_fact(sentence: str, language: str, passages: Sequence[Told]) -> str | None:
    """What the sentence says in the place of another fact of its passages, None if nothing."""
    said = _tokens(sentence)
    lines = [_aligned(said, line, told) for told in passages for line in told.lines]
    for line in lines:
        swapped = _exchanged(sentence, language, said, line)
        if swapped:
            return swapped
    wrong = {
        line: [p for p in line.places if _is_another(sentence, p, line, language)] for line in lines
    }
    for line, places in wrong.items():
        sound = [other for other in lines if not wrong[other] and other.shared >= line.shared]
        for place in places:
            if not any(_says_so(other, place) for other in sound):
                return sentence[place.said.start : place.said.end]
    return None


# -- aligning ------------------------------------------------------------------------------

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W_]+|[%€$£]")
_SIGNS = {"prozent": "%", "percent": "%", "mio": "millionen", "mrd": "milliarden"}


@lru_cache(maxsize=2_000)
def _tokens(text: str) -> tuple[_Token, ...]:
    return tuple(_Token(_plain(m[0]), *m.span()) for m in _TOKEN.finditer(text))


def _plain(word: str) -> str:
    """A word as it is compared, with "zwölf" and "twelve" as 12, "Prozent" as %."""
    if word.lower() in _SIGNS:
        return _SIGNS[word.lower()]
    value = SMALL.get(word.lower(), 0.0)
    return f"{value:g}" if value > 1 else word if word[0].isdigit() else fold(word) or word


def _aligned(said: tuple[_Token, ...], text: str, told: Told) -> _Line:
    held = _tokens(text)
    blocks = _blocks([token.word for token in said], text)
    shared = _shared(blocks)
    enough = shared >= max(AROUND, OVERLAP * min(len(said), len(held)))
    places = tuple(_places(said, held, blocks)) if enough else ()
    return _Line(text, told, blocks, places, shared, enough)


def _blocks(words: Sequence[str], text: str) -> tuple[_Block, ...]:
    held = [token.word for token in _tokens(text)]
    return tuple(SequenceMatcher(None, words, held, autojunk=False).get_opcodes())


def _shared(blocks: Sequence[_Block]) -> int:
    return sum(i2 - i1 for kind, i1, i2, _, _ in blocks if kind == "equal")


def _places(
    said: Sequence[_Token], held: Sequence[_Token], blocks: Sequence[_Block]
) -> Iterator[_Place]:
    """Places where few words stand for few others, and those around are the same."""
    for at, (kind, i1, i2, j1, j2) in enumerate(blocks):
        if kind != "replace":
            continue
        last = at + 1 == len(blocks)
        before = blocks[at - 1][2] - blocks[at - 1][1] if at else int(j1 == 0)
        behind = int(j2 == len(held)) if last else blocks[at + 1][2] - blocks[at + 1][1]
        size = min(i2 - i1, j2 - j1)
        if not at:  # what the longer one has in front belongs to nothing
            i1, j1 = i2 - size, j2 - size
        if last:
            i2, j2 = i1 + size, j1 + size
        if max(i2 - i1, j2 - j1) <= LONGEST and min(before, 3) + min(behind, 3) >= AROUND:
            yield _Place(
                i1,
                i2,
                Span(said[i1].start, said[i2 - 1].end),
                Span(held[j1].start, held[j2 - 1].end),
            )


def _says_so(line: _Line, place: _Place) -> bool:
    """Whether a line has the very words of a place, with others beside them."""
    return any(
        kind == "equal" and i1 <= place.first and place.last <= i2 and i2 - i1 > 1
        for kind, i1, i2, _, _ in line.blocks
    )


# -- whether one fact stands for another ---------------------------------------------------

_ITEM = re.compile(r"[^\s,/–-]+")
_LINKS = frozenset("und and oder or sowie wie & mit with gegen against".split())


def _is_list(between: str) -> bool:
    """Whether what stands between two words is a list, in which the order says nothing."""
    return all(item in _LINKS or item[0].isupper() for item in _ITEM.findall(between))


def _exchanged(sentence: str, language: str, said: tuple[_Token, ...], line: _Line) -> str | None:
    """A name that changes places with another: the line agrees better once they are put back."""
    if not line.enough:
        return None
    held = {token.word for token in _tokens(line.text)}
    found = facts_of(sentence, language).names
    places = [
        i for i, t in enumerate(said) if t.word in held and inside(found, Span(t.start, t.end))
    ][:MOST_NAMES]
    for one, other in combinations(places, 2):
        between = sentence[said[one].end : said[other].start]
        if said[one].word == said[other].word or _is_list(between):
            continue
        words = [token.word for token in said]
        words[one], words[other] = words[other], words[one]
        if _shared(_blocks(words, line.text)) >= line.shared + 2:
            return sentence[said[one].start : said[one].end]
    return None


def _is_another(sentence: str, place: _Place, line: _Line, language: str) -> bool:
    """Whether both are numbers, or dates, or names, and not the same."""
    own, others = facts_of(sentence, language), facts_of(line.text, line.told.language)
    mine, theirs = inside(own.figures, place.said), inside(others.figures, place.held)
    if mine and theirs:
        meant = [*theirs, *inside(list(implied(line.text, others.figures)), place.held)]
        return not any(stands(figure, meant) for figure in mine)
    day, days = inside(own.moments, place.said)[:1], inside(others.moments, place.held)
    if day and days:
        alike = (day[0].weekday < 0) == (days[0].weekday < 0)
        return alike and not happened(day[0], days, line.told.published)
    return _is_another_name(sentence, place, line, language)


def _is_another_name(sentence: str, place: _Place, line: _Line, language: str) -> bool:
    theirs = inside(facts_of(line.text, line.told.language).names, place.held)
    if not theirs:
        return False
    word, other = _text(sentence, place.said), _text(line.text, place.held)
    if _is_listed(sentence, place.said, other):
        return False
    held = vocabulary([(other, line.told.language)])
    mine = inside(facts_of(sentence, language).names, place.said)
    if mine:
        return not any(holds(held, name.folded, language) for name in mine)
    if not (word.isalpha() and other.isalpha() and word[0].isupper()):
        return False
    if holds(held, fold(word), language) or (not place.first and _is_small(word, language)):
        return False
    return language == "en" or not lexicon.is_common_noun(word) or _is_surely_name(other)


def _is_listed(sentence: str, said: Span, other: str) -> bool:
    """Whether the sentence has the other one too, in one list with what it says here."""
    at = sentence.find(other)
    if at < 0:
        return False
    between = sentence[at + len(other) : said.start] if at < said.start else sentence[said.end : at]
    return bool(between.strip(" ")) and _is_list(between)


def _is_surely_name(word: str) -> bool:
    return word.isupper() or is_well_known(word) or not lexicon.knows(word, "de")


def _is_small(word: str, language: str) -> bool:
    """Whether a word has its capital only because the sentence begins with it."""
    if language == "de":
        return lexicon.is_no_noun(word.lower())
    return lexical.is_function(word.lower()) or word.lower() in _POINTING


_POINTING = frozenset("he she it they we this that these those there some many most".split())


def _text(text: str, span: Span) -> str:
    return text[span.start : span.end]
