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
        return [1 if word in well_known else 2 + len(word) // 8 for word in words]

    return Knowledge(held, pieces)


def test_two_letters_that_changed_places_are_put_back():
    assert corrected("Was tat die Feuewrehr?", ["de"], knowledge()) == "Was tat die Feuerwehr?"


def test_an_umlaut_that_changed_places_is_put_back():
    asked = corrected("Wem dankte der Büregrmeister?", ["de"], knowledge())
    assert asked == "Wem dankte der Bürgermeister?"


def test_a_missing_a_wrong_and_a_superfluous_letter_are_put_right():
    for typed in ("Lagrhaus", "Lagethaus", "Lagterhaus"):
        assert corrected(f"Wo ist das {typed}?", ["de"], knowledge()) == "Wo ist das Lagerhaus?"


def test_a_compound_that_stands_nowhere_is_put_right_by_its_parts():
    known = knowledge(well_known=frozenset(WELL_KNOWN | {"Feuerwehrlager"}))
    # "wehrl", "rlag" and the like stand nowhere, so a guess must have none of them either
    assert corrected("Feuewrehrlager", ["de"], known) == "Feuewrehrlager"
    spread = knowledge(ARTICLE + " Das Wehrlager.", frozenset(WELL_KNOWN | {"Feuerwehrlager"}))
    assert corrected("Feuewrehrlager", ["de"], spread) == "Feuerwehrlager"


def test_a_word_that_the_model_knows_whole_stays_even_if_no_article_has_it():
    assert corrected("Wo ist die Katze?", ["de"], knowledge()) == "Wo ist die Katze?"


def test_a_word_that_an_article_has_stays_even_if_the_model_finds_it_strange():
    assert corrected("Wer ist Krantz?", ["de"], knowledge()) == "Wer ist Krantz?"


def test_a_name_that_is_merely_like_one_in_the_articles_stays():
    assert corrected("Wer ist Krentz?", ["de"], knowledge()) == "Wer ist Krentz?"


def test_short_words_numbers_and_words_that_ask_stay():
    question = "Woher kam 20125 die Bnrad?"
    assert corrected(question, ["de"], knowledge()) == question


def test_a_question_full_of_strange_words_is_left_alone():
    question = "Feuewrehr Lagrhaus Xylofant Qwertzui Zumpelmoos"
    assert corrected(question, ["de"], knowledge()) == question


def test_a_text_without_blanks_and_a_word_with_digits_are_no_slips():
    for question in ("xqzjvbk" * 285, "Lagrhaus2", "Lagrhaus²", "LAGRHAUS"):
        assert corrected(question, ["de"], knowledge()) == question


def test_a_short_word_stays_unless_the_model_finds_it_stranger_than_the_other():
    text = ARTICLE + " Herr Wenger kam auf diese Weise."
    known = knowledge(text, frozenset({"Wenger", "Weise"}))
    assert corrected("Wo ist Wegner?", ["de"], known) == "Wo ist Wegner?"
    assert corrected("Wo ist die Wiese?", ["de"], known) == "Wo ist die Wiese?"


def test_an_english_name_stays_in_a_german_question_if_an_english_article_has_it():
    known = knowledge(ARTICLE + " Castles", frozenset({"Castle"}))
    assert corrected("Was ist Castles?", ["de", "en"], known) == "Was ist Castles?"


def test_a_word_with_soft_hyphens_stays_whole():
    assert corrected("La\xadgrhaus", ["de"], knowledge()) == "La\xadgrhaus"


SWAPPED = [
    (word[:at] + word[at + 1] + word[at] + word[at + 2 :], word)
    for word in ("Feuerwehr", "Lagerhaus", "Bürgermeister", "Stadtrand")
    for at in range(1, len(word) - 1)
    if word[at] != word[at + 1]
]


@given(st.text(max_size=30), st.sampled_from(SWAPPED), st.sampled_from(" ,-²1(\n\xad"))
def test_whatever_stands_around_it_only_the_word_changes(around, slip, between):
    typed, meant = slip
    asked = corrected(f"{around} {typed} {between}{around}", ["de"], knowledge())
    assert asked == f"{around} {meant} {between}{around}"


@given(st.lists(st.sampled_from([*(typed for typed, _ in SWAPPED), "Krantz", "Was", "²"])))
def test_putting_right_twice_changes_nothing_more(words):
    once = corrected(" ".join(words), ["de"], knowledge())
    assert corrected(once, ["de"], knowledge()) == once
