"""What the bot does with messages that the end-to-end test's people can't write."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from telegram import Update
from telegram.ext import ApplicationBuilder

from bot.answer import Answer, Status
from bot.events import Done, Event, Searching
from bot.settings import Settings
from bot.tg import sending
from bot.tg.building import parts
from bot.tg.intake import UnderWay
from tests.support.bot_api import TEST_TOKEN, BotApi
from tests.support.bot_running import FakeEngine
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import StoreError

CHAT, GROUP, BOT = 7, -100, int(TEST_TOKEN.partition(":")[0])


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[BotApi]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with BotApi.running() as server:
        server.open_chat(CHAT)
        server.open_chat(GROUP)
        yield server


def says(text: str) -> Callable[[str], Answer]:
    return lambda asked: Answer(asked, Status.ANSWERED, text, (), (), 1.0, "some", 0.0, "de")


def message(chat: int = CHAT, language: str | None = "de", **content: Any) -> dict[str, Any]:
    person = {"id": 1, "is_bot": False, "first_name": "A"}
    if language:
        person["language_code"] = language
    kind = {"type": "private"} if chat > 0 else {"type": "supergroup", "title": "G"}
    return {"message_id": 1, "date": 1, "chat": {"id": chat, **kind}, "from": person, **content}


def command(text: str, chat: int = GROUP, **content: Any) -> dict[str, Any]:
    entity = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
    return message(chat, text=text, entities=[entity], **content)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "catalogue.db")
    yield opened
    opened.close()


Ask = Callable[[str], Answer]


async def process(
    api: BotApi, database: Database, ask: Ask, work: UnderWay, *given: dict[str, Any], **how: Any
) -> FakeEngine:
    """Has a bot handle messages one after the other; returns the engine that it asked."""

    def say(question: str) -> Iterator[Event]:
        yield Searching(1)
        yield Done(ask(question))

    application = (
        ApplicationBuilder().token(TEST_TOKEN).base_url(api.base_url).updater(None).build()
    )
    engine = FakeEngine(Catalogue(database), say)
    made = parts(application, engine, None, Settings(**how))  # type: ignore[arg-type]
    async with application:
        for number, one in enumerate(given, 1):
            told = {"update_id": number, "message": one | {"date": int(time.time())}}
            update = Update.de_json(told, application.bot)
            await work.process_update(update, application.process_update(update))
    made.journal.close()
    return engine


def said(
    api: BotApi, database: Database, given: dict[str, Any], ask: Ask | None = None
) -> list[str]:
    """What the bot says to a message."""
    asyncio.run(process(api, database, ask or says("Ja."), UnderWay(1), given))
    return [m.text for m in api.messages(given["chat"]["id"]) if m.from_bot]


def test_a_picture_is_answered_kindly_in_the_language_of_the_person(
    api: BotApi, database: Database
) -> None:
    size = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
    picture = message(language="en-GB", photo=[size], caption="Who is this?")
    assert said(api, database, picture) == ["I can only answer written questions."]


def test_without_a_language_of_the_person_the_message_decides(
    api: BotApi, database: Database
) -> None:
    (heard,) = said(
        api, database, command("/help wo steht denn, wie ich dich frage", CHAT, language=None)
    )
    assert heard.startswith("Stellen Sie Ihre Frage")


@pytest.mark.parametrize(
    "given",
    [
        message(
            pinned_message={"message_id": 3, "date": 0, "chat": {"id": CHAT, "type": "private"}}
        ),
        message(GROUP, text="Guten Morgen"),
        message(GROUP, new_chat_members=[{"id": BOT, "is_bot": True, "first_name": "Beleg"}]),
        command("/start@other_bot"),
        command("/weather"),
    ],
)
def test_what_is_not_for_the_bot_is_left_alone(
    api: BotApi, database: Database, given: dict[str, Any]
) -> None:
    assert said(api, database, given) == []


def test_an_unknown_command_in_private_gets_help(api: BotApi, database: Database) -> None:
    (heard,) = said(api, database, command("/weather", CHAT))
    assert heard.startswith("Stellen Sie Ihre Frage")


@pytest.mark.parametrize(
    ("replied", "quoted", "asked"),
    [
        ({"text": "Wer?\nUnd wann?"}, {}, "Wer?\nUnd wann?"),
        ({"caption": "Wo ist das?"}, {}, "Wo ist das?"),
        ({"text": "Lang. Wer?"}, {"quote": {"text": "Wer?", "position": 6}}, "Wer?"),
    ],
)
def test_frage_takes_the_question_from_the_message_replied_to(
    api: BotApi, database: Database, replied: dict[str, Any], quoted: dict[str, Any], asked: str
) -> None:
    questions: list[str] = []

    def ask(question: str) -> Answer:
        questions.append(question)
        return says("Ja.")(question)

    assert said(
        api, database, command("/frage", reply_to_message=message(GROUP, **replied), **quoted), ask
    ) == ["Ja."]
    assert questions == [asked]


def test_typing_is_shown_as_long_as_the_engine_works(
    api: BotApi, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TYPING_LASTS", 0.02)

    def typed() -> int:
        return sum(call.method == "sendChatAction" for call in api.calls)

    def ask(question: str) -> Answer:
        while typed() < 3:
            threading.Event().wait(0.01)
        return says("Ja.")(question)

    assert said(api, database, message(text="Wer?"), ask) == ["Ja."]
    assert api.calls[-1].method == "sendMessage"


def test_a_long_answer_comes_in_order_and_every_part_is_a_reply(
    api: BotApi, database: Database
) -> None:
    asked = api.user_sends("Wer?", chat=CHAT)
    lines = [f"{n}. " + "Wort " * 300 for n in range(9)]
    said(api, database, message(text="Wer?") | {"message_id": asked}, says("\n".join(lines)))
    parts = [m for m in api.messages(CHAT) if m.from_bot]
    assert len(parts) > 2
    assert {m.reply_to for m in parts} == {asked}
    assert "\n".join(m.text for m in parts).split() == "\n".join(lines).split()


def test_refused_html_goes_out_as_plain_text(api: BotApi, database: Database, caplog: Any) -> None:
    api.fault("sendMessage", error_code=400, description="Bad Request: Can't parse entities: x")
    assert said(api, database, message(text="Wer?"), says("1 < 2 & <b>3</b>")) == [
        "1 < 2 & <b>3</b>"
    ]
    assert "refused" in caplog.text


def test_inner_failures_are_not_told_to_the_person(api: BotApi, database: Database) -> None:
    def ask(question: str) -> Answer:
        raise StoreError("The catalogue /home/me/catalogue.db can't be read.")

    (heard,) = said(api, database, message(text="Wer?"), ask)
    assert heard.startswith("Da ist etwas schiefgegangen")
    assert "catalogue" not in heard


def test_who_has_blocked_the_bot_is_no_error(api: BotApi, database: Database, caplog: Any) -> None:
    caplog.set_level(logging.INFO)
    api.fault("sendMessage", error_code=403)
    assert said(api, database, message(text="Wer?")) == []
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_who_can_not_be_answered_before_the_stop_is_told_so(
    api: BotApi, database: Database
) -> None:
    asked, stopped = threading.Event(), threading.Event()

    def ask(question: str) -> Answer:
        asked.set()
        stopped.wait(10)
        return says("zu spät")(question)

    async def interrupted() -> None:
        work = UnderWay(1)
        answering = asyncio.create_task(process(api, database, ask, work, message(text="Wer?")))
        await asyncio.to_thread(asked.wait)
        work.interrupt()
        await asyncio.wait({answering})
        stopped.set()

    asyncio.run(interrupted())
    (heard,) = [m.text for m in api.messages(CHAT)]
    assert heard.startswith("Ich werde gerade neu gestartet")


def test_a_stranger_is_kept_out_even_if_that_cannot_be_said(
    api: BotApi, database: Database
) -> None:
    asked: list[str] = []
    api.fault("sendMessage", error_code=400, description="Bad Request: whatever", times=9)

    def ask(question: str) -> Answer:
        asked.append(question)
        return says("Geheim.")(question)

    given = message(text="Wer leitet den Fonds?")
    asyncio.run(
        process(api, database, ask, UnderWay(1), given, TELEGRAM_ALLOWED_IDS=frozenset({99}))
    )
    assert asked == []


def remembered(
    api: BotApi, database: Database, *given: dict[str, Any]
) -> list[tuple[str, list[str]]]:
    """Each question that messages one after the other lead to, with those remembered then."""
    apart = [one | {"message_id": number} for number, one in enumerate(given, 1)]
    engine = asyncio.run(process(api, database, says("Ja. [1]"), UnderWay(1), *apart))
    return [(asked, [turn.question for turn in how["history"]]) for asked, how in engine.asked]


def test_a_chat_remembers_its_questions_until_a_new_conversation_begins(
    api: BotApi, database: Database
) -> None:
    first, then = message(text="Wer leitet das Bad?"), message(text="Und seit wann?")
    assert remembered(api, database, first, then, command("/neu", CHAT), then) == [
        ("Wer leitet das Bad?", []),
        ("Und seit wann?", ["Wer leitet das Bad?"]),
        ("Und seit wann?", []),
    ]
    assert any("zählt nicht mehr" in m.text for m in api.messages(CHAT))


def test_what_was_asked_in_one_chat_is_not_known_in_another(
    api: BotApi, database: Database
) -> None:
    asked = message(text="Wer leitet das Bad?"), command("/frage Und seit wann?")
    assert remembered(api, database, *asked)[1] == ("Und seit wann?", [])
