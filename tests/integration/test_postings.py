"""The lexical index over stored articles: what a question's words propose."""

import pytest

from tests.support.store import article, ids_of, store
from vectorstore import lexical, postings
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.live import live_of
from vectorstore.passages import Passages
from vectorstore.postings import KnownTerms

TEXTS = {
    "budget": "Der Bundeshaushaltsplan wird im Herbst beraten.",
    "court": "Das Verfassungsgericht prüft das Gesetz.",
    "cheese": "Käse aus den Alpen reift lange.",
    "sea": "Am Meer weht der Wind.",
}


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "catalogue.db")
    store(Catalogue(database), *(article(i, text) for i, text in TEXTS.items()))
    yield database
    database.close()


def proposed(database, question, kind="grams", limit=10, among=None, known=None):
    connection, known = database.read(), known or KnownTerms()
    tokens = lexical.words(question)
    terms = lexical.grams(tokens) if kind == "grams" else lexical.stems(tokens, "de")
    asked = known.weigh(connection, kind, terms, live_of(database).collection().size)
    return known.propose(connection, kind, asked, limit, among)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Haushalt", "budget"),
        ("Kaese", "cheese"),
        ("KÄSE!", "cheese"),
        ("Verfasungsgericht", "court"),
        ("Alpenkäserei", "cheese"),
    ],
)
def test_grams_find_compounds_spellings_and_typing_errors(database, question, best):
    assert ids_of(database, proposed(database, question)[:1]) == {best}


def test_stems_find_inflections(database):
    assert ids_of(database, proposed(database, "Gesetzes Winde", "stems")) == {"court", "sea"}


def test_the_passage_with_more_of_the_words_comes_first(database):
    first = proposed(database, "Wind am Meer im Sommer")
    assert ids_of(database, first[:1]) == {"sea"}


@pytest.mark.parametrize("question", ["", "?!", "Quantenphysik", '" OR *', "\0", "\ud800"])
def test_a_question_whose_words_stand_nowhere_proposes_nothing(database, question):
    assert len(proposed(database, question)) == 0


def test_words_that_stand_nowhere_do_not_crowd_out_those_that_do(database):
    question = "Sagt Donaudampfschifffahrtskapitänsmütze etwas zu Käse?"
    assert ids_of(database, proposed(database, question)[:1]) == {"cheese"}


def test_at_most_limit_passages_are_proposed(database):
    assert len(proposed(database, "der das am im", limit=2)) == 2


def test_only_those_among_are_proposed(database):
    (only,) = proposed(database, "Meer")
    others = Passages(database).seqs()
    others = others[others != only]
    assert len(proposed(database, "Meer", among=others)) == 0
    assert proposed(database, "Meer", among=Passages(database).seqs()).tolist() == [only]


def test_an_updated_article_is_found_by_its_new_words_only(database):
    store(Catalogue(database), article("sea", "In den Bergen liegt Schnee."))
    assert len(proposed(database, "Meer")) == 0
    assert ids_of(database, proposed(database, "Schnee")) == {"sea"}


def test_an_article_whose_language_changed_leaves_no_stems_behind(database):
    catalogue = Catalogue(database)
    store(catalogue, article("sea", "Running quickly, oceans rise.", language="en"))
    store(catalogue, article("sea", "Die Meere steigen weiter.", language="de"))
    store(catalogue, article("sea", "Die Winde wehen.", language=None))
    catalogue.delete(TEXTS)
    for kind in ("grams", "stems"):
        assert database.read().execute(f"SELECT count(*) FROM {kind}_df").fetchone() == (0,)


def test_the_corpus_is_as_large_as_the_live_passages(database):
    lengths = [len(text) for text in TEXTS.values()]
    size = live_of(database).collection().size
    assert size == lexical.Corpus(4, sum(lengths) / 4)


def test_an_empty_catalogue_has_a_corpus_too(tmp_path):
    database = Database(tmp_path / "empty.db")
    assert live_of(database).collection().size == lexical.Corpus(0, 1.0)
    assert len(proposed(database, "Meer")) == 0
    database.close()


@pytest.mark.parametrize("kept", [0, 2, 100])
def test_what_is_remembered_of_terms_changes_nothing(database, monkeypatch, kept):
    monkeypatch.setattr(postings, "FEW", 0)
    monkeypatch.setattr(postings, "KEPT", kept)
    questions = [
        "Haushalt",
        "Käse",
        "Haus",
        "Der Haushalt und der Käse",
    ]  # "haus" is a gram of both
    known = KnownTerms()
    for kind in ("grams", "stems", "grams", "stems"):
        for question in questions:
            again = proposed(database, question, kind, known=known)
            assert again.tolist() == proposed(database, question, kind).tolist()
    remembered = sum(map(len, known._holders.values()))
    assert remembered == known._kept <= kept
    assert remembered or kept < 100
