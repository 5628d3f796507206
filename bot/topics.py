"""Whether a passage is about a topic that somebody watches, such as "Miete in Hannover". Pure.

A wrong alarm is worse than a missed one, so every content word of the topic has to be there: said,
inflected or as the head of a compound, or meant so clearly that the words around it leave no doubt.
A word that only looks alike ("ungefähr" for "Fähre") doesn't count. The limits were chosen on
tests/quality/topics.jsonl.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.matching import ENOUGH
from vectorstore import lexical
from vectorstore.models import Hit, WordMatch

SAID = 0.55  # cosine of a word in context from which a word that is said is meant, too
PART = 0.66  # of one that is only said in a compound: "Mietwagen" is no "Miete"
MEANT = 0.75  # of one that isn't said, or that only looks like one that is
BESIDE = 0.6  # of one that isn't said, in a passage that is NEAR, beside one that is
ABOUT, NEAR = 0.79, 0.88  # cosines of a passage or sentence with the topic
ALONE, MUCH = 0.58, 0.6  # a topic of one word: cosine of one that is said, its coverage
SHORTEST = 4  # letters of a word that stands in compounds

_INFLECTED = ("", "e", "en", "er", "es", "n", "s")
_EMPTY = frozenset(
    """alle alles allgemein aktuell aktuelle aktuelles artikel bericht berichte info infos
    information informationen meldung meldungen nachricht nachrichten neu neue neues neuigkeit
    neuigkeiten rund thema themen all about any article articles anything everything latest new
    news report reports stories story topic update updates""".split()
)
"""What people add to a topic: "Neues zur Fähre", "news about bats"."""


class _Held(Enum):
    """How a passage holds a word."""

    SAID = "said"
    PART = "part"
    LIKE = "alike"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage's folded words with its title's, and their stems in some languages."""

    words: frozenset[str]
    stems: dict[str, frozenset[str]]


def about(topic_language: str, hit: Hit) -> bool:
    """Whether the passage of a hit for a topic is about it; its words are those of the topic."""
    words = [w for w in hit.words if lexical.words(w.word) and not _is_empty(w.word)]
    if not words:
        return False
    passage = _passage(hit, topic_language)
    held = [_held(word.word, word.written, passage) for word in words]
    near = max([hit.dense, *(sentence.dense for sentence in hit.sentences)])
    if len(words) == 1:
        return _is_alone(words[0], held[0], near, hit.lexical)
    firm = [h is not _Held.NOT and _is_there(w, h) for w, h in zip(words, held, strict=True)]
    least = BESIDE if any(firm) and near >= NEAR else MEANT
    return all(
        sure or (how is _Held.NOT and word.meant >= least and not _is_figure(word.word))
        for sure, word, how in zip(firm, words, held, strict=True)
    )


def _is_there(word: WordMatch, how: _Held) -> bool:
    least = {_Held.SAID: SAID, _Held.PART: PART}.get(how, MEANT)
    return word.meant >= least and (how is _Held.SAID or not _is_figure(word.word))


def _is_alone(word: WordMatch, how: _Held, near: float, covered: float) -> bool:
    if word.meant >= MEANT and how is _Held.SAID:
        return True
    if near < ABOUT or how is _Held.LIKE or _is_figure(word.word):
        return False
    if how is _Held.SAID and covered >= MUCH:
        return word.meant >= ALONE
    return word.meant >= (MEANT if how is _Held.NOT else PART)


def _is_empty(word: str) -> bool:
    return all(part in _EMPTY or lexical.asks(part) for part in lexical.words(word))


def _is_figure(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _passage(hit: Hit, topic_language: str) -> _Passage:
    words = lexical.words(f"{hit.article.title or ''}\n{hit.text}")
    languages = {hit.article.language or "", topic_language}
    stems = {language: frozenset(lexical.stems(words, language)) for language in languages}
    return _Passage(frozenset(words), stems)


def _held(word: str, written: float, passage: _Passage) -> _Held:
    tokens = lexical.words(word)
    if any(_is_said(tokens, stems, language) for language, stems in passage.stems.items()):
        return _Held.SAID
    token = "".join(tokens)
    if len(token) >= SHORTEST:
        heads = _forms(token)
        if any(held.endswith(heads) and len(held) > len(token) + 1 for held in passage.words):
            return _Held.SAID
        if any(held.startswith(_stem(token, passage)) for held in passage.words):
            return _Held.PART
    return _Held.LIKE if written >= ENOUGH else _Held.NOT


def _is_said(tokens: Sequence[str], stems: frozenset[str], language: str) -> bool:
    return stems.issuperset(lexical.stems(tokens, language))


def _stem(token: str, passage: _Passage) -> str:
    """Its shortest stem of enough letters: compounds begin with it."""
    stems = [lexical.stems([token], language)[0] for language in passage.stems]
    return min((stem for stem in stems if len(stem) >= SHORTEST), key=len, default=token)


def _forms(token: str) -> tuple[str, ...]:
    """How a compound may end that is a kind of it; never with less than the word itself, but for
    a plural's last letter: "ungefaehr" is no kind of "Faehre"."""
    bases = [token, token[:-1]] if token[-1] in "ns" else [token]
    return tuple(base + ending for base in bases for ending in _INFLECTED)
