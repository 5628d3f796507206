"""The bot's bookkeeping: errors say what to do, and what is old is forgotten whatever happens."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.tg.journal import REMEMBERED, Journal
from vectorstore import inbox, turns
from vectorstore.database import Database
from vectorstore.errors import StoreError
from vectorstore.inbox import Delivered
from vectorstore.turns import Kept

BOT, PLACE, A_DAY = 42, "telegram:7", 86_400.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "catalogue.db")
    yield opened
    opened.close()


def count(database: Database, table: str) -> int:
    return int(database.read().execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.mark.parametrize("way", ["read", "write"])
def test_what_the_database_can_not_do_is_told_in_plain_words(database: Database, way: str) -> None:
    async def scenario() -> None:
        journal = Journal(database, BOT)
        try:
            with pytest.raises(StoreError, match=r"can't be used"):
                await getattr(journal, way)(lambda c: c.execute("SELECT * FROM nowhere"))
        finally:
            journal.close()

    asyncio.run(scenario())


async def expire(journal: Journal, rounds: int = 1) -> None:
    """Lets what is old be forgotten so many times."""
    task = asyncio.create_task(journal.keep_expiring(A_DAY, 0.02))
    await asyncio.sleep(0.1 * rounds)
    assert not task.done()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def test_old_questions_and_old_numbers_of_updates_are_forgotten(database: Database) -> None:
    now = [0.0]

    async def scenario() -> None:
        journal = Journal(database, BOT, lambda: now[0])
        try:
            kept = Kept(0, 0.0, PLACE, PLACE, 1, "Wann?", "{}", (), None)
            await journal.write(lambda c: turns.keep(c, kept, (), True, 1.0))
            await journal.accept([Delivered(1, PLACE, "{}")])
            await journal.done(1)
            now[0] = A_DAY + 1
            await expire(journal)
            assert (count(database, "turns"), count(database, "inbox")) == (0, 1)
            now[0] = REMEMBERED + 1
            await journal.accept([Delivered(2, PLACE, "{}")])
            assert count(database, "inbox") == 2, "nobody waits for what is old to be forgotten"
            await expire(journal)
            assert count(database, "inbox") == 1
        finally:
            journal.close()

    asyncio.run(scenario())


def test_what_goes_wrong_once_is_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, errors = inbox.expire, [ValueError("Etwas Unerwartetes."), sqlite3.OperationalError()]

    def broken(*given: Any) -> None:
        if errors:
            raise errors.pop()
        real(*given)

    monkeypatch.setattr(inbox, "expire", broken)

    async def scenario() -> None:
        journal = Journal(database, BOT, lambda: REMEMBERED + 1)
        try:
            await journal.write(lambda c: inbox.accept(c, BOT, [Delivered(1, PLACE, "{}")], 0.0))
            await journal.done(1)
            await expire(journal, 3)
        finally:
            journal.close()

    asyncio.run(scenario())
    assert (count(database, "inbox"), errors) == (0, [])
    assert "can't be forgotten now" in caplog.text
