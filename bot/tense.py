"""Whether a clause speaks of what was, is or will be. German and English, by their verbs. Pure.

It is a guess from word forms, made to be unsure rather than wrong: a clause may come out as
nothing at all, and callers take that for "don't know".
"""

import re
from enum import StrEnum


class Tense(StrEnum):
    """What a verb says about the time of its clause."""

    PAST = "past"
    PRESENT = "present"
    FUTURE = "future"


_GERMAN = frozenset(
    """der das den dem des ein eine einer einem einen und oder ist sind hat haben wird werden wurde
    wurden wer wie wo wann warum welche welcher welches welchen was womit am im vom zum seit bis vor
    nach mit von auf bei nicht gab gibt kam diese dieser dieses letzte letzten letzter gestern heute
    geschah passiert passierte zu für ueber über es""".split()
)
_ENGLISH = frozenset(
    """the of and or is are has have did do does what who when where why which how on in at since
    until before after with from by for not this last yesterday today happened to it
    there""".split()
)


def is_german(text: str) -> bool:
    """Whether the small words of a text are German ones rather than English."""
    words = re.findall(r"\w+", text.lower())
    return sum(w in _GERMAN for w in words) >= sum(w in _ENGLISH for w in words)


# -- German --------------------------------------------------------------------------------

_STRONG = (
    "war|hatte|wurde|kam|ging|fand|gab|stand|lag|blieb|hielt|ließ|liess|lief|rief|fiel|schlug|trug|"
    "fuhr|wuchs|lud|zog|flog|bot|schloss|schoss|floss|verlor|log|schrieb|stieg|schwieg|trieb|"
    "schien|schied|lieh|griff|ritt|schnitt|litt|stritt|glitt|biss|riss|strich|wich|glich|brach|"
    "sprach|traf|warf|starb|half|galt|trat|las|aß|maß|vergaß|sah|bat|saß|nahm|stahl|empfahl|begann|"
    "gewann|schwamm|sang|sank|sprang|trank|zwang|band|verband|schwand|gelang|rang|drang|klang|tat|"
    "wusste|konnte|musste|durfte|wollte|dachte|brachte|kannte|nannte|rannte|brannte|hieß|stieß|"
    "riet|briet|schlief|hing|fing|hob|wog|schmolz|geschah|geriet|gehörte|genehmigte|gewährte|"
    "gelangte|genoss"
)
_BEFORE_STRONG = (
    "(?:be|ver|er|ent|zer|miss|über|ueber|unter|um|wider|an|ab|auf|aus|ein|mit|nach|vor|zu|zurück|"
    "zurueck|zusammen|statt|teil|fest|bei|durch|hin|her|weg|los|frei|fort|dar|bekannt)?"
)
_STRONG_PAST = re.compile(rf"\b(?:{_BEFORE_STRONG}(?:{_STRONG})(?:e?n)?|worden)\b")
_WEAK_PAST = re.compile(
    r"\b(?!ge)\w{2,}(?:te|ierten|gten|kten|deten|teten|neten|rten|lten|mten|hnten|pften)\b"
)
_NO_PAST = frozenset(
    """angaben ausgaben aufgaben abgaben vorgaben zugaben vorlagen anlagen auflagen umlagen
    unterlagen einlagen beilagen zulagen abstand bestand verstand umstand vorstand
    zustand aufstand widerstand umfang anfang empfang verband ausfall unfall vorfall
    beifall abfall überfall ausgang eingang umgang übergang zugang vorgang anruf aufruf
    einlass anlass ablauf einband vertrag beitrag antrag eintrag auftrag ertrag heute
    leute letzte erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte
    nächste beste meiste rechte weite breite alte kalte harte echte späte bunte bekannte
    gesamte laute möchte könnte sollte müsste dürfte hätte moechte koennte muesste
    duerfte haette bitte heiterte warten starten erwarten halten erhalten gelten
    verwalten gestalten schalten behalten enthalten unterhalten spalten falten alten
    karten arten garten daten monaten fahrten konzerten experten karte arte worte orte
    konzerte experte geräte kräfte mitte hälfte seite liste kiste küste kosten hütte
    stätte werte rente ernte sorte quote flotte route note bote weiteste größte höchste
    älteste neueste jüngste kleinste mindeste miete städte gäste gerüchte berichte
    projekte punkte akte gebiete angebote beamte verletzte tote minute geschichte
    schlichte leichte schlechte""".split()
)
_DETERMINER = re.compile(
    r"\b(?:der|die|das|den|dem|des|ein|eine[nrms]?|keine?[nrms]?|diese[nrms]?|jede[nrms]?|ihre?[nrms]?"
    r"|seine?[nrms]?|unsere?[nrms]?|im|am|vom|zum|zur|beim|alle[nr]?|viele[nr]?|so|wie|sehr|neu|frisch|hoch|lang)\s+$",
    re.I,
)
_PARTICIPLE = re.compile(
    r"\b(?:\w*ge[a-zäöüß]{2,}(?:t|en)|(?:\w{2,4})?(?:be|ver|er|ent|zer|miss|über|ueber|unter|wider)"
    r"[a-zäöüß]{3,}(?:t|en)|[a-zäöüß]+iert|getan)\b"
)
_STATES = re.compile(
    r"\b(?:geöffnet|geschlossen|gesperrt|verboten|erlaubt|geplant|vorgesehen|angesetzt|gefragt|"
    r"bekannt|erhalten|benannt|verheiratet|gefährdet|geschützt|stillgelegt|geeignet|berechtigt|"
    r"vertreten|bekannten|verfügbar|geoeffnet|geschuetzt|gefaehrdet|eröffnet|bewaldet|"
    r"verantwortlich|erreichbar|entfernt|bewohnt|bebaut|verpflichtet|zuständig|besetzt|genannt|"
    r"verbunden|gewesen dass)\b",
    re.I,
)
_HAVE = re.compile(r"\b(?:hat|haben|habt|habe)\b", re.I)
_BE = re.compile(r"\b(?:ist|sind|bin)\b", re.I)
_WILL = re.compile(r"\b(?:wird|werden|soll|sollen|will|wollen)\b", re.I)
_ALLEGED = re.compile(
    r"\b(?:soll|sollen|will|wollen)\b.*(?:t|en)\s+(?:haben|sein|worden sein)\W*$", re.I
)
_COULD = re.compile(r"\b(?:konnten?|mussten?|durften?|wollten?)\b.*\bwerden\b", re.I)
_NOW = re.compile(
    r"\b(?:findet|finden|beginnt|beginnen|startet|starten|öffnet|öffnen|spielt|spielen|tagt|tagen|"
    r"trifft|treffen|steht|stehen|kommt|kommen|geht|gehen|gibt|tritt|treten|lädt|laden|gilt|gelten|"
    r"bleibt|bleiben|fährt|fahren|läuft|laufen|muss|müssen|kann|können|darf|dürfen|möchte|möchten|"
    r"sollte|sollten|bietet|bieten|endet|enden|schließt|schließen|feiert|feiern|empfängt|eröffnet|"
    r"hält|halten|wählt|wählen|entscheidet|entscheiden|stimmt|berät|beraten|erwartet|erwarten|plant|"
    r"planen|zeigt|zeigen|liest|singt|folgt|rechnet|rechnen|zieht|ziehen|könnte|könnten|würde|"
    r"würden|dürfte|dürften)\b",
    re.I,
)


def german(clause: str) -> frozenset[Tense]:
    """The tenses of a German clause's finite verbs, as far as they are recognised."""
    found: set[Tense] = set()
    opening = clause.lstrip()[:1]  # verbs are written small but at the beginning
    clause = clause.replace(opening, opening.lower(), 1)
    alleged, could = _ALLEGED.search(clause), _COULD.search(clause)
    if alleged or could or _has_preterite(clause):
        found.add(Tense.PAST)
    if _WILL.search(clause) and not alleged and not could:
        found.add(Tense.FUTURE)
    infinitives = Tense.FUTURE in found or could  # "wird am Freitag entscheiden"
    if any(not (infinitives and m[0].endswith("en")) for m in _NOW.finditer(clause)):
        found.add(Tense.PRESENT)
    done = _participle(clause)
    for auxiliary in (_HAVE, _BE):
        if auxiliary.search(clause) and not alleged and "worden" not in clause.lower():
            found.add(Tense.PAST if done else Tense.PRESENT)
    return frozenset(found)


def _has_preterite(clause: str) -> bool:
    return any(
        match[0].lower() not in _NO_PAST
        and not (re.search("ten?$", match[0]) and _DETERMINER.search(clause[: match.start()]))
        for verbs in (_STRONG_PAST, _WEAK_PAST)
        for match in verbs.finditer(clause)
    )


def _participle(clause: str) -> bool:
    return any(
        not _STATES.fullmatch(match[0]) and not _DETERMINER.search(clause[: match.start()])
        for match in _PARTICIPLE.finditer(clause)
    )


# -- English -------------------------------------------------------------------------------

_IRREGULAR = (
    "won|lost|said|went|came|died|took|made|broke|fell|rose|gave|met|began|left|got|told|spoke|"
    "wrote|struck|hit|beat|saw|sank|led|quit|held|found|brought|built|bought|chose|drew|drove|felt|"
    "fought|flew|grew|heard|kept|knew|paid|ran|sold|sent|shot|shut|stood|stole|taught|thought|threw|"
    "understood|wore|became|caught|dealt|hung|hid|put|rode|rang|sang|set|sat|slept|spent|swam|swept"
)
_DONE = rf"(?:been|done|gone|given|taken|fallen|risen|broken|written|\w+ed|{_IRREGULAR})"
_NOT_ED = "need|speed|feed|seed|bed|red|hundred|exceed|proceed|succeed|indeed|united|shed|sacred"
_THEN = r"(?:\s+(?:not|also|then|only|now|\w+ly))*"
_ENGLISH_VERB = re.compile(
    rf"""\b(?:(?P<future>(?:will|won't|would|shall|
            (?:is|are)\s+(?:due|set|expected|scheduled|about|going|planned|likely)\s+to|
            (?:plans?|hopes?|expects?|intends?|wants?)\s+to)\b
            {_THEN}(?:\s+(?:be|have|been))*(?:\s+(?!on\b)\w+)?)
        |(?P<perfect>(?:has|have){_THEN}\s+{_DONE}\b)
        |(?P<unsure>(?:agreed|decided|planned|hoped|wanted|vowed|promised|asked|ordered|voted|
            intended|needed|offered|invited|urged|prepared|was\s+expected|were\s+expected|due|
            scheduled|set)(?:\s+\w+){{0,3}}?\s+(?:to|for)\s+\w+)
        |(?P<past>(?:did|was|were|had)\b|(?!(?:{_NOT_ED})\b)\w{{2,}}ed\b|(?:{_IRREGULAR})\b)
        |(?P<present>(?:is|are|has|have|can|must|should|may|might|could|do|does)\b
            {_THEN}(?:\s+(?:be|been|being))*(?:\s+(?!on\b)\w+ed\b)?))""",
    re.I | re.X,
)
_ENGLISH_DETERMINER = re.compile(r"\b(?:the|a|an|this|that|its|his|her|their|our|of)\s+$", re.I)
_FINITE = re.compile(r"(?:did|was|were|had)$", re.I)
_HAS = re.compile(r"^(?:has|have)\b", re.I)
_NEXT_CLAUSE = re.compile(
    r"[,;:]|\b(?:that|which|who|where|when|and|but|because|as|after|before|while)\b", re.I
)
_NAMED = {
    "future": Tense.FUTURE,
    "perfect": Tense.PAST,
    "unsure": Tense.PRESENT,
    "past": Tense.PAST,
    "present": Tense.PRESENT,
}


def english(sentence: str, at: int) -> Tense | None:
    """The tense of the verb that an adverb at an offset belongs to: the nearest before it.

    If none is before it, the first one behind it.
    """
    before: Tense | None = None
    end = 0
    for match in _ENGLISH_VERB.finditer(sentence):
        if match["past"] and _ENGLISH_DETERMINER.search(sentence[: match.start()]):
            continue
        tense = _NAMED[match.lastgroup or "present"]
        if match["past"] and before not in (None, Tense.PAST) and not _FINITE.match(match[0]):
            between = sentence[end : match.start()]
            if not _NEXT_CLAUSE.search(between):  # "is the mill called", "will it be closed"
                tense = Tense.PAST if _HAS.search(between) else before or tense
        if match.start() > at:
            return before or tense
        before, end = tense, match.start()
    return before
