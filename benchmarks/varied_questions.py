"""Questions to the articles of varied.py: of several kinds, with filters and without."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from varied import REAL, Facts, facts

from bot.conversation import Turn
from vectorstore.models import NO_FILTERS, Filters

KINDS = ("answerable", "mistyped", "follow-up", "not answerable", "common words")
_ASKED = {
    "de": (
        "Was kostet die {project} in {place}?",
        "Wer leitet die {project} in {place}?",
        "Wer bekam den Auftrag für die {project} in {place}?",
        "Wann soll die {project} in {place} fertig werden?",
        "Wie viele Menschen haben gegen die {project} in {place} unterschrieben?",
    ),
    "en": (
        "What does the {project} in {place} cost?",
        "Who is in charge of the {project} in {place}?",
        "Who got the contract for the {project} in {place}?",
        "When is the {project} in {place} due to be finished?",
        "How many people signed a petition against the {project} in {place}?",
    ),
}
_FURTHER = {
    "de": ("Und wer leitet sie?", "Wann soll sie fertig werden?", "Und wer bekam den Auftrag?"),
    "en": ("And who is in charge of it?", "When is it due to be finished?", "Who got it?"),
}
_NONE = {
    "de": (
        "Wer hat das Drachenmuseum in Quorxheim eröffnet?",
        "Wie viele Eisbären leben im Zoo von {place}?",
        "Welche Oper wurde am Vulkan von {person} uraufgeführt?",
    ),
    "en": (
        "Who opened the dragon museum in Quorxbury?",
        "How many polar bears live in the zoo of {place}?",
        "Which opera by {person} was first performed on a volcano?",
    ),
}
_COMMON = {
    "de": (
        "Was hat der Rat trotz aller Warnungen beschlossen?",
        "Wie viele Menschen arbeiten in der Stadt?",
        "Warum waren die Anwohner verärgert?",
    ),
    "en": (
        "What did the council decide despite every warning?",
        "How many people work in the town at present?",
        "Why were the commuters angry?",
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; `narrowed` says how it is filtered, "" if it isn't."""

    text: str
    kind: str
    filters: Filters = NO_FILTERS
    narrowed: str = ""
    history: tuple[Turn, ...] = ()


def questions(count: int = 200, filtered: bool = True) -> Sequence[Asked]:
    """The same in every run, mixed; three in five with a filter, if wanted."""
    found = [_question(number, filtered) for number in range(count)]
    random.Random(5).shuffle(found)
    return found


def _question(number: int, filtered: bool) -> Asked:
    dice = random.Random(f"question {number}")
    about = facts(dice.randrange(REAL))
    asked = _of_kind(KINDS[number % len(KINDS)], about, dice)
    ways = list(_ways(about))
    way, filters = ways[number // len(KINDS) % len(ways)] if filtered else ways[0]
    return replace(asked, filters=filters, narrowed=way)


def _ways(about: Facts) -> Iterator[tuple[str, Filters]]:
    yield "", NO_FILTERS
    yield "since", Filters(since=min(about.day, date(2018, 1, 1)))
    yield "source", Filters(source=about.source)
    yield "language", Filters(language=about.language)
    yield "", NO_FILTERS


def _of_kind(kind: str, about: Facts, dice: random.Random) -> Asked:
    language = about.language
    first = dice.choice(_ASKED[language]).format(**about.slots)
    if kind == "mistyped":
        return Asked(_mistyped(first, dice), kind)
    if kind == "follow-up":
        return Asked(dice.choice(_FURTHER[language]), kind, history=(Turn(first, first),))
    if kind == "not answerable":
        return Asked(dice.choice(_NONE[language]).format(**about.slots), kind)
    if kind == "common words":
        return Asked(dice.choice(_COMMON[language]), kind)
    return Asked(first, kind)


def _mistyped(question: str, dice: random.Random) -> str:
    """With two neighbouring letters of its longest word in each other's place."""
    word = max(question.rstrip("?").split(), key=len)
    at = dice.randrange(1, len(word) - 1)
    return question.replace(word, word[:at] + word[at + 1] + word[at] + word[at + 2 :])
