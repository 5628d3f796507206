"""Whether a sentence says the opposite of what supports it: "stieg" for "sank". Pure.

A table of German and English opposites. A sentence that has one side fails where its support has
only the other one, unless just one of the two denies something, which makes an honest paraphrase.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.writing.denial import denies
from bot.writing.facts import facts_of
from vectorstore import lexical

_CLAUSES = re.compile(
    r"[,;:()–?!]|\.\s|\s-\s|\b(?:und|and|aber|but|während|while|sondern|whereas)\b", re.I
)
_VOTING = (
    r"\b(?:\w*stimm\w*|votier\w*|plädier\w*|votes?|voted|voting)\b|"
    r"\b(?:was|were|is|are|waren?|sind|ist)\s(?:da)?(?:für|gegen|for|against|in favou?r)\b"
)
_SCORE = re.compile(r"\d\s?(?:zu|gegen|to|against|:|-)\s?(?P<lost>\d{1,3})\b", re.I)
_ANYWHERE = re.compile("")


@dataclass(frozen=True, slots=True)
class _Opposites:
    """Two sides, expressions. `converse`: whether "A sold to B" is "B bought from A". `where`:
    what a clause must have too, so that the words have this sense."""

    one: re.Pattern[str]
    other: re.Pattern[str]
    converse: bool = False
    where: re.Pattern[str] = _ANYWHERE


def _opposites(one: str, other: str, converse: bool = False, where: str = "") -> _Opposites:
    def any_form(words: str) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(words.split())})\b", re.I)

    return _Opposites(any_form(one), any_form(other), converse, re.compile(where, re.I))


_YES = r"zustimm\w* zugestimmt\w* gebilligt\w* billig(?:t|te|ten|en) befürwort\w* gutgeheißen"
_NO = r"ablehn\w* abgelehn\w* lehn(?:t|te|ten|en) verw[ao]rf\w* verworfen"
_TABLE = (
    _opposites(
        r"(?:ge)?steiger\w* "
        r"(?:an)?steig(?:t|en|ende?[nmrs]?) (?:an)?stieg(?:en)? (?:an)?gestiegen\w* Anstieg\w* "
        r"wuchs(?:en)? wächst wachsen\w* gewachsen zunahm(?:en)? zugenommen zunehm\w* Zunahme\w* "
        r"erhöh\w* Erhöhung\w* ris(?:es?|en|ing) rose increas\w+ gr[eo]w(?:s|n|ing)? raised?",
        r"(?:ab)?sink(?:t|en|ende?[nmrs]?) (?:ab)?sank(?:en)? (?:ab)?gesunken\w* fiel(?:en)? "
        r"fällt fallen gefallen "
        r"abnahm(?:en)? abgenommen abnehm\w* Abnahme\w* Rückgang\w* zurückg(?:ing|eg)\w* "
        r"(?:ge)?senk(?:t|te|ten|en)? Senkung\w* (?:ge)?kürz(?:t|te|ten|en)? Kürzung\w* "
        r"decreas\w+ declin\w+ fell fall(?:s|en|ing) drop(?:s|ped|ping)? lower(?:s|ed|ing) "
        r"cut(?:s|ting)?",
    ),
    _opposites(
        r"mehr(?!\s(?:als|noch|denn)\s\d{1,3}\b(?!\d)|\sals\s\D) more(?!\sthan)",
        r"weniger(?!\s(?:als|denn)\s\d{1,3}\b(?!\d)|\sals\s\D) less(?!\sthan) fewer(?!\sthan)",
        where=r"\d|prozent|percent",
    ),
    _opposites(rf"dafür für for favou?r {_YES}", rf"dagegen gegen against {_NO}", where=_VOTING),
    _opposites(
        rf"{_YES} stimm\w*\s(?:da)?für dafür",
        rf"{_NO} stimm\w*\s(?:da)?gegen dagegen",
        where=rf"{_VOTING}|lehn|billig|befürwort|verw[ao]rf",
    ),
    _opposites(
        r"approv(?:e[sd]?|ing|al) accept(?:s|ed|ing) back(?:s|ed|ing) endors(?:e[sd]?|ing)",
        r"reject(?:s|ed|ing|ion)? refus(?:e[sd]?|ing) oppos(?:e[sd]?|ing)",
    ),
    _opposites(
        r"acquit(?:s|ted|tal) exonerat\w+ cleared",
        r"convict(?:s|ed|ion) sentenced",
    ),
    _opposites(r"freigesprochen\w* Freispruch\w* freisprach\w*", r"verurteil\w* Verurteilung\w*"),
    _opposites(
        r"öffn(?:et|ete|eten|en) geöffnet\w* eröffn\w* Öffnung Eröffnung",
        r"schlie(?:ß|ss)(?:t|en) schloss(?:en)? geschlossen\w* Schließung\w*",
    ),
    _opposites(r"open(?:s|ed|ing)? reopen(?:s|ed|ing)?", r"clos(?:e[sd]?|ing|ure) shut(?:s|ting)?"),
    _opposites(
        r"gew[aio]nn(?:en|t)? Sieg(?:e|es|er)? siegten? besiegten? besiegt",
        r"verlor(?:en)? verlier(?:t|en) Niederlage\w* unterlag(?:en)? unterlegen",
        converse=True,
    ),
    _opposites(
        r"w[io]n(?:s|ning)? beat(?:s|en)? defeat(?:s|ed)? victory",
        r"los(?:es?|t|ing|s)",
        converse=True,
    ),
    _opposites(
        r"lob(?:t|te|ten|en) gelobt begrü(?:ß|ss)\w*",
        r"kritisier\w* warn(?:t|te|ten|en) gewarnt beklag\w* verurteil\w*",
    ),
    _opposites(r"prais(?:e[sd]?|ing) welcom(?:e[sd]?|ing)", r"criticis\w+ criticiz\w+ condemn\w*"),
    _opposites(
        r"beginn(?:t|en)? begann(?:en)? begonnen gestartet startet(?:e|en)?",
        r"ende(?:t|te|ten) geendet beend\w*",
    ),
    _opposites(r"beg[aiu]n(?:s|ning)? start(?:s|ed|ing)?", r"end(?:s|ed|ing) finish(?:es|ed|ing)?"),
    _opposites(
        r"(?:ge|an)?kauf(?:t|te|ten|en) erw[aio]rb\w* erworben",
        r"verkauf(?:t|te|ten|en) veräußer\w*",
        converse=True,
    ),
    _opposites(r"buy(?:s|ing)? bought", r"sell(?:s|ing)? sold", converse=True),
    _opposites(
        r"verhaft\w* festgenommen\w* Festnahme inhaftiert\w*", r"freigelassen\w* Freilassung"
    ),
    _opposites(r"arrest(?:s|ed|ing)? jailed detained", r"releas(?:e[sd]?|ing) freed"),
    _opposites(r"Zeug(?:e|en|in|innen)", r"Täter\w* Verdächtig\w* Beschuldigt\w*"),
    _opposites(r"witness(?:es)?", r"suspects? perpetrators?"),
    _opposites(r"größer\w* höher\w* länger\w*", r"kleiner\w* niedriger\w* kürzer\w*"),
    _opposites(r"allow(?:s|ed|ing)? permit(?:s|ted)?", r"ban(?:s|ned)? forb[aio]d\w* prohibit\w*"),
    _opposites(r"erlaub\w* gestattet\w*", r"verb(?:iet|ot)\w* untersag\w*"),
)


def opposes(sentence: str, language: str, support: Sequence[str]) -> bool:
    """Whether a sentence has the opposite of what each stretch that supports it has."""
    return bool(support) and any(
        all(_is_opposite(pair, sentence, held, language) for held in support) for pair in _TABLE
    )


def _is_opposite(pair: _Opposites, sentence: str, held: str, language: str) -> bool:
    for mine, theirs in ((pair.one, pair.other), (pair.other, pair.one)):
        for clause in _clauses(sentence):
            found = _found(mine, clause, pair)
            if not found or (
                _found(theirs, sentence, pair) and not _words(clause[: found.start()], language)
            ):
                continue
            if _turned(pair, clause, found, held, (mine, theirs), language):
                return True
    return False


def _turned(
    pair: _Opposites,
    clause: str,
    found: re.Match[str],
    held: str,
    sides: tuple[re.Pattern[str], re.Pattern[str]],
    language: str,
) -> bool:
    mine, theirs = sides
    if pair.where.pattern and _is_minority(clause, held, language):
        return False
    about = _words(clause[: found.start()], language)
    parts = _nearest(about, held, language)
    if not _found(mine, held, pair):
        parts = _nearest(_words(clause, language), held, language) or _clauses(held)
    elif any(_found(mine, part, pair) for part in parts) or _goes_on(mine, held, pair, language):
        return False  # both sides: the clause with the same subject decides
    opposite = next((part for part in parts if _found(theirs, part, pair)), None)
    if opposite is None or denies(clause, language) != denies(opposite, language):
        return False
    if pair.converse:
        other = _found(theirs, opposite, pair)
        return bool(other and about & _words(opposite[: other.start()], language))
    return True


def _is_minority(clause: str, held: str, language: str) -> bool:
    """Whether those are meant who lost: 12 votes to 8 for it are 8 against it."""
    lost = {float(match["lost"]) for match in _SCORE.finditer(held)}
    figures = facts_of(clause, language).figures
    return not _SCORE.search(clause) and any(figure.value in lost for figure in figures)


def _goes_on(side: re.Pattern[str], held: str, pair: _Opposites, language: str) -> bool:
    """Whether a clause has a side but no subject: "It opened in 1998 and closes in June"."""
    matches = ((part, _found(side, part, pair)) for part in _clauses(held))
    return any(found and not _words(part[: found.start()], language) for part, found in matches)


def _nearest(said: frozenset[str], held: str, language: str) -> tuple[str, ...]:
    """The clauses that share most words, none if none shares any."""
    shared = [(len(said & _words(part, language)), part) for part in _clauses(held)]
    most = max((count for count, _ in shared), default=0)
    return tuple(part for count, part in shared if most and count == most)


def _found(side: re.Pattern[str], text: str, pair: _Opposites) -> re.Match[str] | None:
    return side.search(text) if pair.where.search(text) else None


@lru_cache(maxsize=1_000)
def _clauses(text: str) -> tuple[str, ...]:
    return tuple(part for part in _CLAUSES.split(text) if part and part.strip())


@lru_cache(maxsize=2_000)
def _words(text: str, language: str) -> frozenset[str]:
    """Stems of the words that say something by themselves."""
    words = [word for word in lexical.words(text) if not lexical.is_function(word)]
    return frozenset(lexical.stems(words, language))
