"""Chat models by the real client over a real socket: what is asked, retried, cut and told."""

import logging
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator

import pytest
from langchain_core.messages import HumanMessage

from bot.listening import Listener
from bot.writing import bounds, model
from bot.writing.model import ChatFailed, ChatModels, Piece
from tests.support.chat_server import Behaviour, ChatServer, failing, saying
from vectorstore.errors import SettingsError

KEY = "sk-proj-1234-do-not-tell"
SHORT_KEY = "geheim-7"
ASKED = [HumanMessage("Wann öffnet das Bad?")]


@pytest.fixture(autouse=True)
def _a_key_and_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer(saying("Das Bad öffnet im Mai.")) as running:
        yield running


def text_of(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def until_failure(pieces: Iterable[Piece]) -> tuple[list[Piece], str]:
    """What came before a reply failed, and why it did."""
    heard: list[Piece] = []
    try:
        for piece in pieces:
            heard.append(piece)
    except ChatFailed as error:
        return heard, str(error)
    pytest.fail("the reply came to its end")


def models(server: ChatServer, *names: str) -> ChatModels:
    return ChatModels(names or ("openai:small",), server.url)


# -- a reply ---------------------------------------------------------------------------------


def test_a_reply_arrives_in_pieces_and_tells_its_tokens_at_the_end(server: ChatServer) -> None:
    pieces = list(models(server).stream(ASKED))
    assert text_of(pieces) == "Das Bad öffnet im Mai."
    assert len([piece for piece in pieces if piece.text]) > 2
    assert {piece.model for piece in pieces} == {"openai:small"}
    assert [piece.tokens for piece in pieces if piece.tokens] == [100]


def test_the_first_piece_is_there_before_the_reply_has_ended(server: ChatServer) -> None:
    server.behaviour = saying("Das Bad öffnet im Mai.", pause=0.3)
    pieces = models(server).stream(ASKED)
    while not (first := next(pieces)).text:
        pass
    assert first.text == "Das Bad"
    pieces.close()
    assert server.given_up.wait(10)  # who stops reading hangs up


def test_tokens_are_estimated_where_a_server_does_not_count_them(server: ChatServer) -> None:
    server.behaviour = saying("Das Bad öffnet im Mai.", usage=False)
    tokens = sum(piece.tokens for piece in models(server).stream(ASKED))
    assert tokens == (len("Wann öffnet das Bad?") + len("Das Bad öffnet im Mai.")) // 3


def test_the_request_is_bounded_and_asks_for_a_stream(server: ChatServer) -> None:
    list(models(server).stream(ASKED))
    (request,) = server.requests
    assert request.body["stream"] is True
    assert request.body["temperature"] == 0
    assert model.MOST_TOKENS in (
        request.body.get("max_tokens"),
        request.body.get("max_completion_tokens"),
    )
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_a_server_of_ones_own_needs_no_key_and_no_provider(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    assert text_of(models(server, "small").stream(ASKED)) == "Das Bad öffnet im Mai."
    assert server.requests[0].model == "small"


def test_a_model_may_have_a_colon_in_its_name(server: ChatServer) -> None:
    list(models(server, "openai:llama3.2:3b").stream(ASKED))
    assert server.requests[0].model == "llama3.2:3b"


# -- failures --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_server_that_is_busy_is_asked_once_more(server: ChatServer, status: int) -> None:
    server.behaviour = Behaviour(
        says=lambda told: "Das Bad öffnet im Mai.", status=status, failures=1
    )
    assert text_of(models(server).stream(ASKED)) == "Das Bad öffnet im Mai."
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "behaviour",
    [
        failing(500),
        failing(429),
        Behaviour(raw=b"data: {nonsense\n\n"),
        Behaviour(raw=b"<html>Bad gateway</html>"),
        Behaviour(raw=b""),
        Behaviour(raw=b'data: {"error": {"message": "overloaded"}}\n\n'),
        Behaviour(raw=b'data: [1, "two", null]\n\n'),
        Behaviour(cut=0),
    ],
    ids=["500", "429", "half JSON", "HTML", "nothing", "error", "other JSON", "cut"],
)
def test_no_model_is_asked_more_than_twice(server: ChatServer, behaviour: Behaviour) -> None:
    server.behaviour = behaviour
    with pytest.raises(ChatFailed, match="openai:small"):
        list(models(server).stream(ASKED))
    assert len(server.requests) == 2


def test_a_model_that_gives_no_sign_of_life_is_left(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "FIRST", 1.0)
    monkeypatch.setattr(model, "TIMEOUT", 0.3)
    server.others = {"first": Behaviour(silent=True), "second": saying("Ja.", pause=60, piece=2)}
    with pytest.raises(ChatFailed, match="openai:second"):
        list(models(server, "openai:first", "openai:second").stream(ASKED))
    assert [r.model for r in server.requests] == ["first", "second"]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_who_is_turned_away_does_not_ask_again(server: ChatServer, status: int) -> None:
    server.behaviour = failing(status)
    with pytest.raises(ChatFailed):
        list(models(server).stream(ASKED))
    assert len(server.requests) == 1


def test_a_server_that_is_not_there_is_a_failure() -> None:
    with ChatServer() as gone:
        url = gone.url
    with pytest.raises(ChatFailed, match="openai:small"):
        list(ChatModels(["openai:small"], url).stream(ASKED))


def test_the_next_model_answers_if_the_first_one_fails(server: ChatServer) -> None:
    server.others = {"first": failing(500), "second": failing(401)}
    names = ("openai:first", "openai:second", "openai:third")
    pieces = list(models(server, *names).stream(ASKED))
    assert text_of(pieces) == "Das Bad öffnet im Mai."
    assert {piece.model for piece in pieces} == {"openai:third"}
    assert [piece.begins for piece in pieces].count(True) == 1
    assert [r.model for r in server.requests] == ["first", "first", "second", "third"]


@pytest.mark.parametrize(
    "broken",
    [
        saying("Das Bad öffnet im Mai.", cut=15),
        saying("Das Bad öffnet", finish="length"),
        saying("Das Bad öffnet", finish="content_filter"),
    ],
    ids=["cut", "too long", "filtered"],
)
def test_a_reply_that_breaks_off_is_begun_anew_by_the_next_model(
    server: ChatServer, broken: Behaviour
) -> None:
    server.others = {"first": broken}
    pieces = list(models(server, "openai:first", "openai:second").stream(ASKED))
    begun = [piece.model for piece in pieces if piece.begins]
    assert begun == ["openai:first", "openai:second"]
    texts = [text_of(p for p in pieces if p.model == name) for name in begun]
    assert texts == ["Das Bad öffnet", "Das Bad öffnet im Mai."]
    assert [r.model for r in server.requests] == ["first", "second"]


def test_what_breaks_off_where_no_model_is_left_is_a_failure(server: ChatServer) -> None:
    server.behaviour = saying("Das Bad öffnet im Mai.", cut=15)
    heard, reason = until_failure(models(server).stream(ASKED))
    assert reason == "openai:small: the reply broke off"
    assert text_of(heard) == "Das Bad öffnet"
    assert len(server.requests) == 1


def test_what_a_broken_reply_cost_is_counted(server: ChatServer) -> None:
    server.behaviour = saying("Das Bad öffnet im Mai.", cut=15)
    heard, _ = until_failure(models(server).stream(ASKED))
    assert sum(piece.tokens for piece in heard) == (len("Wann öffnet das Bad?") + 14) // 3


def test_a_busy_server_is_given_the_time_it_asks_for(server: ChatServer) -> None:
    server.behaviour = Behaviour(
        says=lambda told: "Ja.", status=429, failures=1, headers={"retry-after": "2"}
    )
    waited: list[float] = []
    patient = ChatModels(["openai:small"], server.url, sleep=waited.append)
    assert text_of(patient.stream(ASKED)) == "Ja."
    assert waited == [2.0]


def test_who_asks_for_too_much_time_is_left_to_the_next_model(server: ChatServer) -> None:
    server.others = {"first": failing(429, retry_after="600")}
    waited: list[float] = []
    names = ("openai:first", "openai:second")
    patient = ChatModels(names, server.url, sleep=waited.append)
    assert text_of(patient.stream(ASKED)) == "Das Bad öffnet im Mai."
    assert (waited, [r.model for r in server.requests]) == ([], ["first", "second"])


def test_a_reply_that_stops_without_an_end_has_broken_off(server: ChatServer) -> None:
    server.behaviour = saying("Das Bad öffnet im Mai.", cut=15, politely=True)
    with pytest.raises(ChatFailed, match="broke off"):
        list(models(server).stream(ASKED))


def test_a_reply_that_reaches_the_bound_of_tokens_has_broken_off(server: ChatServer) -> None:
    server.behaviour = saying("Das Bad öffnet im", finish="length")
    with pytest.raises(ChatFailed, match="broke off"):
        list(models(server).stream(ASKED))


def test_a_reply_without_an_end_is_cut(server: ChatServer) -> None:
    server.behaviour = Behaviour(says=lambda told: iter(lambda: "Und noch ein Satz. ", None))
    heard, reason = until_failure(models(server).stream(ASKED))
    assert "doesn't end" in reason
    assert 0 < len(text_of(heard)) < 9 * model.MOST_TOKENS
    assert server.given_up.wait(10)


def test_a_server_that_only_keeps_the_connection_alive_is_left(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "FIRST", 1.0)
    server.others = {"first": Behaviour(drips=True), "second": saying("Ja.")}
    started = time.monotonic()
    pieces = models(server, "openai:first", "openai:second").stream(ASKED)
    assert text_of(pieces) == "Ja."
    assert time.monotonic() - started < 10
    assert [r.model for r in server.requests] == ["first", "second"]
    assert server.given_up.wait(10)


def test_a_line_without_an_end_is_cut(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_BYTES", 10_000)
    server.behaviour = Behaviour(raw=b"data: " + b"x" * 1_000_000)
    with pytest.raises(ChatFailed):
        list(models(server).stream(ASKED))


@pytest.mark.parametrize(
    "behaviour",
    [saying(""), Behaviour(raw=b'data: {"choices": null}\n\ndata: [DONE]\n\n')],
    ids=["empty", "no choices"],
)
def test_a_model_that_says_nothing_is_left_to_the_next(
    server: ChatServer, behaviour: Behaviour
) -> None:
    server.others = {"first": behaviour, "second": saying("Ja.")}
    pieces = models(server, "openai:first", "openai:second").stream(ASKED)
    assert text_of(pieces) == "Ja."


def test_a_reply_that_a_filter_stopped_has_broken_off(server: ChatServer) -> None:
    server.behaviour = saying("Das Bad öffnet im", finish="content_filter")
    with pytest.raises(ChatFailed, match="filter"):
        list(models(server).stream(ASKED))


def test_a_reply_that_takes_too_long_is_cut(server: ChatServer) -> None:
    server.behaviour = Behaviour(says=lambda told: iter(lambda: "Wort ", None))
    times = iter(range(0, 10_000, 20))
    slow = ChatModels(["openai:small"], server.url, clock=lambda: float(next(times)))
    with pytest.raises(ChatFailed, match="doesn't end"):
        list(slow.stream(ASKED))
    assert server.given_up.wait(10)


def test_pieces_that_come_slowly_are_waited_for(server: ChatServer) -> None:
    server.behaviour = saying("Das Bad öffnet im Mai.", pause=0.2)
    assert text_of(models(server).stream(ASKED)) == "Das Bad öffnet im Mai."


@pytest.mark.parametrize(
    "raw",
    [
        b'data: [1, "two", null]\n\n',
        b"data: {nonsense\n\n",
        b"<html>Bad gateway</html>",
        b'data: {"choices": 3}\n\n',
        b'data: {"choices": [{"delta": "x"}]}\n\n',
        b'data: {"choices": [{"delta": {"content": 7}}], "usage": 3}\n\n',
        b'data: {"id": [], "model": {}, "choices": [{"index": "a", "delta": null}]}\n\n',
        b"",
    ],
)
def test_a_reply_that_is_none_is_told_in_one_plain_line(
    server: ChatServer, raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    server.behaviour = Behaviour(raw=raw)
    listener, asked = Listener(), models(server)
    for _ in range(2):  # the question said anew, and the answer
        with pytest.raises(ChatFailed) as caught:
            list(asked.stream(ASKED, listener))
    told = str(caught.value).removeprefix("openai:small: ")
    assert told in ("the server's reply is malformed", "the reply is empty", "the reply broke off")
    assert len(caplog.records) == 1
    assert "object" not in caplog.text


def test_an_absent_server_is_told_with_its_address() -> None:
    with ChatServer() as gone:
        url = gone.url
    with pytest.raises(ChatFailed, match=f"openai:small: nobody answers at {url}"):
        list(ChatModels(["openai:small"], url).stream(ASKED))


# -- settings that can't be -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("anthropic:claude", "langchain-anthropic"),
        ("mistralai:small", "langchain-mistralai"),
        ("ollama:llama3.2", "langchain-ollama"),
    ],
)
def test_a_missing_package_is_named_with_the_command(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package.replace("-", "_"), None)  # as if it weren't there
    with pytest.raises(SettingsError) as caught:
        ChatModels([name]).check()
    assert f"LLM_MODEL names {name}" in str(caught.value)
    assert f"`.venv/bin/pip install {package}`" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(SettingsError, match="openai:small, but OPENAI_API_KEY is not set"):
        ChatModels(["openai:small"]).check()


@pytest.mark.parametrize("unusable", ["cohere:command", "gibberish", "nowhere:model"])
def test_what_can_not_be_used_is_left_out_if_something_else_can(
    server: ChatServer, unusable: str, caplog: pytest.LogCaptureFixture
) -> None:
    some = ChatModels([unusable, "openai:small"], server.url)
    if ":" not in unusable:  # with an address of one's own, every bare name is a model there
        some = ChatModels([f"{unusable}:", "openai:small"], server.url)
    some.check()
    assert some.names == ("openai:small",)
    assert unusable in caplog.text
    assert text_of(some.stream(ASKED)) == "Das Bad öffnet im Mai."


def test_no_proxy_alone_is_no_reason_to_warn(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NO_PROXY", "intranet.example")
    monkeypatch.setenv("no_proxy", "intranet.example")
    list(models(server).stream(ASKED))
    assert "proxy" not in caplog.text


def test_a_proxy_that_is_set_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with ChatServer(saying("Ja.")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(ChatFailed):
            list(ChatModels(["openai:small"], "http://model.example/v1").stream(ASKED))
        assert proxy.requests[0].path == "http://model.example/v1/chat/completions"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("gibberish", "tells no provider"),
        ("nowhere:model", "there is no provider 'nowhere'"),
        (":", "is no model"),
        ("openai:", "is no model"),
    ],
)
def test_a_name_that_means_nothing_is_said_to_be_none(name: str, why: str) -> None:
    with pytest.raises(SettingsError, match=rf"{why}.* Write provider:model") as caught:
        ChatModels([name]).check()
    assert str(caught.value).count(". ") == 1


def test_to_check_models_asks_none(server: ChatServer) -> None:
    models(server).check()
    assert server.requests == []


# -- secrets and what is loaded --------------------------------------------------------------


@pytest.mark.parametrize("key", [KEY, SHORT_KEY])
@pytest.mark.parametrize("behaviour", [failing(401), failing(500), Behaviour(cut=0)])
def test_no_key_is_told_in_errors_and_logs(
    server: ChatServer,
    key: str,
    behaviour: Behaviour,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    server.behaviour = behaviour
    with caplog.at_level(logging.DEBUG), pytest.raises(ChatFailed) as caught:
        list(models(server).stream(ASKED))
    assert server.requests[0].headers["authorization"] == f"Bearer {key}"
    assert key not in f"{caught.value!r}{caught.value.__cause__!r}"
    assert key not in caplog.text


def test_an_address_with_a_password_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    with ChatServer() as gone:
        url = gone.url.replace("http://", "http://me:geheim-7@")
    with caplog.at_level(logging.INFO), pytest.raises(ChatFailed) as caught:
        list(ChatModels(["openai:small"], url).stream(ASKED))
    assert SHORT_KEY not in f"{caught.value}{caplog.text}"


def test_nothing_of_chat_models_is_loaded_before_the_first_question() -> None:
    """The engine, the command line and ChatModels itself load none of LangChain's chat models."""
    program = (
        "import sys; import bot.engine, bot.bootstrap, bot.cli.main, bot.writing.model\n"
        "before = set(sys.modules)\n"
        "bot.writing.model.ChatModels(['openai:small'])\n"
        "bad = [m for m in sys.modules if m.startswith(('langchain.chat_models', 'openai',"
        " 'langchain_openai', 'langchain_core.language_models.chat_models'))]\n"
        "assert not bad, bad\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
