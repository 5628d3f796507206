"""The engine: what it answers, what it refuses, what it never does."""

import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Answer, Status
from bot.bootstrap import App
from bot.conversation import Turn
from bot.engine import LONGEST_QUESTION, Engine, cleaned
from bot.fitted import FILE
from bot.settings import Settings
from tests.support.embedding import HashingEmbedder
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import IndexMismatch, QuestionError, SettingsError
from vectorstore.models import Filters

TODAY = date(2026, 11, 25)  # a Wednesday
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


def test_a_homes_own_models_decide_when_to_refuse(home: App) -> None:
    home.pipeline().ingest([str(ARTICLES)])
    question = "Wie viele Menschen versorgt die Talsperre Drosselgrund mit Trinkwasser?"
    own, models = home.settings.home / FILE, json.loads(packaged_text())
    for relation in ("same language", "other language"):
        for model in ("answerable", "right"):
            models[relation][model]["threshold"] = 0.0
    own.write_text(json.dumps(models), "utf-8")
    assert home.engine().ask(question).status is Status.ANSWERED
    models["same language"]["right"]["threshold"] = 1.1
    own.write_text(json.dumps(models), "utf-8")
    assert home.engine().ask(question).status is Status.NO_EVIDENCE


def test_a_homes_models_that_make_no_sense_are_named(home: App) -> None:
    (home.settings.home / FILE).write_text("[]", "utf-8")
    with pytest.raises(SettingsError, match=r"evidence\.json"):
        home.engine()


def packaged_text() -> str:
    """The models that come with Beleg, as the fitting script wrote them."""
    return files("bot").joinpath(FILE).read_text("utf-8")


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


# -- questions that say when ----------------------------------------------------------------

FIRE = "In Ketteln hat eine Scheune gebrannt."
BRIDGE = "In Ketteln hat die Brücke über die Ilmede gebrannt."
PAPERS = {
    "yesterday": ("2026-11-24", FIRE),
    "summer": ("2026-07-03", BRIDGE),
    "undated": (None, "Im März 2025 wurde in Astervelde der Bahnhof eröffnet."),
}
WHAT_BURNED = "Was hat {} in Ketteln gebrannt?"


@pytest.fixture
def dated(home: App, tmp_path: Path) -> Engine:
    """An engine over PAPERS, on TODAY."""
    lines = [
        json.dumps({"id": name, "text": text, "published": published, "language": "de"})
        for name, (published, text) in PAPERS.items()
    ]
    (tmp_path / "papers.jsonl").write_text("\n".join(lines), "utf-8")
    home.pipeline().ingest([str(tmp_path / "papers.jsonl")])
    engine = home.engine()
    engine.today = lambda: TODAY
    return engine


def quoted(answer: Answer) -> list[str]:
    return [c.article_id for c in answer.citations]


def test_yesterday_finds_only_yesterday_s_article(dated: Engine) -> None:
    assert quoted(dated.ask(WHAT_BURNED.format("gestern"))) == ["yesterday"]


def test_the_question_is_given_back_whole(dated: Engine) -> None:
    question = WHAT_BURNED.format("gestern")
    assert dated.ask(question).question == question


def test_a_day_of_which_nothing_is_told_is_named_and_the_nearest_shown(dated: Engine) -> None:
    dated.today = lambda: date(2026, 11, 20)
    answer = dated.ask(WHAT_BURNED.format("gestern"))
    assert (answer.status, answer.citations) == (Status.NO_EVIDENCE, ())
    assert answer.text.startswith("Dazu steht in den Artikeln vom 19.11.2026 nichts.")
    assert {near.article_id for near in answer.nearest} >= {"yesterday", "summer"}


def test_where_nothing_is_near_the_day_s_own_articles_are_shown(dated: Engine) -> None:
    answer = dated.ask("Wer stahl gestern das Zwetschgenmus vom Xylophon?")
    assert answer.text == "Dazu steht in den Artikeln vom 24.11.2026 nichts."
    assert [near.article_id for near in answer.nearest] == ["yesterday"]


def test_a_week_of_which_nothing_is_told_is_named_in_the_question_s_language(
    dated: Engine,
) -> None:
    answer = dated.ask("What burned last week in Ketteln?")
    assert answer.text.startswith("The articles from 16 November 2026 to 22 November 2026 don't")


def test_a_month_is_left_aside_where_it_finds_nothing(dated: Engine) -> None:
    answer = dated.ask("Was wurde im März 2025 in Astervelde eröffnet?")
    assert "03.2025" not in answer.text
    assert answer.nearest[0].article_id == "undated"


def test_a_filter_by_date_outweighs_the_question(dated: Engine) -> None:
    answer = dated.ask(WHAT_BURNED.format("gestern"), Filters(until=date(2026, 8, 1)))
    assert [near.article_id for near in answer.nearest] == ["summer"]
    assert "24.11.2026" not in answer.text


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


# -- questions that lean on those before -----------------------------------------------------

BURNED = "Was hat in Ketteln gebrannt?"


def test_what_leans_is_searched_with_what_was_talked_about(dated: Engine) -> None:
    answer = dated.ask("Wann war das?", history=[Turn(BURNED, BURNED)])
    assert answer.question == "Wann war das?"
    assert answer.searched == "Wann war das? (Ketteln gebrannt)"


def test_what_stands_alone_is_answered_as_if_nothing_had_been_asked(dated: Engine) -> None:
    question = "Was wurde im März 2025 in Astervelde eröffnet?"
    dated.clock = lambda: 0.0
    assert dated.ask(question, history=[Turn(BURNED, BURNED)]) == dated.ask(question)


def test_the_first_question_leans_on_nothing(dated: Engine) -> None:
    assert dated.ask("Wann war das?").searched == "Wann war das?"


def test_what_is_carried_along_never_makes_a_question_too_long(dated: Engine) -> None:
    question = "Wann war das? " + "so " * ((LONGEST_QUESTION - 14) // 3)
    before = Turn(BURNED, "Brand " * 300)
    assert dated.ask(question, history=[before]).status


# -- a question of one paper, and without a chat model ---------------------------------------


def test_a_question_may_say_which_paper_it_wants(engine: Engine) -> None:
    question = "Was kostet die Sanierung der Talsperre, nur im Lutzetal-Kurier?"
    for answer in (engine.ask(question), engine.quotes(question)):
        assert {near.article_id for near in answer.nearest} == {"ltk-2026-0918-03"}
        assert (answer.question, answer.put_right) == (question, None)
    hits = engine.search(question, 20)
    assert {hit.article.source for hit in hits} == {"Lutzetal-Kurier"}


def test_a_paper_that_is_not_there_narrows_nothing(engine: Engine) -> None:
    answer = engine.ask("Was kostet die Sanierung der Talsperre, nur im Spiegel?")
    assert len(answer.nearest) > 1


def test_a_paper_beside_another_that_is_set_finds_nothing(engine: Engine) -> None:
    asked = "Was kostet die Talsperre, nur im Lutzetal-Kurier?"
    assert engine.ask(asked, Filters(source="Odwiner Tageblatt")).nearest == ()
    assert engine.ask(asked, Filters(sources=frozenset({"Odwiner Tageblatt"}))).nearest == ()


def test_a_new_paper_is_known_at_once(engine: Engine, home: App, tmp_path: Path) -> None:
    question = "Was kostet die Talsperre, nur im Boten?"
    assert len(engine.ask(question).nearest) > 1
    line = json.dumps({"id": "new", "text": "Die Talsperre kostet viel.", "source": "Boten"})
    (tmp_path / "new.jsonl").write_text(line, "utf-8")
    home.pipeline().ingest([str(tmp_path / "new.jsonl")])
    assert [near.article_id for near in engine.ask(question).nearest] == ["new"]


def test_the_paper_is_nothing_that_is_carried_along(dated: Engine) -> None:
    asked = f"{BURNED[:-1]}, nur Blatt?"
    dated.retriever.retriever.sources = lambda: frozenset({"Blatt"})  # type: ignore[method-assign]
    answer = dated.ask("Wann war das?", history=[Turn(asked, asked)])
    assert answer.searched == "Wann war das? (Ketteln gebrannt)"


def test_quotes_are_what_is_answered_without_a_chat_model(engine: Engine) -> None:
    engine.clock = lambda: 0.0
    question = "Was kostet die Talsperre?"
    plain = engine.ask(question)
    engine.writer = FORBIDDEN
    assert engine.quotes(question) == plain
    assert engine.quotes(question, Filters(articles=frozenset())).nearest == ()


class Forbidden:
    """A chat model that must not be asked."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


FORBIDDEN: Any = Forbidden()
