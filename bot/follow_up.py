"""Whether a question leans on what was asked before, and what it lacks. Pure. German and English.

In doubt a question stands on its own: an old topic that is glued to a new one misleads.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.answer import Answer, Status
from bot.conversation import Turn, greets
from bot.matching import matched
from vectorstore import lexical

MOST_CARRIED = 8  # words
LONGEST = 300  # characters of a question that may lean: who says more says what is meant
ALL = 0.99  # share of a new question's words that the old topic's article has to hold
SHORT = 3  # content words that a question has at most, for it to be one that may lean


class Leaning(IntEnum):
    """How sure it is that a question can't be understood alone."""

    NO = 0
    PERHAPS = 1
    """It names nothing by a name, such as "Wie lange dauert die Fahrt?", or nothing but a name,
    such as "What about Thornmere?": its own search comes first."""
    YES = 2


@dataclass(frozen=True, slots=True)
class Carried:
    """A question that stands alone; `own` is what was asked, if `words` only adds to that."""

    words: str
    own: str | None = None


_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[,;]")
_OPENERS = frozenset("und and aber but oder or also so ok okay ja yes nein no gut well".split())
_ABOUT = re.compile(r"^(?:was ist mit|wie ist es (?:mit|in|bei)|what about|how about)\b", re.I)
_POINTING = frozenset(
    """er ihn ihm ihnen dort dorthin damals dazu davon dafür dagegen danach davor dadurch
    damit daran darauf darin darüber daraus darum darunter deren dessen diese dieser dieses diesem
    diesen dies jene jener jenes jenem jenen solche solcher solches solchen dahin daher
    he she it they him them this that these those there then theirs hers""".split()
)
_POSSESSIVE = frozenset(
    """sein seine seiner seinen seinem seines ihr ihre ihrer ihren ihrem ihres
    dabei his her their its""".split()
)
_ARTICLES = frozenset("das die der dem den".split())
_FILLERS = frozenset(
    """ist war sind waren wird wurde werden wurden hat hatte haben denn genau alles eigentlich jetzt
    so nicht auch noch schon passiert geschehen exactly not just really""".split()
)
_NO_NOUN = _FILLERS | frozenset(
    """heute gestern gekostet möglich bezahlt bezahlen finanziert entschieden gesagt beschlossen
    bedeutet heißt und oder zu""".split()
)
_CLAUSE = frozenset(
    """, ; wenn als weil dass ob nachdem bevor während obwohl seit und when if because after before
    while although since that who which and whether""".split()
)
_ABSTRACT = re.compile(r"(?:ung|heit|keit|schaft|[ts]ion|ität)(?:en)?$")
_BEING = frozenset(
    """is was are were has have had will would can could do does did 's about of for to in at from
    by with on after before why how and but what when where who not""".split()
)
_EXPLETIVE = re.compile(
    r"\b(?:gibt|gab|gäbe) es\b|\bes (?:gibt|gab|stimmt|wahr)\b|\b(?:regnet|schneit) es\b|"
    r"\bist es (?:wahr|richtig|möglich|erlaubt|verboten)\b|\bstimmt es\b|"
    r"\b(?:is|was) it (?:true|possible|allowed|forbidden|safe)\b|"
    r"\b(?:does|did|will) it (?:rain\b|take (?:\w+ ){0,3}(?:to|for|from|before|until)\b)|"
    r"\b(?:is|are|was|were|will|has|have) there\b|"
    r"\bthere (?:is|are|was|were|will|has|have)\b",
    re.I,
)
_ENGLISH = frozenset("how what who when where why which did does is are the of".split())
_PLACING = frozenset("in im bei nach aus für von vom an am at for from of to on".split())
_PREPOSITIONS = frozenset(
    """in im an am auf bei beim für mit nach aus von vom zu zum zur über unter vor seit ab bis
    at on for with from of to about since until by near the a der die das den dem ein
    eine""".split()
)


def leaning(question: str) -> Leaning:
    """Whether a question leans on the one before it."""
    if len(question) > LONGEST:
        return Leaning.NO
    tokens, opened = _after_openers(question)
    if greets(question):
        return Leaning.NO
    if _asks_about_a_name(question):
        return Leaning.PERHAPS
    said = content(question)
    if not said or _elliptic(question, tokens, opened) or _points(tokens, question):
        return Leaning.YES
    if _presents(tokens) or any(_is_name(tokens, at) for at in range(len(tokens))):
        return Leaning.NO
    return Leaning.PERHAPS if opened or len(said) <= SHORT else Leaning.NO


def carried(question: str, turns: Sequence[Turn]) -> Carried | None:
    """The question with what it lacks, taken from the turns before it; None if there's nothing."""
    last = turns[-1]
    tokens, opened = _after_openers(question)
    if _elliptic(question, tokens, opened):
        new = _bare(question)
        if _replaces(_TOKEN.findall(new)):
            return Carried(_replaced(new, last.standalone[:LONGEST]))
    mine = set(lexical.words(question))
    before = last.standalone[:LONGEST]
    told, named = content(before), names(before)
    if content(question) and named and not _is_english(before):
        told = named  # a verb of the old question would compete with the new one's
    topic = dict.fromkeys((*told, *names(" . ".join(last.titles)[:LONGEST])))
    words = [word for word in topic if not mine & set(lexical.words(word))]
    if not words:
        return None
    return Carried(f"{question} ({' '.join(words[:MOST_CARRIED])})", question)


def helps(leans: Leaning, alone: Answer, carried: Answer, article: str) -> bool:
    """Whether a question is answered better with what was carried to it.

    `article` is what the nearest article to the carried question says. Of a question that surely
    leans nothing is known alone, however well its few words happen to match.
    """
    held = matched(" ".join(content(_bare(alone.question))), article).words >= ALL
    answered = alone.status is Status.ANSWERED
    if leans is Leaning.YES:
        part = _elliptic(alone.question, *_after_openers(alone.question))
        if answered and not held and part and names(_bare(alone.question)):
            return False
        unclear = len(content(alone.question)) <= SHORT or not answered
        return unclear or carried.status is Status.ANSWERED
    if answered and _asks_about_a_name(alone.question):
        return False
    return held and carried.confidence > alone.confidence


def content(text: str) -> list[str]:
    """The words of a text that say what it is about, as they are written."""
    return [
        token
        for token in _TOKEN.findall(lexical.unmeasured(text))
        if (folded := lexical.words(token))
        and not any(lexical.asks(w) or lexical.is_function(w) for w in folded[:1])
        and token.lower() not in _POINTING | _POSSESSIVE | _OPENERS | {"sie"} | _FILLERS | _ARTICLES
    ]


def names(text: str) -> list[str]:
    """The capitalised words of a text that say what it is about."""
    return [token for token in content(text) if token[0].isupper() or token[0].isdigit()]


def _asks_about_a_name(question: str) -> bool:
    """Whether it asks of a name and of nothing else: "Was ist mit der Ukraine?", "Und Ternau?".

    A name behind an article looks as a noun does, but for nouns of a kind that no name is.
    """
    _, opened = _after_openers(question)
    about = _ABOUT.search(_without_opener(question))
    named = _TOKEN.findall(_bare(question))
    if about and named and named[0].lower() in ("der", "dem", "the"):
        named = named[1:]
        if named and _ABSTRACT.search(named[0]):
            return False
    elif about and len(named) <= 2 and len(content(" ".join(named))) == len(named) > 0:
        return True  # also in small letters
    whole = bool(named) and (opened or about is not None) and len(named) <= SHORT
    return whole and all(t[0].isupper() and bool(content(t)) for t in named)


def _presents(tokens: Sequence[str]) -> bool:
    """Whether it asks who somebody is by a name, in small letters too: "who is ada thorn?"."""
    said = [token.lower() for token in tokens]
    who = said[:2] in (["wer", "ist"], ["wer", "war"], ["who", "is"], ["who", "was"])
    return who and len(said) == 4 and len(content(" ".join(tokens[2:]))) == 2


def _bare(question: str) -> str:
    """A question without what only leads to its matter: "und", "what about"."""
    return _ABOUT.sub("", _without_opener(question)).strip(" ?!.,")


def _after_openers(question: str) -> tuple[list[str], bool]:
    """The question's words behind "und" and its like, and whether there was one."""
    tokens = _TOKEN.findall(question)
    start = 0
    while start < len(tokens) and tokens[start].lower() in _OPENERS | {","}:
        start += 1
    return tokens[start:], start > 0


def _elliptic(question: str, tokens: Sequence[str], opened: bool) -> bool:
    """Whether there is no more than a part of a sentence, such as "Und in München?"."""
    if _ABOUT.search(_without_opener(question)):
        return True
    if not tokens or any(lexical.asks(w) for token in tokens for w in lexical.words(token)):
        return False
    if len(tokens) > 4 or not (opened or tokens[0].lower() in _PREPOSITIONS):
        return False
    small = _PREPOSITIONS | _OPENERS
    return all(t.lower() in small or t[0].isupper() or t[0].isdigit() or opened for t in tokens)


def _points(tokens: Sequence[str], question: str) -> bool:
    """Whether a word stands for something that the question itself doesn't name before it."""
    bare = _TOKEN.findall(_EXPLETIVE.sub(" ", question))
    return any(_open(bare, at) for at in range(len(bare)))


def _open(tokens: Sequence[str], at: int) -> bool:
    token, word = tokens[at], tokens[at].lower()
    before = tokens[:at]
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    if word in _POSSESSIVE:
        return token.islower() and not any(_means_something(tokens, i) for i in range(at))
    if word == "es":
        named = any(_is_name(tokens, i) for i in range(len(tokens)))
        return not named and following not in _CLAUSE
    if word == "sie":
        return token.islower() and not _named_before(tokens, at)
    if word in _ARTICLES:
        pronoun = not following or following in _CLAUSE or following.lower() in _NO_NOUN
        return pronoun and before[-1:] != [","] and not _named_before(tokens, at)
    if word in ("that", "there", "then", "this"):
        bound = not before or before[-1].lower() in _BEING or not following
        return bound and not _named_before(tokens, at)
    return word in _POINTING and (token.islower() or at == 0) and not _named_before(tokens, at)


def _named_before(tokens: Sequence[str], at: int) -> bool:
    """Whether a pronoun's place comes after something that it may well stand for."""
    if any(_is_name(tokens, i) for i in range(at)):
        return True
    breaks = [i for i in range(at) if tokens[i].lower() in _CLAUSE and i > 0]
    return bool(breaks) and any(_means_something(tokens, i) for i in range(breaks[-1]))


def _means_something(tokens: Sequence[str], at: int) -> bool:
    """Whether a word may be what a pronoun stands for."""
    if not at or not content(tokens[at]):
        return False
    return tokens[at][0].isupper() or tokens[at - 1].lower() in _BEFORE_NOUNS


def _is_name(tokens: Sequence[str], at: int) -> bool:
    """Whether a word looks like a name: capitalised, and no noun behind an article."""
    token = tokens[at]
    if not at or not token[0].isupper() or not content(token):
        return False
    return not _DETERMINER.match(tokens[at - 1])


_BEFORE_NOUNS = frozenset(
    "der die das dem den ein eine im am zum zur beim vom ins the a an".split()
)
_DETERMINER = re.compile(
    r"(?:[IiAa]m|[Zz]u[mr]|[Bb]eim|[Vv]om|[Ii]ns|[Dd]as|[Ee]in|[Kk]ein|\d+|[Tt]he|[Aa]n?|"
    r"[Dd](?:ie|er|en|em|es)|[a-zäöüß]+e[nmrs]?)$"
)


def _is_english(question: str) -> bool:
    return any(word.lower() in _ENGLISH for word in _TOKEN.findall(question))


def _replaces(new: Sequence[str]) -> bool:
    """Whether a part of a sentence is a place, a time or a name: "in Ternau", not "die Kosten"."""
    capital = all(token[0].isupper() or token[0].isdigit() for token in new)
    return bool(new) and (capital or new[0].lower() in _PLACING)


def _replaced(new: str, before: str) -> str:
    """The question before, with the new place, time or name in the place of its own."""
    lead = new.split(" ")[0].lower()
    named = r"(?:(?:der|dem|den|the) )?[A-ZÄÖÜ][\w-]*(?: [A-ZÄÖÜ]\w*)*"
    same = re.compile(rf"\b{re.escape(lead)} {named}")
    if lead in _PREPOSITIONS and same.search(before):
        return same.sub(new, before)
    tokens = list(re.finditer(_TOKEN, before))
    plain = [found[0] for found in tokens]
    english, rest = _is_english(before), before.rstrip(" ?!.")
    for at in reversed(range(len(tokens))):
        adjective = plain[at].endswith("er") and plain[at + 1 :] and plain[at + 1][0].isupper()
        name = at and plain[at][0].isupper() and (english or _is_name(plain, at) or adjective)
        if name:
            placed = plain[at - 1].lower() in _PLACING
            rest = rest[: tokens[at - placed].start()] + rest[tokens[at].end() :]
    return f"{' '.join(rest.split())} {new}?"


def _without_opener(question: str) -> str:
    return re.sub(rf"^(?:(?:{'|'.join(sorted(_OPENERS))})\b[\s,]*)+", "", question, flags=re.I)
