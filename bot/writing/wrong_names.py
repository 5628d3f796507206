"""The names of a sentence that its passages don't have, or have otherwise. Pure."""

import re
from itertools import pairwise

from bot.writing import lexicon
from bot.writing.naming import NO_NAMES, names
from bot.writing.vocabulary import INSIDE, Vocabulary, Word, holds, meanings, words_of

LONGEST = 6  # words of a name that has a short form


def missing_names(text: str, language: str, held: Vocabulary, question: str = "") -> list[str]:
    """The names of a sentence that its passages don't hold.

    The question may give the first name of somebody whom the passages call by the surname alone.
    """
    abroad = language not in held.languages
    said = [word for word in names(text, language) if not holds(held, word.folded, language)]
    if not said:
        return []
    fine = _spelt_out(text, held) | _asked(text, held, question, language)
    return [
        word.text
        for word in said
        if word.start not in fine
        and not (word.text.isupper() and word.folded in held.initials)
        and not (abroad and _is_common(word.text, language) and not meanings(word.folded))
    ]


def _asked(text: str, held: Vocabulary, question: str, language: str) -> set[int]:
    """Where first names of the question begin: "Angela" before "Merkel"."""
    full = {(a.folded, b.folded) for a, b in pairwise(words_of(question))}
    return {
        one.start
        for one, other in pairwise(words_of(text))
        if (one.folded, other.folded) in full
        and other.folded in held.words
        and not any(
            last == other.folded and not _is_common(first.capitalize(), language)
            for first, last in held.followed
        )
    }


def _is_common(word: str, language: str) -> bool:
    """Whether the parts of a name are words that its translation has others for."""
    if language == "de":
        return lexicon.is_common_noun(word) or lexicon.is_no_noun(word.lower())
    return lexicon.knows(re.sub(r"['’]s?$", "", word.lower()), "en")


def _spelt_out(text: str, held: Vocabulary) -> set[int]:
    """Where words begin whose initials the passages have: "Europäische Union" for "EU"."""
    found: set[int] = set()
    run: list[Word] = []
    for word in [*words_of(text), Word("x", 0, 0, True, False)]:
        if word.text[0].isupper():
            run.append(word)
        elif word.text not in INSIDE:
            for size in range(2, min(LONGEST, len(run)) + 1):
                for first in range(len(run) - size + 1):
                    part = run[first : first + size]
                    if "".join(w.text[0].lower() for w in part) in held.acronyms:
                        found |= {w.start for w in part}
            run = []
    return found


def misjoined(text: str, language: str, held: Vocabulary) -> str | None:
    """A full name whose parts the passages hold, but each with another: "Gerhard Merkel"."""
    for one, other in pairwise(words_of(text)):
        if text[one.end : other.start] not in (" ", "-") or not (
            one.text[0].isupper() and other.text[0].isupper()
        ):
            continue
        a, b = one.folded, other.folded
        if (a, b) in held.followed or {a, b} & NO_NAMES:
            continue
        mine = {x for x, y in held.followed if y in (b, b.removesuffix("s"))}
        theirs = {y for x, y in held.followed if x == a}
        if mine and theirs and a not in mine and _are_names(one, other, language):
            return f"{one.text} {other.text}"
    return None


def _are_names(one: Word, other: Word, language: str) -> bool:
    if language == "de":
        return not (lexicon.is_common_noun(one.text) or lexicon.is_no_noun(one.text.lower()))
    return not lexicon.knows(one.text.lower(), "en") or lexicon.knows(one.text, "en")
