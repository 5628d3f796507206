"""Whether a sentence says the opposite of what supports it: "stieg" for "sank". Pure.

A table of German and English opposites. A sentence that has one side fails where its support has
only the other one, unless just one of the two denies something, which makes an honest paraphrase.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.writing.denial import denies
from vectorstore import lexical

_CLAUSES = re.compile(
    r"[,;:()–?!]|\.\s|\s-\s|\b(?:und|and|aber|but|während|while|sondern|whereas)\b", re.I
)
_VOTING = (
    r"\b(?:\w*stimm\w*|votier\w*|plädier\w*|votes?|voted|voting)\b|"
    r"\b(?:was|were|is|are|waren?|sind|ist)\s(?:da)?(?:für|gegen|for|against|in favou?r)\b"
)
_CAPITAL = re.compile(r"[A-ZÄÖÜ][\w-]*")
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
            if not found or (_found(theirs, sentence, pair) and not _names(clause)):
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
    about = _names(clause[: found.start()])
    parts = [part for part in _clauses(held) if about & _names(part)]
    if _found(mine, held, pair):  # both sides: the clause with the same subject decides
        if not parts or any(_found(mine, part, pair) for part in parts):
            return False
        opposite = next((part for part in parts if _found(theirs, part, pair)), None)
    else:
        opposite = next(
            (part for part in (*parts, *_clauses(held)) if _found(theirs, part, pair)), None
        )
    if opposite is None or denies(clause, language) != denies(opposite, language):
        return False
    if pair.converse:
        other = _found(theirs, opposite, pair)
        return bool(other and about & _names(opposite[: other.start()]))
    return True


def _found(side: re.Pattern[str], text: str, pair: _Opposites) -> re.Match[str] | None:
    return side.search(text) if pair.where.search(text) else None


@lru_cache(maxsize=1_000)
def _clauses(text: str) -> tuple[str, ...]:
    return tuple(part for part in _CLAUSES.split(text) if part and part.strip())


@lru_cache(maxsize=1_000)
def _names(text: str) -> frozenset[str]:
    """Words with a capital, folded, but those that say nothing by themselves."""
    words = (word for match in _CAPITAL.finditer(text) for word in lexical.words(match[0]))
    return frozenset(word for word in words if not lexical.is_function(word))
