"""Questions in Telegram: quick and slow ones, several at once, broken off, edited, asked again."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

from bot.events import Event, Searching
from tests.support.bot_api import BotApi
from tests.support.bot_running import Waits, at_once, copy_home, running, slowly
from vectorstore import inbox
from vectorstore.database import Database
from vectorstore.errors import StoreError

CHAT, OTHER, GROUP = 7, 8, -1001


def sends(api: BotApi, chat: int) -> list[str]:
    return [m.text for m in api.messages(chat) if m.from_bot]


def test_a_quick_answer_is_one_message_after_typing(api: BotApi, tmp_path: Path):
    with running(api, tmp_path):
        asked = api.user_sends("Wer?", chat=CHAT)
        answer = api.wait_for_message(chat=CHAT, after=asked)
        assert answer.text.startswith("Antwort auf Wer?")
        methods = [call.method for call in api.calls if call.chat_id == str(CHAT)]
        assert methods == ["sendChatAction", "sendMessage"]


def test_a_slow_answer_says_what_it_does_and_then_grows_in_the_same_message(
    api: BotApi, tmp_path: Path
):
    say = Waits("Die Fähre fährt.", "Sie ist voll.")
    with running(api, tmp_path, lambda q: slowly(say, q)):
        asked = api.user_sends("Wer?", chat=CHAT)
        first = api.wait_for_message(chat=CHAT, after=asked)
        assert first.text == "Sucht in 1.240 Artikeln …"
        api.wait_for_message(chat=CHAT, after=asked, where=lambda m: "Sie ist voll." in m.text)
        say.go.set()
        api.wait_for_message(chat=CHAT, after=asked, where=lambda m: "…" not in m.text)
        calls = [c for c in api.calls if c.method in ("sendMessage", "editMessageText")]
        assert [c.method for c in calls].count("sendMessage") == 1
        at = [c.at for c in calls]
        assert min(b - a for a, b in pairwise(at)) >= 1.5


def test_a_second_question_is_told_its_place_and_answered_after_the_first(
    api: BotApi, tmp_path: Path
):
    say = Waits()
    with running(api, tmp_path, say):
        api.user_sends("Eins?", chat=CHAT)
        second = api.user_sends("Zwei?", chat=CHAT)
        api.wait_for_message(chat=CHAT, where=lambda m: "die 2. in Ihrer Reihe" in m.text)
        say.go.set()
        api.wait_for_message(
            chat=CHAT, where=lambda m: "Antwort auf Zwei?" in m.text and m.reply_to == second
        )
        assert len(sends(api, CHAT)) == 2


def test_one_who_is_slow_does_not_hold_up_others(api: BotApi, tmp_path: Path):
    say = Waits()

    def answering(question: str) -> Iterator[object]:
        return say(question) if question == "Langsam?" else at_once(question)

    with running(api, tmp_path, answering):
        api.user_sends("Langsam?", chat=CHAT)
        asked = api.user_sends("Schnell?", chat=OTHER)
        api.wait_for_message(chat=OTHER, after=asked, timeout=3)
        say.go.set()


def test_abbrechen_stops_the_work_and_says_so(api: BotApi, tmp_path: Path):
    say = Waits()
    with running(api, tmp_path, say):
        api.user_sends("Wer?", chat=CHAT)
        api.wait_for_message(chat=CHAT, where=lambda m: "Liest" in m.text or "Sucht" in m.text)
        api.user_sends("/abbrechen", chat=CHAT)
        api.wait_for_message(chat=CHAT, where=lambda m: m.text == "Abgebrochen.")
        api.wait_for_message(chat=CHAT, where=lambda m: "höre damit auf" in m.text)
        say.go.set()
        time.sleep(0.7)  # in which a late answer would come
        assert not any("Antwort" in text for text in sends(api, CHAT))


def test_nochmal_asks_the_last_question_anew(api: BotApi, tmp_path: Path):
    with running(api, tmp_path) as bot:
        asked = api.user_sends("Wer?", chat=CHAT)
        first = api.wait_for_message(chat=CHAT, after=asked)
        again = api.user_sends("/nochmal", chat=CHAT)
        second = api.wait_for_message(chat=CHAT, after=max(again, first.message_id))
        assert second.text == first.text
        assert [(q, how["fresh"]) for q, how in bot.engine.asked] == [
            ("Wer?", False),
            ("Wer?", True),
        ]


def test_an_edited_question_gets_its_answer_edited(api: BotApi, tmp_path: Path):
    with running(api, tmp_path):
        asked = api.user_sends("Wer?", chat=CHAT)
        answer = api.wait_for_message(chat=CHAT, after=asked)
        api.user_edits("Wann?", chat=CHAT, message_id=asked)
        api.wait_for_message(chat=CHAT, where=lambda m: "Antwort auf Wann?" in m.text)
        found = [m.message_id for m in api.messages(CHAT) if m.from_bot]
        assert found == [answer.message_id]


def test_a_question_edited_while_it_is_answered_is_answered_as_it_is_now(
    api: BotApi, tmp_path: Path
):
    say = Waits()

    def answering(question: str) -> Iterator[object]:
        return say(question) if question == "Wer?" else at_once(question)

    with running(api, tmp_path, answering):
        asked = api.user_sends("Wer?", chat=CHAT)
        api.wait_for_message(chat=CHAT, after=asked)
        api.user_edits("Wann?", chat=CHAT, message_id=asked)
        api.wait_for_message(chat=CHAT, where=lambda m: "Antwort auf Wann?" in m.text)
        say.go.set()
        time.sleep(0.7)  # in which a late answer would come
        assert len(sends(api, CHAT)) == 1


def test_what_was_asked_before_is_known_after_a_restart_but_not_after_neu(
    api: BotApi, tmp_path: Path
):
    with running(api, tmp_path):
        asked = api.user_sends("Wer?", chat=CHAT)
        api.wait_for_message(chat=CHAT, after=asked)
    with running(api, tmp_path) as bot:
        asked = api.user_sends("Und wann?", chat=CHAT)
        api.wait_for_message(chat=CHAT, after=asked)
        said = api.user_sends("/neu", chat=CHAT)
        api.wait_for_message(chat=CHAT, after=said)
        asked = api.user_sends("Warum?", chat=CHAT)
        api.wait_for_message(chat=CHAT, after=asked)
        histories = [[turn.question for turn in how["history"]] for _, how in bot.engine.asked]
        assert histories == [["Wer?"], []]


def test_an_update_that_comes_twice_is_answered_once(api: BotApi, tmp_path: Path):
    with running(api, tmp_path):
        asked = api.user_sends("Wer?", chat=CHAT)
        api.wait_for_message(chat=CHAT, after=asked)
        api.deliver_again()
        asked = api.user_sends("Wann?", chat=CHAT)
        api.wait_for_message(chat=CHAT, after=asked)
    with running(api, tmp_path):
        asked = api.user_sends("Warum?", chat=CHAT)
        api.wait_for_message(chat=CHAT, after=asked)
    assert [text.split("\n")[0] for text in sends(api, CHAT)] == [
        "Antwort auf Wer?",
        "Antwort auf Wann?",
        "Antwort auf Warum?",
    ]


def test_after_a_crash_a_question_is_answered_in_the_message_that_told_of_it(
    api: BotApi, tmp_path: Path
):
    with ExitStack() as crash:
        say = Waits()
        crash.enter_context(running(api, tmp_path / "a", say))
        asked = api.user_sends("Wer?", chat=CHAT)
        status = api.wait_for_message(chat=CHAT, after=asked)
        copy_home(tmp_path / "a", tmp_path / "b")  # what kill -9 would leave
        say.go.set()
    with running(api, tmp_path / "b"):
        api.wait_for_message(
            chat=CHAT,
            where=lambda m: m.message_id == status.message_id and "Antwort" in m.text,
        )


def test_an_answer_that_may_have_been_sent_is_not_sent_again(api: BotApi, tmp_path: Path):
    with running(api, tmp_path):
        asked = api.user_sends("Wer?", chat=CHAT)
        api.wait_for_message(chat=CHAT, after=asked)
    database = Database(tmp_path / "catalogue.db")
    with database.write(content=False) as connection:
        body = update_of(asked, "Wer?")
        bot = int(api.token.partition(":")[0])
        delivered = [inbox.Delivered(99_999, f"telegram:{CHAT}", body)]
        inbox.accept(connection, bot, delivered, time.time())
        inbox.note_sending(connection, bot, 99_999)
    database.close()
    with running(api, tmp_path):
        api.wait_for_message(chat=CHAT, where=lambda m: "Falls die Antwort hierauf fehlt" in m.text)
    assert sum("Antwort auf" in text for text in sends(api, CHAT)) == 1


def test_what_is_stale_is_apologised_for_once_a_chat(api: BotApi, tmp_path: Path):
    for text in ("Eins?", "Zwei?"):
        api.user_sends(text, chat=CHAT, ago=3600)
    api.user_sends("Frisch?", chat=OTHER)
    with running(api, tmp_path):
        api.wait_for_message(chat=OTHER)
        api.wait_for_message(chat=CHAT)
        time.sleep(0.5)
    assert len(sends(api, CHAT)) == 1
    assert "nicht da" in sends(api, CHAT)[0]


def test_vergiss_mich_leaves_no_byte_of_what_somebody_asked(api: BotApi, tmp_path: Path):
    with running(api, tmp_path):
        for chat, text in ((CHAT, "Wo ist der Zimtstern?"), (OTHER, "Wo ist die Kokosmakrone?")):
            asked = api.user_sends(text, chat=chat)
            api.wait_for_message(chat=chat, after=asked)
        said = api.user_sends("/vergiss_mich", chat=CHAT)
        api.wait_for_message(chat=CHAT, after=said)
        kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert b"Zimtstern" not in kept
        assert b"Kokosmakrone" in kept


def test_a_storm_of_429_delays_an_answer_but_never_loses_it(api: BotApi, tmp_path: Path):
    with running(api, tmp_path):
        api.fault(
            "sendMessage",
            error_code=429,
            description="Too Many Requests: retry after 1",
            retry_after=1,
            times=3,
        )
        asked = api.user_sends("Wer?", chat=CHAT)
        other = api.user_sends("Wann?", chat=OTHER)
        api.wait_for_message(chat=CHAT, after=asked)
        api.wait_for_message(chat=OTHER, after=other)
    assert len(sends(api, CHAT)) == len(sends(api, OTHER)) == 1


def update_of(message: int, text: str) -> str:
    import json

    chat = {"id": CHAT, "type": "private", "first_name": "A"}
    person = {"id": CHAT, "is_bot": False, "first_name": "A", "language_code": "de"}
    told = {
        "message_id": message,
        "date": int(time.time()),
        "chat": chat,
        "from": person,
        "text": text,
    }
    return json.dumps({"update_id": 99_999, "message": told})


def test_when_the_work_fails_the_message_that_told_of_it_goes(api: BotApi, tmp_path: Path):
    def failing(question: str) -> Iterator[Event]:
        yield Searching(1240)
        time.sleep(1.5)
        raise StoreError("The catalogue /home/me/catalogue.db can't be read.")

    with running(api, tmp_path, failing):
        api.user_sends("Wer?", chat=CHAT)
        api.wait_for_message(chat=CHAT, where=lambda m: "schiefgegangen" in m.text)
        assert len(sends(api, CHAT)) == 1


def test_topics_of_a_group_share_its_quota(api: BotApi, tmp_path: Path):
    with running(api, tmp_path, TELEGRAM_GROUP_DAILY_QUESTIONS=2) as bot:
        for thread in (5, 6, 7):
            asked = api.user_sends("/frage Was?", chat=GROUP, thread=thread)
            said = api.wait_for_message(chat=GROUP, after=asked)
        assert "genug gefragt" in said.text
        assert len(bot.engine.asked) == 2


def test_an_empty_frage_that_is_completed_is_answered_in_the_hint(api: BotApi, tmp_path: Path):
    with running(api, tmp_path):
        asked = api.user_sends("/frage", chat=GROUP)
        hint = api.wait_for_message(chat=GROUP, after=asked)
        api.user_edits("/frage Was kostet sie?", chat=GROUP, message_id=asked)
        found = api.wait_for_message(chat=GROUP, where=lambda m: "Antwort auf" in m.text)
        assert found.message_id == hint.message_id
