"""Sentences that turn round what their passage says: the opposite word, places changed."""

import numpy as np
import pytest

from bot.writing.opposites import opposes
from bot.writing.verification import verify
from tests.support.cited import cited, meaning
from tests.support.embedding import embed

DYKE = (
    "Der Kreis Ostmark baut einen Deich, der 900 Meter lang und 6 Meter hoch wird.",
    "Der Kreistag billigte den Plan am 3. Juni 2025 mit 21 zu 9 Stimmen.",
    "Die SPD stimmte für den Deich, die Linken stimmten dagegen.",
    "Die Zahl der Überschwemmungen sank von 30 auf 12.",
    "Bäuerin Grete Lohmann verklagte die Baufirma Tiedemann auf 80.000 Euro.",
    "Das Museum in Harlem wurde im Mai geöffnet.",
    "Die Umweltverbände warnen vor steigenden Kosten.",
    "Richter Karl Sommer hat den Landwirt Uwe Brandt freigesprochen.",
)
MILL = (
    "The town council approved the mill by 11 to 4.",
    "Output rose from 20 to 35 tonnes.",
    "Nora Fields sued Harrow Mills for $2 million.",
    "The court acquitted Owen Price of theft.",
    "The police released Dora Lane on Friday.",
    "The mill is 40 metres long and 15 metres wide.",
)


def passes(sentence, lines, language):
    return verify(sentence, [cited(*lines, language=language)], "", language, meaning).ok


@pytest.mark.parametrize(
    "sentence",
    [
        "Die Zahl der Überschwemmungen stieg.",
        "Die Linken stimmten für den Deich.",
        "Die SPD stimmte gegen den Deich.",
        "Der Kreistag lehnte den Plan am 3. Juni 2025 ab.",
        "Das Museum in Harlem wurde im Mai geschlossen.",
        "Die Umweltverbände loben steigende Kosten.",
        "Die Umweltverbände warnen vor sinkenden Kosten.",
        "Richter Karl Sommer hat den Landwirt Uwe Brandt verurteilt.",
    ],
)
def test_a_german_sentence_with_the_opposite_word_is_dropped(sentence):
    assert not passes(sentence, DYKE, "de")


@pytest.mark.parametrize(
    "sentence",
    [
        "The town council rejected the mill by 11 to 4.",
        "Output fell.",
        "The court convicted Owen Price of theft.",
        "The police arrested Dora Lane on Friday.",
    ],
)
def test_an_english_sentence_with_the_opposite_word_is_dropped(sentence):
    assert not passes(sentence, MILL, "en")


@pytest.mark.parametrize(
    ("sentence", "lines", "language"),
    [
        ("Die Zahl der Überschwemmungen sank von 12 auf 30.", DYKE, "de"),
        ("Die Zahl der Überschwemmungen sank auf 30.", DYKE, "de"),
        ("Der Kreistag billigte den Plan mit 9 zu 21 Stimmen.", DYKE, "de"),
        ("Der Kreistag billigte den Plan mit 9:21 Stimmen.", DYKE, "de"),
        ("Der Deich wird 6 Meter lang.", DYKE, "de"),
        ("Output rose from 35 to 20 tonnes.", MILL, "en"),
        ("Output rose to 20 tonnes.", MILL, "en"),
        ("The council approved the mill by 4 to 11.", MILL, "en"),
        ("The mill is 15 metres long.", MILL, "en"),
    ],
)
def test_a_number_in_another_ones_place_is_dropped(sentence, lines, language):
    assert not passes(sentence, lines, language)


@pytest.mark.parametrize(
    ("sentence", "lines", "language"),
    [
        ("Die Baufirma Tiedemann verklagte Grete Lohmann auf 80.000 Euro.", DYKE, "de"),
        ("Tiedemann verklagte Lohmann.", DYKE, "de"),
        ("Harrow Mills sued Nora Fields.", MILL, "en"),
    ],
)
def test_names_that_change_places_around_a_verb_are_dropped(sentence, lines, language):
    assert not passes(sentence, lines, language)


@pytest.mark.parametrize(
    ("sentence", "lines", "language"),
    [
        ("Die Linken lehnten den Deich ab.", DYKE, "de"),
        ("Die Linken stimmten gegen den Deich.", DYKE, "de"),
        ("Die SPD war für den Deich.", DYKE, "de"),
        ("Der Kreistag stimmte dem Plan mit 21:9 Stimmen zu.", DYKE, "de"),
        ("21 Abgeordnete stimmten dafür, 9 dagegen.", DYKE, "de"),
        ("Die Überschwemmungen gingen von 30 auf 12 zurück.", DYKE, "de"),
        ("Grete Lohmann verklagte Tiedemann.", DYKE, "de"),
        ("Tiedemann wurde von Grete Lohmann verklagt.", DYKE, "de"),
        ("Harrow Mills was sued by Nora Fields.", MILL, "en"),
        ("Output rose to 35 tonnes from 20.", MILL, "en"),
        ("The mill is 15 metres wide.", MILL, "en"),
        ("Dortmund verlor gegen Bremen mit 1:3.", ("Bremen gewann gegen Dortmund 1:3.",), "de"),
        ("Ida Roth bought the barn from Ben Cole.", ("Ben Cole sold the barn to Ida Roth.",), "en"),
        (
            "Die Preise stiegen nicht, sie sanken.",
            ("Die Preise stiegen nicht, sie sanken.",),
            "de",
        ),
    ],
)
def test_an_honest_sentence_in_other_words_passes(sentence, lines, language):
    assert passes(sentence, lines, language)


def test_a_denied_opposite_is_the_same():
    held = ["Uwe Brandt wurde freigesprochen."]
    assert not opposes("Uwe Brandt wurde nicht verurteilt.", "de", held)
    assert opposes("Uwe Brandt wurde verurteilt.", "de", held)


def test_it_is_enough_that_one_passage_says_the_same():
    held = ["Die Zahl der Brände sank.", "Die Zahl der Brände stieg."]
    assert not opposes("Die Zahl der Brände stieg.", "de", held)


def loosely(texts):
    """All texts mean something like the same, less surely than `meaning` has it."""
    rows = [embed("Sinn") + 0.6 * embed(text) for text in texts]
    return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)


def test_a_number_of_a_sentence_about_something_else_is_dropped():
    lines = (*DYKE, "Danach sollen die Bauarbeiten beginnen und nur wenig dauern.")
    assert not passes("Die Bauarbeiten dauern danach nur wenige 9 Jahre.", lines, "de")
    assert passes("Der Kreistag billigte den Plan 2025.", lines, "de")


def test_a_sentence_of_which_only_name_and_day_are_told_is_dropped():
    told = "Bäuerin Grete Lohmann zeigte den Reportern am Montag ihre Felder."
    for sentence, ok in (
        ("Grete Lohmann wurde am Montag verhaftet.", False),
        ("Grete Lohmann führte am Montag über die Felder.", True),
    ):
        hit = cited(told, near=loosely)
        assert verify(sentence, [hit], "", "de", loosely).ok == ok


@pytest.mark.parametrize(
    ("sentence", "ok"),
    [
        ("Rund 900 Gäste fahren jede Stunde mit der Fähre.", False),
        ("Täglich fahren rund 900 Gäste mit der Fähre.", True),
        ("Niemand fährt mit der Fähre.", False),
    ],
)
def test_how_often_and_how_many_stay_as_they_are_told(sentence, ok):
    lines = ("Rund 900 Gäste fahren jeden Tag mit der Fähre.", "Das Land zahlt dafür nicht.")
    assert passes(sentence, lines, "de") == ok


@pytest.mark.parametrize(
    ("sentence", "language", "held", "ok"),
    [
        ("Der Gewinn stieg.", "de", "Halberg steigerte den Gewinn, der Umsatz sank.", True),
        ("Der Umsatz stieg.", "de", "Der Gewinn stieg, der Umsatz sank.", False),
        ("8 Räte stimmten gegen den Bau.", "de", "Der Rat stimmte mit 12:8 für den Bau.", True),
        ("The bridge will shut in June.", "en", "It opened in 1998 and will close in June.", True),
        (
            "The union welcomed it.",
            "en",
            "The mayor welcomed it, but the union condemned it.",
            False,
        ),
    ],
)
def test_of_two_sides_that_of_the_same_subject_counts(sentence, language, held, ok):
    assert opposes(sentence, language, [held]) != ok
