"""What kind of thing a question asks for, and whether a sentence holds one. German and English."""

import re
from enum import StrEnum


class Kind(StrEnum):
    """What an answer has to contain."""

    TIME = "time"
    MONEY = "money"
    MEASURE = "measure"
    NUMBER = "number"
    REASON = "reason"
    PERSON = "person"
    PLACE = "place"
    OTHER = "other"


FIGURES = frozenset({Kind.TIME, Kind.MONEY, Kind.MEASURE, Kind.NUMBER})
"""The kinds whose answers hold a figure, and one that the question doesn't hold already."""

_ASKS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        (
            Kind.TIME,
            (
                r"\b(?:wann|seit wann|bis wann|ab wann|when|"
                r"(?:in |an |am |on )?(?:welche[mnrs]?|what|which) (?:\w+ )?(?:jahre?|tag|monat|"
                r"datum|jahrhundert|jahrzehnt|uhrzeit|wochentag|year|day|month|date|century|decade)|"
                r"um wie ?viel uhr|what time)\b"
            ),
        ),
        (
            Kind.MONEY,
            (
                r"\b(?:wie teuer|was kostet\w*|was kosten|kosten|how expensive|"
                r"wie (?:hoch|gro(?:ß|ss)) (?:\w+ ){0,3}\w*(?:schaden|preis|strafe|miete|gehalt|"
                r"umsatz|gewinn|verlust|schulden|gebühr|eintritt)|"
                r"how much (?:money|did|does|do|will|was|were|is)|"
                r"wie ?viel (?:geld|kostet|kosten|zahlt\w*|bezahlt\w*|euro)|"
                r"(?:welche[rnms]?|what) (?:preis|summe|betrag|price|sum|fine|salary))\b"
            ),
        ),
        (
            Kind.MEASURE,
            (
                r"\b(?:wie (?:hoch|groß|gross|lange?|breit|tief|weit|schwer|schnell|alt)|"
                r"how (?:old|long|far|large|big|high|tall|deep|fast|heavy|wide))\b"
            ),
        ),
        (
            Kind.NUMBER,
            (
                r"\b(?:wie ?viele?[nrs]?|wieviele?|wie oft|how (?:many|much|often)|"
                r"(?:welche[rnms]?|what|which) (?:\w+ )?(?:prozentsatz|anteil|anzahl|zahl|höhe|"
                r"percentage|percent|proportion|number|amount|share))\b"
            ),
        ),
        (
            Kind.REASON,
            (
                r"\b(?:warum|weshalb|wieso|weswegen|aus welche[mn] gr[uü]nde?n?|wodurch|"
                r"woran lag|wie (?:kam|kommt) es|why|how come|what (?:caused|made|led))\b"
            ),
        ),
        (
            Kind.PERSON,
            (
                r"\b(?:wer|wen|wem|wessen|who|whom|whose|"
                r"wie hei(?:ß|ss)(?:t|en) (?:der|die) "
                r"(?!firma|stadt|partei|band|zeitung|insel|brücke)|"
                r"(?:what (?:is|was|are|were)|what's) (?:his|her|their) names?)\b"
            ),
        ),
        (Kind.PLACE, r"\b(?:wo|wohin|woher|where|in which (?:city|town|country|place))\b"),
    )
)

_MONTHS = (
    "januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|"
    "january|february|march|may|june|july|october|december"
)
_DAYS = (
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_COUNTED = (
    "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|hundert\\w*|"
    "tausend\\w*|million\\w*|milliarde\\w*|dutzend\\w*|hälfte|drittel|viertel|one|two|three|four|"
    "five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|hundreds?|thousands?|billions?|"
    "dozens?|half|third|quarter|once|twice|einmal|zweimal|kein\\w*|none|mehrere|several"
)
_UNITS = (
    "meter\\w*|kilometer\\w*|zentimeter\\w*|quadratmeter\\w*|hektar|kilogramm|kilo|tonnen?|gramm|"
    "liter|prozent|grad|jahre?n?|monate?n?|wochen?|tage?n?|stunden?|minuten?|sekunden?|"
    "m|km|cm|mm|kg|ha|metres?|kilometres?|miles?|feet|foot|inch(?:es)?|acres?|hectares?|"
    "tonnes?|tons?|pounds?|percent|degrees|years?|months?|weeks?|days?|hours?|minutes?|seconds?"
)
_HELD: dict[Kind, re.Pattern[str]] = {
    Kind.TIME: re.compile(
        r"\b(?:1\d|20)\d\d\b|\b\d{1,2}\.\s?(?:\d|jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)|"
        rf"\b(?:{_MONTHS}|{_DAYS}|frühling|frühjahr|sommer|herbst|winter|spring|summer|autumn|"
        r"heute|gestern|morgen|today|yesterday|tomorrow|\w*jahrhundert\w*|jahrzehnt\w*|uhr|century|"
        r"decades?|o'clock|[ap]\.m\.|(?:nächste|kommende|vergangene|letzte)[nrs]? \w+|"
        r"(?:next|last) \w+)\b",
        re.I,
    ),
    Kind.MONEY: re.compile(r"[€$£]\s?\d|\b(?:euros?|cent|dollars?|pfund|pounds?|franken)\b", re.I),
    Kind.MEASURE: re.compile(
        rf"(?:\d|\b(?:{_COUNTED}))[\d.,]*\s?(?:\w+ )?"
        rf"(?:{_UNITS}|%|°|euros?|millionen|million)(?!\w)|"
        rf"[€$£%]|\d-(?:jährig|year-old)|\b(?:{_COUNTED})[- ](?:{_UNITS})\b",
        re.I,
    ),
    Kind.NUMBER: re.compile(rf"\d|\b(?:{_COUNTED})\b", re.I),
    Kind.REASON: re.compile(
        r"\b(?:weil|wegen|denn|aufgrund|deshalb|daher|darum|grund|gründe\w*|damit|infolge|dank|"
        r"zumal|ursachen?|auslöser|ausgelöst\w*|verursacht\w*|zurückzuführen|schuld|begründet\w*|"
        r"um\b.{1,90}\bzu|because|due to|owing to|therefore|reasons?|thanks to|so that|"
        r"in order to|since|caus(?:ed?|es|ing)|blamed?|led to|as a result|triggered)\b|, da ",
        re.I | re.S,
    ),
    Kind.PERSON: re.compile(r"\b[A-ZÄÖÜ][\w'’-]+ (?:(?:von|van|de|zu) )?[A-ZÄÖÜ][\w'’-]+"),
    Kind.PLACE: re.compile(
        r"\b(?:[Ii]n|[Ii]m|[Bb]ei|[Nn]ach|[Aa]us|[Aa]m|[Aa]n de[rmn]|[Aa]uf de[rmn]|[Vv]or|"
        r"[Hh]inter|"
        r"[Nn]ahe|[Nn]ear|[Aa]t|[Ff]rom|[Tt]o|[Oo]n|[Oo]utside)(?: the| de[rmn])? [A-ZÄÖÜ]\w+"
    ),
}
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def asked_for(question: str) -> Kind:
    """The kind of thing that a question asks for."""
    return next((kind for kind, asks in _ASKS if asks.search(question)), Kind.OTHER)


def holds(sentence: str, kind: Kind, question: str = "") -> bool:
    """Whether a sentence holds such a thing beyond what the question says; OTHER is always held."""
    pattern = _HELD.get(kind)
    if pattern is None:
        return True
    if kind is Kind.PERSON:
        asked = question.casefold()
        return any(m[0].casefold() not in asked for m in pattern.finditer(sentence))
    if not pattern.search(sentence):
        return False
    figures = set(_FIGURE.findall(sentence))
    return kind not in FIGURES or not figures or bool(figures - set(_FIGURE.findall(question)))
