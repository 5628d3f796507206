"""Slips in a question: what is put right, and what is left as it was typed."""

from hypothesis import given
from hypothesis import strategies as st

from vectorstore import lexical
from vectorstore.spelling import Knowledge, corrected

ARTICLE = (
    "Die Feuerwehr löschte den Brand im Lagerhaus am Stadtrand. Bürgermeister Krantz dankte ihr."
)
WELL_KNOWN = {"Feuerwehr", "Lagerhaus", "Bürgermeister", "Katze", "Brand", "Stadtrand"}


def knowledge(text=ARTICLE, well_known=frozenset(WELL_KNOWN)):
    tokens = lexical.words(text)
    terms = {"grams": lexical.grams(tokens), "stems": lexical.stems(tokens, "de")}

    def held(kind, wanted):
        return {term: terms[kind].count(term) for term in wanted}

    def pieces(words):
        return [1 if word in well_known else 2 + len(word) // 4 for word in words]

    return Knowledge(held, pieces)


def test_two_letters_that_changed_places_are_put_back():
    assert corrected("Was tat die Feuewrehr?", "de", knowledge()) == "Was tat die Feuerwehr?"


def test_an_umlaut_that_changed_places_is_put_back():
    asked = corrected("Wem dankte der Büregrmeister?", "de", knowledge())
    assert asked == "Wem dankte der Bürgermeister?"


def test_a_missing_a_wrong_and_a_superfluous_letter_are_put_right():
    for typed in ("Lagrhaus", "Lagethaus", "Lagterhaus"):
        assert corrected(f"Wo ist das {typed}?", "de", knowledge()) == "Wo ist das Lagerhaus?"


def test_a_compound_that_stands_nowhere_is_put_right_by_its_parts():
    known = knowledge(well_known=frozenset(WELL_KNOWN | {"Feuerwehrlager"}))
    # "wehrl", "rlag" and the like stand nowhere, so a guess must have none of them either
    assert corrected("Feuewrehrlager", "de", known) == "Feuewrehrlager"
    spread = knowledge(ARTICLE + " Das Wehrlager.", frozenset(WELL_KNOWN | {"Feuerwehrlager"}))
    assert corrected("Feuewrehrlager", "de", spread) == "Feuerwehrlager"


def test_a_word_that_the_model_knows_whole_stays_even_if_no_article_has_it():
    assert corrected("Wo ist die Katze?", "de", knowledge()) == "Wo ist die Katze?"


def test_a_word_that_an_article_has_stays_even_if_the_model_finds_it_strange():
    assert corrected("Wer ist Krantz?", "de", knowledge()) == "Wer ist Krantz?"


def test_a_name_that_is_merely_like_one_in_the_articles_stays():
    assert corrected("Wer ist Krentz?", "de", knowledge()) == "Wer ist Krentz?"


def test_short_words_numbers_and_words_that_ask_stay():
    question = "Woher kam 20125 die Bnrad?"
    assert corrected(question, "de", knowledge()) == question


def test_a_question_full_of_strange_words_is_left_alone():
    question = "Feuewrehr Lagrhaus Xylofant Qwertzui Zumpelmoos"
    assert corrected(question, "de", knowledge()) == question


def test_a_text_without_blanks_and_a_word_with_digits_are_no_slips():
    for question in ("xqzjvbk" * 285, "Lagrhaus2", "Lagrhaus²", "LAGRHAUS"):
        assert corrected(question, "de", knowledge()) == question


@given(st.text(max_size=60))
def test_any_question_keeps_everything_that_is_no_word(question):
    asked = corrected(question, "de", knowledge())
    assert [c for c in asked if not c.isalpha()] == [c for c in question if not c.isalpha()]


@given(st.text(alphabet="abcdeäöüß ABC", max_size=60))
def test_putting_right_twice_changes_nothing_more(question):
    once = corrected(question, "de", knowledge())
    assert corrected(once, "de", knowledge()) == once
