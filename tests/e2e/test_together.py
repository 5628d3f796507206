"""Several processes over one home: the bot runs, others ask and take in articles meanwhile."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bot_api import BotApi
from tests.support.command import BELEG, Beleg
from vectorstore.packaged import expanded_model

ARTICLES = Path(__file__).parents[2] / "examples" / "articles"
NEWS = "Die Sternwarte Hohenfels hat ihr Fernrohr nach dem Astronomen Ottokar Bremm benannt."
QUESTION = "Nach wem hat die Sternwarte Hohenfels ihr Fernrohr benannt?"


@pytest.fixture
def beleg(tmp_path: Path) -> Beleg:
    command = Beleg(tmp_path / "home")
    assert command("ingest", str(ARTICLES)).code == 0
    return command


@pytest.fixture
def api(beleg: Beleg, monkeypatch: pytest.MonkeyPatch) -> Iterator[BotApi]:
    """The Bot API with `beleg bot` polling it."""
    with BotApi.running() as server:
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", server.token)
        monkeypatch.setenv("TELEGRAM_API_URL", server.url)
        process = beleg.start("bot")
        try:
            server.wait_for_poll(timeout=60)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


def test_the_bots_next_answer_uses_an_article_that_another_process_took_in(
    beleg: Beleg, api: BotApi
) -> None:
    first = api.user_sends(QUESTION, chat=7)
    assert "Ottokar Bremm" not in api.wait_for_message(chat=7, after=first, timeout=60).text

    ingest = beleg.start("ingest", "-", "--json")
    asks = [beleg.start("ask", "Wie hoch ist die Staumauer?", "--json") for _ in range(2)]
    line = json.dumps({"id": "stern", "title": "Fernrohr", "text": NEWS, "language": "de"})
    done = ended(ingest, line.encode())
    assert done["added"] == 1
    for ask in asks:
        assert ended(ask)["status"] == "answered"

    second = api.user_sends(QUESTION, chat=7)
    assert "Ottokar Bremm" in api.wait_for_message(chat=7, after=second, timeout=60).text


def ended(process: "subprocess.Popen[bytes]", fed: bytes = b"") -> dict[str, object]:
    """What a process printed, once it has ended well."""
    out, err = process.communicate(fed, timeout=120)
    assert process.returncode == 0, err.decode()
    record: dict[str, object] = json.loads(out)
    return record


@pytest.mark.slow
def test_the_bot_answers_before_during_and_after_a_reindex_with_another_model(
    beleg: Beleg, api: BotApi, model_cache: Path
) -> None:
    def answer() -> str:
        asked = api.user_sends("Wie viele Menschen versorgt die Talsperre Drosselgrund?", chat=7)
        return str(api.wait_for_message(chat=7, after=asked, timeout=60).text)

    assert "62.000" in answer()
    folder = str(expanded_model(model_cache, lambda line: None))
    other = {**beleg.environment, "EMBEDDING_MODEL": folder}
    reindex = subprocess.Popen([BELEG, "reindex"], env=other, stderr=subprocess.PIPE)
    answers = [answer()]
    while reindex.poll() is None:
        answers.append(answer())
    assert reindex.stderr is not None
    with reindex.stderr:
        assert reindex.returncode == 0, reindex.stderr.read().decode()
    answers.append(answer())
    assert all("62.000" in text for text in answers)
