"""Notes of correction are found where newspapers put them, and only there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.corrections import correction_notes, retells_mistake
from vectorstore.models import Span

BODY = "Die Brücke bei Kalden wird im Mai gesperrt. Das teilte der Kreis mit.\n\n"


@pytest.mark.parametrize(
    "note",
    [
        "Korrektur: Wir hatten zunächst geschrieben, die Sperrung beginne im April.",
        "Anmerkung der Redaktion: Die Zahl der Bauarbeiter wurde berichtigt.",
        "In einer früheren Version dieses Artikels hieß es, die Brücke sei neu.",
        "Update, 14:30 Uhr: Der Kreis nennt jetzt einen genauen Termin.",
        "Update: Inzwischen hat die Bahn reagiert.",
        "Correction: An earlier version of this article misstated the date.",
        "Editor’s note: The name of the river has been changed.",
        "This article was amended on 3 May to add a comment from the county.",
        "*Korrekturhinweis vom 3. Mai: Der Name des Landrats war falsch geschrieben.",
    ],
)
def test_a_note_is_found_and_cut_verbatim(note: str):
    text = f"{BODY}  {note}\n\nNoch ein Absatz."
    (span,) = correction_notes(text)
    assert text[span.start : span.end] == note


@pytest.mark.parametrize(
    "line",
    [
        "Eine Korrektur der Pläne lehnte der Landrat ab.",
        "Das Update der Software dauert nach Angaben des Herstellers eine Stunde.",
        "Die Korrektur kommt zu spät.",
        "The update was late, the mayor said.",
    ],
)
def test_an_article_about_corrections_has_no_note(line: str):
    assert correction_notes(BODY + line) == ()


def test_the_sentence_that_retells_a_mistake_is_told_from_the_one_that_puts_it_right():
    wrong = "Korrektur: In einer früheren Fassung hieß es, der Neubau koste 83 Millionen Euro."
    text = f"{BODY}{wrong} Richtig sind 38 Millionen Euro."
    start = text.index(wrong)
    assert retells_mistake(text, Span(start, start + len(wrong)))
    assert not retells_mistake(text, Span(start + len(wrong) + 1, len(text)))


def test_an_article_may_say_what_was_planned_at_first():
    text = "Zunächst war von 83 Millionen Euro die Rede."
    assert not retells_mistake(text, Span(0, len(text)))


@given(st.text())
def test_notes_are_lines_of_the_text(text: str):
    for span in correction_notes(text):
        assert text[span.start : span.end].strip() == text[span.start : span.end] != ""
        assert "\n" not in text[span.start : span.end]
