"""Who stops listening ends the work, also a chat model's that is silent or dribbles."""

import asyncio
import json
import random
import threading
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import pytest

from bot.bootstrap import App
from bot.conversation import Turn
from bot.engine import Engine
from bot.events import Event, Found, Searching
from bot.fitted import FILE
from bot.listening import Left, Listener
from bot.settings import Settings
from bot.streaming import events
from bot.writing.chat_writer import ChatWriter
from bot.writing.model import ChatModels
from tests.support.chat_server import Behaviour, ChatServer, failing, saying
from tests.support.embedding import HashingEmbedder
from tests.support.store import eventually
from vectorstore import replies
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database

ARTICLES = Path(__file__).parents[2] / "examples" / "articles"
QUESTION = "Wie viele Menschen versorgt die Talsperre Drosselgrund mit Trinkwasser?"
SOON = 1.0  # seconds


class Office:
    """An engine with a chat model that a server plays."""

    def __init__(self, home: Path, server: ChatServer) -> None:
        self.server = server
        models = json.loads(files("bot").joinpath(FILE).read_text("utf-8"))
        for relation in ("same language", "other language"):
            for model in ("answerable", "right"):
                models[relation][model]["threshold"] = 0.0  # the model is asked of anything
        (home / FILE).write_text(json.dumps(models), "utf-8")
        self.database = Database(home / "catalogue.db")
        settings = Settings().model_copy(update={"home": home})
        embedder = HashingEmbedder()
        app = App(settings, self.database, Catalogue(self.database), embedder, None)
        app.pipeline().ingest([str(ARTICLES)])
        self.engine: Engine = app.engine()
        chat, day = ChatModels(["openai:small"], server.url), date(2026, 11, 25)
        self.engine.writer = ChatWriter(
            chat, embedder, self.database, lambda: day, chance=random.Random(1)
        )
        self.engine.writer.warm_up()

    def spent(self) -> int:
        return replies.spent(self.database.read(), "2026-11-25", "")

    def leave(self, history: Sequence[Turn] = ()) -> float:
        """Asks, leaves as soon as the model is asked, and says after how long the server knew."""

        async def listen() -> None:
            told = events(
                self.engine, QUESTION if not history else "Wann war das?", history=history
            )
            async for _ in told:
                pass

        async def leaving() -> float:
            asking = asyncio.create_task(listen())
            assert await asyncio.to_thread(eventually, lambda: self.server.requests)
            await asyncio.sleep(0.3)  # so that what dribbles does
            started = time.monotonic()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            assert time.monotonic() - started < 0.2  # who leaves waits for nothing
            assert await asyncio.to_thread(self.server.given_up.wait, 10)
            return time.monotonic() - started

        return asyncio.run(leaving())


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with ChatServer() as server:
        made = Office(tmp_path, server)
        yield made
        made.database.close()


SLOW = {
    "silent": Behaviour(silent=True),
    "keeps alive": Behaviour(drips=True),
    "dribbles": Behaviour(says=lambda told: iter(lambda: "und ", None), pause=0.05),
    "stops in a word": saying("Die Talsperre versorgt", piece=5, pause=60),
}


@pytest.mark.parametrize("behaviour", SLOW.values(), ids=SLOW)
def test_the_model_s_connection_is_closed_when_nobody_listens(
    office: Office, behaviour: Behaviour
) -> None:
    office.server.behaviour = behaviour
    assert office.leave() < SOON
    assert len(office.server.requests) == 1  # it is not taken for a failure


@pytest.mark.parametrize("behaviour", SLOW.values(), ids=SLOW)
def test_so_it_is_while_a_question_is_said_anew(office: Office, behaviour: Behaviour) -> None:
    office.server.behaviour = behaviour
    assert office.leave([Turn(QUESTION, QUESTION)]) < SOON
    assert len(office.server.requests) == 1


def test_nobody_waits_for_a_busy_server_once_nobody_listens(office: Office) -> None:
    office.server.behaviour = failing(429, retry_after="4")
    listener, ended = Listener(), threading.Event()

    def ask() -> None:
        with pytest.raises(Left):
            list(office.engine.steps(QUESTION, listener=listener))
        ended.set()

    thread = threading.Thread(target=ask)
    thread.start()
    assert eventually(lambda: office.server.requests)
    time.sleep(0.1)
    listener.leave()
    assert ended.wait(SOON)
    thread.join()
    assert len(office.server.requests) == 1


def test_what_was_written_for_who_left_is_counted_and_not_kept(office: Office) -> None:
    office.server.behaviour = SLOW["dribbles"]
    office.leave()
    assert eventually(office.spent)
    office.server.behaviour = Behaviour()
    assert office.engine.ask(QUESTION).model == "openai:small"
    assert len(office.server.requests) == 2


def test_work_ends_between_its_stages(office: Office) -> None:
    for stage in (Searching, Found):
        listener = Listener()
        steps = office.engine.steps(QUESTION, listener=listener)
        while not isinstance(next(steps), stage):
            pass
        listener.leave()
        with pytest.raises(Left):
            next(steps)
    assert office.server.requests == []


def test_who_closes_the_events_has_left_too(office: Office) -> None:
    office.server.behaviour = SLOW["silent"]

    async def first() -> None:
        told = cast("AsyncGenerator[Event, Any]", events(office.engine, QUESTION))
        async for event in told:
            if isinstance(event, Found):
                break
        await asyncio.sleep(0.3)
        await told.aclose()

    asyncio.run(first())
    assert office.server.given_up.wait(SOON)


def test_who_has_left_hears_of_what_begins_later_at_once() -> None:
    listener, ended = Listener(), []
    listener.on_leaving(lambda: ended.append("before"))
    listener.leave()
    listener.on_leaving(lambda: ended.append("after"))
    listener.leave()
    assert ended == ["before", "after"]
    with pytest.raises(Left):
        listener.sleep(60)
