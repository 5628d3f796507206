"""The forms in which German and English write numbers, as expressions. Pure."""

import re

from bot.number_words import COUNTING, SCALES, any_of

PARTS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_PART = f"[{''.join(PARTS)}]"
_DIGITS = (
    r"[1-9]\d{0,2}(?: \d{3})+(?![\d.,]?\d| \d)|"
    r"\d{1,3}(?:[.,'’\u00a0\u202f\u2009]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
)
_SPELT = rf"(?:(?:{COUNTING}|ein)?(?:hundert|tausend)(?:und)?)+(?:{COUNTING}|eins)?|{COUNTING}"
_TAIL = (
    r"-?(?:jährig|stündig|tägig|wöchig|monatig|minütig|köpfig|stöckig|geschossig|fach|malig|"
    r"teilig|stellig|prozentig|seitig|sprachig|spurig|stimmig|dimensional|fold)\w*|mal"
)
_SCALE = any_of({*SCALES, "millions", "billions", "trillions", "bio"})
_START = r"(?<![^\W_])(?<![^\W\d_][-’'])"

NUMBER = re.compile(
    rf"{_START}(?P<minus>(?<![\w.,–-])[-−–](?=\d)|\bminus\s)?"
    rf"(?:(?P<digits>{_DIGITS})(?P<part>{_PART})?|(?P<only>{_PART})|"
    rf"(?P<word>{_SPELT})(?P<half>einhalb|\sand\sa\shalf\b)?(?:(?={_TAIL})|\b)|"
    rf"(?P<one>(?:eine?[nrm]?|a|one)(?=[\s-](?:{any_of(SCALES)})\b)))"
    rf"(?:[\s\u00a0-]?(?P<scale>{_SCALE})\b\.?|(?P<short>(?<=\d)(?:k|m|bn|tn)\b))?",
    re.I,
)
PAIR = re.compile(
    r"(?<![\w.,:/])(?:(?P<h>\d{1,3}):(?P<m>\d{1,3})(?::\d\d)?(?![\d:])|"
    r"(?P<hour>\d{1,2})(?:\.(?P<minute>\d\d))?(?=\s?Uhr\b|\s?[ap]\.m\b|\s?[ap]m\b|\so['’]clock\b))"
    r"(?:\s?Uhr\b(?:\s(?P<past>[0-5]\d)\b(?![.,]?\d))?|\s?(?P<half>[ap])\.?m\b\.?|\s?o['’]clock\b)?",
    re.I,
)
HOUR = re.compile(rf"\b(?P<h>{COUNTING}|ein)\s(?:Uhr\b|(?P<half>[ap])\.?m\b|o['’]clock\b)", re.I)
NOON = re.compile(r"\b(?:(?P<noon>noon|midday)|midnight|Mitternacht)\b", re.I)
HALF_PAST = re.compile(rf"\bhalb\s(?P<h>{COUNTING}|eins|\d\d?)\b(?!\s?(?:so|prozent|%))", re.I)
NTH_DIGITS = re.compile(
    r"(?<![\w.,:/])(?<![^\W\d_]-)(?P<n>\d{1,4})"
    r"(?:(?:st|nd|rd|th)\b|\.(?=\s?[/–-]|\s[^\W\d_]|\s\d|$))"
)
ROMAN = re.compile(r"(?<![\w.-])(?:I{2,3}|IV|VI{1,3}|IX|XI{1,3}|XI?V|XVI{0,3})(?![\w-])")
ODD_NTH = {"dritt": 3, "siebt": 7, "acht": 8, "hundertst": 100, "zweier": 2, "dreier": 3}
_ENGLISH_NTH = {"second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
_ENGLISH_NTH |= {"twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100}
_MOST = r"(?=[a-zäöüß]{3,}te)[a-zäöüß]+"  # "drittgrößte"
NTH = re.compile(
    rf"\b(?:(?P<odd>zweier|dreier|dritt|siebt|acht|hundertst)(?:(?<=er)|e[nrsm]?|{_MOST})|"
    rf"(?P<english>{any_of(_ENGLISH_NTH)})|"
    rf"(?P<regular>{COUNTING})(?:s?te(?:[nrsm]|ns)?|t{_MOST}|th))\b",
    re.I,
)
ODD_NTH |= _ENGLISH_NTH
_GERMAN = {"drittel": 3, "viertel": 4, "fünftel": 5, "sechstel": 6, "achtel": 8, "zehntel": 10}
_ENGLISH = {"third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
DENOMINATORS = _GERMAN | _ENGLISH | {f"{word}s": n for word, n in _ENGLISH.items()}
FRACTION = re.compile(
    rf"\b(?:(?P<count>eine?[nrsm]?|an?|one|{COUNTING}|\d\d?)[\s-]?"
    rf"(?P<of>(?:{any_of(_GERMAN)})(?=n?\b|mehrheit)|(?:{any_of(_ENGLISH)})s|"
    rf"(?<=\ba[\s-])(?:{any_of(_ENGLISH)})|(?<=\bone[\s-])(?:{any_of(_ENGLISH)}))(?:n|mehrheit\w*)?|(?P<n>\d\d?)/(?P<d>\d\d?)(?![/\d])|"
    r"(?P<half>hälften?|halbe[nrsm]?|(?<!and a )half))\b",
    re.I,
)
TIMES = re.compile(
    r"\b(?:(?P<two>(?:ver)?doppel\w*|double[ds]?|doubling|twice)|"
    r"(?P<three>verdreifach\w*|tripl(?:e[ds]?|ing)|trebled?|thrice)|"
    r"(?P<four>vervierfach\w*|quadrupl\w+))\b",
    re.I,
)
VAGUE_SCALES = {"hunderte": 100.0, "hundreds": 100.0, "tausende": 1e3, "thousands": 1e3}
VAGUE_SCALES |= {"dutzende": 12.0, "dozens": 12.0, "zehntausende": 1e4, "hunderttausende": 1e5}
VAGUE_SCALES |= {"hundred": 100.0, "thousand": 1e3}
VAGUE_SCALES |= {"millionen": 1e6, "millions": 1e6, "milliarden": 1e9, "billions": 1e9}
VAGUE = re.compile(rf"\b(?P<scale>{any_of(VAGUE_SCALES)})[nr]?\b", re.I)
BOTH = re.compile(r"\b(?:beide[nmrs]?|both|zu zweit|zweitens|secondly)\b", re.I)
ONE_OF = re.compile(r"\b(?:eine?[nmrs]?|one|an?)\b", re.I)
