"""From a question to the passages that speak to it."""

import random
import threading
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from langchain_core.documents import Document

from tests.support.store import DIMENSION, article, embedded, open_home, units, vector_of
from vectorstore import wordvectors
from vectorstore.documents import PassageRetriever, hit_of
from vectorstore.embedder import EmbeddedQuestion, ModelIdentity
from vectorstore.exact import ExactIndex
from vectorstore.models import NO_FILTERS, Filters
from vectorstore.reading import CANDIDATES
from vectorstore.retriever import Retriever

ASKED = units(1, seed=100)[0]  # the vector of every question that has none of its own


class GivenVectors:
    """An Embedder that knows the vectors of some questions by heart."""

    def __init__(self):
        self.questions = {}

    def identity(self):
        return ModelIdentity("given", "none", "", "", DIMENSION)

    def encode_question(self, question):
        return EmbeddedQuestion(self.questions.get(question, ASKED), wordvectors.none())

    def pieces(self, words):
        return [1 for _ in words]

    def encode_passages(self, passages, advance=lambda done: None):
        raise AssertionError("a retriever embeds questions only")


class Home:
    """A catalogue and a retriever over it."""

    def __init__(self, path, owner):
        self.database, self.catalogue, self._owned = open_home(path)
        self._owner = owner
        if owner:
            assert self._owned.own()
        index = self._owned if owner else ExactIndex(self.database)
        self.embedder = GivenVectors()
        self.retriever = Retriever(self.database, self.embedder, index)

    def put(self, article_id, text="Text.", cosine=0.5, away=None, **fields):
        """Stores an article whose one passage has this cosine with ASKED."""
        self.put_all([(article_id, text, cosine, away, fields)])

    def put_all(self, rows):
        prepared = []
        for article_id, text, cosine, away, fields in rows:
            one = article(article_id, text, **fields)
            vector = at_cosine(cosine, vector_of(article_id) if away is None else away)
            (made,) = embedded(one, vector[np.newaxis])
            made.sentence_vectors[:] = vector
            prepared.append((one, [made]))
        self.catalogue.store(prepared, "source")
        if self._owner:
            assert self._owned.catch_up()

    def hits(self, question="Frage", k=10, filters=NO_FILTERS, language="de"):
        return self.retriever.search(question, k, filters, language)

    def found(self, *args, **named):
        return [hit.article.id for hit in self.hits(*args, **named)]

    def close(self):
        self._owned.close()
        self.database.close()


def at_cosine(cosine, away):
    """A vector of length 1 with this cosine to ASKED, its rest in the direction `away`."""
    rest = away - (away @ ASKED) * ASKED
    rest /= np.linalg.norm(rest)
    return (cosine * ASKED + np.sqrt(1 - cosine**2) * rest).astype(np.float32)


@pytest.fixture(params=[False, True], ids=["exact", "chroma"])
def home(request, tmp_path):
    home = Home(tmp_path, request.param)
    yield home
    home.close()


# -- what is found -------------------------------------------------------------------------


@pytest.mark.parametrize("filters", [NO_FILTERS, Filters(language="de")])
def test_an_empty_catalogue_has_no_hits(home, filters):
    assert home.hits(filters=filters) == []


def test_what_means_the_same_is_found_without_common_words(home):
    home.put("far", "Wind am Meer.", 0.3)
    home.put("near", "Käse aus den Alpen.", 0.9)
    assert home.found("Bergmilch") == ["near", "far"]


def test_common_words_decide_between_equal_meanings(home):
    home.put("other", "Käse aus den Alpen.", 0.6)
    home.put("worded", "Der Haushalt des Bundes.", 0.6)
    assert home.found("Bundeshaushalt") == ["worded", "other"]


def test_a_rare_word_is_found_beyond_the_nearest_meanings(home):
    crowd = [(f"c{n}", f"Absatz {n}.", 0.8, None, {}) for n in range(3 * CANDIDATES)]
    home.put_all([*crowd, ("rare", "Die Kormorane brüten.", 0.79, None, {})])
    assert home.found("Wo brüten Kormorane?")[0] == "rare"


def test_k_is_the_number_of_passages(home):
    home.put_all([(f"a{n}", f"Absatz {n}.", 0.5, None, {}) for n in range(12)])
    assert len(home.hits(k=5)) == 5
    assert len(home.hits(k=50)) == 12


def test_a_k_beyond_the_candidates_is_served(home):
    home.put_all([(f"a{n}", f"Absatz {n}.", 0.5, None, {}) for n in range(2 * CANDIDATES)])
    assert len(home.hits(k=2 * CANDIDATES)) == 2 * CANDIDATES


def test_scores_fall_from_hit_to_hit(home):
    drawn = random.Random(1)
    home.put_all([(f"a{n}", f"Haushalt {n}.", drawn.random(), None, {}) for n in range(30)])
    scores = [hit.score for hit in home.hits("Haushalt 7", k=30)]
    assert scores == sorted(scores, reverse=True)


def test_a_hit_is_a_verbatim_passage_with_its_evidence(home):
    text = "Vorab.\n\n\ufeffDer  Käse\0reift. Die Milch\u2028kommt aus den Alpen! \n"
    home.catalogue.store([(one := article("a", text), embedded(one))], "source")
    hit = next(h for h in home.hits("Käse Milch") if h.chunk.ordinal == 1)
    assert hit.text == text[hit.chunk.start : hit.chunk.end]
    assert hit.article.text == text
    assert (hit.chunk.article_id, hit.chunk.version) == ("a", 1)
    assert hit.dense == pytest.approx(float(ASKED @ vector_of(hit.text)), abs=1e-3)
    assert 0 < hit.lexical <= 1
    assert [(s.start, s.end) for s in hit.sentences] == [
        (s.start, s.end) for s in hit.chunk.sentences
    ]
    for scored in hit.sentences:
        own = text[scored.start : scored.end]
        assert scored.dense == pytest.approx(float(ASKED @ vector_of(own)), abs=1e-2)
        assert 0 <= scored.lexical <= 1
    cheese, milk = hit.sentences
    assert "Käse" in text[cheese.start : cheese.end]
    assert "Milch" in text[milk.start : milk.end]


def test_the_best_sentence_lifts_its_passage(home):
    plain = article("plain", "Eins zwei.")
    lifted = article("lifted", "Drei vier.")
    vector = at_cosine(0.5, units(1, seed=3)[0])[np.newaxis]
    for one, sentence in ((plain, 0.5), (lifted, 0.9)):
        (made,) = embedded(one, vector)
        made.sentence_vectors[0] = at_cosine(sentence, units(1, seed=4)[0])
        home.catalogue.store([(one, [made])], "source")
    assert home.found() == ["lifted", "plain"]


def test_what_is_stored_or_deleted_shows_at_the_next_question(home):
    home.put("a", "Wind am Meer.", 0.5)
    assert home.found() == ["a"]
    home.put("b", "Käse.", 0.9)
    assert home.found() == ["b", "a"]
    home.put("b", "Brot.", 0.1)
    assert home.found() == ["a", "b"]
    assert home.hits("Käse")[-1].text == "Brot."
    home.catalogue.delete(["a"])
    assert home.found() == ["b"]


# -- order ---------------------------------------------------------------------------------


def test_the_same_question_has_the_same_order_every_time(home):
    home.put_all([(f"a{n}", "Gleicher Text.", 0.5, ASKED[::-1], {}) for n in range(40)])
    first = home.hits(k=40)
    assert [h.chunk.id for h in first] == sorted(h.chunk.id for h in first)
    for _ in range(3):
        assert [h.chunk.id for h in home.hits(k=40)] == [h.chunk.id for h in first]


def test_the_order_does_not_depend_on_the_order_of_storing(tmp_path):
    drawn = random.Random(2)
    rows = [
        (f"a{n}", f"Der Haushalt {n % 3}.", round(drawn.random(), 1), ASKED[::-1], {})
        for n in range(60)
    ]
    orders = []
    for name in ("one", "two"):
        home = Home(tmp_path / name, owner=False)
        home.put_all(rows)
        orders.append(home.found("Haushalt 1", k=60))
        home.close()
        rows.reverse()
    assert orders[0] == orders[1]


def test_threads_may_ask_at_once(home):
    home.put_all([(f"a{n}", f"Haushalt {n}.", 0.5 + n / 100, None, {}) for n in range(30)])
    expected, found = home.found("Haushalt"), []
    threads = [
        threading.Thread(target=lambda: found.append(home.found("Haushalt"))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 6


# -- filters -------------------------------------------------------------------------------

DATED = [
    ("old", "Haushalt alt.", 0.9, None, {"published": "2024-05-01", "source": "Die Zeitung"}),
    ("new", "Haushalt neu.", 0.5, None, {"published": "2026-05-01T09:00", "source": "Blatt"}),
    ("undated", "Haushalt ohne Tag.", 0.7, None, {"source": "BLATT"}),
    ("english", "The Haushalt.", 0.8, None, {"published": "2026-01-01", "language": "en"}),
]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (NO_FILTERS, {"old", "new", "undated", "english"}),
        (Filters(since=date(2026, 1, 1)), {"new", "english"}),
        (Filters(since=date(2026, 5, 1)), {"new"}),
        (Filters(until=date(2024, 5, 1)), {"old"}),
        (Filters(since=date(2024, 6, 1), until=date(2026, 4, 30)), {"english"}),
        (Filters(source="blatt"), {"new", "undated"}),
        (Filters(language="en"), {"english"}),
        (Filters(language="de", source="Blatt", since=date(2026, 1, 1)), {"new"}),
        (Filters(source="Anzeiger"), set()),
        (Filters(articles=frozenset({"old", "english", "gone"})), {"old", "english"}),
        (Filters(articles=frozenset()), set()),
        (Filters(articles=frozenset({"old", "new"}), since=date(2026, 1, 1)), {"new"}),
        (Filters(sources=frozenset({"blatt", "Anzeiger"})), {"new", "undated"}),
        (Filters(sources=frozenset()), set()),
        (Filters(source="Blatt", sources=frozenset({"Anzeiger"})), set()),
    ],
)
def test_only_what_passes_the_filters_is_found(home, filters, expected):
    home.put_all(DATED)
    assert set(home.found("Haushalt", filters=filters)) == expected


def test_a_filter_finds_what_a_crowd_of_nearer_passages_would_hide(home):
    crowd = [(f"c{n}", f"Absatz {n}.", 0.9, None, {}) for n in range(3 * CANDIDATES)]
    home.put_all([*crowd, ("far", "Ganz fern.", 0.1, None, {"source": "Blatt"})])
    assert home.found(filters=Filters(source="Blatt")) == ["far"]


# -- languages -----------------------------------------------------------------------------


def test_passages_of_another_language_are_lifted_to_the_level_of_the_questions(home):
    german = [(f"d{n}", f"Absatz {n}.", 0.80 + n / 1_000, None, {}) for n in range(20)]
    english = [
        (f"e{n}", f"Paragraph {n}.", 0.60 + n / 1_000, None, {"language": "en"}) for n in range(20)
    ]
    answer = ("answer", "The very thing.", 0.72, None, {"language": "en"})
    home.put_all([*german, *english, answer])
    assert home.found("Frage")[0] == "answer"


def test_the_lift_needs_a_second_language(home):
    home.put_all([("a", "Absatz.", 0.8, None, {}), ("b", "Satz.", 0.7, None, {})])
    alone = {hit.article.id: hit.score for hit in home.hits()}
    home.put("c", "Paragraph.", 0.2, language="en")
    together = {hit.article.id: hit.score for hit in home.hits()}
    assert together["a"] == pytest.approx(alone["a"])
    assert together["c"] > alone["a"] - 0.2
    assert min(hit.dense for hit in home.hits()) == pytest.approx(0.2, abs=1e-3)  # as measured


# -- any question --------------------------------------------------------------------------


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=st.text(st.characters(codec=None), max_size=40))
@example(question="")
@example(question="\0")
@example(question='"Käse" OR (NEAR *)')
@example(question="\ufdfa" * 20)
@example(question="\ud800")
@example(question="x" * 10_000)
def test_any_question_gets_hits(home, question):
    if not home.catalogue.counts().articles:
        home.put("a", "Käse \ufdfa aus x" + "x" * 99)
    (hit,) = home.hits(question)
    assert 0 <= hit.lexical <= 1
    assert np.isfinite(hit.score)


# -- as LangChain sees it ------------------------------------------------------------------


def test_documents_carry_the_verbatim_passage_and_its_place(home):
    home.put("a", "Käse\0aus  den Alpen.", 0.9, title="Titel", url="https://example.org/a")
    home.put("b", "Wind.", 0.2)
    documents = PassageRetriever(retriever=home.retriever).invoke("Frage", k=1)
    (hit,) = home.hits(k=1)
    (document,) = documents
    assert document.page_content == hit.text == "Käse\0aus  den Alpen."
    assert document.id == hit.chunk.id
    assert document.metadata["article_id"] == "a"
    assert document.metadata["title"] == "Titel"
    assert (document.metadata["start"], document.metadata["end"]) == (0, len(hit.text))
    assert hit_of(document) == hit


def test_the_retrievers_own_k_and_filters_hold_unless_others_are_given(home):
    home.put_all(DATED)
    own = PassageRetriever(retriever=home.retriever, k=2, filters=Filters(source="blatt"))
    assert {d.metadata["article_id"] for d in own.invoke("Haushalt")} == {"new", "undated"}
    only = own.invoke("Haushalt", k=1, filters=Filters(language="en"))
    assert [d.metadata["article_id"] for d in only] == ["english"]
    assert len(own.invoke("Haushalt", k=4, filters=NO_FILTERS)) == 4


def test_a_document_from_elsewhere_has_no_hit():
    with pytest.raises(TypeError):
        hit_of(Document("x", metadata={"hit": "x"}))
