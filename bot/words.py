"""Beleg's own words (words.toml), in somebody's language: German, English for all others."""

import calendar
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["de", "en"]


@cache
def words() -> Mapping[Language, Mapping[str, str]]:
    """Every sentence by its key, by language."""
    import tomllib  # not before something is said

    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))  # type: ignore[return-value]


def language_of_words(code: str | None) -> Language:
    """The language that Beleg answers somebody in."""
    return "de" if (code or "").lower().startswith("de") else "en"


def say(key: str, language: str | None, **values: object) -> str:
    """One of Beleg's own sentences."""
    return words()[language_of_words(language)][key].format(**values)


def day(published: str | None, language: str | None) -> str | None:
    """A date as people write it in their language; what is no date is shown as it is."""
    if not published:
        return None
    try:
        found = date.fromisoformat(published[:10])
    except ValueError:
        return published
    if language_of_words(language) == "de":
        return f"{found.day:02}.{found.month:02}.{found.year}"
    return f"{found.day} {calendar.month_name[found.month]} {found.year}"


def number(count: int, language: str | None) -> str:
    """A whole number as people write it in their language: 1.240, 1,240."""
    return f"{count:,}".replace(",", "." if language_of_words(language) == "de" else ",")


def stretch(since: date | None, until: date | None, language: str | None) -> str:
    """Days, both inclusive, as they follow "the articles": "vom 24.11.2026". One must be given."""
    first, last = (day(d.isoformat() if d else None, language) for d in (since, until))
    key = "from_to" if first and last else "since" if first else "until"
    return say("one_day" if since == until else key, language, since=first, until=last)
