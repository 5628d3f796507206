"""The words of passages, in all the forms in which names are compared. Pure.

A name is found inflected ("Merkels", "Berliner") and translated ("Munich", "französisch").
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from bot.writing.exonyms import same_named
from vectorstore import lexical


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, `text[start:end]`, hyphenated parts apart. `opens`: whether a capital
    says nothing of it, because it begins a sentence, a quotation or a list."""

    text: str
    start: int
    end: int
    opens: bool
    hyphen: bool

    @property
    def folded(self) -> str:
        """The word as it is compared: small, umlauts spelt out, without a genitive's 's."""
        return fold(self.text)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of passages, folded, in the forms that names are compared in.

    `roots`: without endings; `meant`: what they name in either language; `initials` of names,
    `acronyms` as written; `followed`: pairs of words with a capital, one behind the other.
    """

    words: frozenset[str]
    roots: frozenset[str]
    meant: frozenset[str]
    initials: frozenset[str]
    acronyms: frozenset[str]
    followed: frozenset[tuple[str, str]]
    languages: frozenset[str]


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*['’]?|\d[^\W_]*")
_OPENS = re.compile(r"[.!?…:\n\"“”„»«‚(\[•*|]|\s[–—-]\s")
_SHORT = re.compile(
    r"(?:[A-ZÄÖÜ]|Dr|Mr|Mrs|Ms|Prof|St|Gen|Sen|Gov|Rep|Lt|Sgt|Ltd|Inc|Jr|bzw|ca|d|h)\.\s?$"
)


def words_of(text: str) -> list[Word]:
    """The words of a text in order."""
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        opens = not found or (
            bool(_OPENS.search(gap)) and not _SHORT.search(text[max(0, end - 5) : match.start()])
        )
        hyphen = bool(found) and gap in ("-", "‑")
        found.append(Word(match[0].rstrip("'’"), *match.span(), opens, hyphen))
        end = match.end()
    return found


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """A word as it is compared: small, umlauts spelt out, without a genitive's 's."""
    plain = re.sub(r"['’]s?$|(?<=[A-ZÄÖÜ]{2})s$", "", word)  # "Merkel's", "EUs"
    return "".join(lexical.words(plain))


_ENDINGS = """s es er ern ers erin erinnen in innen en n e isch ische ischen ischer isches ischem
sche schen scher schem an ian ians ans ns"""
_BY_LENGTH = tuple(sorted(_ENDINGS.split(), key=len, reverse=True))


@lru_cache(maxsize=50_000)
def roots(folded: str) -> frozenset[str]:
    """A folded word and what is left of it without the endings that names take."""
    found = {folded}
    for ending in _BY_LENGTH:
        if folded.endswith(ending) and len(folded) - len(ending) >= 3:
            found.add(folded[: -len(ending)])
    return frozenset(found)


def vocabulary(texts: Sequence[tuple[str, str]]) -> Vocabulary:
    """The words of passages, each with its language."""
    return merged([_vocabulary(text, language) for text, language in texts])


def merged(parts: Sequence[Vocabulary]) -> Vocabulary:
    """The words of several passages in one."""
    if len(parts) == 1:
        return parts[0]
    return Vocabulary(
        words=frozenset().union(*(part.words for part in parts)),
        roots=frozenset().union(*(part.roots for part in parts)),
        meant=frozenset().union(*(part.meant for part in parts)),
        initials=frozenset().union(*(part.initials for part in parts)),
        acronyms=frozenset().union(*(part.acronyms for part in parts)),
        followed=frozenset().union(*(part.followed for part in parts)),
        languages=frozenset().union(*(part.languages for part in parts)),
    )


@lru_cache(maxsize=500)
def _vocabulary(text: str, language: str) -> Vocabulary:
    held = words_of(text)
    folded = {word.folded for word in held}
    named = {w.folded for w in held if w.text[0].isupper() or language == "de"}
    named |= {DIRECTION.sub("", word) for word in named}  # "Nordamerika" names America
    followed = {
        (a.folded, b.folded)
        for a, b in pairwise(held)
        if a.text[0].isupper() and b.text[0].isupper() and text[a.end : b.start] in (" ", "-")
    }
    return Vocabulary(
        words=frozenset(folded),
        roots=frozenset(root for word in folded for root in roots(word)),
        meant=frozenset(meant for word in named for meant in meanings(word)),
        initials=frozenset(_initials(held)),
        acronyms=frozenset(w.folded for w in held if len(w.text) > 1 and w.text.isupper()),
        followed=frozenset(followed),
        languages=frozenset([language]),
    )


@lru_cache(maxsize=50_000)
def meanings(folded: str) -> frozenset[str]:
    """What a word may name in either language: a country by its people, a city abroad."""
    return frozenset(key for root in roots(folded) for key in same_named(root) if len(root) > 1)


def _initials(held: Sequence[Word]) -> Iterator[str]:
    """The short forms of the names in a text: "un" of "Vereinte Nationen" isn't among them."""
    run: list[str] = []
    for word in held:
        if word.text[0].isupper():
            run.append(word.text[0].lower())
            for size in range(2, min(6, len(run)) + 1):
                yield "".join(run[-size:])
        elif word.text not in INSIDE:
            run = []


INSIDE = frozenset("und für der des de of and the for".split())


def holds(held: Vocabulary, word: str, language: str) -> bool:
    """Whether a folded word is in the passages, inflected or translated."""
    if word in held.roots or not held.words.isdisjoint(roots(word)):
        return True
    if not held.meant.isdisjoint(meanings(word)):
        return True
    if held.languages <= {language}:
        return False
    part = DIRECTION.sub("", word)
    return _is_spelt_alike(word, held.words) or (part != word and holds(held, part, language))


DIRECTION = re.compile(
    r"^(?:sued|nord|ost|west|mittel|zentral|neu|nieder|ober|unter|inner|gross)(?=.{4})"
)


def _is_spelt_alike(word: str, held: Iterable[str]) -> bool:
    """Whether a word of the other language is this one: "Warschau", "Warsaw"."""
    if len(word) < 4:
        return False
    return any(
        other[:2] == word[:2]
        and abs(len(other) - len(word)) <= 4
        and len(other) > 3
        and SequenceMatcher(None, word, other, autojunk=False).ratio() >= 0.72
        for other in held
    )
