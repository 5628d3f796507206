"""What numbers measure, and in which of its sizes: "km" and "Meter", "%" and "prozentig". Pure."""

import re

from bot.number_words import any_of
from bot.quantities import UNITS, Kind

PERCENT = "%"
_MORE = """points 1 percentage_points percentage_point prozentpunkt
% 1 percents prozentige prozentigen prozentiger prozentiges prozentig pct %ige %igen
yen 1 yen ¥
krone 1 kronen krone crowns kronor kroner
rouble 1 rubel rubles roubles
yuan 1 yuan renminbi
zloty 1 zloty
lira 1 lira
rupee 1 rupien rupees
mark 1 mark dm d-mark
gbp 1 pounds pound
usd 1 us-dollars us$
cent 1 cent cents
mile 1 meilen miles mile
foot 1 fuß feet foot ft
inch 1 inches
acre 1 acres
mph 1 mph
km/h 1 kilometer_pro_stunde stundenkilometern kmh kilometres_per_hour kilometers_per_hour
m 1000 kilometers kilometre
m 0.01 centimeters centimeter
m 0.001 millimeters millimetres
mw 1 megawatts
mw 1000 gw gigawatt gigawatts
mw 0.001 kw kilowatt kilowatts
kwh 1 kwh kilowattstunden
kwh 1000 mwh megawattstunden
kwh 1000000 gwh gigawattstunden
fahrenheit 1 grad_fahrenheit degrees_fahrenheit °f
degrees 1 grad_celsius degrees_celsius
byte 1 mb megabyte megabytes
byte 1000 gb gigabyte gigabytes
byte 1000000 tb terabyte terabytes
kg 1000 ton tonne
kg 0.001 gramm gram grams g
second 1 sekunden sekunde seconds
minutes 1 minütig minütige minütigen minütiger minütiges minute min
minutes 60 stündig stündige stündigen stündiger stündiges std h
days 1 tägig tägige tägigen tägiger tägiges
days 7 wöchig wöchige wöchigen wöchiger wöchiges
months 1 monatig monatige monatigen
months 12 jährig jährige jährigen jähriger jähriges jährigem years_old year-old year-olds
months 12 years_of_age jahre_alt"""
_WRITTEN: dict[str, tuple[str, float]] = {
    word: ("months", 12.0) if name == "age" else (name, factor)
    for word, (kind, name, factor) in UNITS.items()
    if kind is not Kind.CLOCK
}
for _name, _factor, *_words in map(str.split, _MORE.splitlines()):
    _WRITTEN |= {word.replace("_", " "): (_name, float(_factor)) for word in _words}
_MONEY = "€ $ £ ¥ us$ eur usd gbp chf euro dollar"
_BEHIND = re.compile(rf"[\s\u00a0\u202f]?-?({any_of(_WRITTEN)})(?!\w)", re.I)
_BEFORE = re.compile(rf"(?<!\w)({any_of(_MONEY.split())})\s?$", re.I)


def unit_at(text: str, start: int, end: int) -> tuple[str, float, int]:
    """The base unit of a number at `text[start:end]`, how many of it the written one is, and
    where its words end; ("", 1, end) if it has none."""
    behind = _BEHIND.match(text, end)
    if behind:
        return (*_WRITTEN[behind[1].lower()], behind.end())
    before = _BEFORE.search(text[max(0, start - 7) : start])
    if before:
        return (*_WRITTEN[before[1].lower()], end)
    return "", 1.0, end
