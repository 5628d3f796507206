"""Damaged catalogues that were set aside keep nothing of who wants to be forgotten."""

import asyncio
from pathlib import Path

import pytest

from bot.tg.journal import Journal
from tests.support.kept import ANNA, BERT, BOT, ask, kept_in
from vectorstore import aside


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A catalogue that was set aside, in which Anna has asked something."""
    with kept_in(tmp_path) as database, database.write() as connection:
        ask(connection, "Wann?", person=ANNA)
    return aside.link_aside(tmp_path / "catalogue.db")


def forget(home: Path, person: str) -> None:
    with kept_in(home) as database:
        journal = Journal(database, BOT)
        asyncio.run(journal.forget(person))
        journal.close()


def test_a_salvaged_one_is_removed_with_who_stands_in_it(tmp_path: Path, damaged: Path) -> None:
    aside.done(damaged)
    forget(tmp_path, BERT)
    assert damaged.exists(), "he is not in it"
    forget(tmp_path, ANNA)
    assert not damaged.parent.exists()


def test_one_that_is_yet_to_be_salvaged_goes_afterwards(tmp_path: Path, damaged: Path) -> None:
    forget(tmp_path, ANNA)
    assert aside.waiting(tmp_path) == [damaged], "its articles come first"
    aside.done(damaged)
    assert not damaged.parent.exists()
