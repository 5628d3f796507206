"""A sample question is one that the article answers; else there is none."""

from bot.answer import Answer, Status
from bot.sample_question import candidates, sample_question
from tests.support.articles import article
from vectorstore.models import Filters


def test_the_first_question_with_an_answer_is_taken() -> None:
    asked: list[tuple[str, frozenset[str] | None]] = []

    def quotes(question: str, chosen: Filters) -> Answer:
        asked.append((question, chosen.articles))
        status = Status.ANSWERED if "Anna Kahl" in question else Status.NO_EVIDENCE
        return Answer(question, status, "", (), (), 0.0, None, 0.0, "de")

    told = article("a", "Am Montag sprach die Bürgermeisterin Anna Kahl im Rathaus.", title="„Neu“")
    assert sample_question(told, quotes) == "Was ist über Bürgermeisterin Anna Kahl bekannt?"
    assert asked[0] == ("Worum geht es bei „Neu“?", frozenset({"a"}))


def test_there_is_none_if_none_has_an_answer() -> None:
    no = Answer("", Status.NO_EVIDENCE, "", (), (), 0.0, None, 0.0, "de")
    assert sample_question(article(), lambda question, chosen: no) is None


def test_an_english_article_is_asked_about_in_english() -> None:
    assert list(candidates(article(text="It rains.", title="Rain", language="en-GB"))) == [
        "What is “Rain” about?"
    ]


def test_where_a_sentence_begins_no_name_is_seen() -> None:
    told = article(text="Erste Elektrofähre fährt. Dort sprach Dr. Kahl.", title=None)
    assert list(candidates(told)) == []
