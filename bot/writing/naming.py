"""Which words of a sentence are names, and whether its passages hold them. Pure.

An English name has a capital where other words have none. In German every noun has one, so a
noun that the passages lack counts as a name unless the dictionary inflects it as a common noun
(`lexicon`), or an article stands before it and the dictionary knows it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from bot.writing import lexicon
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
    """The words of passages, in all the forms that names are compared in."""

    words: frozenset[str]
    roots: frozenset[str]
    meant: frozenset[str]
    initials: frozenset[str]
    followed: frozenset[tuple[str, str]]
    languages: frozenset[str]


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*['’]?|\d[^\W_]*")
_OPENS = re.compile(r"[.!?…:\n\"“”„»«‚(\[•*|]|\s[–—-]\s")
_SHORT = re.compile(r"(?:[A-ZÄÖÜ]|Dr|Mr|Mrs|Ms|Prof|St|Gen|Sen|Gov|Rep|Lt|Sgt|Ltd|Inc|Jr|bzw|ca|d|h)\.\s?$")


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


def vocabulary(texts: Sequence[tuple[str, str | None]]) -> Vocabulary:
    """The words of passages, each with its language."""
    return merged([_vocabulary(text, language) for text, language in texts])


def merged(parts: Sequence[Vocabulary]) -> Vocabulary:
    """The words of several passages in one."""
    if len(parts) == 1:
        return parts[0]
    columns = ("words", "roots", "meant", "initials", "followed", "languages")
    return Vocabulary(*(frozenset().union(*(getattr(p, c) for p in parts)) for c in columns))


@lru_cache(maxsize=500)
def _vocabulary(text: str, language: str | None) -> Vocabulary:
    held = words_of(text)
    folded = {word.folded for word in held}
    named = {w.folded for w in held if w.text[0].isupper() or (language or "de")[:2] == "de"}
    return Vocabulary(
        frozenset(folded),
        frozenset(root for word in folded for root in roots(word)),
        frozenset(meant for word in named for meant in meanings(word)),
        frozenset(_initials(held)),
        frozenset(
            (a.folded, b.folded)
            for a, b in pairwise(held)
            if a.text[0].isupper() and b.text[0].isupper() and text[a.end : b.start] in (" ", "-")
        ),
        frozenset([(language or "")[:2]]),
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
        elif word.text not in _INSIDE:
            run = []


_INSIDE = frozenset("und für der des de of and the for".split())


# -- whether passages hold a name ----------------------------------------------------------


def holds(held: Vocabulary, word: str, language: str) -> bool:
    """Whether a folded word is in the passages: inflected, translated, or as initials."""
    if word in held.roots or not held.words.isdisjoint(roots(word)):
        return True
    if not held.meant.isdisjoint(meanings(word)) or word in held.initials:
        return True
    if held.languages <= {language}:
        return False
    part = _DIRECTION.sub("", word)
    return _is_spelt_alike(word, held.words) or (part != word and holds(held, part, language))


_DIRECTION = re.compile(r"^(?:sued|nord|ost|west|mittel|zentral|neu|nieder|ober|unter|inner|gross)(?=.{4})")


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


# -- which words are names -----------------------------------------------------------------

_NO_NAMES = frozenset(
    """i mr mrs ms dr prof sir herr herrn frau dame lord president chancellor minister secretary
    chairman senator governor mayor king queen pope prince princess professor general judge
    captain major colonel reverend bishop sie ihr ihre ihnen ihrem ihren ihrer du dein nr no st
    januar jänner februar märz april mai juni juli august september oktober november dezember
    january february march may june july october december monday tuesday wednesday thursday friday
    saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
    internet web email ok tv mio mrd tsd gbp usd
    eur chf ii iii iv vi vii viii ix xi xii xiii xiv xv xvi xviii""".split()
)
_MEASURES = frozenset(
    """prozent euro dollar liter meter kilometer gramm kilo tonnen tonne grad uhr millionen million
    milliarden milliarde mio mrd art sorte reihe menge anzahl zahl gruppe ende anfang mitte paar
    dutzend stück jahr jahre jahren monate monaten wochen tage tagen stunden minuten hektar hundert
    tausend cent pfund franken quadratmeter fall laut rund seit""".split()
)
_FIRST_NAMES = frozenset(  # those that the dictionary inflects as common nouns
    """Adam Adele Albrecht Amelie Andreas Anke Anne Anneliese Arnold Axel Beate Benjamin Charlotte
    Christina Dietrich Dirk Erika Ernst Fritz Gabriele Hans Hagen Heide Hermann Horst Jannis Jasmin
    Jochen Johanna Johannes Karsten Lorenz Malte Manfred Maren Matthias Milan Nikolaus Peter Reiner
    Renate Roger Roman Rosemarie Sabine Siegmund Sophie Theodor Thomas Toni Torsten Urs Viola
    Wolfgang""".split()
)
_DETERMINERS = frozenset(
    """der die das des dem den ein eine einen einem einer eines kein keine keinen keinem keiner
    mein meine sein seine seinen seinem seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere
    unseren euer dieser diese dieses diesen diesem jener jene jenes jeder jede jedes jeden jedem
    alle allen aller beide beiden manche viele vielen vieler wenige wenigen einige einigen mehrere
    mehreren solche welche welcher im am zum zur beim vom ins ans aufs deren dessen""".split()
)


def names(text: str, language: str) -> Iterator[Word]:
    """The words that would be names if the passages lacked them, in order."""
    said = words_of(text)
    decide = _is_german_name if language == "de" else _is_name
    for at, word in enumerate(said):
        if len(word.text) > 1 and decide(said, at, text):
            yield word


def _is_name(said: Sequence[Word], at: int, text: str) -> bool:
    word = said[at]
    small = word.text.lower()
    if not word.text[0].isupper() or small in _NO_NAMES:
        return False
    if not word.opens:
        return True
    return not lexicon.knows(small, "en") and small.removesuffix("'s") not in _NO_NAMES


def _is_german_name(said: Sequence[Word], at: int, text: str) -> bool:
    word = said[at]
    small = word.text.lower()
    if small in _NO_NAMES:
        return False
    if is_well_known(word.text):
        return True
    if not word.text[0].isupper():
        return False
    if word.text.isupper() or any(c.isupper() for c in word.text[1:]):
        return True
    if word.opens and lexicon.is_no_noun(small):
        return False
    if _is_apposed(said, at, text):
        return not (lexicon.inflects(word.text) and _has_article(said, at - 1, text))
    before_another = _is_before_noun(said, at, text)
    if lexicon.is_common_noun(word.text):
        return before_another and not lexicon.inflects(word.text)
    if before_another or not lexicon.knows(word.text, "de"):
        return True
    if said[at].hyphen or (at + 1 < len(said) and said[at + 1].hyphen):
        return not _ends_compound(said, at)
    return not _has_article(said, at, text)


def _is_before_noun(said: Sequence[Word], at: int, text: str) -> bool:
    """Whether another noun follows, as a surname follows a first name."""
    following = said[at + 1] if at + 1 < len(said) else None
    return (
        following is not None
        and following.text[0].isupper()
        and text[said[at].end : following.start] == " "
        and said[at].text[-1] not in "szx"
    )


def _ends_compound(said: Sequence[Word], at: int) -> bool:
    """Whether it is the "Büro" of "EU-Büro"."""
    return said[at].hyphen and not (at + 1 < len(said) and said[at + 1].hyphen)


def is_well_known(word: str) -> bool:
    """Whether a word is in the lists of countries, cities, peoples and first names."""
    folded = fold(word)
    part = _DIRECTION.sub("", folded)
    return bool(meanings(folded) or word in _FIRST_NAMES or (part != folded and same_named(part)))


def _is_apposed(said: Sequence[Word], at: int, text: str) -> bool:
    """Whether a noun stands right behind another, as only names do: "Kanzlerin Merkel"."""
    if not at or said[at].hyphen:
        return False
    before = said[at - 1]
    if text[before.end : said[at].start] not in (" ", "\u00a0") or not before.text[0].isupper():
        return False
    small = before.text.lower()
    if small in _MEASURES or small[-1] in "sxz" or small in _DETERMINERS:
        return False
    if small.endswith("er") and lexicon.knows(f"{before.text}in", "de"):  # "Berliner Polizei"
        return False
    return not (before.opens and lexicon.is_no_noun(small)) and len(small) > 1


def _has_article(said: Sequence[Word], at: int, text: str) -> bool:
    """Whether an article, a number or an adjective behind one stands before the word."""
    for back in range(1, 5):
        if at < back or text[said[at - back].end : said[at - back + 1].start].strip():
            return False
        before = said[at - back].text
        if before.lower() in _DETERMINERS or before[0].isdigit():
            return True
        if not before.islower() or (back == 1 and not before.endswith(_ADJECTIVE)):
            return False
    return False


_ADJECTIVE = ("e", "en", "er", "es", "em")


# -- what is wrong with the names of a sentence --------------------------------------------


def missing_names(text: str, language: str, held: Vocabulary) -> list[str]:
    """The names of a sentence that its passages don't hold."""
    abroad = language not in held.languages
    said = [word for word in names(text, language) if not holds(held, word.folded, language)]
    spelt_out = _spelt_out(text, held)
    return [
        word.text
        for word in said
        if word.start not in spelt_out
        and not (abroad and _is_common(word.text, language))
    ]


def _is_common(word: str, language: str) -> bool:
    """Whether the parts of a name are words that its translation has others for."""
    if language == "de":
        return lexicon.is_common_noun(word) or lexicon.is_no_noun(word.lower())
    return lexicon.knows(word.lower(), "en")


def _spelt_out(text: str, held: Vocabulary) -> set[int]:
    """Where words begin whose initials the passages have: "Europäische Union" for "EU"."""
    found: set[int] = set()
    run: list[Word] = []
    for word in [*words_of(text), Word("x", 0, 0, True, False)]:
        if word.text[0].isupper():
            run.append(word)
        elif word.text not in _INSIDE:
            for size in range(2, len(run) + 1):
                for first in range(len(run) - size + 1):
                    part = run[first : first + size]
                    if "".join(w.text[0].lower() for w in part) in held.words:
                        found |= {w.start for w in part}
            run = []
    return found


def misjoined(text: str, language: str, held: Vocabulary) -> str | None:
    """A full name that the passages hold only in parts, each part with another: "Gerhard Merkel"."""
    said = words_of(text)
    for one, other in pairwise(said):
        if text[one.end : other.start] not in (" ", "-") or not (one.text[0].isupper() and other.text[0].isupper()):
            continue
        a, b = one.folded, other.folded
        if (a, b) in held.followed or {a, b} & _NO_NAMES:
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
