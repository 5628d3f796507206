"""All of Beleg's own words: none is missing in a language, none is asked for in vain."""

import re
from pathlib import Path
from string import Formatter

import pytest

from bot.words import number, say, words

SOURCES = [p.read_text(encoding="utf-8") for p in (Path(__file__).parents[2] / "bot").rglob("*.py")]
BUILT = ("one_", "many_", "why_", "command_", "status_", "stats_", "take_", "chroma_", "watch_")
JARGON = re.compile(
    r"\b(?:KI|AI|Chunks?|Embeddings?|Prompts?|Token|Vektor\w*|vectors?|LLM|Datenbank|database)\b",
    re.I,
)


def filled(sentence: str) -> set[str]:
    """The names of what is filled in."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_german_and_english_say_the_same_things_with_the_same_blanks() -> None:
    german, english = words()["de"], words()["en"]
    assert german.keys() == english.keys()
    assert {k: filled(v) for k, v in german.items()} == {k: filled(v) for k, v in english.items()}


def test_every_sentence_that_is_asked_for_is_there() -> None:
    asked = {key for source in SOURCES for key in re.findall(r'\bsay\(\s*"(\w+)"', source)}
    assert asked - words()["de"].keys() == set()


def test_every_sentence_is_said_somewhere() -> None:
    literals = {name for source in SOURCES for name in re.findall(r'"(\w+)"', source)}
    known = {key.removesuffix("_then") for key in words()["de"]}
    unsaid = {key for key in known if key not in literals and not key.startswith(BUILT)}
    assert unsaid == set()


@pytest.mark.parametrize("language", ["de", "en"])
def test_people_read_no_jargon(language: str) -> None:
    told = [v for k, v in words()[language].items() if not k.startswith(("status_", "chroma_"))]
    assert [sentence for sentence in told if JARGON.search(sentence)] == []


def test_numbers_are_written_as_in_the_language() -> None:
    assert (number(1240, "de-AT"), number(1240, "fr")) == ("1.240", "1,240")
    assert say("searching", "de", count=number(1240, "de")) == "Sucht in 1.240 Artikeln …"
