"""Telegram at its worst: no network, two wishes at once, pauses in one chat, errors at the door."""

import asyncio
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from bot.events import Event
from bot.tg import app, questions, sending
from bot.tg.journal import Journal
from tests.support.bot_api import BotApi
from tests.support.bot_running import Waits, at_once, copy_home, running, slowly
from tests.support.store import article, store
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import StoreError

CHAT, OTHER, GROUP = 7, 8, -1001
LATE = 0.7  # seconds in which something that must not come would have come


def said(api: BotApi, chat: int = CHAT) -> list[str]:
    return [m.text for m in api.messages(chat) if m.from_bot]


def answered(api: BotApi, question: str, chat: int = CHAT) -> None:
    api.wait_for_message(chat=chat, where=lambda m: f"Antwort auf {question}" in m.text)


def holds(say: Waits, *held: str):
    """Answers all at once but the questions that are held."""

    def answering(question: str) -> Iterator[Event]:
        return say(question) if question in held else at_once(question)

    return answering


def ready(*sentences: str) -> Waits:
    say = Waits(*sentences)
    say.go.set()
    return say


def test_an_answer_outlives_an_outage_of_the_network(
    api: BotApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sending, "LONGEST_PAUSE", 0.1)
    with running(api, tmp_path):
        api.fault("sendMessage", drop="request", times=12)
        api.user_sends("Wer?", chat=CHAT)
        answered(api, "Wer?")
    assert len(said(api)) == 1


def test_who_cancels_twice_hears_of_it_once_and_gets_no_answer_after_a_restart(
    api: BotApi, tmp_path: Path
):
    say = Waits()
    with running(api, tmp_path, say):
        api.user_sends("Wer?", chat=CHAT)
        api.wait_for_message(chat=CHAT)
        for _ in range(2):
            api.user_sends("/abbrechen", chat=CHAT)
        api.wait_for_message(chat=CHAT, where=lambda m: m.text == "Abgebrochen.")
        api.wait_until_taken()
        say.go.set()
    with running(api, tmp_path):
        time.sleep(LATE)
    assert not [text for text in said(api) if "Antwort auf" in text]


def test_a_question_edited_before_a_crash_is_answered_after_it(api: BotApi, tmp_path: Path):
    say = Waits()
    with running(api, tmp_path / "a", say):
        asked = api.user_sends("Wer?", chat=CHAT)
        api.wait_for_message(chat=CHAT)
        api.user_edits("Wann?", chat=CHAT, message_id=asked)
        time.sleep(LATE)
        copy_home(tmp_path / "a", tmp_path / "b")
        say.go.set()
    with running(api, tmp_path / "b"):
        answered(api, "Wann?")
    assert len(said(api)) == 1


def test_a_cancelled_question_leaves_no_status_behind(api: BotApi, tmp_path: Path):
    say = Waits()
    with running(api, tmp_path, say):
        api.fault("sendMessage", delay=1.0)
        api.user_sends("Wer?", chat=CHAT)
        time.sleep(1.3)  # the status is on its way
        api.user_sends("/abbrechen", chat=CHAT)
        api.wait_for_message(chat=CHAT, where=lambda m: m.text == "Abgebrochen.")
        say.go.set()
        assert not [text for text in said(api) if text.endswith("…")]


def test_a_pause_in_a_group_does_not_hold_up_the_same_person_elsewhere(api: BotApi, tmp_path: Path):
    with running(api, tmp_path):
        api.user_sends("/hilfe", chat=GROUP, user=CHAT)
        api.wait_for_message(chat=GROUP)
        api.fault("sendMessage", error_code=429, retry_after=6, chat=GROUP)
        api.user_sends("/frage Hier?", chat=GROUP, user=CHAT)
        time.sleep(0.2)
        api.user_sends("Da?", chat=CHAT)
        api.wait_for_message(chat=CHAT, timeout=3)
        answered(api, "Hier?", GROUP)


def test_a_burst_does_not_pass_the_quota_nor_does_editing_or_being_forgotten(
    api: BotApi, tmp_path: Path
):
    with running(api, tmp_path, TELEGRAM_DAILY_QUESTIONS=2) as bot:
        asked = [api.user_sends(f"Frage {n}?", chat=CHAT) for n in range(5)]
        answered(api, "Frage 1?")
        api.user_sends("/vergiss_mich", chat=CHAT)
        api.wait_for_message(chat=CHAT, where=lambda m: "gelöscht" in m.text)
        for message in asked[:2]:
            api.user_edits("Und nun?", chat=CHAT, message_id=message)
        api.user_sends("Und jetzt?", chat=CHAT)
        api.wait_until_taken()
        time.sleep(LATE)
        assert len(bot.engine.asked) == 2


def test_what_is_asked_together_with_vergiss_mich_is_forgotten_too(api: BotApi, tmp_path: Path):
    say = Waits()
    with running(api, tmp_path, say, TELEGRAM_DAILY_QUESTIONS=9) as bot:
        api.user_sends("Wo ist der Zimtstern?", chat=CHAT)
        api.user_sends("/vergiss_mich", chat=CHAT)
        api.wait_for_message(chat=CHAT, where=lambda m: "gelöscht" in m.text)
        say.go.set()
        time.sleep(LATE)
        kept = bot.database.read().execute("SELECT count(*) FROM turns").fetchone()
        assert kept == (0,)
    assert not [text for text in said(api) if "Antwort auf" in text]


def test_a_stranger_stays_out_when_the_database_fails(
    api: BotApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def broken(self: Journal, work: object) -> None:
        raise StoreError("The catalogue can't be used.")

    with running(api, tmp_path, TELEGRAM_ALLOWED_IDS=frozenset({OTHER})) as bot:
        monkeypatch.setattr(Journal, "read", broken)
        api.user_sends("Wer?", chat=CHAT)
        api.wait_for_message(chat=CHAT)
        time.sleep(LATE)
        assert bot.engine.asked == []
        monkeypatch.undo()


def test_one_article_alone_is_said_under_the_answer(api: BotApi, tmp_path: Path):
    database = Database(tmp_path / "catalogue.db")
    store(Catalogue(database), article("faehre", "Die Fähre legt ab.", title="Elektrofähre"))
    database.close()
    with running(api, tmp_path):
        api.user_sends("/start art_faehre", chat=CHAT)
        api.wait_for_message(chat=CHAT)
        api.user_sends("Wer?", chat=CHAT)
        answered(api, "Wer?")
        assert "Nur aus „Elektrofähre“" in said(api)[-1]


def test_a_reply_goes_on_from_the_answer_that_it_replies_to(api: BotApi, tmp_path: Path):
    with running(api, tmp_path) as bot:
        told = []
        for question in ("Eins?", "Zwei?"):
            asked = api.user_sends(question, chat=CHAT)
            told.append(api.wait_for_message(chat=CHAT, after=asked).message_id)
            time.sleep(0.2)
        api.user_sends("Und warum?", chat=CHAT, reply_to=told[0])
        answered(api, "Und warum?")
        assert [turn.question for turn in bot.engine.asked[-1][1]["history"]] == ["Eins?"]


def test_an_answer_that_comes_after_neu_belongs_to_what_is_past(api: BotApi, tmp_path: Path):
    say = Waits()
    with running(api, tmp_path, holds(say, "Wer?")) as bot:
        api.user_sends("Wer?", chat=CHAT)
        api.wait_for_message(chat=CHAT)
        api.user_sends("/neu", chat=CHAT)
        api.wait_for_message(chat=CHAT, where=lambda m: "etwas Neues" in m.text)
        say.go.set()
        answered(api, "Wer?")
        api.user_sends("Und wann?", chat=CHAT)
        answered(api, "Und wann?")
        assert bot.engine.asked[-1][1]["history"] == ()


@pytest.mark.slow
def test_in_a_group_all_that_grows_is_edited_three_seconds_apart(api: BotApi, tmp_path: Path):
    with running(api, tmp_path, lambda question: slowly(ready("Eins.", "Zwei."), question)):
        for person in (1, 2, 3):
            api.user_sends("/frage Wer?", chat=GROUP, user=person)
        time.sleep(12)
        edits = [c.at for c in api.calls if c.method == "editMessageText"]
        assert len(edits) > 1
        assert min(later - earlier for earlier, later in pairwise(edits)) >= 3


def test_no_work_begins_while_others_still_wait_for_their_first_sign(
    api: BotApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(questions, "HEAD_START", 0.5)
    monkeypatch.setattr(questions, "LONGEST_START", 5.0)
    begun: list[float] = []

    def say(question: str) -> Iterator[Event]:
        begun.append(time.monotonic())
        return at_once(question)

    with running(api, tmp_path, say):
        for chat in (CHAT, OTHER):
            api.user_sends("Wer?", chat=chat)
            sign = api.wait_for_call("sendChatAction", chat=chat)
            time.sleep(0.3)
        answered(api, "Wer?", OTHER)
    assert min(begun) > sign.at + 0.4


def test_after_a_rush_few_connections_are_kept_open(api: BotApi):
    async def rush() -> int:
        async with app._requests() as requests:
            url = f"{api.base_url}{api.token}/getMe"
            await asyncio.gather(*(requests.retrieve(url) for _ in range(3 * app.KEPT_OPEN)))
            return len(requests._client._transport._pool.connections)  # type: ignore[attr-defined]

    api.delay(0.2)
    assert asyncio.run(rush()) <= app.KEPT_OPEN
