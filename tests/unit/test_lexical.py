"""Words, 4-grams and stems, and how much of a question they cover."""

import threading
from itertools import chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vectorstore import postings
from vectorstore.coverage import covered as coverage_of
from vectorstore.database import Database
from vectorstore.lexical import (
    Corpus,
    QuestionTerms,
    apart,
    gram_apart,
    grams,
    occurrences,
    stems,
    words,
)

ANY_TEXT = st.text(st.characters(codec=None), max_size=60)  # lone surrogates among them
STRANGE = [
    "",
    "\0",
    "Bund\0Länder",
    "😀 family 👨‍👩‍👧",
    "שלום עולם",
    "‮مرحبا بالعالم‬",
    "\ufdfa" * 3,
    "\ud800 allein",
    "İstanbul ẞ ŉ ΐ ﬁ ǆ",
    "x" * 40_000,
    '"NEAR(a, b)" OR * -',
    "न्यायालय ไทย 東京都庁",
]


def each_strange_text(test):
    for text in STRANGE:
        test = example(text=text)(test)
    return test


def each_strange_text_in_german(test):
    for text in STRANGE:
        test = example(text=text, language="de")(test)
    return test


# -- words -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Käse", "Kaese"),
        ("schön", "schoen"),
        ("Gemüse", "Gemuese"),
        ("Straße", "Strasse"),
        ("STRASSE", "straße"),
        ("ÄRZTE", "aerzte"),
        ("Ka\u0308se", "Käse"),  # a combining diaeresis
        ("café", "cafe"),
        ("naïve Ñandú", "naive nandu"),
        ("ＡＢＣ１２", "abc12"),  # full width
        ("ﬁnden", "finden"),  # a ligature
        ("Haus\xadhalts\xadplan", "Haushaltsplan"),  # soft hyphens
    ],
)
def test_spellings_of_one_word_fold_together(one, other):
    assert words(one) == words(other)


@pytest.mark.parametrize(("one", "other"), [("schon", "schön"), ("Bar", "Bär")])
def test_an_umlaut_is_not_its_bare_vowel(one, other):
    assert words(one) != words(other)


def test_words_end_at_anything_but_letters_and_digits():
    assert words("Der 1. FC-Köln (e. V.)_spielt\u2028heute\0nicht!") == [
        *("der", "1", "fc", "koeln", "e", "v", "spielt", "heute", "nicht"),
    ]


@given(text=ANY_TEXT)
@each_strange_text
def test_any_text_has_words_grams_and_stems_of_letters_and_digits(text):
    found = words(text)
    assert all(word.isalnum() for word in chain(found, grams(found)))
    for language in ("de", "en", "tr", "ar", None):
        assert len(stems(found, language)) == len(found)


# -- grams -------------------------------------------------------------------------


def test_grams_lie_inside_a_word():
    assert grams(["haus", "dach", "dachs"]) == ["haus", "dach", "dach", "achs"]


@pytest.mark.parametrize("word", ["a", "eu", "bundesrat"])
def test_every_letter_of_a_word_is_in_a_gram(word):
    found = grams([word])
    assert found[0] + "".join(gram[-1] for gram in found[1:]) == word


def test_a_compound_shares_the_grams_of_its_parts():
    assert set(grams(words("Haushalt"))) <= set(grams(words("Bundeshaushaltsplan")))


def test_a_typing_error_leaves_some_grams():
    right, wrong = (set(grams(words(w))) for w in ("Verfassungsgericht", "Verfasungsgericht"))
    assert len(right & wrong) > len(right) / 2


# -- stems -------------------------------------------------------------------------


def test_inflections_share_a_german_stem():
    assert len(set(stems(words("Kind Kinder Kindern"), "de"))) == 1


@pytest.mark.parametrize("language", ["de-AT", "DE", "de"])
def test_a_regional_language_is_stemmed_like_its_language(language):
    assert stems(["kindern"], language) == ["kind"]


@pytest.mark.parametrize("language", [None, "", "ja", "xx"])
def test_without_a_stemmer_the_words_stand(language):
    assert stems(["kindern"], language) == ["kindern"]


def test_threads_may_stem_at_once():
    drawn = [f"kinder{n}gärten" for n in range(2_000)]
    expected, found = stems(drawn, "de"), []
    threads = [threading.Thread(target=lambda: found.append(stems(drawn, "de"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


# -- coverage ----------------------------------------------------------------------


def terms_for(question, corpus, frequency=lambda gram: 1):
    weights = {gram: corpus.rarity(frequency(gram)) for gram in grams(words(question))}
    return QuestionTerms(weights, corpus)


def coverage(question, text, corpus=None):
    corpus = corpus or Corpus(100, 60.0)
    return covered(terms_for(question, corpus), text)


def covered(terms, text):
    return terms.sought(gram_apart).covered(apart(words(text)), len(text))


def test_a_text_with_none_of_the_words_covers_nothing():
    assert coverage("Haushalt", "Wetter am Meer") == 0


def test_a_question_without_words_is_not_covered():
    assert coverage("?!", "Wetter am Meer") == 0


def test_a_text_that_says_every_word_again_and_again_covers_nearly_all():
    assert coverage("Haushalt Berlin", "Haushalt Berlin " * 5) > 0.9


def test_a_short_text_with_every_word_covers_most():
    assert coverage("Haushalt Berlin", "Der Haushalt in Berlin") > 0.7


def test_more_of_the_words_cover_more():
    texts = ["In Hamburg", "Der Haushalt in Hamburg", "Der Haushalt in Berlin"]
    found = [coverage("Haushalt Berlin", text) for text in texts]
    assert found == sorted(found)
    assert found[0] < found[1] < found[2]


def test_the_same_words_in_a_longer_text_cover_less():
    assert coverage("Haushalt", "Haushalt") > coverage("Haushalt", "Haushalt " + "und so " * 90)


def test_a_rare_word_weighs_more_than_a_common_one():
    corpus = Corpus(1_000, 60.0)
    assert corpus.rarity(0) > corpus.rarity(1) > corpus.rarity(999) > 0


@given(ANY_TEXT, ANY_TEXT, st.integers(0, 5), st.floats(0, 1_000), st.integers(0, 9))
def test_coverage_lies_between_0_and_1(question, text, passages, average, frequency):
    corpus = Corpus(passages, average)
    asked = terms_for(question, corpus, lambda gram: frequency)
    assert 0 <= covered(asked, text) <= 1
    assert 0 <= covered(asked, question) <= 1


@given(ANY_TEXT, ANY_TEXT, st.integers(0, 200), st.integers(0, 200))
def test_no_part_of_a_text_covers_more_than_it_is_said_to(question, text, start, end):
    asked = terms_for(question, Corpus(50, 300.0))
    kept = words(text)
    part = " ".join(kept[start:end])
    whole = " ".join(kept)
    found = coverage_of(asked.sought(gram_apart), [apart(words(whole))], [len(whole)])
    assert covered(asked, part) <= found.most[0] + 1e-9


# -- into FTS5 and out again ---------------------------------------------------------


@pytest.fixture(scope="module")
def fts(tmp_path_factory):
    """The catalogue's own FTS5 tables, within one transaction."""
    database = Database(tmp_path_factory.mktemp("fts") / "catalogue.db")
    connection = database.read()
    connection.execute("BEGIN")
    yield connection
    database.close()


def vocabulary(connection, kind):
    return dict(connection.execute(f"SELECT term, doc FROM {kind}_df"))


@given(text=ANY_TEXT, language=st.sampled_from(["de", "en", "tr", None]))
@each_strange_text_in_german
def test_postings_of_any_text_vanish_with_the_same_terms(fts, text, language):
    postings.insert(fts, 1, postings.terms_of(text, language))
    postings.delete(fts, 1, postings.terms_of(text, language))
    assert vocabulary(fts, "grams") == vocabulary(fts, "stems") == {}


@given(text=ANY_TEXT)
@each_strange_text
def test_every_gram_of_a_text_proposes_it(fts, text):
    size, known = Corpus(1, float(len(text))), postings.KnownTerms()
    found = list(dict.fromkeys(grams(words(text))))[: postings.PROPOSERS]
    postings.insert(fts, 1, postings.terms_of(text, None))
    try:
        for gram in found:
            asked = known.weigh(fts, "grams", [gram], size)
            assert known.propose(fts, "grams", asked, 5).tolist() == [1]
    finally:
        postings.delete(fts, 1, postings.terms_of(text, None))


@given(st.text(), st.text(max_size=40))
def test_a_term_is_found_among_words_apart_exactly_where_it_is_a_gram(text, question):
    held = set(grams(words(text)))
    laid_out = apart(words(text))
    for gram in grams(words(question)):
        assert bool(occurrences(gram, laid_out)) == (gram in held)
