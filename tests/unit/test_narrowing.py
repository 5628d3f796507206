"""Questions that say which paper they want."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.narrowing import Narrowed, narrowed

SOURCES = frozenset(
    (
        *("DER SPIEGEL", "Spiegel Online", "FAZ", "tagesschau.de", "Reuters", "The Guardian"),
        *("Süddeutsche Zeitung", "Berliner Zeitung", "Berlin Online News", "Die Zeit", "Welt"),
        *("Hannoversche Allgemeine", "F.A.Z.", "AP", "Kinder"),
    )
)
SPIEGEL = {"DER SPIEGEL", "Spiegel Online"}
FAZ = {"FAZ", "F.A.Z."}


@pytest.mark.parametrize(
    ("question", "words", "sources"),
    [
        ("Was kostet die Fähre, nur Spiegel?", "Was kostet die Fähre?", SPIEGEL),
        ("Was kostet die Fähre? Nur Spiegel.", "Was kostet die Fähre?", SPIEGEL),
        ("Was kostet die Fähre nur im Spiegel?", "Was kostet die Fähre?", SPIEGEL),
        ("was kostet die fähre nur spiegel", "was kostet die fähre", SPIEGEL),
        ("Was kostet die Fähre (nur aus der FAZ)?", "Was kostet die Fähre?", FAZ),
        (
            "Was kostet die Fähre – nur von der Tagesschau",
            "Was kostet die Fähre",
            {"tagesschau.de"},
        ),
        (
            "Was kostet die Fähre, nur bei tagesschau.de?",
            "Was kostet die Fähre?",
            {"tagesschau.de"},
        ),
        ("Nur Spiegel: Was kostet die Fähre?", "Was kostet die Fähre?", SPIEGEL),
        ("Nur im Spiegel, was kostet die Fähre?", "was kostet die Fähre?", SPIEGEL),
        ("nur aus der faz was kostet die fähre", "was kostet die fähre", FAZ),
        ("What does the ferry cost, only Reuters?", "What does the ferry cost?", {"Reuters"}),
        ("Only from Reuters: what is the fare?", "what is the fare?", {"Reuters"}),
        ("What is the fare? Only in the Guardian", "What is the fare?", {"The Guardian"}),
        ("Was sagt Scholz, nur Die Zeit?", "Was sagt Scholz?", {"Die Zeit"}),
        ("Was sagt er, nur Sueddeutsche?", "Was sagt er?", {"Süddeutsche Zeitung"}),
        ("Was sagt Scholz, nur Spiegel und FAZ?", "Was sagt Scholz?", SPIEGEL | FAZ),
        ("What does Biden say, only Reuters or AP?", "What does Biden say?", {"Reuters", "AP"}),
        ("Was sagt Scholz, nur Süddeutsche Zeitung?", "Was sagt Scholz?", {"Süddeutsche Zeitung"}),
    ],
)
def test_the_words_for_a_source_are_taken_out(question: str, words: str, sources: set[str]) -> None:
    found = narrowed(question, lambda: SOURCES)
    assert found == Narrowed(words, frozenset(sources))


@pytest.mark.parametrize(
    "question",
    [
        "Was kostet die Fähre, nur Stern?",
        "Steigen die Mieten nur in Berlin?",
        "Zahlen das nur Berliner?",
        "Nur Berliner zahlen das?",
        "Nur Kinderarbeit wird bestraft?",
        "Stand das nicht nur im Spiegel?",
        "Was steht im Spiegel?",
        "Was schreibt der Spiegel nur über die Fähre?",
        "nur Spiegel",
        "Nur im Spiegel?",
        "Und nur im Spiegel?",
        "Wer hat nur 12 Punkte?",
        "Only children under six travel free?",
        "Warum kommt nur die Zeitung nicht?",
        "nur nur nur nur",
        "only only, only.",
    ],
)
def test_other_questions_stay_as_they_are(question: str) -> None:
    assert narrowed(question, lambda: SOURCES) == Narrowed(question)


def test_the_sources_are_asked_for_only_where_the_words_are() -> None:
    def never() -> frozenset[str]:
        raise AssertionError

    assert narrowed("Was kostet die Fähre?", never) == Narrowed("Was kostet die Fähre?")


@given(st.text("nurodlyOnN imspiegl,.:;?()ß\n", max_size=120), st.sets(st.text(max_size=12)))
def test_any_text_can_be_looked_at(question: str, sources: set[str]) -> None:
    found = narrowed(question, lambda: sources)
    assert found.sources is None or found.sources <= sources
    assert set(found.words) <= set(question) | {"?"}
