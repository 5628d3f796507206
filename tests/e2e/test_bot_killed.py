"""`beleg bot` killed at any moment: each question is answered once, or its interruption said."""

import random
import time
from pathlib import Path

import pytest

from tests.e2e.test_bot import EXAMPLES, SLOW, running
from tests.support.bot_api import TEST_TOKEN, BotApi
from tests.support.command import Beleg

QUESTION, ANSWER = "Was hat die „Seeschwalbe“ gekostet?", "16,2 Mio. Euro"
PEOPLE = range(100, 112)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_bot_killed_again_and_again_answers_each_question_once_or_says_it_did_not(
    tmp_path: Path,
):
    chance = random.Random(5)
    Beleg(tmp_path / "home")("ingest", str(EXAMPLES))
    with BotApi.running() as api:
        api.delay(0.1)
        for number in range(8):
            with running(api, tmp_path / "home", tmp_path / f"output{number}") as bot:
                api.wait_for_poll(timeout=SLOW)
                for person in PEOPLE:
                    api.user_sends(QUESTION, chat=person)
                    time.sleep(chance.uniform(0, 0.05))
                time.sleep(chance.uniform(0, 25 if number % 2 else 3))  # the model loads, too
                bot.process.kill()
                bot.process.wait()
        with running(api, tmp_path / "home", tmp_path / "output") as bot:
            api.wait_until_taken(timeout=SLOW)
            end = time.monotonic() + SLOW
            while time.monotonic() < end and not all(told(api, person) == 8 for person in PEOPLE):
                time.sleep(0.2)
            assert {person: told(api, person) for person in PEOPLE} == dict.fromkeys(PEOPLE, 8)
            for person in PEOPLE:
                assert_once(api, person)
        printed = "".join(path.read_text(errors="replace") for path in tmp_path.glob("output*"))
        assert TEST_TOKEN.partition(":")[2] not in printed


def told(api: BotApi, chat: int) -> int:
    """How many questions of a chat are answered, or their interruption said."""
    return len({m.reply_to for m in api.messages(chat) if m.from_bot and is_end(m.text)})


def is_end(text: str) -> bool:
    return ANSWER in text or "fehlt" in text or "unterbrochen" in text


def assert_once(api: BotApi, chat: int) -> None:
    answered = [m.reply_to for m in api.messages(chat) if m.from_bot and ANSWER in m.text]
    assert len(answered) == len(set(answered)), "a question was answered twice"
