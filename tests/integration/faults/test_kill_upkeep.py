"""kill -9 at every step of a reindex, a migration, a backup, a restore and a deletion."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.earlier import EARLIER, made_by
from tests.support.kill_inspection import inspect_catalogue, inspect_home
from tests.support.kill_ledger import Ledger
from tests.support.kill_persist import sync
from tests.support.kill_processes import elsewhere
from tests.support.kill_statements import COMMITTED, killed_at, statements
from tests.support.kill_upkeep import (
    OTHER,
    back_up,
    bring_back,
    delete_and_purge,
    open_catalogue,
    purge,
    reindex,
    reindex_and_go_back,
)
from tests.support.kill_work import Notebook, made, news, write_lines
from tests.support.traces import traces
from vectorstore.backup import verify

WORDLESS = 1  # the schema without vectors of words: Beleg asks for a reindex first

OLD = {f"a{n}": news(n) for n in range(5)}
NEW = {"b": news(10)}
SECRET = "Der Ort heißt Zwqxvarkel. Dort baut der Jyqzwumpf einen Turm."
SECRETS = ["Zwqxvarkel", "Jyqzwumpf"]  # no other text has one of their 4-grams

Steps = Callable[[Sequence[str]], Sequence[int]]


def every(run: Sequence[str]) -> Sequence[int]:
    return range(1, len(run) + 1)


def some(run: Sequence[str]) -> Sequence[int]:
    """Some of those at a commit or a change of files, and some of all, evenly spread."""
    near = [n for n, said in enumerate(run, 1) if said in ("COMMIT", COMMITTED)]
    near += [n for n, said in enumerate(run, 1) if said.startswith("os.")]
    return sorted({*near[:: 1 + len(near) // 6], *range(1, len(run), 1 + len(run) // 8)})


HOW = [pytest.param(some, id="some"), pytest.param(every, id="every", marks=pytest.mark.slow)]
"""A few of the steps in `make test`, all of them in `make faults`."""

pytestmark = pytest.mark.timeout(600)


def killed(
    template: Path, folder: Path, steps: Steps, work: Callable[..., None], *args: Any
) -> Iterator[tuple[Path, int, list[Any]]]:
    """Copies of a place in which work was killed: each with the step and the notes it left."""
    place = folder / "place"
    shutil.copytree(template, place)
    run = statements(work, place, *args)
    for number in steps(run):
        shutil.rmtree(place)
        shutil.copytree(template, place)
        if killed_at(number, work, place, *args):
            yield place, number, Notebook(place / "done").read()


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A folder with a home of five articles, its Chroma in step, and a source of one more."""
    folder = tmp_path / "template"
    folder.mkdir()
    elsewhere(made, folder / "home", [write_lines(folder / "old.jsonl", OLD)])
    elsewhere(sync, folder / "home")
    write_lines(folder / "new.jsonl", NEW)
    return folder


# -- the index ------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", HOW)
def test_a_reindex_leaves_one_index_whole_and_is_taken_up_again(
    template: Path, tmp_path: Path, ledger: Ledger, steps: Steps
) -> None:
    with ledger("kill -9 at a step of reindex and of going back") as fault:
        cuts = killed(template, tmp_path, steps, reindex_and_go_back)
        for nth, (place, number, done) in enumerate(cuts):
            home, where = place / "home", f"step {number}, after {done}"
            is_in = OLD | (NEW if "taken in" in done else {})
            under_way = {} if "taken in" in done else {"b": (None, NEW["b"])}
            inspect = inspect_catalogue if nth % 10 else inspect_home
            found = inspect(home, is_in, under_way)
            if nth % 10 == 5 and elsewhere(reindex, home, OTHER) != OTHER:
                found.append("the reindex can't be taken up again")
            fault.tried([*found, *inspect_catalogue(home, is_in, under_way)], where)


# -- the schema ------------------------------------------------------------------------------------


@pytest.mark.parametrize("schema", EARLIER)
@pytest.mark.parametrize("steps", HOW)
def test_a_migration_is_done_or_not_begun_and_a_backup_is_there(
    tmp_path: Path, ledger: Ledger, schema: int, steps: Steps
) -> None:
    template = tmp_path / "template"
    (template / "home").mkdir(parents=True)
    catalogue = template / "home" / "catalogue.db"
    made_by(schema, catalogue)
    with closing(sqlite3.connect(catalogue)) as connection:
        query = """SELECT a.id, v.text FROM articles a
            JOIN versions v ON v.article = a.seq AND v.version = a.version"""
        texts = dict(connection.execute(query))
    with ledger("kill -9 at a step of a migration") as fault:
        for place, number, _ in killed(template, tmp_path, steps, open_catalogue):
            home = place / "home"
            found = inspect_catalogue(home, texts)  # which opens it again
            if schema == WORDLESS:
                found = [one for one in found if not one.startswith("words has others")]
            backups = list((home / "backups").glob("*.db"))
            if schema not in {verify(backup).schema for backup in backups}:
                found.append("no backup of the earlier schema is kept")
            fault.tried(found, f"schema {schema}, step {number}")


# -- copies ----------------------------------------------------------------------------------------


@pytest.fixture
def with_a_backup(template: Path, tmp_path: Path) -> Path:
    """The same, with a backup, and one article more in the home."""
    elsewhere(back_up, template)
    (template / "done").unlink()
    elsewhere(made, template / "home", [str(template / "new.jsonl")])
    return template


@pytest.mark.parametrize("steps", HOW)
def test_of_a_backup_there_is_the_one_before_or_the_new_one(
    with_a_backup: Path, tmp_path: Path, ledger: Ledger, steps: Steps
) -> None:
    with ledger("kill -9 at a step of a backup") as fault:
        for place, number, done in killed(with_a_backup, tmp_path, steps, back_up):
            articles = verify(place / "backup.db").articles
            right = (6,) if done else (5, 6)
            found = [] if articles in right else [f"the backup has {articles} articles"]
            found += inspect_catalogue(place / "home", OLD | NEW)
            elsewhere(back_up, place)
            if verify(place / "backup.db").articles != 6:
                found.append("no backup can be made afterwards")
            fault.tried(found, f"step {number}")


@pytest.mark.parametrize("steps", HOW)
def test_of_a_restore_there_is_the_state_before_or_the_restored_one(
    with_a_backup: Path, tmp_path: Path, ledger: Ledger, steps: Steps
) -> None:
    with ledger("kill -9 at a step of a restore") as fault:
        cuts = killed(with_a_backup, tmp_path, steps, bring_back)
        for nth, (place, number, done) in enumerate(cuts):
            states = (None,) if done else (None, NEW["b"])
            inspect = inspect_catalogue if nth % 10 else inspect_home
            found = inspect(place / "home", OLD, {"b": states})
            elsewhere(bring_back, place)
            again = inspect_catalogue(place / "home", OLD | {"b": None})
            fault.tried([*found, *again], f"step {number}")


# -- deletion --------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", HOW)
def test_what_was_deleted_is_gone_from_every_byte_after_the_next_purge(
    template: Path, tmp_path: Path, ledger: Ledger, steps: Steps
) -> None:
    source = write_lines(template / "secret.jsonl", {"secret": SECRET})
    elsewhere(made, template / "home", [source])
    elsewhere(sync, template / "home")
    assert traces(template / "home", SECRETS)
    with ledger("kill -9 at a step of delete and purge") as fault:
        cuts = killed(template, tmp_path, steps, delete_and_purge, ["secret"])
        for nth, (place, number, done) in enumerate(cuts):
            home = place / "home"
            states = (None,) if done else (None, SECRET)
            inspect = inspect_catalogue if nth % 10 else inspect_home
            found = inspect(home, OLD, {"secret": states})
            elsewhere(purge, home)
            if not inspect_catalogue(home, {"secret": None}):
                found += [f"after the purge there is {trace}" for trace in traces(home, SECRETS)]
            fault.tried([*found, *inspect_catalogue(home, OLD)], f"step {number}, after {done}")
