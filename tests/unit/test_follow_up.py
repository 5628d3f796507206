"""Which questions lean on those before them, and what is carried to them."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Answer, Status
from bot.citations import cite
from bot.conversation import Turn
from bot.events import Event, Searching
from bot.follow_up import Leaning, carried, helps, leaning
from bot.mere_why import lacks_reason
from bot.streaming import events
from tests.support.cited import cited
from vectorstore.models import Span

DAM = "Was kostet die Sanierung der Talsperre Drosselgrund?"
HISTORY = [Turn(DAM, DAM, "Sie kostet 23,1 Mio. Euro. [1]", ("Talsperre wird teurer",))]


@pytest.mark.parametrize(
    "question",
    [
        "Und wer finanziert das?",
        "Warum?",
        "warum denn?",
        "Und in München?",
        "In München?",
        "why?",
        "And who pays for it?",
        "And how many cars does it take?",
        "How many cars did it take?",
        "How long does it take?",
        "Wann war das?",
        "Was sagt er dazu?",
        "Was sagt sie zu Ternau?",
        "Wie viele Menschen leben dort?",
        "Und die Kosten?",
        "What about the costs?",
        "Was ist mit den Kosten?",
        "Was ist mit der Finanzierung?",
        "Is that true?",
        "Who leads his team?",
    ],
)
def test_it_leans(question: str) -> None:
    assert leaning(question) is Leaning.YES


@pytest.mark.parametrize(
    "question",
    [
        DAM,
        "Und was hat Malin Oertzen bei den Europameisterschaften gewonnen?",
        "Warum hat Anselm Dahlbusch seine Orgeln verkauft?",
        "Was hätte es gekostet, in Ternau ein neues Bad zu bauen?",
        "What happened in Brennagh when it rained?",
        "Why did the airline cancel its flights to Lisbon?",
        "Wann fährt die Fähre, die nach Lüttholm übersetzt?",
        "How many bats are there in the tunnel at Hackett's End?",
        "wer ist wiebke dahlbusch?",
        "who is ada thorn?",
    ],
)
def test_it_stands_alone(question: str) -> None:
    assert leaning(question) is Leaning.NO


def test_a_question_without_a_name_may_lean() -> None:
    assert leaning("Wie lange dauert die Fahrt?") is Leaning.PERHAPS


def test_the_topic_is_carried_to_the_question() -> None:
    found = carried("Und wer finanziert das?", HISTORY)
    assert found is not None
    assert found.words == "Und wer finanziert das? (Sanierung Talsperre Drosselgrund)"
    assert found.own == "Und wer finanziert das?"


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        (
            "Was kostet das Bad in Ternau?",
            "Und in Quellstedt?",
            "Was kostet das Bad in Quellstedt?",
        ),
        (
            "How much does the Cawsley footbridge cost?",
            "And in Thornmere?",
            "How much does the footbridge cost in Thornmere?",
        ),
        ("Wie heiß war es in Ternau?", "Und Quellstedt?", "Wie heiß war es Quellstedt?"),
    ],
)
def test_a_new_place_takes_the_place_of_the_old_one(before: str, question: str, whole: str) -> None:
    found = carried(question, [Turn(before, before)])
    assert found is not None
    assert found.words == whole


@pytest.mark.parametrize(
    "question",
    [
        "Was ist mit der Ukraine?",
        "Und was ist mit Quellstedt?",
        "What about Thornmere?",
        "what about thornmere?",
        "Und Quellstedt?",
    ],
)
def test_a_mere_name_stands_for_itself_first(question: str) -> None:
    assert leaning(question) is Leaning.PERHAPS


def told(question: str, status: Status, confidence: float) -> Answer:
    return Answer(question, status, "", (), (), confidence, None, 0.1, "de")


@pytest.mark.parametrize(
    ("question", "alone", "article", "better"),
    [
        ("Was ist mit Quellstedt?", Status.ANSWERED, "Das Bad in Quellstedt.", False),
        ("Was ist mit Quellstedt?", Status.NO_EVIDENCE, "Das Bad in Quellstedt.", True),
        ("Was ist mit Quellstedt?", Status.NO_EVIDENCE, "Die Talsperre.", False),
        ("Und die Ukraine?", Status.ANSWERED, "Die Talsperre.", False),
        ("Und die Kosten?", Status.ANSWERED, "Die Talsperre kostet viel.", True),
        ("Warum?", Status.ANSWERED, "Die Talsperre.", True),
    ],
)
def test_the_old_topic_helps_only_where_it_tells_of_the_new_name(
    question: str, alone: Status, article: str, better: bool
) -> None:
    own, other = told(question, alone, 0.3), told(question, Status.ANSWERED, 0.6)
    assert helps(leaning(question), own, other, article) is better


@pytest.mark.parametrize(
    "said",
    [
        *("Danke", "Vielen Dank!", "Ok, danke", "Thank you", "Hallo", "Super, danke!", "ok"),
        *("Danke dir", "Vielen Dank für die Antwort", "Thanks for your help", "danke schön"),
    ],
)
def test_a_thank_you_leans_on_nothing(said: str) -> None:
    assert leaning(said) is Leaning.NO


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_can_be_looked_at(question: str, before: str) -> None:
    leaning(question)
    carried(question, [Turn(before, before, before, (before,))])


# -- awaited ---------------------------------------------------------------------------------


class Steps:
    """An engine that tells the same again until somebody stops listening."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def steps(self, question: str, **how: Any) -> Iterator[Event]:
        try:
            if question == "fails":
                raise ValueError(question)
            for articles in range(1_000_000):
                yield Searching(articles)
        finally:
            self.closed.set()


def test_the_first_event_comes_at_once_and_who_stops_listening_stops_the_work() -> None:
    engine: Any = Steps()

    async def first() -> Event:
        told = events(engine, "Wer?")
        async for event in told:
            await told.aclose()  # type: ignore[attr-defined]
            return event
        raise AssertionError

    assert asyncio.run(first()) == Searching(0)
    assert engine.closed.wait(10)


def test_what_an_engine_raises_is_raised() -> None:
    engine: Any = Steps()

    async def all_of_it() -> list[Event]:
        return [event async for event in events(engine, "fails")]

    with pytest.raises(ValueError, match="fails"):
        asyncio.run(all_of_it())


@pytest.mark.parametrize(
    ("question", "quote", "lacks"),
    [
        ("why?", "Um 6.40 Uhr war nur ein Summen zu hören.", True),
        ("Und warum?", "Sie kostet 23,1 Mio. Euro.", True),
        ("Warum?", "Sie wird teurer, weil der Baugrund nachgab.", False),
        ("Warum wird sie teurer?", "Sie kostet 23,1 Mio. Euro.", False),
        ("Und wer?", "Sie kostet 23,1 Mio. Euro.", False),
    ],
)
def test_a_mere_why_is_answered_by_a_reason_only(question: str, quote: str, lacks: bool) -> None:
    hit = cited(quote)
    answered = told(question, Status.ANSWERED, 0.9)
    answer = replace(answered, citations=cite([(hit.article, Span(0, len(quote)))]))
    assert lacks_reason(question, answer) is lacks
