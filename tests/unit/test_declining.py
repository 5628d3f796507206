"""A model's own words for having no answer are told from answers."""

import pytest

from bot.writing.declining import Reply, kind


@pytest.mark.parametrize("said", ["NO_ANSWER", "NO ANSWER", "NO\\_ANSWER.", "**NO_ANSWER**"])
def test_the_word_that_it_was_told_is_known_however_it_is_set(said: str) -> None:
    assert kind(said, cited=False) is Reply.REFUSED


@pytest.mark.parametrize(
    "said",
    [
        "I'm sorry, but I can't help with that.",
        "The provided context does not mention this.",
        "Dazu gibt es keine Information.",
        "Darüber wird nichts gesagt.",
        "Dazu liegen keine Informationen vor.",
        "In den Artikeln steht dazu nichts.",
        "Die Quellen nennen keine Namen.",
    ],
)
def test_its_own_words_for_having_no_answer_decline(said: str) -> None:
    assert kind(said, cited=False) is Reply.DECLINED


def test_a_label_makes_it_no_answer() -> None:
    assert kind("Leider enthalten die Passagen dazu keine Angaben.", cited=True) is Reply.DECLINED


@pytest.mark.parametrize(
    "said",
    [
        "Die Artikel berichten, dass der Bund nicht zahlt.",
        "The articles say that the council does not pay.",
        "Der Bund zahlt nicht.",
        "No trains run on Sunday.",
    ],
)
def test_a_denial_that_the_articles_report_is_an_answer(said: str) -> None:
    assert kind(said, cited=False) is Reply.SAID


def test_the_cause_that_nobody_knows_is_an_answer_if_a_passage_says_so() -> None:
    assert kind("Zur Ursache gibt es noch keine Angaben.", cited=True) is Reply.SAID
