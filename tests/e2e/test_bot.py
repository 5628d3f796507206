"""`beleg bot` as a process, talking to a strict Bot API server."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.bot_api import TEST_TOKEN, BotApi
from tests.support.records import Message

BELEG = str(Path(sys.executable).with_name("beleg"))
EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"
SECRET = TEST_TOKEN.partition(":")[2]

GROUP, STRANGER = -1001, 666
PEOPLE = range(10, 30)
SLOW = 60  # seconds: the first question waits for the model

FERRY, FERRY_ANSWER = "Was hat die „Seeschwalbe“ gekostet?", "16,2 Mio. Euro"
SEAGRASS, SEAGRASS_ANSWER = "How much has the seagrass project cost?", "£640,000"


@dataclass(frozen=True)
class Bot:
    """A running `beleg bot`, the server it talks to, and what it prints."""

    api: BotApi
    home: Path
    process: "subprocess.Popen[bytes]"
    output: Path

    def printed(self) -> str:
        return self.output.read_text(errors="replace")

    def stop(self) -> int:
        """Ends it as a supervisor does; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=10)

    def answer(self, text: str, chat: int, timeout: float = 20, **how: int) -> Message:
        """Asks, and waits for the first message that comes back."""
        asked = self.api.user_sends(text, chat=chat, **how)
        return self.api.wait_for_message(chat=chat, after=asked, timeout=timeout, where=is_final)


def is_final(message: Message) -> bool:
    """Whether a message is more than how far its answer is."""
    return not message.text.startswith(("Sucht", "Searching", "Liest", "Reading", "Gleich", "In a"))


@contextmanager
def running(api: BotApi, home: Path, output: Path, **env: str) -> Iterator[Bot]:
    environment = os.environ | {
        "BELEG_HOME": str(home),
        "BELEG_LOG_LEVEL": "DEBUG",
        "TELEGRAM_BOT_TOKEN": TEST_TOKEN,
        "TELEGRAM_API_URL": api.url,
        **env,
    }
    with output.open("wb") as out:
        process = subprocess.Popen(
            [BELEG, "bot"], stdout=out, stderr=out, env=environment, cwd=home.parent
        )
    try:
        yield Bot(api, home, process, output)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A bot that knows the example articles; it sees all that is written in its groups."""
    folder = tmp_path_factory.mktemp("bot")
    environment = os.environ | {"BELEG_HOME": str(folder / "home")}
    subprocess.run([BELEG, "ingest", str(EXAMPLES)], env=environment, check=True, timeout=100)
    allowed = ",".join(map(str, [GROUP, *PEOPLE]))
    with (
        BotApi.running(privacy=False) as api,
        running(api, folder / "home", folder / "output", TELEGRAM_ALLOWED_IDS=allowed) as started,
    ):
        api.wait_for_poll(timeout=SLOW)
        started.answer(FERRY, chat=PEOPLE[-1], timeout=SLOW)
        yield started


# -- answers ------------------------------------------------------------------------


def test_a_question_gets_typing_and_then_an_answer_cited_word_for_word(bot: Bot) -> None:
    asked = bot.api.user_sends(FERRY, chat=10)
    answer = bot.api.wait_for_message(chat=10, after=asked)
    methods = [call.method for call in bot.api.calls if call.chat_id == "10"]
    assert methods[0] == "sendChatAction"
    assert methods.count("sendMessage") == 1
    assert answer.reply_to == asked
    assert "\n[1] Erste Elektrofähre legt in Brunsby ab" in answer.text
    article = (EXAMPLES / "faehre-brunsby.txt").read_text()
    units = answer.text.encode("utf-16-le")
    quotes = [
        units[2 * e.offset : 2 * e.end].decode("utf-16-le")
        for e in answer.entities
        if e.type == "expandable_blockquote"
    ]
    assert FERRY_ANSWER in quotes[0]
    assert answer.text.startswith(f"{quotes[0]} [1]\n")
    assert all(quote in article for quote in quotes)


def test_an_english_question_gets_linked_numbers_and_an_english_date(bot: Bot) -> None:
    answer = bot.answer(SEAGRASS, chat=11)
    assert SEAGRASS_ANSWER in answer.text
    assert "The Pellick Mercury, 9 June 2026" in answer.text
    links = {e.url for e in answer.entities if e.type == "text_link"}
    page = "https://example.org/pellick-mercury/2026/06/09/seagrass-pellick-bay"
    assert links
    assert all(url and url.startswith(f"{page}#:~:text=") for url in links)


def test_what_the_articles_do_not_say_is_not_made_up(bot: Bot) -> None:
    answer = bot.answer("Wer gewann die Fußball-WM 1954?", chat=12)
    assert answer.text.startswith("Dazu steht nichts in den Artikeln.")
    assert "Am nächsten kommen:\n• " in answer.text


def test_commands_and_unfit_questions_get_friendly_words(bot: Bot) -> None:
    assert bot.answer("/start", chat=13).text.startswith("Guten Tag.")
    assert "/frage" in bot.answer("/help", chat=13).text
    assert "/frage" in bot.answer("/frage", chat=13).text
    assert bot.answer("?!", chat=13).text == "Bitte stellen Sie eine Frage."
    assert "höchstens 2000 Zeichen" in bot.answer("wer " * 600, chat=13).text


def test_two_chats_are_answered_at_the_same_time(bot: Bot) -> None:
    first, second = (bot.api.user_sends(q, chat=c) for q, c in ((FERRY, 14), (SEAGRASS, 15)))
    assert FERRY_ANSWER in bot.api.wait_for_message(chat=14, after=first).text
    assert SEAGRASS_ANSWER in bot.api.wait_for_message(chat=15, after=second).text


def test_a_chat_that_telegram_slows_down_holds_up_no_other(bot: Bot) -> None:
    bot.api.fault("sendMessage", delay=4)
    slow = bot.api.user_sends("/help", chat=16)
    time.sleep(0.5)
    assert FERRY_ANSWER in bot.answer(FERRY, chat=17, timeout=3.4).text
    assert len(bot.api.messages(16)) == 1
    bot.api.wait_for_message(chat=16, after=slow)


# -- groups ---------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["/frage", "/ask@beleg_test_bot"])
def test_a_group_asks_by_command(bot: Bot, command: str) -> None:
    answer = bot.answer(f"{command} {FERRY}", chat=GROUP, user=1)
    assert FERRY_ANSWER in answer.text


def test_a_group_asks_by_replying_to_the_bot(bot: Bot) -> None:
    said = bot.answer("/help", chat=GROUP, user=1)
    asked = bot.api.user_sends(FERRY, chat=GROUP, user=2, reply_to=said.message_id)
    answer = bot.api.wait_for_message(chat=GROUP, after=asked)
    assert answer.reply_to == asked
    assert FERRY_ANSWER in answer.text


def test_the_command_in_reply_to_somebody_takes_that_message_as_the_question(bot: Bot) -> None:
    wondered = bot.api.user_sends(FERRY, chat=GROUP, user=1)
    answer = bot.answer("/frage", chat=GROUP, user=2, reply_to=wondered)
    assert FERRY_ANSWER in answer.text


def test_an_answer_stays_in_its_topic(bot: Bot) -> None:
    assert bot.answer(f"/frage {FERRY}", chat=GROUP, user=1, thread=5).thread == 5


def test_what_a_group_says_to_itself_is_left_alone(bot: Bot) -> None:
    talk = bot.api.user_sends(FERRY, chat=GROUP, user=1)
    bot.api.user_sends(f"Ja, {FERRY}", chat=GROUP, user=2, reply_to=talk)
    bot.api.user_sends(f"/frage@other_bot {FERRY}", chat=GROUP, user=2)
    last = bot.answer("/help", chat=GROUP, user=1)
    said = [m for m in bot.api.messages(GROUP) if m.from_bot and m.message_id > talk]
    assert said == [last]


# -- access -------------------------------------------------------------------------


def test_a_stranger_is_told_so_in_private_and_nothing_in_a_group(bot: Bot) -> None:
    asked = bot.api.user_sends(FERRY, chat=STRANGER)
    refusal = bot.api.wait_for_message(chat=STRANGER, after=asked)
    assert refusal.text == "Dieser Bot ist nur für eingeladene Personen da."
    bot.api.user_sends(f"/frage {FERRY}", chat=-2002, user=STRANGER)
    bot.answer("/help", chat=-2002, user=PEOPLE[0])  # who may ask, may ask in any group
    assert sum(m.from_bot for m in bot.api.messages(-2002)) == 1
    assert sum(m.from_bot for m in bot.api.messages(STRANGER)) == 1


# -- when things go wrong -----------------------------------------------------------


def test_an_error_gives_an_id_that_the_log_explains(bot: Bot) -> None:
    with sqlite3.connect(bot.home / "catalogue.db", timeout=10) as database:
        database.execute("ALTER TABLE sentences RENAME TO hidden")
    try:
        answer = bot.answer(FERRY, chat=18)
    finally:
        with sqlite3.connect(bot.home / "catalogue.db", timeout=10) as database:
            database.execute("ALTER TABLE hidden RENAME TO sentences")
    found = re.fullmatch(r"Da ist etwas schiefgegangen, .* \(Fehler ([0-9a-f]{8})\)", answer.text)
    assert found
    assert re.search(rf"error {found[1]} .*\nTraceback", bot.printed())
    assert FERRY_ANSWER in bot.answer(FERRY, chat=18).text


def test_a_limit_of_telegram_is_waited_out_and_the_answer_comes_once(bot: Bot) -> None:
    bot.api.fault("sendMessage", retry_after=2)
    started = time.monotonic()
    answer = bot.answer(FERRY, chat=19)
    assert time.monotonic() - started >= 2
    assert FERRY_ANSWER in answer.text
    bot.answer("/help", chat=19)
    assert sum(FERRY_ANSWER in m.text for m in bot.api.messages(19) if m.from_bot) == 1


def test_a_lost_connection_does_not_lose_the_answer(bot: Bot) -> None:
    bot.api.fault("sendMessage", drop="request")
    assert FERRY_ANSWER in bot.answer(FERRY, chat=20).text


def test_no_log_line_has_the_token(bot: Bot) -> None:
    printed = bot.printed()
    assert "DEBUG telegram" in printed
    assert SECRET not in printed


# -- beginning and end --------------------------------------------------------------


def test_it_starts_over_a_bad_network_and_ends_with_what_is_under_way_done(
    api: BotApi, tmp_path: Path
) -> None:
    api.fault("getMe", error_code=502)
    api.fault("setMyCommands", error_code=400)
    waiting = api.user_sends("/start", chat=10)  # written while it was away
    with running(api, tmp_path / "home", tmp_path / "output") as bot:
        api.wait_for_message(chat=10, after=waiting, timeout=SLOW)
        api.fault("sendMessage", delay=2)
        asked = api.user_sends("/help", chat=10)
        time.sleep(0.5)
        assert bot.stop() == 0
        assert api.wait_for_message(chat=10, after=asked, timeout=0.1)
        assert SECRET not in bot.printed()


def test_the_commands_are_shown_in_both_languages(bot: Bot) -> None:
    assert "ask" in bot.api.commands("all_private_chats")
    assert "frage" in bot.api.commands("all_private_chats", "de")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"method": "getMe", "error_code": 401}, "@BotFather"),
        ({"method": "getUpdates", "error_code": 401}, "@BotFather"),
        ({"method": "getUpdates", "error_code": 409}, "Another program"),
    ],
    ids=["refused token", "revoked token", "second bot"],
)
def test_what_waiting_does_not_cure_ends_it_with_a_reason(
    api: BotApi, tmp_path: Path, fault: dict[str, object], reason: str
) -> None:
    api.fault(**fault)  # type: ignore[arg-type]
    with running(api, tmp_path / "home", tmp_path / "output") as bot:
        assert bot.process.wait(timeout=SLOW) == 1
        assert any(reason in line for line in bot.printed().splitlines()[-20:])
        assert SECRET not in bot.printed()


def test_without_a_token_it_says_where_to_get_one(api: BotApi, tmp_path: Path) -> None:
    with running(api, tmp_path / "home", tmp_path / "output", TELEGRAM_BOT_TOKEN="") as bot:
        assert bot.process.wait(timeout=SLOW) == 1
        assert "TELEGRAM_BOT_TOKEN is missing" in bot.printed()
