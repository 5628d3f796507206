"""The bot under load, against the test server: 50 chats ask at once, each call 300 ms away.

    python benchmarks/asking_at_once.py [CHATS]

Prints when each chat got its first sign of life and its answer, what was answered twice or not
at all, and what was sent though Telegram had wanted a pause. The articles are the examples.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.bot_api import TEST_TOKEN, BotApi

EXAMPLES = Path(__file__).parents[1] / "examples" / "articles"
BELEG = str(Path(sys.executable).with_name("beleg"))
QUESTION, ANSWER = "Was hat die „Seeschwalbe“ gekostet?", "16,2 Mio. Euro"
DELAY = 0.3  # seconds
SIGNS = ("sendChatAction", "sendMessage")


def main() -> None:
    chats = range(1_000, 1_000 + int(sys.argv[1] if len(sys.argv) > 1 else 50))
    with tempfile.TemporaryDirectory() as folder, BotApi.running() as api:
        home = {"BELEG_HOME": str(Path(folder) / "home")}
        subprocess.run([BELEG, "ingest", str(EXAMPLES)], env=os.environ | home, check=True)
        telegram = {"TELEGRAM_BOT_TOKEN": TEST_TOKEN, "TELEGRAM_API_URL": api.url}
        bot = subprocess.Popen([BELEG, "bot"], env=os.environ | home | telegram)
        try:
            api.wait_for_poll(timeout=60)
            asked = api.user_sends(QUESTION, chat=1)  # the first one waits for the model
            api.wait_for_message(chat=1, after=asked, timeout=60, where=_answers)
            api.delay(DELAY)
            _measure(api, list(chats))
        finally:
            bot.terminate()
            bot.wait(20)


def _measure(api: BotApi, chats: list[int]) -> None:
    sent = {}
    for chat in chats:
        sent[chat] = time.monotonic()
        api.user_sends(QUESTION, chat=chat)
    for chat in chats:
        api.wait_for_message(chat=chat, timeout=60, where=_answers)
    last = time.monotonic()
    time.sleep(1)
    signs, answers = {}, Counter()
    for call in api.calls:
        chat = int(call.chat_id or 0)
        if chat in sent and call.method in SIGNS:
            signs.setdefault(chat, call.at - sent[chat])
    for chat in chats:
        answers[chat] = sum(m.from_bot and ANSWER in m.text for m in api.messages(chat))
    print(f"chats {len(chats)}, API delay {DELAY * 1000:.0f} ms")
    print(
        f"first sign of life: median {median(signs.values()) * 1000:.0f} ms, "
        f"worst {max(signs.values()) * 1000:.0f} ms"
    )
    print(f"last answer after {last - min(sent.values()):.1f} s")
    print(
        f"answered {sum(n > 0 for n in answers.values())}, "
        f"twice {sum(n > 1 for n in answers.values())}, impatient {len(api.impatient)}"
    )


def _answers(message: object) -> bool:
    return ANSWER in message.text  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
