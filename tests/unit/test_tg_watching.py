"""Topics are begun, listed and ended by those who may."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.tg import topics as told
from bot.tg.buttons import EndTopic
from tests.support.watching import (
    ANNA,
    BERT,
    GROUP,
    NO_CONTEXT,
    Stage,
    Watching,
    buttons,
    staged,
    tap,
    update,
)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with staged(tmp_path) as opened:
        yield opened


def test_watching_begins_in_words_and_only_once(stage: Stage) -> None:
    async def scenario(w: Watching) -> None:
        for text in ("/beobachte  Fähre\n Brunsby ", "/watch@beleg_test_bot fähre brunsby"):
            await w.topics.watch(update(stage.api, w.bot, text), NO_CONTEXT)
        await w.topics.watch(update(stage.api, w.bot, "/watch Fähre", GROUP, BERT), NO_CONTEXT)
        await w.topics.watch(update(stage.api, w.bot, "/watch Fähre", GROUP, BERT, 5), NO_CONTEXT)

    stage.run(scenario)
    begun, again = stage.said()
    assert begun.startswith("Gut. Bringen neue Artikel etwas zu „Fähre Brunsby“")
    assert "höchstens 5-mal am Tag" in begun
    assert again == "„fähre brunsby“ wird hier schon beobachtet."
    assert stage.said(GROUP)[0].startswith("Good. When new articles bring something on “Fähre”")
    assert [(t.person, t.place, t.topic, t.language) for t in stage.watched()] == [
        ("telegram:7", "telegram:7", "Fähre Brunsby", "de"),
        ("telegram:8", "telegram:-100", "Fähre", "en"),
        ("telegram:8", "telegram:-100:5", "Fähre", "en"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/beobachte", "Schreiben Sie das Thema dahinter"),
        ("/beobachte \x00 ", "Schreiben Sie das Thema dahinter"),
        ("/beobachte ab", "Ein Thema hat 3 bis 200 Zeichen"),
        ("/beobachte " + "x" * 201, "Ein Thema hat 3 bis 200 Zeichen"),
        ("/beobachte ?!?!", "Ein Thema hat 3 bis 200 Zeichen"),
    ],
)
def test_what_is_no_topic_is_not_watched(stage: Stage, text: str, expected: str) -> None:
    async def scenario(w: Watching) -> None:
        await w.topics.watch(update(stage.api, w.bot, text), NO_CONTEXT)

    stage.run(scenario)
    assert stage.said()[0].startswith(expected)
    assert stage.watched() == []


def test_somebody_watches_at_most_so_many_topics(stage: Stage) -> None:
    async def scenario(w: Watching) -> None:
        for number in range(told.MOST):
            await w.begin(f"{number} " + "<&>" * 60, (ANNA, GROUP)[number % 2])
        await w.topics.watch(update(stage.api, w.bot, "/beobachte Fähre"), NO_CONTEXT)
        await w.topics.watched(update(stage.api, w.bot, "/beobachtungen"), NO_CONTEXT)

    stage.run(scenario)
    refused, listed = stage.said()
    assert refused == "Mehr als 20 Themen gehen nicht. Beenden Sie erst eines: /beobachtungen"
    assert len(stage.watched()) == told.MOST
    assert listed.count("•") == told.MOST
    assert listed.count("(in einem anderen Chat)") == told.MOST // 2


def test_a_topic_is_ended_by_its_button(stage: Stage) -> None:
    async def scenario(w: Watching) -> None:
        await w.begin("Fähre")
        await w.begin("Brücke")
        await w.topics.watched(update(stage.api, w.bot, "/beobachtungen"), NO_CONTEXT)
        (listed,) = stage.messages(ANNA)
        assert listed.text == "Sie beobachten:\n• Fähre\n• Brücke"
        assert [one["text"] for one in buttons(listed)] == ["✕ Fähre", "✕ Brücke"]
        await w.topics.end(tap(stage.api, w.bot, listed, 0), EndTopic(1))
        (shorter,) = stage.messages(ANNA)
        assert shorter.text == "Sie beobachten:\n• Brücke"
        await w.topics.end(tap(stage.api, w.bot, shorter, 0), EndTopic(2))
        assert stage.said()[0].startswith("Beobachtet wird nichts.")
        assert buttons(stage.messages(ANNA)[0]) == []

    stage.run(scenario)
    assert stage.watched() == []
    assert stage.api.wait_for_call("answerCallbackQuery").params["text"] == "Gut, das ist beendet."


def test_in_a_group_only_who_began_a_topic_ends_it(stage: Stage) -> None:
    async def scenario(w: Watching) -> None:
        await w.begin("Fähre", GROUP, BERT)
        await w.begin("Geheimes", BERT, BERT)
        await w.topics.watched(update(stage.api, w.bot, "/beobachtungen", GROUP), NO_CONTEXT)
        (listed,) = stage.messages(GROUP)
        assert listed.text == "Hier wird beobachtet:\n• Fähre"
        await w.topics.end(tap(stage.api, w.bot, listed, 0), EndTopic(1))
        refused = stage.api.wait_for_call("answerCallbackQuery").params["text"]
        assert refused == "Beenden kann das nur, wer es begonnen hat."
        assert len(stage.watched()) == 2
        await w.topics.end(tap(stage.api, w.bot, listed, 0, BERT), EndTopic(1))

    stage.run(scenario)
    assert [one.topic for one in stage.watched()] == ["Geheimes"]
