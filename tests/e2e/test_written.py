"""`beleg ask` and `chat` as processes with a chat model, which a server on loopback plays."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.chat_reading import Told
from tests.support.chat_replies import REFUSALS
from tests.support.chat_server import Behaviour, ChatServer, failing, saying
from tests.support.command import Beleg

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"
ARTICLE = EXAMPLES / "faehre-brunsby.txt"
COST = "Was hat die Elektrofähre „Seeschwalbe“ gekostet?"
SAYS = "Die „Seeschwalbe“ hat 16,2 Millionen Euro gekostet"
SHOWN = "„Gekostet hat die ‚Seeschwalbe‘ 16,2 Mio. Euro, von denen das Land 9 Mio. Euro trägt.“"
QUOTE = "Gekostet hat die „Seeschwalbe“ 16,2 Mio. Euro, von denen das Land 9 Mio. Euro trägt."
ASIDE = "Für die Überfahrt braucht sie 22 Minuten"
KEY = "geheim-7-do-not-tell"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("written") / "home"
    assert Beleg(made)("ingest", str(ARTICLE)).code == 0
    return made


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with ChatServer(Behaviour(says=fluent)) as running:
        monkeypatch.setenv("LLM_MODEL", "openai:small")
        monkeypatch.setenv("LLM_BASE_URL", running.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield running


def fluent(told: Told) -> str:
    """The article's sentence in other words, with the label of the passage that has it."""
    if not told.passages:  # asked to say a question anew
        return "Wie viele Fahrgäste fasst die „Seeschwalbe“?"
    label = next(shown.label for shown in told.passages if QUOTE in shown.text)
    if "Fahrgäste" in told.question:
        return f"Die „Seeschwalbe“ fasst 220 Fahrgäste [{label}]."
    return f"{SAYS} [{label}]."


def aside(told: Told) -> str:
    """Something true that wasn't asked."""
    label = next(shown.label for shown in told.passages if QUOTE in shown.text)
    return f"{ASIDE} [{label}]."


def lying(told: Told) -> str:
    """Another price than the article has."""
    return fluent(told).replace("16,2", "18,9")


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_a_fluent_sentence_comes_with_the_verbatim_quote_that_supports_it(
    home: Path, server: ChatServer
) -> None:
    done = Beleg(home)("ask", COST)
    assert done.code == 0, done.err
    assert f"{SAYS}. [1]" in one_line(done.out)
    assert SHOWN in one_line(done.out)
    [answer] = Beleg(home)("ask", COST, "--json").records
    assert answer["model"] == "openai:small"
    [cited] = answer["citations"]
    [article] = Beleg(home)("show", cited["article_id"], "--json").records
    assert article["text"][cited["start"] : cited["end"]] == cited["quote"] == QUOTE
    assert len(server.requests) == 1, "the second answer was kept from the first"


def test_the_first_sentence_is_on_the_screen_while_the_model_still_writes(
    home: Path, server: ChatServer
) -> None:
    read = threading.Event()

    def says(told: Told) -> Iterator[str]:
        yield fluent(told) + " Und "
        assert read.wait(60), "nobody has read the first sentence"
        yield "das war es."

    server.behaviour = Behaviour(says=says, piece=200)
    process = Beleg(home).start("ask", "Wie teuer war die „Seeschwalbe“?")
    assert process.stdout is not None
    shown = b""
    while b"[1]" not in shown:
        line = process.stdout.readline()
        assert line, "the process ended without a word"
        shown += line
    read.set()
    rest, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert SAYS in one_line(shown.decode())
    assert "das war es" not in rest.decode()


@pytest.mark.parametrize("behaviour", [failing(500), Behaviour(says=lying)], ids=["fails", "lies"])
def test_with_a_model_that_fails_or_lies_the_quoted_answer_stands_and_says_so(
    home: Path, server: ChatServer, behaviour: Behaviour
) -> None:
    server.behaviour = behaviour
    done = Beleg(home)("ask", f"Und jetzt: {COST}")
    assert done.code == 0, done.err
    assert QUOTE in one_line(done.out)
    assert "so steht es dort" in one_line(done.out)


@pytest.mark.slow
@pytest.mark.parametrize("how", [{"finish": "length"}, {"cut": 90}], ids=["too long", "cut"])
def test_an_answer_that_breaks_off_says_so_and_shows_the_best_quote(
    home: Path, server: ChatServer, how: dict[str, Any]
) -> None:
    server.behaviour = Behaviour(says=lambda told: f"{aside(told)} {fluent(told)}"[:110], **how)
    done = Beleg(home)("ask", "Was hat die Fähre „Seeschwalbe“ gekostet?")
    assert done.code == 0, done.err
    assert f"{ASIDE}. [1]" in one_line(done.out)
    assert f"{SHOWN} [2]" in one_line(done.out)
    assert "nicht fertig geworden" in one_line(done.out)


@pytest.mark.slow
def test_the_best_quote_stands_in_for_a_sentence_that_was_dropped(
    home: Path, server: ChatServer
) -> None:
    server.behaviour = Behaviour(says=lambda told: f"{aside(told)} {lying(told)}")
    [answer] = Beleg(home)("ask", "Wie viel Euro hat die „Seeschwalbe“ gekostet?", "--json").records
    assert answer["text"] == f"{ASIDE}. [1]\n{SHOWN} [2]"
    assert answer["citations"][1]["quote"] == QUOTE


def test_what_no_article_says_is_refused_without_a_call(home: Path, server: ChatServer) -> None:
    done = Beleg(home)("ask", "Wie hoch ist die Miete in München?")
    assert done.code == 3
    assert server.requests == []


@pytest.mark.slow
def test_a_model_that_finds_no_answer_makes_it_no_evidence(home: Path, server: ChatServer) -> None:
    server.behaviour = saying(REFUSALS[0])
    done = Beleg(home)("ask", "Was hat die „Seeschwalbe“ denn gekostet?", "--json")
    assert (done.code, done.records[0]["status"]) == (3, "no_evidence")
    assert done.records[0]["citations"] == []


@pytest.mark.slow
def test_a_follow_up_is_said_anew_by_the_model(
    home: Path, server: ChatServer, tmp_path: Path
) -> None:
    turns = tmp_path / "turns.jsonl"
    turns.write_text(json.dumps({"question": COST, "answer": QUOTE}) + "\n")
    asked = ("ask", "Und wie viele Fahrgäste passen darauf?", "--context", str(turns))
    done = Beleg(home)(*asked)
    assert done.code == 0, done.err
    assert "220 Fahrgäste" in one_line(done.out)
    assert [bool(request.told.passages) for request in server.requests] == [False, True]


@pytest.mark.slow
def test_a_key_is_in_no_line_at_the_loudest_level(
    home: Path, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELEG_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    server.behaviour = failing(401)
    done = Beleg(home)("ask", "Was hat die „Seeschwalbe“ wohl gekostet?")
    assert done.code == 0
    assert "DEBUG" in done.err
    assert server.requests[-1].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in done.out + done.err
    assert QUOTE not in done.err, "what a model is told is not for the log"


@pytest.mark.slow
def test_a_key_may_stand_in_the_env_file(
    home: Path, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    (home.parent / ".env").write_text("OPENAI_API_KEY=from-the-file-8\n")
    try:
        done = Beleg(home)("ask", "Was hat denn die „Seeschwalbe“ gekostet?")
    finally:
        (home.parent / ".env").unlink()
    assert done.code == 0, done.err
    assert server.requests[-1].headers["authorization"] == "Bearer from-the-file-8"


def test_a_missing_package_is_named_with_its_command(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLM_MODEL", "cohere:command")
    done = Beleg(home)("ask", COST)
    assert done.code == 1
    assert "pip install langchain-cohere" in done.err
    assert "Traceback" not in done.err
