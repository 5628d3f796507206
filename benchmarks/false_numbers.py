"""Lies about the numbers and dates of a passage, made from one of its sentences by a rule each."""

import re

from told_sentences import Dice, Source, put

_DIGITS = re.compile(r"(?<![\w.,:-])\d+(?:[.,]\d{3})*(?:[.,]\d+)?(?![\w:-]|[.,]\d)")
_YEAR = re.compile(r"(?<![\w.,-])(?:1[6-9]|20)\d\d(?![\w-]|[.,]\d|\s?(?:%|Prozent|Euro|percent))")
MONTHS = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "January February March April May June July August September October November December".split(),
)
MONTH = "|".join(sorted(MONTHS[0] + MONTHS[1], key=len, reverse=True))
_DAY = re.compile(rf"\b([0-3]?\d)(?=\. (?:{MONTH})\b)|(?<=\b)([0-3]?\d)(?= (?:{MONTH})\b)")
_DAY_EN = re.compile(rf"\b(?:{MONTH}) ([0-3]?\d)\b(?!\d)")
COUNTED = "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split()
COUNTED_EN = "two three four five six seven eight nine ten eleven twelve".split()
_WORDS = re.compile(rf"\b(?:{'|'.join(COUNTED + COUNTED_EN)})\b")
_UNITS = [
    ("Millionen", "Milliarden"), ("Million", "Milliarde"), ("million", "billion"),
    ("Euro", "Dollar"), ("Prozent", "Prozentpunkte"), ("percent", "percentage points"),
    ("Kilometer", "Meter"), ("kilometres", "metres"), ("Stunden", "Minuten"), ("hours", "minutes"),
    ("Tage", "Wochen"), ("days", "weeks"), ("Monate", "Jahre"), ("months", "years"),
    ("Grad", "Prozent"), ("Tonnen", "Kilogramm"), ("miles", "feet"), ("km", "m"),
]  # fmt: skip


def plain_digits(digits: str) -> str:
    return re.sub(r"\D", "", digits)


def _told_numbers(source: Source) -> set[str]:
    return {plain_digits(d) for d in re.findall(r"\d[\d.,]*", source.told)}


def digit(source: Source, dice: Dice) -> str | None:
    places = [m for m in _DIGITS.finditer(source.text) if not _YEAR.fullmatch(m[0])]
    return _altered_digit(source, places, dice)


def _altered_digit(source: Source, places: list[re.Match[str]], dice: Dice) -> str | None:
    if not places:
        return None
    match = dice.choice(places)
    for _ in range(10):
        at = dice.choice([i for i, c in enumerate(match[0]) if c.isdigit()])
        new = dice.choice([d for d in "0123456789" if d != match[0][at] and (at or d != "0")])
        number = match[0][:at] + new + match[0][at + 1 :]
        if plain_digits(number) not in _told_numbers(source):
            return put(source.text, match, number)
    return None


def anywhere_digit(source: Source, dice: Dice) -> str | None:
    """A number that the passage has elsewhere."""
    places = [
        m
        for m in _DIGITS.finditer(source.text)
        if not _YEAR.fullmatch(m[0]) and not re.match(rf"\. (?:{MONTH})", source.text[m.end() :])
    ]
    others = [
        d
        for d in re.findall(r"(?<![\w.,:])\d+(?![\w.,:])", source.hit.text)
        if d not in source.text
    ]
    if not places or not others:
        return None
    return put(source.text, dice.choice(places), dice.choice(others))


def magnitude(source: Source, dice: Dice) -> str | None:
    places = [m for m in _DIGITS.finditer(source.text) if not _YEAR.fullmatch(m[0])]
    if not places:
        return None
    match = dice.choice(places)
    point = "." if source.language == "de" else ","
    if not re.fullmatch(r"\d{1,3}(?:[.,]\d{3})*|\d+", match[0]) or not int(plain_digits(match[0])):
        return None
    new = int(plain_digits(match[0])) * dice.choice([10, 100, 1000])
    text = f"{new:,}".replace(",", point)
    return None if plain_digits(text) in _told_numbers(source) else put(source.text, match, text)


def decimal_moved(source: Source, dice: Dice) -> str | None:
    point = "," if source.language == "de" else "."
    places = [
        m for m in _DIGITS.finditer(source.text) if re.fullmatch(rf"\d+\{point}\d{{1,2}}", m[0])
    ]
    if not places:
        return None
    match = dice.choice(places)
    whole, _, part = match[0].partition(point)
    new = f"{whole}{part}" if whole != "0" else f"{part}"
    if len(whole) > 1 and dice.random() < 0.5:
        new = f"{whole[:-1]}{point}{whole[-1]}{part}"
    return put(source.text, match, new) if new != match[0] else None


def year(source: Source, dice: Dice) -> str | None:
    places = list(_YEAR.finditer(source.text))
    if not places:
        return None
    match = dice.choice(places)
    for _ in range(10):
        new = str(int(match[0]) + dice.choice([-30, -10, -3, -2, -1, 1, 2, 3, 10, 30]))
        if new not in source.told:
            return put(source.text, match, new)
    return None


def day(source: Source, dice: Dice) -> str | None:
    places = [m.span() for m in _DAY.finditer(source.text)]
    places += [m.span(1) for m in _DAY_EN.finditer(source.text) if m[1]]
    if not places:
        return None
    start, end = dice.choice(places)
    held = re.findall(r"\d+", source.told)
    for _ in range(10):
        new = str(dice.randint(1, 28))
        if new not in held:
            return put(source.text, (start, end), new)
    return None


def month(source: Source, dice: Dice) -> str | None:
    places = list(re.finditer(rf"\b(?:{MONTH})\b(?= \d|$|[ ,.])", source.text))
    places = [
        m
        for m in places
        if m[0] not in ("May", "March") or source.text[m.end() : m.end() + 2].strip().isdigit()
    ]
    if not places:
        return None
    match = dice.choice(places)
    table = MONTHS[0] if source.language == "de" else MONTHS[1]
    new = dice.choice([m for m in table if m not in source.told and m != match[0]])
    published = source.hit.article.published
    if published and table[int(published[5:7]) - 1] == new:
        return None
    return put(source.text, match, new)


def percent(source: Source, dice: Dice) -> str | None:
    places = list(re.finditer(r"\d+(?:[.,]\d+)?(?=\s?(?:%|Prozent|percent|per cent))", source.text))
    return _altered_digit(source, places, dice)


def number_word(source: Source, dice: Dice) -> str | None:
    places = list(_WORDS.finditer(source.text))
    if not places:
        return None
    match = dice.choice(places)
    table = COUNTED if match[0] in COUNTED else COUNTED_EN
    held = source.told.lower()
    free = [
        w for n, w in enumerate(table, 2) if w != match[0] and not re.search(rf"{w}|\b{n}\b", held)
    ]
    return put(source.text, match, dice.choice(free)) if free else None


def unit(source: Source, dice: Dice) -> str | None:
    choices = []
    for pair in _UNITS:
        for old, new in (pair, pair[::-1]):
            found = re.search(rf"(?<=\d )(?:{old})\b|(?<=\d\xa0)(?:{old})\b", source.text)
            if found:
                choices.append((found, new))
    if not choices:
        return None
    return put(source.text, *dice.choice(choices))
