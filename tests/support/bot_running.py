"""A bot in this process, over a fake engine, for tests that need to say what it answers when."""

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.answer import Answer, Citation, Status
from bot.events import Done, Event, Found, Said, Searching
from bot.settings import Settings
from bot.tg.app import serve
from tests.support.bot_api import BotApi
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database


def answer(question: str, text: str = "Ja.", citations: tuple[Citation, ...] = ()) -> Answer:
    """An answer to a question, as an engine would give it."""
    return Answer(question, Status.ANSWERED, text, citations, (), 0.9, None, 0.01, "de")


def at_once(question: str) -> Iterator[Event]:
    """The events of a quick answer, which says the question again."""
    yield Searching(1240)
    yield Found((), True)
    yield Done(answer(question, f"Antwort auf {question}"))


@dataclass(slots=True)
class FakeEngine:
    """Answers with the events that `say` gives; `asked` are the questions and how they came."""

    catalogue: Catalogue
    say: Callable[[str], Iterable[Event]] = at_once
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    writer: object = "a chat model"

    def steps(self, question: str, **how: Any) -> Iterator[Event]:
        self.asked.append((question, how))
        for event in self.say(question):
            how["listener"].check()
            yield event

    def quotes(self, question: str, **how: Any) -> Answer:
        return next(event.answer for event in self.say(question) if isinstance(event, Done))

    def best(self, question: str, most: int = 3) -> tuple[Citation, ...]:
        return self.quotes(question).citations

    def on_topic(self, topic: str, articles: Iterable[str]) -> Answer | None:
        return self.quotes(topic)


class NoLibrary:
    """A library for tests in which nobody takes anything in."""

    def clear(self) -> None:
        """There is nothing to clear."""


class Waits:
    """Answers that come sentence by sentence when they are let go."""

    def __init__(self, *sentences: str) -> None:
        self.go = threading.Event()
        self._sentences = sentences

    def __call__(self, question: str) -> Iterator[Event]:
        yield Searching(1240)
        yield Found((), True)
        for sentence in self._sentences:
            yield Said(sentence, ())
        assert self.go.wait(30)
        yield Done(answer(question, "\n".join(self._sentences) or f"Antwort auf {question}"))


def slowly(say: Waits, question: str) -> Iterator[Event]:
    """Events with more between them than edits may come at."""
    for event in say(question):
        yield event
        time.sleep(1.2)


def copy_home(home: Path, to: Path) -> None:
    """What a home is at this moment, as kill -9 would leave it."""
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("*.lock"))


@dataclass(slots=True)
class Running:
    """A bot at work."""

    api: BotApi
    engine: FakeEngine
    database: Database
    said: list[str]


@contextmanager
def running(
    api: BotApi,
    home: Path,
    say: Callable[[str], Iterable[Event]] = at_once,
    **settings: Any,
) -> Iterator[Running]:
    """A bot over a home without articles, until the block is left: then it is stopped in order."""
    database = Database(home / "catalogue.db")
    engine = FakeEngine(Catalogue(database), say)
    given = {"BELEG_HOME": home, "TELEGRAM_API_URL": api.url, **settings}
    said: list[str] = []
    with _looping() as loop:
        stop = asyncio.Event()
        served = asyncio.run_coroutine_threadsafe(
            serve(engine, NoLibrary(), Settings(**given), api.token, stop, said.append),  # type: ignore[arg-type]
            loop,
        )
        try:
            if "TELEGRAM_WEBHOOK_URL" not in settings:
                api.wait_for_poll()
            yield Running(api, engine, database, said)
        finally:
            loop.call_soon_threadsafe(stop.set)
            with suppress(asyncio.CancelledError):
                served.result(20)
            database.close()


@contextmanager
def _looping() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
