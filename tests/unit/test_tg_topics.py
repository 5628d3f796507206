"""New articles on what people watch are told once, not too often, and as Telegram takes them."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.remembered import unpacked
from bot.tg import topics as told
from bot.tg.buttons import OpenSource, Rate, parse
from bot.tg.news import news_messages
from tests.support.store import article, store
from tests.support.telegram_taken import received
from tests.support.watching import (
    ANNA,
    BERT,
    DAY,
    Stage,
    Watching,
    answer,
    buttons,
    staged,
)
from vectorstore import topics, turns


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with staged(tmp_path) as opened:
        yield opened


def test_a_new_article_is_told_with_its_citation_and_how_to_end(stage: Stage) -> None:
    async def scenario(w: Watching) -> None:
        w.store("fähre-alt")
        await w.begin("Fähre")
        w.store("fähre-neu", "brücke")
        await w.look()
        assert w.press.asked == [("Fähre", {"fähre-neu", "brücke"})]

    stage.run(scenario)
    (message,) = stage.messages(ANNA)
    assert message.text.startswith(
        "Neues zu „Fähre“:\n\nSie fährt wieder. [1]\n\n[1] Über fähre-neu"
    )
    assert message.text.endswith("\n\nBeenden: /beobachtungen")
    assert [e.type for e in message.entities if e.offset == 0] == ["bold"]
    (kept,) = turns.conversation(stage.database.read(), f"telegram:{ANNA}", 0.0, 9)
    taps = [parse(one["callback_data"]) for one in buttons(message)]
    assert taps == [
        OpenSource(2, 1, 0, 5, kept.id, 1),
        Rate(kept.id, True),
        Rate(kept.id, False),
    ]
    assert (kept.question, kept.asked, kept.messages) == ("Fähre", 0, (message.message_id,))
    assert unpacked(kept.answer) == answer("Fähre", "fähre-neu")


def test_when_nobody_watches_nothing_is_done(stage: Stage) -> None:
    async def scenario(w: Watching) -> None:
        w.store("fähre")
        async with w.looking():
            await asyncio.sleep(0.1)
        assert w.press.asked == []

    stage.run(scenario)


def test_each_topic_hears_of_what_came_after_it_was_begun(stage: Stage) -> None:
    async def scenario(w: Watching) -> None:
        await w.begin("Brücke")
        w.store("fähre-1")
        await w.begin("Fähre", BERT, BERT)
        w.store("brücke-2")
        await w.look()
        assert sorted(w.press.asked) == [
            ("Brücke", {"fähre-1", "brücke-2"}),
            ("Fähre", {"brücke-2"}),
        ]

    stage.run(scenario)
    assert len(stage.said()) == 1
    assert stage.said(BERT) == []


def test_a_copy_of_what_was_told_is_not_told(stage: Stage) -> None:
    text = " ".join(f"Am Tag {n} fuhr die Fähre {n + 7} Gäste nach Brunsby." for n in range(30))

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        for one in ("fähre-1", "fähre-2"):
            store(w.catalogue, article(one, text))
            await w.look()
        assert w.press.asked == [("Fähre", {"fähre-1"})]
        store(w.catalogue, article("fähre-1", f"{text} Und mehr."))
        await w.look()

    stage.run(scenario)
    assert len(stage.said()) == 1


def test_the_last_message_of_a_day_says_so_and_the_rest_of_the_day_is_passed_over(
    stage: Stage,
) -> None:
    day = [DAY]

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        for number in range(4):
            w.store(f"fähre-{number}")
            await w.look()
        assert len(w.press.asked) == 2
        day[0] = date(2026, 11, 26)
        w.store("fähre-4")
        await w.look()
        assert w.press.asked[-1] == ("Fähre", {"fähre-4"})

    stage.run(scenario, most_a_day=2, today=lambda: day[0])
    first, second, third = stage.said()
    last = "Das war dazu die letzte Meldung für heute. Beenden: /beobachtungen"
    assert (last in first, second.endswith(last), last in third) == (False, True, False)


def test_many_new_articles_are_looked_through_in_portions_and_do_not_flood(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told, "PORTION", 10)

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        await w.begin("Brücke")
        w.store(*(f"fähre-{number:03}" for number in range(95)))
        await w.look()
        asked = [articles for topic, articles in w.press.asked if topic == "Brücke"]
        assert [len(articles) for articles in asked] == [10] * 9 + [5]
        assert len([topic for topic, _ in w.press.asked if topic == "Fähre"]) == 3

    stage.run(scenario, most_a_day=3)
    assert len(stage.said()) == 3


def test_questions_go_first(stage: Stage) -> None:
    answering = threading.Event()
    answering.set()

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        w.store("fähre")
        async with w.looking():
            await asyncio.sleep(0.3)
            assert w.press.asked == []
            answering.clear()
        assert len(w.press.asked) == 1

    stage.run(scenario, busy=answering.is_set)


def test_a_person_who_may_no_longer_hear_anything_does_not(stage: Stage) -> None:
    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        await w.begin("Fähre", BERT, BERT)
        w.store("fähre")
        await w.look()
        assert len(w.press.asked) == 1

    stage.run(scenario, allowed=lambda person, place: person == f"telegram:{BERT}")
    assert (stage.said(), len(stage.said(BERT))) == ([], 1)


@pytest.mark.parametrize(("length", "count"), [(10, 1), (3_900, 1), (9_000, 4)])
def test_every_length_of_answer_comes_whole_between_heading_and_end(
    stage: Stage, length: int, count: int
) -> None:
    long = answer("Fähre", "fähre")
    (cited,) = long.citations
    long = replace(long, text=f"{'Wort ' * (length // 5)}[1]", citations=(cited,))

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre & <b>")
        w.store("fähre")
        await w.look()

    stage.run(scenario, about=lambda topic, articles: long)
    whole = "\n".join(stage.said())
    assert whole.startswith("Neues zu „Fähre & <b>“:")
    assert whole.endswith("Beenden: /beobachtungen")
    assert whole.count("Wort") == length // 5
    messages = stage.messages(ANNA)
    assert [bool(buttons(one)) for one in messages] == [False] * (len(messages) - 1) + [True]
    assert len(messages) == count


def test_what_is_told_is_what_telegram_takes() -> None:
    topic = topics.Topic(1, "p", "telegram:7", "<b>&\u202e" * 60, "de", "", 0, 0)
    for page in news_messages(
        topic.topic, answer("Fähre", "fähre", "<i>&" * 900), "de", is_last=True
    ):
        received(page)
