"""Honest sentences about a passage, made from one of its sentences by a rule each."""

import re
from collections.abc import Callable
from datetime import date

from false_numbers import COUNTED, COUNTED_EN, MONTH, MONTHS, plain_digits
from told_sentences import WORD, Change, Dice, Source, is_usable, occurrences, put

from bot.dates import named_days


def verbatim(source: Source, dice: Dice) -> str | None:
    return source.text


# -- numbers and dates ---------------------------------------------------------------------

_Form = tuple[str, Callable[[re.Match[str]], str]]
_ANY_COUNTED = "|".join(COUNTED + COUNTED_EN)


def _forms(german: bool) -> list[_Form]:
    mark = "." if german else ","
    words = COUNTED if german else COUNTED_EN
    counted = r"(?= [a-zäöü]{4,}| [A-ZÄÖÜ][a-zäöü]{3,}en\b)"

    def figure(match: re.Match[str]) -> str:
        table = COUNTED if match[0] in COUNTED else COUNTED_EN
        return str(table.index(match[0]) + 2)

    return [
        (r"(?<=\d)\s?%", lambda m: " Prozent" if german else " percent"),
        (r"(?<=\d) (?:Prozent|percent|per cent)\b(?!\w)", lambda m: " %"),
        (r"\bMillionen\b", lambda m: "Mio."),
        (r"\bMilliarden\b", lambda m: "Mrd."),
        (rf"(?<![\w.,])[1-9]\d{{0,2}}\{mark}\d{{3}}(?![\w.,])", lambda m: plain_digits(m[0])),
        (
            r"(?<![\w.,:/-])[2-9]\d{4}(?![\w.,:-])",
            lambda m: f"{int(m[0]):,}".replace(",", mark),
        ),
        (
            rf"(?<![\w.,:/-])\b([2-9]|1[0-2]){counted}(?! (?:{MONTH}|bis|to))",
            lambda m: words[int(m[0]) - 2],
        ),
        (rf"(?<!-)\b(?:{_ANY_COUNTED})\b(?! (?:bis|to|und|and|of|may)|-)", figure),
    ]


def reformatted(source: Source, dice: Dice) -> str | None:
    forms = _forms(source.language == "de")
    dice.shuffle(forms)
    bare = _unquoted(source.text)
    for pattern, new in forms:
        found = re.search(pattern, bare)
        if found and not re.search(rf"(?:{MONTH})\s$", bare[: found.start()]):
            return put(source.text, found, new(found))
    return None


def redated(source: Source, dice: Dice) -> str | None:
    published = source.hit.article.published
    if published and dice.random() < 0.5:
        changed = _reckoned(source, date.fromisoformat(published[:10]), dice)
        if changed:
            return changed
    return _in_figures(source.text) if source.language == "de" else _turned(source.text)


def _reckoned(source: Source, published: date, dice: Dice) -> str | None:
    """A weekday or "gestern" as a date."""
    for named in named_days(source.text, published):
        day = named.day
        if source.language == "de":
            written = f"am {day.day}. {MONTHS[0][day.month - 1]}"
            written += dice.choice(["", f" {day.year}"])
        else:
            written = f"on {MONTHS[1][day.month - 1]} {day.day}"
            written += dice.choice(["", f", {day.year}"])
        return source.text[: named.start] + written + source.text[named.end :]
    return None


def _in_figures(text: str) -> str | None:
    found = re.search(rf"\b([0-3]?\d)\. ({MONTH})( \d{{4}})?\b", text)
    if not found or found[2] not in MONTHS[0]:
        return None
    month = MONTHS[0].index(found[2]) + 1
    return put(text, found, f"{int(found[1]):02}.{month:02}.{(found[3] or '').strip()}")


def _turned(text: str) -> str | None:
    found = re.search(rf"\b({MONTH}) ([0-3]?\d)(?:, (\d{{4}}))?\b(?!\d)", text)
    if found:
        return put(text, found, f"{found[2]} {found[1]}{' ' + found[3] if found[3] else ''}")
    found = re.search(rf"\b([0-3]?\d) ({MONTH})( \d{{4}})?\b", text)
    return (
        put(text, found, f"{found[2]} {found[1]}{',' + found[3] if found[3] else ''}")
        if found
        else None
    )


# -- names and words -----------------------------------------------------------------------

_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}


def inflected(source: Source, dice: Dice) -> str | None:
    places = [m for m in occurrences(source) if m[0][-1] not in "sxzß"]
    if not places:
        return None
    name = dice.choice(places)[0]
    if source.language == "en":
        forms = [f"In {name}'s case it holds that {source.text}", f"As to {name}: {source.text}"]
    else:
        forms = [f"In {name}s Fall gilt: {source.text}", f"Zur {name}-Frage gilt: {source.text}"]
        if _unquoted(source.text) == source.text:
            forms.append("".join(_UMLAUTS.get(c, c) for c in source.text))
    return dice.choice(forms)


_SYNONYMS = {
    "de": """sagte=erklärte erklärte=sagte teilte=gab berichtet=meldet Menschen=Personen
    Personen=Menschen Auto=Fahrzeug Autos=Fahrzeuge Fahrzeug=Auto Polizei=Polizeibehörde
    Unternehmen=Konzern Regierung=Staatsführung Haus=Gebäude Gebäude=Bauwerk Feuer=Brand
    Kinder=Heranwachsende Brand=Feuer Unglück=Katastrophe Unfall=Zusammenstoß Stadt=Ortschaft
    Land=Staat Krieg=Konflikt Konflikt=Auseinandersetzung Treffen=Zusammenkunft
    Gespräche=Verhandlungen Chef=Vorsitzender Vorsitzende=Chefin begann=startete beginnt=startet
    endete=schloss Angriff=Attacke Arbeit=Tätigkeit Geld=Mittel Kosten=Ausgaben
    Hilfe=Unterstützung Unterstützung=Hilfe Antrag=Gesuch Problem=Schwierigkeit
    Probleme=Schwierigkeiten wichtig=bedeutend groß=umfangreich viele=zahlreiche
    Frauen=Bürgerinnen Teil=Anteil Ergebnis=Resultat Studie=Untersuchung Zeitung=Tageszeitung
    Spiel=Partie Sieg=Erfolg Gesetz=Regelwerk Schule=Lehranstalt Region=Gegend Gebiet=Areal""",
    "en": """said=stated stated=said children=kids people=persons car=vehicle house=building
    building=structure city=town large=big big=large began=started started=began help=assist
    many=numerous war=conflict conflict=dispute company=firm area=region region=area work=labour
    important=significant usually=typically often=frequently however=though used=employed
    different=various study=investigation problem=difficulty problems=difficulties also=moreover
    money=funds costs=expenses support=assistance application=request school=academy
    main=principal known=recognised led=headed built=constructed buy=purchase get=obtain
    need=require""",
}


def reworded(source: Source, dice: Dice) -> str | None:
    table = dict(pair.split("=") for pair in _SYNONYMS[source.language].split())
    bare = _unquoted(source.text)
    places = [  # a word behind another with a capital is part of a name
        m
        for m in WORD.finditer(bare)
        if m[0] in table and not re.search(r"[A-ZÄÖÜ]\w* $|-$", bare[: m.start()])
    ]
    if not places:
        return None
    text = source.text
    for match in sorted(dice.sample(places, min(2, len(places))), key=lambda m: -m.start()):
        text = put(text, match, table[match[0]])
    return text


def _unquoted(text: str) -> str:
    return re.sub(r"[„“»\"][^„“”»«\"]*[“”«\"]", lambda m: "·" * len(m[0]), text)


# -- clauses -------------------------------------------------------------------------------


def shortened(source: Source, dice: Dice) -> str | None:
    """Without what stands in brackets, between commas, or in a clause behind."""
    bare = _unquoted(source.text)
    between = r",(?!\d)[^,;:·]{8,90},(?!\d)(?=\s)| \([^()]{3,60}\)(?!\w)"
    places = list(re.finditer(between, bare))
    if places:
        return put(source.text, dice.choice(places), "")
    linked = r"(?:die|der|das|was|wobei|während|which|while|who|although|because)"
    found = re.match(rf"(.{{50,}}?),\s{linked}\s.*([.!?])$", bare)
    return source.text[: found.end(1)] + found[2] if found else None


def joined(source: Source, dice: Dice) -> str | None:
    text = source.hit.article.text
    others = [text[s.start : s.end] for s in source.hit.sentences]
    others = [other for other in others if other != source.text and is_usable(other)]
    if not others:
        return None
    joint = dice.choice(["; ", " – ", ", und " if source.language == "de" else ", and "])
    return source.text.rstrip(".!?") + joint + dice.choice(others)


_LEADING = r"(?:On|In|At|After|Before|During|By|From|For|With|Under)"
_CONJUNCTION = r"(dass|weil|wenn|obwohl|nachdem|während|da|bevor)"
_SMALL = frozenset("der die das es er sie ein eine".split())


def moved(source: Source, dice: Dice) -> str | None:
    """From "On Tuesday, they came" to "They came on Tuesday"; in German two clauses."""
    if source.language == "en":
        found = re.match(rf"({_LEADING} [^,]{{3,40}}), (.{{20,}})([.!?])$", source.text)
        if not found:
            return None
        lead, rest = found[1], found[2]
        return f"{rest[0].upper()}{rest[1:]} {lead[0].lower()}{lead[1:]}{found[3]}"
    found = re.match(rf"(.{{20,}}?), {_CONJUNCTION} ([^,]{{10,}})([.!?])$", source.text)
    if not found:
        return None
    main = found[1]
    if main.split()[0].lower() in _SMALL:
        main = main[0].lower() + main[1:]
    return f"{found[2].capitalize()} {found[3]}, {main}{found[4]}"


HONEST: dict[str, Change] = {
    "word for word": verbatim,
    "numbers written otherwise": reformatted,
    "dates written otherwise": redated,
    "names inflected": inflected,
    "words replaced": reworded,
    "clause left out": shortened,
    "two sentences joined": joined,
    "order changed": moved,
}
