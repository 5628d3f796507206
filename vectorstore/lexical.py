"""How well a passage covers the words of a question: character 4-grams and stems.

In-word 4-grams carry German: they match inflections, parts of compounds and words with a
typing error. Stems add precision. Both are scored by BM25 and divided by the best that the
question could reach, which makes a coverage from 0 to 1 that adds up with a cosine.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Literal

Kind = Literal["grams", "stems"]

VERSION = 1
"""Raise when `words`, `grams` or `stems` change: the stored postings depend on them."""

GRAM = 4
SEEN = 100  # passages that every collection is thought to have more: five say nothing of rarity
K1, B = 0.4, 0.5  # nearly presence: how often a word stands there says little in 600 characters
LEAST = K1 * (1 - B)

_WORD = re.compile(r"[^\W_]+")
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o"}
_SOFT_HYPHEN = "\xad"  # web pages put it into long words; it stands between no two words
_STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
_ASKING = frozenset(
    """wer wen wem wessen was wann wo wohin woher woran worauf woraus wobei wodurch wofuer wogegen
    womit wonach worin worueber wovon wovor wozu warum weshalb wieso weswegen wie wieviel wieviele
    viele viel welche welcher welches welchem welchen
    darueber daran darauf daraus dabei dadurch dafuer dagegen damit danach darin davon davor dazu
    gab gibt passiert passierte geschah geschehen happen happens happened
    who whom whose what when where why how which did does do was were is are many much""".split()
)
"""Words that ask or point back. Statements seldom hold them, so that they seem rare and weighty."""
_EXTENT = re.compile(
    r"\b(wie|how) (?:hoch|gro(?:ß|ss)|lange?|breit|tief|weit|schwer|schnell|alt|oft|teuer|stark|"
    r"old|long|far|large|big|high|tall|deep|fast|heavy|wide|often|soon|expensive)\b",
    re.IGNORECASE,
)
_FUNCTION = frozenset(
    """der die das des dem den ein eine einer eines einem einen und oder in im an am auf von vom zu
    zum zur mit fuer bei nach aus ist sind war waren wird werden wurde wurden hat haben hatte hatten
    sich es er sie nicht als auch noch so dass man durch um ueber unter vor wenn aber nur bis seit
    seine seiner seinen ihre ihrer ihren dieser diese dieses diesem diesen kann koennen
    the a an of to for from by with be been have has had and or not it its their his her that this
    there as is at on but also than they he she will can""".split()
)


def words(text: str) -> list[str]:
    """The words of a text, folded: case, umlauts (ä and ae are one), accents, width."""
    joined = text.replace(_SOFT_HYPHEN, "")
    folded = unicodedata.normalize("NFKC", joined).casefold()
    for letter, plain in _UMLAUTS.items():  # four times as fast as str.translate
        folded = folded.replace(letter, plain)
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded)
        for mark in filter(unicodedata.combining, set(folded)):  # few, so that most is done in C
            folded = folded.replace(mark, "")
    return _WORD.findall(folded)


def asked_words(question: str) -> list[str]:
    """The words of a question that an answer may hold; all of them if it has no others."""
    return [token for token in words(unmeasured(question)) if not asks(token)] or words(question)


def unmeasured(question: str) -> str:
    """The question, with blanks for "hoch" in "wie hoch" or "often" in "how often".

    An answer says how high or how often in figures. Every other character keeps its place.
    """
    return _EXTENT.sub(lambda found: found[1].ljust(len(found[0])), question)


def asks(token: str) -> bool:
    """Whether a folded word is one that asks."""
    return token in _ASKING


def is_function(token: str) -> bool:
    """Whether a folded word says nothing by itself: an article, a preposition, an auxiliary."""
    return token in _FUNCTION


def grams(tokens: Iterable[str]) -> list[str]:
    """The 4-grams inside each word; a word of up to four letters stays whole."""
    return [word[i : i + GRAM] for word in tokens for i in range(max(1, len(word) - GRAM + 1))]


def apart(tokens: Iterable[str]) -> str:
    """Words in one string, each with a blank on either side of its own."""
    return " " + "  ".join(tokens) + " "


def occurrences(gram: str, words_apart: str) -> int:
    """How often a 4-gram, or a whole word of fewer letters, stands among words set `apart`."""
    return words_apart.count(gram_apart(gram))


def gram_apart(gram: str) -> str:
    """A 4-gram, or a whole word of fewer letters, as it stands among words set `apart`."""
    return gram if len(gram) == GRAM else f" {gram} "


def word_apart(word: str) -> str:
    """A word as it stands among words set `apart`."""
    return f" {word} "


def stems(tokens: Sequence[str], language: str | None) -> list[str]:
    """Snowball stems of folded words, in the article's language; without one, the words."""
    name = _STEMMERS.get((language or "")[:2].lower())
    if name is None:
        return list(tokens)
    stemmed: list[str] = _stemmer(name)(list(tokens))
    return stemmed


@lru_cache
def _stemmer(name: str) -> Callable[[list[str]], list[str]]:
    import Stemmer

    stem_words: Callable[[list[str]], list[str]] = Stemmer.Stemmer(name).stemWords
    return stem_words


@dataclass(frozen=True, slots=True)
class Corpus:
    """What BM25 knows of all passages: how many, how long on average (characters)."""

    passages: int
    average_length: float

    def rarity(self, document_frequency: int) -> float:
        """BM25's idf, as if SEEN further passages held each term half a time between them."""
        n, df = self.passages + SEEN, document_frequency + 0.5
        return math.log(1 + (n - df + 0.5) / (df + 0.5)) if n > df else 0.01


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """The terms of a question with their weights (idf)."""

    weights: Mapping[str, float]
    corpus: Corpus

    def sought(self, form: Callable[[str], str]) -> "Sought":
        """The terms as they are looked for in a text that has them in some form."""
        terms = tuple((form(term), weight) for term, weight in self.weights.items())
        return Sought(terms, sum(self.weights.values()), max(1.0, self.corpus.average_length))


@dataclass(frozen=True, slots=True)
class Sought:
    """Terms to look for with their weights, the sum of these, and the average passage's length."""

    terms: tuple[tuple[str, float], ...]
    total: float
    average: float

    def only(self, held: Iterable[bool]) -> "Sought":
        """The same without terms that aren't `held`, for the parts of a text that lacks them."""
        return Sought(tuple(compress(self.terms, held)), self.total, self.average)

    def covered(self, text: str, length: int) -> float:
        """The share of the weight that a text covers; coverage.py has it for many at once.

        `length` are the characters that the text had before it was folded.
        """
        if not self.total:
            return 0.0
        slack = K1 * (1 - B + B * length / self.average)
        count, reached = text.count, 0.0
        for term, weight in self.terms:
            if held := count(term):
                reached += weight * held / (held + slack)
        return reached / self.total
