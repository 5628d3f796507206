"""What the dictionaries know of a word: German and English lemmas of simplemma.

In German every noun has a capital. What tells a name from a common noun is its inflection: the
dictionary has "Fahrzeug" with "Fahrzeuge" and "Fahrzeugen", but "Merkel" with "Merkels" at most.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

_PLURALS = ("e", "en", "n", "er", "ern", "es", "nen", "se", "sen")
_UMLAUTED = ("", "e", "er", "n", "en", "ern")
_FOREIGN = re.compile(r"(?:a|um|us|on|is)$")
_ABSTRACT = re.compile(
    r"\w{3,}(?:ung|heit|keit|schaft|[ts]ion|ität|ismus|logie|gra[fp]h?ie)(?:en|s)?$"
)
_IN_NAMES = re.compile(
    r"(?:burg|berg|dorf|stadt|heim|hausen|furt|bach|feld|kirchen?|brück|tal|hagen|rode|wald|"
    r"büttel|horst|stein|mann|meier|meyer|maier|bauer|müller|hofer|huber|reich|land|see|hof)s?$"
)
_LINKS = ("", "s", "es", "n", "en", "er", "e", "ns")


@lru_cache(maxsize=4)
def _dictionary(language: str) -> Mapping[str, str]:
    """Inflected word to lemma; German takes a second to load, and 110 MB."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    return DefaultDictionaryFactory().get_dictionary(language)


def knows(word: str, language: str) -> bool:
    """Whether the dictionary has the word, written just so; False for other languages."""
    return language in ("de", "en") and word in _dictionary(language)


def lemma(word: str, language: str) -> str | None:
    """Its basic form, None if it is unknown."""
    return _dictionary(language).get(word)


@lru_cache(maxsize=20_000)
def is_common_noun(word: str) -> bool:
    """Whether a German word with a capital is surely a common noun, or an adjective or verb made
    one: by its inflection, its ending, or as a compound of such."""
    if inflects(word) or _ABSTRACT.match(word) or _is_made_noun(word):
        return True
    return _is_compound(word)


def inflects(word: str) -> bool:
    """Whether a dictionary inflects a noun as names aren't: a plural, or a genitive in -es."""
    forms = _dictionary("de")
    basic = forms.get(word)
    if basic is None:
        return False
    if basic[:1].islower() or word not in (basic, f"{basic}s", f"{basic}'"):
        return True
    if any(forms.get(basic + ending) == basic for ending in _PLURALS):
        return True
    foreign = _FOREIGN.search(basic)
    if foreign and forms.get(basic[: foreign.start()] + "en") == basic:  # "Firma", "Museum"
        return True
    changed = _with_umlaut(basic)
    return changed is not None and any(forms.get(changed + e) == basic for e in _UMLAUTED)


def _with_umlaut(word: str) -> str | None:
    vowels = list(re.finditer(r"[aou](?!.*[aouäöü].)", word[:-1])) or list(
        re.finditer(r"[aou]", word)
    )
    if not vowels:
        return None
    at = vowels[0].start()
    if word[at] == "u" and at and word[at - 1] in "aA":
        at -= 1
    return word[:at] + {"a": "ä", "o": "ö", "u": "ü", "A": "Ä"}[word[at]] + word[at + 1 :]


def _is_made_noun(word: str) -> bool:
    """ "Rauschen", "Verletzte": a verb or an adjective with a capital."""
    small = word.lower()
    basic = _dictionary("de").get(small)
    return (
        basic is not None
        and basic.islower()
        and small.endswith(("en", "ln", "rn", "e", "es", "er", "em"))
    )


def _is_compound(word: str, depth: int = 2) -> bool:
    if len(word) < 7 or not word.isalpha() or _IN_NAMES.search(word):
        return False
    for at in range(len(word) - 3, 2, -1):
        head = word[at:].capitalize()
        if (len(head) < 4 and head not in _SHORT_HEADS) or not is_part(word[:at]):
            continue
        if _is_head(head) or (depth and _is_compound(head, depth - 1)):
            return True
    return False


_SHORT_HEADS = frozenset("Amt Rat Tag Uhr Weg Bau Typ Art Rad Ort Zug Akt Gas Eis Tor Hut".split())
_PREFIXES = frozenset(
    """ab an auf aus bei ein her hin mit nach neben vor zu zwischen um über unter ur haupt nicht
    nord süd ost west mittel selbst gesamt sonder euro multi anti mini mega super ex vize""".split()
)


def _is_head(word: str) -> bool:
    """Whether a compound may end so; "Büro" and "Verfahren" don't inflect as others do."""
    if inflects(word) or _ABSTRACT.match(word) or (len(word) > 5 and _is_made_noun(word)):
        return True
    if len(word) > 4 and word.endswith("s") and knows(word[:-1], "de"):
        return True
    return len(word) > 3 and knows(word, "de") and (knows(f"{word}s", "de") or word.endswith("n"))


@lru_cache(maxsize=20_000)
def is_part(start: str) -> bool:
    """Whether a compound may begin so: with a word, and a link between."""
    small = start.lower()
    if small in _PREFIXES:
        return True
    forms = _dictionary("de")
    for link in _LINKS:
        stem = small.removesuffix(link)
        if (link and stem == small) or len(stem) < 3:
            continue
        noun = stem.capitalize()
        if inflects(noun) or inflects(f"{noun}e") or forms.get(f"{stem}en", "?").islower():
            return True
        if len(stem) > 4 and (stem.capitalize() in forms or stem in forms):
            return True
    return len(start) > 6 and _is_compound(start.capitalize(), 1)


@lru_cache(maxsize=20_000)
def is_no_noun(small: str) -> bool:
    """Whether a German word in small letters is one: it has a capital only where a text begins."""
    basic = _dictionary("de").get(small)
    return basic is not None and basic[:1].islower()
