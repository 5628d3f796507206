"""Sentences of articles, with what they may be turned into a lie or a paraphrase with."""

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from known_names import FIRST_NAMES, ORGANISATIONS, PLACES

from vectorstore.models import Hit

Dice = random.Random
Change = Callable[["Source", Dice], str | None]
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of an article and the passages that will be cited for it."""

    text: str
    language: str
    hit: Hit
    cited: tuple[Hit, ...]
    pool: "Pool"

    @property
    def told(self) -> str:
        return " ".join(f"{h.article.title} {h.text}" for h in self.cited)


@dataclass(frozen=True, slots=True)
class Pool:
    """What other articles hold: names by kind, sentences."""

    names: dict[str, list[str]]
    sentences: list[tuple[str, str]]  # article id, sentence
    kinds: dict[str, str]


def pool_of(hits: Sequence[Hit], others: Sequence[str]) -> Pool:
    """`others`: names that another language's articles show by their capitals."""
    kinds: dict[str, str] = {}
    surnames, words = Counter[str](), Counter[str]()
    for hit in hits:
        text = hit.text
        found = list(WORD.finditer(text))
        for at, match in enumerate(found):
            word = match[0]
            if word in PLACES:
                kinds[word] = "place"
            elif word in ORGANISATIONS:
                kinds[word] = "organisation"
            elif word in FIRST_NAMES:
                following = found[at + 1] if at + 1 < len(found) else None
                if (
                    following
                    and text[match.end() : following.start()] == " "
                    and following[0][0].isupper()
                ):
                    kinds[word] = "first name"
                    if following[0] not in PLACES and len(following[0]) > 3:
                        surnames[following[0]] += 1
            words[word] += 1
    for name, times in surnames.items():  # not "Ende", for all that there was a Michael Ende
        if 2 * times >= words[name]:
            kinds.setdefault(name, "surname")
    for name in others:
        kinds.setdefault(name, "other name")
    names: dict[str, list[str]] = {}
    for name, kind in sorted(kinds.items()):
        names.setdefault(kind, []).append(name)
    sentences = [(h.article.id, h.article.text[s.start : s.end]) for h in hits for s in h.sentences]
    return Pool(names, [s for s in sentences if is_usable(s[1])], kinds)


def capitalised(hits: Sequence[Hit]) -> list[str]:
    """English words that only occur with a capital, also inside of sentences."""
    upper, lower = set(), set()
    for hit in hits:
        for match in WORD.finditer(hit.text):
            word, before = match[0], hit.text[: match.start()].rstrip(" \"'“(")
            if word[0].islower():
                lower.add(word)
            elif (before and before[-1].isalnum()) or before[-1:] == ",":
                upper.add(word)
    return sorted(w for w in upper if w.lower() not in lower and len(w) > 2)


def is_usable(text: str) -> bool:
    return 40 <= len(text) <= 320 and text[-1] in ".!?" and text[0].isupper() and "\n" not in text


def occurrences(source: Source, kind: str | None = None) -> list[re.Match[str]]:
    return [
        m
        for m in WORD.finditer(source.text)
        if m[0] in source.pool.kinds and kind in (None, source.pool.kinds[m[0]])
    ]


def put(text: str, match: re.Match[str] | tuple[int, int], new: str) -> str:
    start, end = match if isinstance(match, tuple) else match.span()
    return text[:start] + new + text[end:]
