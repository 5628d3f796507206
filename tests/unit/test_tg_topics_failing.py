"""What goes wrong with one topic or one chat costs nobody a piece of news, and tells none twice."""

import asyncio
import logging
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Answer
from bot.tg import topics as told
from tests.support.watching import (
    ANNA,
    BERT,
    DAY,
    GROUP,
    Stage,
    Watching,
    staged,
)
from vectorstore import topics
from vectorstore.errors import StoreError


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with staged(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("place", [ANNA, GROUP, f"{GROUP}:99", 12345])
def test_a_place_that_cannot_be_written_to_hears_of_nothing_any_more(
    stage: Stage, place: int | str
) -> None:
    if place == ANNA:
        stage.api.blocks(ANNA)
    elif place == GROUP:
        stage.api.leaves_group(GROUP)

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre", place)
        await w.begin("Fähre", BERT, BERT)
        w.store("fähre")
        await w.look()

    stage.run(scenario)
    assert [one.place for one in stage.watched()] == [f"telegram:{BERT}"]
    assert len(stage.said(BERT)) == 1


def test_a_topic_that_fails_is_tried_again_and_passed_over_at_last(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(w: Watching) -> None:
        w.press.failing = "Fähre"
        await w.begin("Fähre")
        await w.begin("Brücke", BERT, BERT)
        w.store("brücke", "fähre")
        await w.look()
        assert [topic for topic, _ in w.press.asked].count("Fähre") == told.ATTEMPTS
        assert [topic for topic, _ in w.press.asked].count("Brücke") == 1
        w.press.failing = ""
        w.store("fähre-2")
        await w.look()

    with caplog.at_level(logging.WARNING):
        stage.run(scenario)
    assert len(stage.said(BERT)) == 1
    assert len(stage.said()) == 1
    assert "passed over" in caplog.text


def test_whatever_goes_wrong_the_looking_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, errors = topics.topics, [ValueError("Etwas Unerwartetes."), sqlite3.OperationalError()]

    def broken(*given: Any, **more: Any) -> Any:
        if errors:
            raise errors.pop()
        return real(*given, **more)

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        w.store("fähre")
        monkeypatch.setattr(topics, "topics", broken)
        await w.look()

    stage.run(scenario)
    assert (len(stage.said()), errors) == (1, [])
    assert "can't be looked for" in caplog.text


def test_the_failures_of_an_ended_topic_are_forgotten(stage: Stage) -> None:
    async def scenario(w: Watching) -> None:
        w.press.failing = "Fähre"
        await w.begin("Fähre")
        w.store("fähre")
        assert not await w.topics._look()
        assert len(w.topics._failures) == 1
        await w.journal.write(lambda c: topics.forget(c, f"telegram:{ANNA}"))
        assert not await w.topics._look()
        assert w.topics._failures == {}

    stage.run(scenario)


def test_a_pause_for_one_chat_is_none_for_the_others(stage: Stage) -> None:
    stage.api.fault("sendMessage", retry_after=1, chat=ANNA)

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        await w.begin("Fähre", BERT, BERT)
        w.store("fähre")
        async with w.looking():
            await asyncio.to_thread(lambda: stage.api.wait_for_message(chat=BERT, timeout=5))
            assert stage.said() == []
            await asyncio.to_thread(lambda: stage.api.wait_for_message(chat=ANNA, timeout=5))

    stage.run(scenario)
    assert (len(stage.said()), len(stage.said(BERT))) == (1, 1)


def test_what_was_noted_and_not_sent_is_not_sent_by_the_next_process(stage: Stage) -> None:
    stage.api.fault("sendMessage", delay=60, chat=ANNA)

    async def killed(w: Watching) -> None:
        await w.begin("Fähre")
        w.store("fähre-1")
        task = asyncio.create_task(w.topics.keep_looking(0.01))
        await w.until_seen()
        task.cancel()
        await asyncio.wait({task})

    async def restarted(w: Watching) -> None:
        w.store("fähre-2")
        await w.look()
        assert w.press.asked == [("Fähre", {"fähre-2"})]

    stage.run(killed)
    assert stage.said() == []
    stage.api.end_faults()
    stage.run(restarted)
    assert len(stage.said()) == 1
    assert "fähre-2" in stage.said()[0]
    (topic,) = stage.watched()
    assert topic.told_on(DAY.isoformat()) == 2


def test_what_is_not_noted_is_not_sent(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    note = topics.note_told
    times = []

    def broken(*given: Any) -> bool:
        times.append(stage.said())
        if len(times) == 1:
            raise StoreError("Die Platte ist voll.")
        return note(*given)

    monkeypatch.setattr(topics, "note_told", broken)

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        w.store("fähre")
        await w.look()

    stage.run(scenario)
    assert times == [[], []]
    assert len(stage.said()) == 1
    assert "can't be looked after" in caplog.text


def test_an_article_that_is_deleted_meanwhile_is_not_told(stage: Stage) -> None:
    async def scenario(w: Watching) -> None:
        def about(topic: str, articles: Collection[str]) -> Answer | None:
            found = w.press.about(topic, articles)
            w.catalogue.delete(["fähre-1"])
            return found

        w.topics.about = about
        await w.begin("Fähre")
        w.store("fähre-1", "fähre-2")
        await w.look()

    stage.run(scenario)
    (only,) = stage.said()
    assert "fähre-2" in only


def test_a_topic_that_is_ended_meanwhile_is_not_told(stage: Stage) -> None:
    async def scenario(w: Watching) -> None:
        def about(topic: str, articles: Collection[str]) -> Answer | None:
            with w.database.write(content=False) as connection:
                topics.forget(connection, f"telegram:{ANNA}")
            return w.press.about(topic, articles)

        w.topics.about = about
        await w.begin("Fähre")
        w.store("fähre")
        await w.look()

    stage.run(scenario)
    assert stage.said() == []


def test_a_group_that_moved_is_told_under_its_new_number(stage: Stage) -> None:
    stage.api.migrates(GROUP, -100200)

    async def scenario(w: Watching) -> None:
        await w.begin("Fähre", GROUP)
        w.store("fähre")
        await w.look()

    stage.run(scenario)
    assert len(stage.said(-100200)) == 1
    assert [one.place for one in stage.watched()] == ["telegram:-100200"]
