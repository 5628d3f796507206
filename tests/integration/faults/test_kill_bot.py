"""kill -9 of `beleg bot` while it answers and while it keeps Chroma in step."""

import json
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.bot_api import BotApi
from tests.support.command import Beleg
from tests.support.kill_inspection import inspect_home
from tests.support.kill_ledger import Ledger
from tests.support.kill_persist import sheets, store_sheets, strike_inside
from tests.support.kill_processes import elsewhere

EXAMPLES = Path(__file__).parents[3] / "examples" / "articles"
SLOW = 90  # seconds: the first question waits for the model
CHAT = 7
NEWS = [
    (
        "Die Sternwarte Hohenfels hat ihr Fernrohr nach dem Astronomen Ottokar Bremm benannt.",
        "Nach wem hat die Sternwarte Hohenfels ihr Fernrohr benannt?",
        "Ottokar Bremm",
    ),
    (
        "Den Brückenlauf von Querbach gewann Selma Ruhland in 41 Minuten.",
        "Wer gewann den Brückenlauf von Querbach?",
        "Selma Ruhland",
    ),
    (
        "Das Rathaus von Ostmoor erhält eine Uhr von der Gießerei Klamm.",
        "Von welcher Gießerei erhält das Rathaus von Ostmoor eine Uhr?",
        "Klamm",
    ),
    (
        "Den Leuchtturm Norderhaken streicht der Malerbetrieb Teetz im Herbst rot.",
        "Welcher Malerbetrieb streicht den Leuchtturm Norderhaken?",
        "Teetz",
    ),
]


@dataclass(frozen=True, slots=True)
class Bot:
    """`beleg bot` as a process."""

    process: "subprocess.Popen[bytes]"

    @property
    def pid(self) -> int | None:
        return self.process.pid

    def is_alive(self) -> bool:
        return self.process.poll() is None


@contextmanager
def running(beleg: Beleg) -> Iterator[Bot]:
    process = beleg.start("bot")
    try:
        yield Bot(process)
    finally:
        process.kill()
        process.communicate()


def ingest(beleg: Beleg, number: int) -> "subprocess.Popen[bytes]":
    """Begins to take in one of the news."""
    process = beleg.start("ingest", "-", "--json")
    line = {"id": f"news{number}", "text": NEWS[number][0], "language": "de"}
    assert process.stdin is not None
    process.stdin.write(json.dumps(line).encode())
    process.stdin.close()
    process.stdin = None
    return process


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_bot_that_is_killed_answers_after_the_next_start_and_lost_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: Ledger
) -> None:
    beleg = Beleg(tmp_path / "home")
    assert beleg("ingest", str(EXAMPLES)).code == 0
    acknowledged: dict[str, str | None] = {}
    dice = random.Random(2)
    with (
        ledger("kill -9 of the bot while it answers and syncs") as fault,
        BotApi.running() as api,
    ):
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", api.token)
        monkeypatch.setenv("TELEGRAM_API_URL", api.url)
        for number, (text, question, answer) in enumerate(NEWS):
            elsewhere(store_sheets, beleg.home, sheets(20 * number, 20), 384)
            asked, began = api.user_sends(question, chat=CHAT), time.monotonic()
            with running(beleg) as bot:
                taking_in = ingest(beleg, number)
                if number % 2:
                    strike_inside(beleg.home, bot, dice.uniform(0, 0.008), signal.SIGKILL)
                else:
                    api.wait_for_call("sendChatAction", since=began, timeout=SLOW)
                    time.sleep(dice.uniform(0, 6))  # the model takes that long, then it answers
            _, err = taking_in.communicate(timeout=SLOW)
            found = [] if taking_in.returncode == 0 else [f"ingest: {err.decode()}"]
            acknowledged[f"news{number}"] = text
            with running(beleg) as bot:
                again = api.user_sends(question, chat=CHAT)
                api.wait_for_message(chat=CHAT, after=asked, timeout=SLOW)
                reply = api.wait_for_message(chat=CHAT, after=again, timeout=SLOW)
                bot.process.send_signal(signal.SIGTERM)
                code = bot.process.wait(timeout=SLOW)
            found += [] if answer in reply.text else [f"it answers: {reply.text[:80]}"]
            found += [] if code == 0 else [f"the next one ended with {code}"]
            fault.tried([*found, *inspect_home(beleg.home, acknowledged)], f"kill {number}")
