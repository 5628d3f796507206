"""A slip of the fingers in a question, put right by what the articles have. Pure.

A word is only touched if no passage holds its stem and the embedding model knows it in pieces
only. It becomes the word one slip away that passages do hold; or, since German makes words
that stand nowhere yet, the one whose 4-grams they hold, if the model knows it in fewer pieces.
docs/decisions.md has what that is worth and how often it errs.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from vectorstore import lexical
from vectorstore.lexical import Kind

LONGEST = 40  # letters; guesses grow with the square, and a text without blanks is no word
SHORTEST = 5  # letters; shorter words are one slip away from too many others
LONG = 8  # letters from which a word is seldom one slip away from another; names are shorter
MOST = 4  # strange words in a question; each costs up to 40 ms (benchmarks/spelling.py)
STRANGE = 2  # pieces of a word that the model doesn't know whole
SAVED = 2  # pieces, or pieces and unknown 4-grams, that a bolder guess must save
_LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß"
_WORD = re.compile(r"[^\W_](?:[^\W_]|\xad)*")  # with soft hyphens, which stand between no two words


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of words.

    `held`: how many passages hold each of some terms; `pieces`: of how many tokens the embedding
    model makes each of some words.
    """

    held: Callable[[Kind, Sequence[str]], Mapping[str, int]]
    pieces: Callable[[Sequence[str]], Sequence[int]]


def corrected(question: str, languages: Sequence[str], knowledge: Knowledge) -> str:
    """The question with slips put right, otherwise as it was typed.

    `languages`: the question's, then others that articles are in. With more than MOST strange
    words the question is left alone: then the articles speak of other things.
    """
    words = [word for word in dict.fromkeys(_WORD.findall(question)) if _may_be_mistyped(word)]
    held = [_holding(words, language, knowledge) for language in languages]
    unheld = [word for word, *counts in zip(words, *held, strict=True) if not any(counts)]
    pieces = dict(zip(unheld, knowledge.pieces(unheld), strict=True))
    strange = {word: count for word, count in pieces.items() if count >= STRANGE}
    if len(strange) > MOST:
        return question
    right = {w: _put_right(w, count, languages[0], knowledge) for w, count in strange.items()}
    return _WORD.sub(lambda found: right.get(found[0], found[0]), question)


def _may_be_mistyped(word: str) -> bool:
    """Whether it is a word of letters, of some length, that asks for nothing; no acronym."""
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha() or word.isupper():
        return False
    if len(word.lower()) != len(word):  # some capitals become two characters
        return False
    folded = lexical.words(word)
    return len(folded) == 1 and not lexical.asks(folded[0])


def _put_right(word: str, pieces: int, language: str, knowledge: Knowledge) -> str:
    swapped = _cased(_swaps(word), word)
    if len(word) < LONG:
        return _held(swapped, pieces - SAVED, language, knowledge) or word
    return (
        _held(swapped, pieces, language, knowledge)
        or _held(_cased(_slips(word), word), pieces - SAVED, language, knowledge)
        or _plausible(swapped, word, pieces, knowledge)
        or word
    )


def _held(guesses: Sequence[str], most: int, language: str, knowledge: Knowledge) -> str | None:
    """The guess that passages hold, of at most so many pieces: of the fewest, the most frequent."""
    counts = _holding(guesses, language, knowledge)
    held = [(guess, count) for guess, count in zip(guesses, counts, strict=True) if count]
    if not held:
        return None
    pieces = knowledge.pieces([guess for guess, _ in held])
    rated = [(n, -count, guess) for n, (guess, count) in zip(pieces, held, strict=True)]
    fewest, _, best = min(rated)
    return best if fewest <= most else None


def _plausible(guesses: Sequence[str], word: str, pieces: int, knowledge: Knowledge) -> str | None:
    """The guess that stands nowhere as a whole, but its parts do."""
    counts = knowledge.pieces(guesses)
    strange = _unknown_grams([word, *guesses], knowledge)
    whole = [(n, g) for n, s, g in zip(counts, strange[1:], guesses, strict=True) if not s]
    fewest, best = min(whole, default=(pieces, word))
    saved = pieces - fewest
    return best if saved > 0 and saved + strange[0] >= SAVED else None


def _holding(words: Sequence[str], language: str, knowledge: Knowledge) -> list[int]:
    """How many passages hold each word, in whichever inflection."""
    stems = lexical.stems(["".join(lexical.words(word)) for word in words], language)
    counts = knowledge.held("stems", stems)
    return [counts[stem] for stem in stems]


def _unknown_grams(words: Sequence[str], knowledge: Knowledge) -> list[int]:
    grams = [lexical.grams(lexical.words(word)) for word in words]
    counts = knowledge.held("grams", [gram for parts in grams for gram in parts])
    return [sum(not counts[gram] for gram in parts) for parts in grams]


def _swaps(word: str) -> set[str]:
    """Two neighbouring letters changed places; never the first, which people get right."""
    w = word.lower()
    places = range(1, len(w) - 1)
    return {w[:i] + w[i + 1] + w[i] + w[i + 2 :] for i in places if w[i] != w[i + 1]}


def _slips(word: str) -> set[str]:
    """A letter too many, a wrong one, one too few; never the first."""
    w = word.lower()
    places = range(1, len(w))
    extra = {w[:i] + w[i + 1 :] for i in places}
    wrong = {w[:i] + c + w[i + 1 :] for i in places for c in _LETTERS}
    missing = {w[:i] + c + w[i:] for i in (*places, len(w)) for c in _LETTERS}
    return (extra | wrong | missing) - {w}


def _cased(guesses: Iterable[str], word: str) -> list[str]:
    """Guesses with a capital letter where the word has one: German nouns are known by it."""
    capital = word[0].isupper()
    ordered = sorted(guesses)
    return [guess[0].upper() + guess[1:] for guess in ordered] if capital else ordered
