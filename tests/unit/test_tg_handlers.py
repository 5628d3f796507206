"""What the bot does with messages that the end-to-end test's people can't write."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from telegram import Update
from telegram.ext import ApplicationBuilder

from bot.answer import Answer, Status
from bot.conversation import Turn
from bot.tg import sending
from bot.tg.app import UnderWay
from bot.tg.handlers import Handlers
from tests.support.bot_api import TEST_TOKEN, BotApi
from vectorstore.errors import StoreError

CHAT, GROUP, BOT = 7, -100, int(TEST_TOKEN.partition(":")[0])
NOBODY: frozenset[int] = frozenset()


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


async def process(
    api: BotApi,
    ask: Callable[[str], Answer],
    given: dict[str, Any],
    work: UnderWay,
    allowed: frozenset[int] = NOBODY,
) -> None:
    application = (
        ApplicationBuilder().token(TEST_TOKEN).base_url(api.base_url).updater(None).build()
    )
    Handlers(lambda question, person, turns: ask(question), allowed).register(application)
    async with application:
        update = Update.de_json({"update_id": 1, "message": given}, application.bot)
        await work.process_update(update, application.process_update(update))


def said(
    api: BotApi, given: dict[str, Any], ask: Callable[[str], Answer] | None = None
) -> list[str]:
    """What the bot says to a message."""
    asyncio.run(process(api, ask or says("Ja."), given, UnderWay(1)))
    return [m.text for m in api.messages(given["chat"]["id"])]


def test_a_picture_is_answered_kindly_in_the_language_of_the_person(api: BotApi) -> None:
    size = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
    picture = message(language="en-GB", photo=[size], caption="Who is this?")
    assert said(api, picture) == ["I can only answer written questions."]


def test_without_a_language_of_the_person_the_message_decides(api: BotApi) -> None:
    (heard,) = said(api, command("/help wo steht denn, wie ich dich frage", CHAT, language=None))
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
def test_what_is_not_for_the_bot_is_left_alone(api: BotApi, given: dict[str, Any]) -> None:
    assert said(api, given) == []


def test_an_unknown_command_in_private_gets_help(api: BotApi) -> None:
    (heard,) = said(api, command("/weather", CHAT))
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
    api: BotApi, replied: dict[str, Any], quoted: dict[str, Any], asked: str
) -> None:
    questions: list[str] = []

    def ask(question: str) -> Answer:
        questions.append(question)
        return says("Ja.")(question)

    assert said(
        api, command("/frage", reply_to_message=message(GROUP, **replied), **quoted), ask
    ) == ["Ja."]
    assert questions == [asked]


def test_typing_is_shown_as_long_as_the_engine_works(
    api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TYPING_LASTS", 0.02)

    def typed() -> int:
        return sum(call.method == "sendChatAction" for call in api.calls)

    def ask(question: str) -> Answer:
        while typed() < 3:
            threading.Event().wait(0.01)
        return says("Ja.")(question)

    assert said(api, message(text="Wer?"), ask) == ["Ja."]
    assert api.calls[-1].method == "sendMessage"


def test_a_long_answer_comes_in_order_and_every_part_is_a_reply(api: BotApi) -> None:
    asked = api.user_sends("Wer?", chat=CHAT)
    lines = [f"{n}. " + "Wort " * 300 for n in range(9)]
    said(api, message(text="Wer?") | {"message_id": asked}, says("\n".join(lines)))
    parts = [m for m in api.messages(CHAT) if m.from_bot]
    assert len(parts) > 2
    assert {m.reply_to for m in parts} == {asked}
    assert "\n".join(m.text for m in parts).split() == "\n".join(lines).split()


def test_refused_html_goes_out_as_plain_text(api: BotApi, caplog: Any) -> None:
    api.fault("sendMessage", error_code=400, description="Bad Request: Can't parse entities: x")
    assert said(api, message(text="Wer?"), says("1 < 2 & <b>3</b>")) == ["1 < 2 & <b>3</b>"]
    assert "refused HTML" in caplog.text


def test_inner_failures_are_not_told_to_the_person(api: BotApi) -> None:
    def ask(question: str) -> Answer:
        raise StoreError("The catalogue /home/me/catalogue.db can't be read.")

    (heard,) = said(api, message(text="Wer?"), ask)
    assert heard.startswith("Da ist etwas schiefgegangen")
    assert "catalogue" not in heard


def test_who_has_blocked_the_bot_is_no_error(api: BotApi, caplog: Any) -> None:
    caplog.set_level(logging.INFO)
    api.fault("sendMessage", error_code=403)
    assert said(api, message(text="Wer?")) == []
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_who_can_not_be_answered_before_the_stop_is_told_so(api: BotApi) -> None:
    asked, stopped = threading.Event(), threading.Event()

    def ask(question: str) -> Answer:
        asked.set()
        stopped.wait(10)
        return says("zu spät")(question)

    async def interrupted() -> None:
        work = UnderWay(1)
        answering = asyncio.create_task(process(api, ask, message(text="Wer?"), work))
        await asyncio.to_thread(asked.wait)
        work.interrupt()
        await asyncio.wait({answering})
        stopped.set()

    asyncio.run(interrupted())
    (heard,) = [m.text for m in api.messages(CHAT)]
    assert heard.startswith("Ich werde gerade neu gestartet")


def test_a_stranger_is_kept_out_even_if_that_cannot_be_said(api: BotApi) -> None:
    asked: list[str] = []
    api.fault("sendMessage", error_code=400, description="Bad Request: whatever", times=9)

    def ask(question: str) -> Answer:
        asked.append(question)
        return says("Geheim.")(question)

    given = message(text="Wer leitet den Fonds?")
    asyncio.run(process(api, ask, given, UnderWay(1), frozenset({99})))
    assert asked == []


def remembered(api: BotApi, *given: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Each question that messages one after the other lead to, with those remembered then."""
    heard: list[tuple[str, list[str]]] = []

    def ask(question: str, person: str, turns: Sequence[Turn]) -> Answer:
        heard.append((question, [turn.question for turn in turns]))
        return Answer(question, Status.ANSWERED, "Ja. [1]", (), (), 1.0, "some", 0.0, "de")

    async def run() -> None:
        application = (
            ApplicationBuilder().token(TEST_TOKEN).base_url(api.base_url).updater(None).build()
        )
        Handlers(ask, NOBODY).register(application)
        async with application:
            for number, one in enumerate(given, 1):
                read = Update.de_json({"update_id": number, "message": one}, application.bot)
                await application.process_update(read)

    asyncio.run(run())
    return heard


def test_a_chat_remembers_its_questions_until_a_new_conversation_begins(api: BotApi) -> None:
    first, then = message(text="Wer leitet das Bad?"), message(text="Und seit wann?")
    assert remembered(api, first, then, command("/neu", CHAT), then) == [
        ("Wer leitet das Bad?", []),
        ("Und seit wann?", ["Wer leitet das Bad?"]),
        ("Und seit wann?", []),
    ]
    assert "vergessen" in api.messages(CHAT)[-2].text


def test_what_was_asked_in_one_chat_is_not_known_in_another(api: BotApi) -> None:
    asked = message(text="Wer leitet das Bad?"), command("/frage Und seit wann?")
    assert remembered(api, *asked)[1] == ("Und seit wann?", [])
