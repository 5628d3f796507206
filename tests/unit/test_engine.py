"""The engine: what it answers, what it refuses, what it never does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Status
from bot.bootstrap import App
from bot.engine import LONGEST_QUESTION, Engine, cleaned
from bot.settings import Settings
from tests.support.embedding import HashingEmbedder
from vectorstore.catalogue import Catalogue
from vectorstore.errors import IndexMismatch, QuestionError
from vectorstore.schema import Database

ARTICLES = Path(__file__).parents[2] / "examples" / "articles"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[App]:
    database = Database(tmp_path / "catalogue.db")
    settings = Settings().model_copy(update={"home": tmp_path})
    yield App(settings, database, Catalogue(database), HashingEmbedder(), None)
    database.close()


@pytest.fixture
def engine(home: App) -> Engine:
    home.pipeline().ingest([str(ARTICLES)])
    return home.engine()


def test_every_citation_is_verbatim(engine: Engine, home: App) -> None:
    for question in ("Was kostet die Talsperre?", "Who borrowed the carpet cleaner?", "Fähre"):
        for citation in engine.ask(question).citations:
            text = home.catalogue.article(citation.article_id).text
            assert text[citation.start : citation.end] == citation.quote


def test_no_evidence_shows_the_nearest_articles_and_calls_no_model(engine: Engine) -> None:
    answer = engine.ask("Xylophon Quastenflosser Zwetschgenmus?")
    assert answer.status is Status.NO_EVIDENCE
    assert answer.text == "Dazu steht nichts in den Artikeln."
    assert answer.nearest
    assert answer.model is None


def test_an_english_refusal_is_in_english(engine: Engine) -> None:
    assert engine.ask("What is the price of the bread there?").text == "The articles don't say."


def test_an_empty_home_says_that_there_are_no_articles(home: App) -> None:
    answer = home.engine().ask("Wer leitet den Fonds?")
    assert answer.status is Status.NO_EVIDENCE
    assert answer.text == "Es sind noch keine Artikel aufgenommen."
    assert (answer.nearest, answer.confidence) == ((), 0.0)


def test_an_index_of_another_model_is_refused_with_the_way_out(home: App) -> None:
    home.pipeline().ingest([str(ARTICLES)])
    other = App(home.settings, home.database, home.catalogue, HashingEmbedder("other"), None)
    with pytest.raises(IndexMismatch, match="beleg reindex"):
        other.engine().ask("Wer leitet den Fonds?")


def test_after_a_reindex_the_other_model_answers(home: App) -> None:
    home.pipeline().ingest([str(ARTICLES)])
    other = App(home.settings, home.database, home.catalogue, HashingEmbedder("other"), None)
    assert other.pipeline().reindex(lambda line: None) == home.catalogue.counts().chunks
    assert other.engine().search("Fähre Brunsby", 3)
    with pytest.raises(IndexMismatch):
        home.engine().search("Fähre Brunsby", 3)


@pytest.mark.parametrize("question", ["", " \n ", "?!", "\0\0", "a" * (LONGEST_QUESTION + 1)])
def test_what_is_no_question_is_refused(engine: Engine, question: str) -> None:
    with pytest.raises(QuestionError):
        engine.ask(question)


@given(st.text(max_size=200))
def test_a_cleaned_question_is_one_line_without_control_characters(question: str) -> None:
    try:
        text = cleaned(question)
    except QuestionError:
        return
    assert text == " ".join(text.split())
    assert not any(c < " " or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff" for c in text)
