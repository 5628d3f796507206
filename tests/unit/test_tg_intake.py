"""Updates reach the handlers once, and none is lost; what can wait for no disk doesn't."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Bot, Update

from bot.tg import intake as taking
from bot.tg.intake import Intake, UnderWay
from bot.tg.journal import Journal
from bot.tg.webhook import Address, Webhook
from vectorstore.database import Database
from vectorstore.errors import StoreError

BOT = 42
ANNA = {"id": 7, "is_bot": False, "first_name": "Anna"}


def message(number: int) -> dict[str, Any]:
    chat = {"id": 7, "type": "private"}
    told = {"message_id": number, "date": 1, "chat": chat, "from": ANNA, "text": "Wann?"}
    return {"update_id": number, "message": told}


def tap(number: int) -> dict[str, Any]:
    pressed = {"id": f"{number}", "from": ANNA, "chat_instance": "1", "data": "x"}
    return {"update_id": number, "callback_query": pressed}


def inline(number: int) -> dict[str, Any]:
    asked = {"id": f"{number}", "from": ANNA, "query": "Fähre", "offset": ""}
    return {"update_id": number, "inline_query": asked}


class Office:
    """An intake with its journal; what it hands on is counted by number."""

    def __init__(self, database: Database) -> None:
        self.database, self.journal = database, Journal(database, BOT)
        self.queue: asyncio.Queue[Update] = asyncio.Queue()
        application = SimpleNamespace(bot=Bot(f"{BOT}:x"), update_queue=self.queue)
        self.intake = Intake(cast(Any, application), self.journal)

    async def takes(self, *bodies: dict[str, Any]) -> list[int]:
        await self.intake.take(bodies)
        return self.handed_on()

    def handed_on(self) -> list[int]:
        return [self.queue.get_nowait().update_id for _ in range(self.queue.qsize())]

    def kept(self) -> list[int]:
        rows = self.database.read().execute("SELECT number FROM inbox ORDER BY number")
        return [row[0] for row in rows]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "catalogue.db")
    yield opened
    opened.close()


@pytest.fixture
def run(database: Database) -> Callable[..., None]:
    """Plays a scenario."""

    def play(scenario: Callable[[Office], Awaitable[None]]) -> None:
        async def whole() -> None:
            office = Office(database)
            try:
                async with asyncio.timeout(20):
                    await scenario(office)
            finally:
                office.journal.close()

        asyncio.run(whole())

    return play


def test_an_update_that_is_delivered_again_is_handed_on_once(run: Any) -> None:
    async def scenario(office: Office) -> None:
        bodies = [message(1), tap(2), inline(3)]
        assert sorted(await office.takes(*bodies)) == [1, 2, 3]
        assert await office.takes(*bodies, message(4)) == [4]

    run(scenario)


def test_a_server_that_counts_anew_is_heard(run: Any) -> None:
    async def scenario(office: Office) -> None:
        await office.takes(tap(1))
        other = tap(1)
        other["callback_query"]["id"] = "another"
        assert await office.takes(other) == [1]
        assert await office.takes(other) == []

    run(scenario)


def test_what_is_fleeting_is_not_kept(run: Any) -> None:
    async def scenario(office: Office) -> None:
        await office.takes(tap(1), message(2), inline(3))
        assert office.kept() == [2]

    run(scenario)


def test_what_is_fleeting_comes_though_the_disk_is_full(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*given: Any) -> frozenset[int]:
        raise StoreError("Die Platte ist voll.")

    async def scenario(office: Office) -> None:
        monkeypatch.setattr(office.journal, "accept", full)
        with pytest.raises(StoreError):
            await office.takes(message(1), tap(2))
        assert office.handed_on() == [2]
        monkeypatch.undo()
        assert await office.takes(message(1), tap(2)) == [1]

    run(scenario)


def test_only_so_many_fleeting_updates_are_remembered(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "SEEN", 2)

    async def scenario(office: Office) -> None:
        await office.takes(tap(1), tap(2), tap(3))
        assert await office.takes(tap(3), tap(2), tap(1)) == [1]

    run(scenario)


def test_a_fleeting_update_that_is_handled_writes_nothing(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    async def scenario(office: Office) -> None:
        async def note(number: int) -> None:
            done.append(number)

        async def nothing() -> None:
            pass

        monkeypatch.setattr(office.journal, "done", note)
        work = UnderWay(4)
        work.journal = office.journal
        for body in (tap(1), message(2), inline(3)):
            await work.process_update(Update.de_json(body, None), nothing())

    run(scenario)
    assert done == [2]


def test_what_is_delivered_while_the_bot_stops_is_left_to_the_next_start(run: Any) -> None:
    address = Address.of("https://a.example", "127.0.0.1:0", None, "token")

    async def scenario(office: Office) -> None:
        webhook = Webhook(address, office.intake, lambda: True)
        assert await webhook.take(json.dumps(message(1)).encode()) == 200
        await webhook.stop()
        assert await webhook.take(json.dumps(message(2)).encode()) == 503
        assert office.kept() == [1]

    run(scenario)
