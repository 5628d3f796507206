"""The inspection itself: it has nothing to say of a whole home, and sees what is wrong."""

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.support.kill_inspection import inspect_home
from tests.support.kill_ledger import Ledger, table
from tests.support.kill_processes import Died, elsewhere
from tests.support.kill_work import Open, made, news, write_lines

TEXTS = {f"a{n}": news(n) for n in range(4)}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    elsewhere(made, folder / "home", [write_lines(folder / "news.jsonl", TEXTS)])
    return folder / "home"


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "home")


def test_a_whole_home_gives_no_reason_to_complain(home: Path) -> None:
    assert inspect_home(home, {**TEXTS, "never": None}) == []
    assert inspect_home(home, TEXTS) == []  # now Chroma is there already


def test_what_was_under_way_may_be_there_or_not_but_nothing_else(home: Path) -> None:
    under_way = {"a0": ("An older text.", TEXTS["a0"]), "a9": (None, "New.")}
    assert inspect_home(home, {}, under_way) == []
    assert inspect_home(home, {}, {"a0": (None, "An older text.")}) != []


WRONG = {
    "a vector is gone": ("DELETE FROM vectors WHERE seq = 1", "vectors has others"),
    "a word table is thin": ("DELETE FROM words WHERE seq = 2", "words has others"),
    "a text was changed": (
        "UPDATE versions SET text = text || '!' WHERE article = 1",
        "is not what was stored",
    ),
    "another version is live": ("UPDATE chunks SET version = 7 WHERE seq = 1", "of version 7"),
    "a posting is left over": (
        "UPDATE chunks SET end = end - 60 WHERE seq = 1",
        "the postings in grams",
    ),
    "postings of nothing": ("INSERT INTO stems (rowid, body) VALUES (99, 'x')", "stems has others"),
    "passages of nobody": ("UPDATE chunks SET article = 77 WHERE seq = 1", "foreign_key_check"),
    "an article is empty": ("DELETE FROM chunks WHERE article = 2", "of version None"),
}


@pytest.mark.parametrize(("statement", "complaint"), WRONG.values(), ids=WRONG.keys())
def test_a_catalogue_that_is_not_whole_is_complained_of(
    home: Path, statement: str, complaint: str
) -> None:
    with closing(sqlite3.connect(home / "catalogue.db")) as connection, connection:
        connection.execute(statement)
    assert complaint in "\n".join(inspect_home(home, TEXTS))


def test_articles_that_are_missing_changed_or_still_there_are_complained_of(home: Path) -> None:
    found = "\n".join(inspect_home(home, {"a0": None, "a1": "Else.", "a9": "Lost."}))
    assert "'a0' is 'Die Gemeinde" in found
    assert "'a1' is 'Die Gemeinde" in found
    assert "'a9' is not there" in found


def disturb_chroma(home: Path) -> None:
    """Leaves Chroma closed cleanly, but with one vector too many and one too few."""
    here = Open.at(home)
    assert here.index.own()
    assert here.index.catch_up()
    collection = here.index.store._collection
    assert collection is not None
    collection.delete(ids=[min(here.index.store.ids())])
    collection.add(ids=["nobody"], embeddings=np.ones((1, 32), np.float32))
    here.index.close()
    here.database.close()


def test_a_chroma_that_is_not_the_catalogues_is_complained_of(home: Path) -> None:
    elsewhere(disturb_chroma, home)
    found = "\n".join(inspect_home(home, TEXTS))
    assert "holds 1 vectors of passages that are gone" in found
    assert "lacks 1 of" in found


def fall(home: Path) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def test_a_process_that_falls_is_reported_and_takes_nobody_along(home: Path) -> None:
    with pytest.raises(Died, match="SIGSEGV"):
        elsewhere(fall, home)


# -- the ledger -------------------------------------------------------------------------------


def test_the_table_adds_up_what_tests_have_tried() -> None:
    properties: list[tuple[str, object]] = []
    ledger = Ledger(properties)
    with ledger("kill -9 somewhere") as fault:
        fault.tried([])
        fault.tried([])
        fault.remark = "2 inside"
    with (  # noqa: PT012
        pytest.raises(AssertionError, match="the second: lost"),
        ledger("kill -9 somewhere") as fault,
    ):
        fault.tried([])
        fault.tried(["lost"], "the second")
    report = pytest.TestReport(
        "a", ("a", 0, "a"), {}, "passed", None, "call", user_properties=properties
    )
    assert table([report]) == [
        "fault              tries  survived  lost",
        "kill -9 somewhere      4         3     1  2 inside",
    ]
    assert table([]) == []
