"""How a chat model says in its own words that the passages hold no answer. Pure."""

import re
from enum import Enum

from bot.writing.prompt import REFUSED

_TOLD = (
    r"(?:artikeln?|passagen?|texte?n?|quellen?|kontext|articles?|passages?|sources?|texts?|context)"
)
_WITHIN = (
    r"(?:(?!\b(?:dass|wonach|that)\b|,).){0,60}"  # "the articles say that it isn't" is an answer
)
_NO = r"(?:keine[nrs]?|kein|nichts?|(?:do(?:es)?|did) ?n[o']t|can ?not|can't|no|never|nothing)"
_WORD = re.compile(r"\b" + REFUSED.replace("_", r"[\W_]{0,3}") + r"\b")
_NOTHING_TOLD = re.compile(rf"\b{_TOLD}\b{_WITHIN}\b{_NO}\b", re.I)
_NOTHING_KNOWN = re.compile(
    r"\b(?:keine|nicht genug)\s+(?:\w+en\s+)?(?:angaben?|information(?:en)?|auskunft|hinweise?)\b|"
    r"\bnicht[s]?\s+(?:gesagt|erwähnt|genannt|berichtet|mitgeteilt|angegeben)\b|"
    r"lässt sich .{0,40}nicht (?:beantworten|sagen)|kann .{0,40}nicht beantworte|"
    r"\b(?:can ?not|can't|unable to) (?:answer|find|determine|help)|\bno information\b|"
    r"\bi don't know\b|\bich weiß (?:es|das) nicht\b",
    re.I,
)
_OF_TELLING = re.compile(
    r"angabe|information|auskunft|hinweis|erwähn|nenn|enth[aä]lt|beantwort|dazu|darüber|"
    r"mention|contain|say|state|provide|answer",
    re.I,
)
_POLITE = re.compile(
    r"\W*(?:leider|es tut mir leid|entschuldigung|sorry|i'm sorry|i apologi[sz]e)\W*", re.I
)


class Reply(Enum):
    """What kind of sentence it is."""

    REFUSED = "the word that it was told"
    DECLINED = "its own words for having no answer"
    POLITE = "nothing"
    SAID = "something about the question"


def kind(text: str, cited: bool) -> Reply:
    """What a sentence is; one with labels declines only if it speaks of the passages themselves."""
    if _WORD.search(text) and len(text) < 40:
        return Reply.REFUSED
    if _POLITE.fullmatch(text):
        return Reply.POLITE
    told = _NOTHING_TOLD.search(text)
    if (told and (not cited or _OF_TELLING.search(text))) or (
        not cited and _NOTHING_KNOWN.search(text)
    ):
        return Reply.DECLINED
    return Reply.SAID
