"""What kind of thing a question asks for, and whether a sentence holds one. German and English."""

import re
from enum import StrEnum


class Kind(StrEnum):
    """What an answer has to contain."""

    TIME = "time"
    NUMBER = "number"
    REASON = "reason"
    OTHER = "other"


_TIME_QUESTION = re.compile(
    r"\b(?:wann|seit wann|bis wann|ab wann|when|since when|until when|"
    r"(?:in |an )?(?:welche[mnrs]?|what|which) (?:\w+ )?(?:jahre?|tag|monat|datum|jahrhundert|"
    r"jahrzehnt|uhrzeit|year|day|month|date|century|decade))\b",
    re.I,
)
_NUMBER_QUESTION = re.compile(
    r"\b(?:wie ?viele?[nrs]?|wie (?:hoch|groß|gross|lange?|alt|teuer|oft|weit|schnell|schwer|breit|"
    r"tief)|wieviele?|how (?:many|much|old|long|far|often|large|big|high|tall|deep|fast|heavy|"
    r"expensive)|(?:welche[rnms]?|what|which) (?:\w+ )?(?:prozentsatz|anteil|anzahl|zahl|preis|"
    r"höhe|percentage|percent|proportion|number|price|amount|share)|was kostet|kosten)\b",
    re.I,
)
_REASON_QUESTION = re.compile(r"\b(?:warum|weshalb|wieso|weswegen|aus welchem grund|why)\b", re.I)

_MONTHS = (
    "januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|"
    "january|february|march|may|june|july|october|december"
)
_DAYS = (
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_TIME = re.compile(
    r"\b(?:1\d|20)\d\d\b|\b\d{1,2}\.\s?(?:\d|jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)|"
    rf"\b(?:{_MONTHS}|{_DAYS}|frühling|frühjahr|sommer|herbst|winter|spring|summer|autumn|heute|"
    r"gestern|morgen|today|yesterday|tomorrow|\w*jahrhundert\w*|\w*jahre?n?|jahrzehnt\w*|woche\w*|"
    r"monat\w*|century|years?|decades?|weeks?|months?|uhr|o'clock|[ap]\.m\.)\b",
    re.I,
)
_NUMBER = re.compile(
    r"\d|\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|"
    r"dreißig|hundert\w*|tausend\w*|million\w*|milliarde\w*|dutzend\w*|hälfte|drittel|viertel|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|hundreds?|"
    r"thousands?|billions?|dozens?|half|third|quarter|once|twice|einmal|zweimal|kein\w*|none|"
    r"mehrere|viele|wenige|several|many|few)\b",
    re.I,
)
_REASON = re.compile(
    r"\b(?:weil|wegen|denn|da|aufgrund|durch|deshalb|daher|darum|grund|gründe\w*|damit|um|infolge|"
    r"dank|zumal|because|due|since|therefore|reasons?|owing|thanks|so that|to|as|for)\b",
    re.I,
)
_HELD = {Kind.TIME: _TIME, Kind.NUMBER: _NUMBER, Kind.REASON: _REASON}


def asked_for(question: str) -> Kind:
    """The kind of thing that a question asks for."""
    if _TIME_QUESTION.search(question):
        return Kind.TIME
    if _NUMBER_QUESTION.search(question):
        return Kind.NUMBER
    if _REASON_QUESTION.search(question):
        return Kind.REASON
    return Kind.OTHER


def holds(sentence: str, kind: Kind) -> bool:
    """Whether a sentence holds such a thing; anything does if the kind is OTHER."""
    pattern = _HELD.get(kind)
    return pattern is None or bool(pattern.search(sentence))
