"""Which words of a sentence are names, if its passages lack them. Pure.

An English name has a capital where other words have none. In German every noun has one, so a
noun counts as a name unless the dictionary inflects it as a common noun (`lexicon`), or an article
stands before it and the dictionary knows it.
"""

import re
from collections.abc import Iterator, Sequence

from bot.writing import lexicon
from bot.writing.exonyms import same_named
from bot.writing.vocabulary import DIRECTION, Word, fold, meanings, words_of

NO_NAMES = frozenset(
    """i mr mrs ms dr prof sir herr herrn frau dame lord president chancellor minister secretary
    chairman senator governor mayor king queen pope prince princess professor general judge
    captain major colonel reverend bishop sie ihr ihre ihnen ihrem ihren ihrer du dein nr no st
    januar jänner februar märz april mai juni juli august september oktober november dezember
    january february march may june july october december monday tuesday wednesday thursday friday
    saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
    internet web email ok tv mio mrd tsd gbp usd
    chef vize star boss premier coach eur chf chr bc ad ce bce
    ii iii iv vi vii viii ix xi xii xiii xiv xv xvi xviii""".split()
)
_MEASURES = frozenset(
    """prozent euro dollar liter meter kilometer gramm kilo tonnen tonne grad uhr millionen million
    milliarden milliarde mio mrd art sorte reihe menge anzahl zahl gruppe ende anfang mitte paar
    dutzend stück jahr jahre jahren monate monaten wochen tage tagen stunden minuten hektar hundert
    tausend cent pfund franken quadratmeter fall laut rund seit""".split()
)
_KNOWN_NAMES = frozenset(  # those that the dictionary has, or inflects, as nouns
    """Adam Adele Albrecht Amelie Andreas Anke Anne Anneliese Arnold Axel Beate Benjamin Charlotte
    Christina Dietrich Dirk Erika Ernst Fritz Gabriele Hans Hagen Heide Hermann Horst Jannis Jasmin
    Jochen Johanna Johannes Karsten Lorenz Malte Manfred Maren Matthias Milan Nikolaus Peter Reiner
    Renate Roger Roman Rosemarie Sabine Siegmund Sophie Theodor Thomas Toni Torsten Urs Viola
    Wolfgang
    Adidas Airbus Aldi Allianz Amazon Amnesty Apple Audi Axa Bertelsmann Boeing Bosch Bundesbank
    Bundesrat Bundestag Bundeswehr Caritas Commerzbank Daimler Disney Facebook Fatah Fiat Ford
    Fresenius Gazprom Google Greenpeace Hamas Henkel Hisbollah Honda Hyundai Ikea Infineon Instagram
    Intel Interpol Karstadt Kreml Lidl Lufthansa Mannesmann Mercedes Microsoft Nestlé Nintendo
    Nissan Nokia Novartis Opel Oracle Pentagon Peugeot Philips Porsche Renault Samsung Siemens Sony
    Taliban Telekom Tesla Thyssenkrupp Toyota Twitter Vatikan Vodafone Volkswagen Whatsapp Wikipedia
    Yahoo Youtube""".split()
)
_DETERMINERS = frozenset(
    """der die das des dem den ein eine einen einem einer eines kein keine keinen keinem keiner
    mein meine sein seine seinen seinem seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere
    unseren euer dieser diese dieses diesen diesem jener jene jenes jeder jede jedes jeden jedem
    alle allen aller beide beiden manche viele vielen vieler wenige wenigen einige einigen mehrere
    mehreren solche welche welcher im am zum zur beim vom ins ans aufs deren dessen""".split()
)


def names(text: str, language: str) -> Iterator[Word]:
    """The words that would be names if the passages lacked them, in order."""
    said = words_of(text)
    decide = _is_german_name if language == "de" else _is_name
    for at, word in enumerate(said):
        if len(word.text) > 1 and decide(said, at, text):
            yield word


def _is_name(said: Sequence[Word], at: int, text: str) -> bool:
    word = said[at]
    small = word.text.lower()
    if not word.text[0].isupper() or small in NO_NAMES:
        return False
    if not word.opens:
        return True
    return not lexicon.knows(small, "en") and small.removesuffix("'s") not in NO_NAMES


def _is_german_name(said: Sequence[Word], at: int, text: str) -> bool:
    word = said[at]
    small = word.text.lower()
    if small in NO_NAMES or small in _MEASURES or _is_cut_off(word, text):
        return False
    if is_well_known(word.text):
        return True
    if not word.text[0].isupper():
        return False
    if word.text.isupper() or any(c.isupper() for c in word.text[1:]):
        return True
    if word.opens and lexicon.is_no_noun(small):
        return False
    if _is_apposed(said, at, text) and (
        _is_named(said, at, text) or not lexicon.is_common_noun(word.text)
    ):
        return True
    before_another = _is_before_noun(said, at, text)
    if lexicon.is_common_noun(word.text):
        named_first = before_another and not lexicon.inflects(word.text)
        return named_first or _acts_alone(said, at, text)
    if not lexicon.knows(word.text, "de"):
        return True
    if _ends_compound(said, at):
        return _is_full_name(said, at, text)
    followed = at + 1 < len(said) and said[at + 1].hyphen
    return before_another or word.hyphen or followed or not _has_article(said, at, text)


_NO_PERSONS = frozenset(
    """wasser feuer wetter fieber leder silber kupfer zucker butter pulver ärger hunger fehler
    wunder zimmer""".split()
)
_SURNAMES = frozenset("koch wolf könig kaiser vogel fuchs hahn graf herzog stein busch".split())


def _acts_alone(said: Sequence[Word], at: int, text: str) -> bool:
    """Whether a surname does something: "Weber sagte". A weaver would have an article, and weavers
    a verb in the plural."""
    word = said[at]
    small = word.text.lower()
    if not (small.endswith("er") or small in _SURNAMES) or small in _NO_PERSONS:
        return False
    beside = said[at + 1 : at + 2] if word.opens else said[max(0, at - 1) : at]
    return (
        not _has_article(said, at, text)
        and len(beside) == 1
        and not text[word.end : beside[0].start].strip()
        and not text[beside[0].end : word.start].strip()
        and _is_singular_verb(beside[0].text)
    )


def _is_singular_verb(word: str) -> bool:
    basic = lexicon.lemma(word, "de")
    return (
        word.islower()
        and word[-1] != "n"
        and word not in _DETERMINERS
        and basic is not None
        and basic.islower()
        and basic.endswith("n")
    )


def _is_before_noun(said: Sequence[Word], at: int, text: str) -> bool:
    """Whether another noun follows, as a surname follows a first name."""
    following = said[at + 1] if at + 1 < len(said) else None
    return (
        following is not None
        and following.text[0].isupper()
        and text[said[at].end : following.start] == " "
        and said[at].text[-1] not in "szx"
    )


def _ends_compound(said: Sequence[Word], at: int) -> bool:
    """Whether it is the "Büro" of "EU-Büro"."""
    return said[at].hyphen and not (at + 1 < len(said) and said[at + 1].hyphen)


def _is_full_name(said: Sequence[Word], at: int, text: str) -> bool:
    """Whether it is the "Brandt" of "Jonas Köhler-Brandt"."""
    first = at
    while said[first].hyphen:
        first -= 1
    return _is_apposed(said, first, text)


def _is_cut_off(word: Word, text: str) -> bool:
    """Whether it is the "Änderungs-" of "Änderungs- und Vetorecht"."""
    behind = text[word.end : word.end + 2]
    return (
        len(behind) == 2
        and behind[0] == "-"
        and not behind[1].isalnum()
        and lexicon.is_part(word.text)
    )


def is_well_known(word: str) -> bool:
    """Whether a word is in the lists of countries, cities, peoples, people and firms."""
    folded = fold(word)
    part = DIRECTION.sub("", folded)
    return bool(meanings(folded) or word in _KNOWN_NAMES or (part != folded and same_named(part)))


_NAMED = re.compile(r"(?:er|in|ent|ist|or|chef|firma|stadt|zeitung|partei|konzern|familie)$", re.I)


def _is_named(said: Sequence[Word], at: int, text: str) -> bool:
    """Whether the noun before tells whose name follows: "der Politiker Koch", "Deutsche Bahn"."""
    before = said[at - 1]
    basic = lexicon.lemma(before.text.lower(), "de") or ""
    adjective = not before.opens and basic.islower() and not basic.endswith(("t", "nd", "en"))
    return bool(_NAMED.search(before.text)) or adjective or not lexicon.is_common_noun(before.text)


def _is_apposed(said: Sequence[Word], at: int, text: str) -> bool:
    """Whether a noun stands right behind another, as only names do: "Kanzlerin Merkel"."""
    if not at or said[at].hyphen:
        return False
    before = said[at - 1]
    if said[at].text.lower() in _MEASURES:
        return False
    if text[before.end : said[at].start] not in (" ", "\u00a0") or not before.text[0].isupper():
        return False
    small = before.text.lower()
    if small in _MEASURES or small[-1] in "sxz" or small in _DETERMINERS:
        return False
    if small.endswith("er") and lexicon.knows(f"{before.text}in", "de"):  # "Berliner Polizei"
        return False
    return not (before.opens and lexicon.is_no_noun(small)) and len(small) > 1


def _has_article(said: Sequence[Word], at: int, text: str) -> bool:
    """Whether an article, a number or an adjective stands before the word."""
    for back in range(1, 5):
        if at < back or text[said[at - back].end : said[at - back + 1].start].strip():
            return False
        before = said[at - back].text
        if before.lower() in _DETERMINERS or before[0].isdigit():
            return True
        if not before.islower() or (back == 1 and not before.endswith(_ADJECTIVE)):
            return False
        if back == 1 and _is_adjective(before):
            return True
    return False


_ADJECTIVE = ("e", "en", "er", "es", "em")


def _is_adjective(word: str) -> bool:
    """Whether a small word is inflected as an adjective: "mangelnde", not "über" or "sagte"."""
    basic = lexicon.lemma(word, "de")
    return basic is not None and basic != word and basic.islower() and not basic.endswith("n")
