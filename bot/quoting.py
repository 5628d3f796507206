"""Quotes as they are shown: in the marks of the reader's language, their own marks inside. Pure.

Only what is shown changes; a citation's quote stays as it stands in the article.
"""

from bot.words import say

_INSIDE = str.maketrans("„“”", "‚‘’")


def quoted(quote: str, language: str | None) -> str:
    """A quote in marks."""
    return say("quoted", language, quote=inside(quote))


def inside(quote: str) -> str:
    """A quote as it stands between marks: „Die ‚Seeschwalbe‘ legt ab.“"""
    return quote.translate(_INSIDE)
