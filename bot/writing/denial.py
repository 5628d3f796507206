"""Whether a sentence denies what its passages affirm, or affirms what they deny. Pure.

Clause by clause: that of the passages which shares most words must deny as much. Verbs that deny
without saying "not" ("verbieten", "refuse") leave it open, so that a paraphrase may use them.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.writing import lexicon
from vectorstore import lexical

ALIKE = 0.5  # of the words of two clauses, that they share
APART = 4  # clauses, that one may be cut into by what stands in it
LONGER = 1.3  # times the words of a sentence, that its translation has without saying more

_DENIES = {
    "de": re.compile(
        r"\b(?:nicht(?!\s(?:nur|zuletzt)\b)|kein(?:e[nmrs]?|erlei|eswegs)?|nie|niemals|"
        r"niemand(?:e[nm])?|nirgend\w*|ohne|weder|nichts)\b",
        re.I,
    ),
    "en": re.compile(
        r"\b(?:not(?!\s(?:only|least|just)\b)|no(?!\.)|never|none|nobody|nothing|neither|nor|"
        r"cannot|without)\b|n['’]t\b",
        re.I,
    ),
}
_IMPLIES = re.compile(
    r"\b(?:lehn\w*|abgelehn\w*|ablehn\w*|verweiger\w*|verb(?:iet|ot)\w*|untersag\w*|dementier\w*|"
    r"bestr(?:eit|itt)\w*|\w*fehl(?:t|te|ten|en|end\w*)|\w*scheiter\w*|\w*mangel\w*|verhinder\w*|"
    r"zurückgewiesen|zurückweis\w*|statt|anstatt|anstelle|stattdessen|kaum|außer|außerhalb|verzicht\w*|"
    r"vermeid\w*|vermied\w*|ausgeschlossen|\w{4,}los(?:e[nmrs]?)?|"
    r"den(?:y|ie[sd]|ying|ial)|refus\w*|reject\w*|fail(?:s|ed|ing|ure)?|lack(?:s|ed|ing)?|"
    r"prevent\w*|ban(?:s|ned)?|prohibit\w*|forb[aio]\w+|hardly|barely|rarely|seldom|instead|except|outside|off|"
    r"unless|avoid\w*|absence|impossible|unable|illegal|disagree\w*|dis(?:allow|prov)\w*|\w{4,}less)\b",
    re.I,
)
_NOBODY = re.compile(r"\s*(?:niemand|keiner|kein\sMensch|nobody|no\sone|none)\b", re.I)
_ALL = re.compile(
    r"\b(?:alle[nmrs]?|jede[nmrs]?(?!\s(?:Tag|Woche|Monat|Jahr|Stunde))|all|everyone|everybody|"
    r"nur|only)\b",
    re.I,
)
_NEGATIVE = re.compile(r"\b(?:un|in|im|il|ir|dis|non)-?(\w{4,})\b", re.I)
_CLAUSES = re.compile(
    r"[,;:()–?!]|\.\s|\s-\s|\b(?:und|and|aber|but|sondern|oder|or|dass|that|weil|because|während|"
    r"while|obwohl|although)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """What a clause says, and with which words it denies that or may deny it."""

    words: frozenset[str]
    denials: tuple[str, ...]
    implied: frozenset[str]


def flips(sentence: str, language: str, sources: Sequence[str]) -> bool:
    """Whether a sentence denies what its passages, in its own language, affirm, or the other way.

    `sources` are the sentences of the passages.
    """
    held = [
        clause
        for source in sources
        for clause in (*_clauses(source, language), *_pairs(source, language))
    ]
    return any(_is_flipped(clause, held) for clause in _clauses(sentence, language))


def flips_abroad(sentence: str, language: str, nearest: str, their_language: str) -> bool:
    """The same where the passage is in another language, so that clauses can't be compared.

    Sure is a denial where `nearest`, what supports the sentence, denies nothing, and an
    affirmation where it denies something and says little else.
    """
    said, held = _clauses(sentence, language), _clauses(nearest, their_language)
    if any(clause.denials for clause in said):
        return not any(c.denials or c.implied for c in held)
    denied = any(clause.denials for clause in held)
    short = len(nearest.split()) <= LONGER * len(sentence.split()) + 2
    return denied and short and not any(clause.implied for clause in said)


def denies(text: str, language: str) -> bool:
    """Whether a text has a word that denies."""
    return bool(_DENIES.get(language, _DENIES["en"]).search(text))


def denies_all(sentence: str, sources: Sequence[str], language: str) -> bool:
    """Whether a sentence says that nobody does what its sources, which deny nothing, tell."""
    return bool(_NOBODY.match(sentence)) and not any(
        denies(source, language) or _IMPLIES.search(source) or _ALL.search(source)
        for source in sources
    )


def _is_flipped(said: _Clause, held: Sequence[_Clause]) -> bool:
    if not said.words:
        return False
    near = [(_alike(said.words, clause.words), clause) for clause in held]
    best = max((share for share, _ in near), default=0.0)
    if best < ALIKE:
        return bool(said.denials) and not any(c.denials or c.implied for c in held)
    return all(_differ(said, clause) for share, clause in near if share >= best - 1e-9)


def _differ(said: _Clause, held: _Clause) -> bool:
    """Whether one of two clauses denies something and the other nothing."""
    mine, theirs = Counter(said.denials), Counter(held.denials)
    more, less = mine - theirs, theirs - mine
    if bool(more) == bool(less):
        return not more and said.implied != held.implied and _is_opposite(said, held)
    return not (held.implied - said.implied if more else said.implied - held.implied)


def _is_opposite(said: _Clause, held: _Clause) -> bool:
    """Whether one has "möglich" where the other has "unmöglich"."""
    odd = [word for word in said.implied ^ held.implied if word.startswith("-")]
    return any(word[1:] in (held.words if word in said.implied else said.words) for word in odd)


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    shared, total = len(one & other), len(one) + len(other)
    alike = 2 * shared / total if total else 0.0
    return alike if shared > 1 or alike > 0.7 else 0.0  # one word alone says little


@lru_cache(maxsize=1_000)
def _clauses(text: str, language: str) -> tuple[_Clause, ...]:
    parts = [part for part in _CLAUSES.split(text) if part and part.strip()]
    return tuple(_clause(part, language) for part in parts)


@lru_cache(maxsize=1_000)
def _pairs(text: str, language: str) -> tuple[_Clause, ...]:
    """Two clauses that are one without what stands between them."""
    clauses = _clauses(text, language)
    return tuple(
        _Clause(
            clauses[i].words | clauses[j].words,
            clauses[i].denials + clauses[j].denials,
            clauses[i].implied | clauses[j].implied,
        )
        for i in range(len(clauses))
        for j in range(i + 1, i + 1 + APART)
        if j < len(clauses)
    )


def _clause(text: str, language: str) -> _Clause:
    pattern = _DENIES.get(language, _DENIES["en"])
    denials = tuple(_kind(match[0]) for match in pattern.finditer(text))
    implied = {match[0].lower()[:6] for match in _IMPLIES.finditer(text)}
    for match in _NEGATIVE.finditer(text):
        if lexicon.knows(match[1].lower(), language):
            implied |= {f"-{stem}" for stem in _stems(match[1], language)}
    return _Clause(_stems(pattern.sub(" ", text), language), denials, frozenset(implied))


def _kind(denial: str) -> str:
    small = denial.lower().replace("’", "'")
    return "kein" if small.startswith("kein") else "not" if small == "n't" else small


def _stems(text: str, language: str) -> frozenset[str]:
    words = [w for w in lexical.words(text) if len(w) > 2 and not lexical.is_function(w)]
    return frozenset(lexical.stems(words, language))
