"""Who does what a sentence tells of, if its passages know of nobody like that. Pure.

"It was paid for by the federal government" has no wrong name and no wrong number. So whoever
stands behind the "by" of a passive, and every body that acts, must be in the passages: by the same
word in any form, inside a compound, or by another word for the same body.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from bot.writing import lexicon
from bot.writing.vocabulary import fold, roots
from vectorstore import lexical

_CLAUSES = re.compile(r"[,;:()–]\s|[.?!]\s")
_PASSIVE_DE = re.compile(
    r"\b(?:wird|werden|wurden?|worden)\b|"
    r"\b(?:\w*ge\w{3,}(?:en|t)|(?:be|ent|er|ver|zer)\w{3,}(?:en|t)|\w{3,}iert)(?:e[nmrs]?)?\b"
)
_AGENT_DE = re.compile(r"\b(?:vom|(?:von|durch)(?= ))((?: [a-zäöüß]+){0,3}) ([A-ZÄÖÜ]\w{3,})")
_PASSIVE_EN = re.compile(
    r"\b(?:is|are|was|were|been|being|be)\b(?: \w+){0,4}? (?:\w+ed|\w+en|\w+n|paid|built|bought|"
    r"sold|made|held|led|met|set|put|cut|hit|lost|found|brought|taught|caught|told)\b"
)
_AGENT_EN = re.compile(r"\bby ((?:[^\W\d_]+[ -]){0,3}[^\W\d_]{3,})")
_NO_AGENTS = frozenset(
    """jahr monat woche tag stunde minute uhr prozent beginn anfang ende mitte seite anfang an aus
    her heute morgen year month week day hour minute percent far then now end start beginning train
    bus car boat ship plane road rail sea air mail phone hand chance law vote mistake means way
    name accident night default average contrast comparison""".split()
)
_ANYBODY = frozenset(
    """firma unternehmen betrieb betreiber konzern betreiberin behörde verwaltung mensch leute
    person team gruppe mitarbeiter verantwortliche experte fachmann anbieter hersteller beteiligte
    company firm operator business authority authorities people person team group staff officials
    experts owner provider maker others everyone""".split()
)
_BODIES = (
    "bund bundesregierung bundesminister bundesministerium deutschland berlin bundeshaushalt",
    "land landesregierung bundesland staatsregierung ministerium minister ministerin",
    "staat öffentlich land bund regierung steuer",
    "stadt gemeinde kommune ort dorf rathaus stadtrat bürgermeister rat magistrat insel",
    "kreis landkreis landrat landrätin",
    "eu union brüssel europäisch kommission",
    "regierung minister ministerium kanzler kabinett bundesregierung landesregierung staat",
    "polizei polizist beamte ermittler kripo kommissar",
    "gericht richter justiz urteil kammer",
    "feuerwehr feuerwehrleute löschzug einsatzkräfte retter",
    "armee bundeswehr militär soldat streitkräfte truppe",
    "kirche pfarrer bistum bischof gemeinde diözese papst",
    "steuerzahler steuer öffentlich haushalt",
    "spender spende stifter stiftung mäzen",
    "government minister ministry cabinet administration president chancellor state federal",
    "state government federal public",
    "city town council mayor municipal municipality village",
    "council town city mayor county board councillor",
    "county council district",
    "police officer detective constable investigator",
    "court judge justice ruling tribunal",
    "army military soldier troop forces navy",
    "church priest bishop vicar parish pope",
    "taxpayer tax public budget",
    "donor donation charity foundation",
)
_PLACES = frozenset("land staat stadt gemeinde kreis state city council county".split())
"""Bodies that also take up a name: "Hanover pays; the city ..."."""
_DOES = frozenset("is are was were has have had will would can could may must did does".split())
_KIND = {line.split()[0]: tuple(line.split()) for line in _BODIES}


def unknown_actor(sentence: str, language: str, texts: Sequence[str]) -> str | None:
    """Who acts in a sentence and is in none of the texts, None if all are."""
    held = frozenset(word for text in texts for word in lexical.words(text))
    for actor in (*_agents(sentence, language), *_bodies(sentence, language)):
        if not any(_known(word, held, language) for word in actor.split()):
            return actor
    return None


def _agents(sentence: str, language: str) -> Iterator[str]:
    """Who stands behind "von" or "by" where something was done."""
    for clause in _CLAUSES.split(sentence):
        if language == "de" and _PASSIVE_DE.search(clause):
            yield from (found[2] for found in _AGENT_DE.finditer(clause))
        elif language == "en" and _PASSIVE_EN.search(clause):
            yield from filter(None, map(_phrase, _AGENT_EN.findall(clause)))


def _phrase(phrase: str) -> str | None:
    """The first words that say something of "the federal government"; None for "by paying"."""
    words: list[str] = []
    for word in re.split(r"[ -]", phrase):
        small = lexical.is_function(word.lower())
        if small and words:
            break
        if not small:
            words.append(word)
    return " ".join(words[:2]) if words and not words[0].endswith("ing") else None


def _bodies(sentence: str, language: str) -> Iterator[str]:
    """The bodies that a sentence has act: "der Bund", "the government"."""
    article = "[Dd]er|[Dd]ie|[Dd]as" if language == "de" else "[Tt]he(?: federal)?"
    found = rf"(?:([^\W\d_]+) )?\b(?:{article}) ([^\W\d_]+)\b(?: ([^\W\d_]+))?"
    for before, word, behind in re.findall(found, sentence):
        if word.lower() not in _KIND.keys() - _PLACES or (language == "de" and word.islower()):
            continue
        if _is_verb(behind, language) or (language == "de" and _is_verb(before, language)):
            yield word


def _is_verb(word: str, language: str) -> bool:
    if language == "en":
        return word in _DOES or (word.islower() and not lexical.is_function(word))
    basic = lexicon.lemma(word, "de") or ""
    return word.islower() and basic.islower() and basic.endswith("n")


def _known(actor: str, held: Collection[str], language: str) -> bool:
    small = actor.lower()
    basic = (lexicon.lemma(actor, language) or small).lower()
    if {small, basic} & (_NO_AGENTS | _ANYBODY) or not small.isalpha():
        return True
    words = {fold(actor), fold(basic), *map(fold, _KIND.get(basic, ()))} - {""}
    return any(_holds(held, word) for word in words)


def _holds(held: Collection[str], word: str) -> bool:
    """Whether a folded word is among others in any form, or part of one."""
    stems = {root for root in roots(word) if len(root) > 3} | {word}
    return any(
        other in stems
        or any(len(stem) > 3 and stem in other for stem in stems)
        or (len(other) > 3 and word.startswith(other))
        or (len(other) > 4 and other in word)
        for other in held
    )
