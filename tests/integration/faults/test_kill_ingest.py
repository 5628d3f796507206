"""kill -9 at every statement of an ingest, an update, a deletion and a prune."""

import random
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.kill_inspection import State, inspect_catalogue, inspect_home
from tests.support.kill_ledger import Ledger
from tests.support.kill_processes import elsewhere, ended, forked
from tests.support.kill_statements import COMMITTED, killed_at, statements
from tests.support.kill_work import Notebook, Open, made, news, write_lines

BEFORE = {f"a{n}": news(n) for n in range(4)}
MORE = {f"b{n}": news(10 + n) for n in range(2)}
CHANGED = {"a1": news(1, version=2)}
LEFT = {"a0": BEFORE["a0"]}

NOBODY = dict.fromkeys(BEFORE | MORE)
STATES: list[dict[str, State]] = [NOBODY | BEFORE]
for step in (MORE, CHANGED, {"a2": None}, {"a3": None}):
    STATES.append(STATES[-1] | step)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with a home, the sources of its articles, and the notes of who works there."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def notebook(self) -> Notebook:
        return Notebook(self.folder / "done")

    def source(self, name: str) -> str:
        return str(self.folder / f"{name}.jsonl")


def work(folder: Path) -> None:
    """Everything that an ingest can do, noted step by step."""
    place = Place(folder)
    here = Open.at(place.home)
    here.take_in(place.source("more"))
    place.notebook.write("more")
    here.take_in(place.source("changed"))
    place.notebook.write("changed")
    here.catalogue.delete(["a2"])
    place.notebook.write("deleted")
    shutil.copy(place.source("left"), place.source("before"))
    here.take_in(place.source("before"), prune=True)
    place.notebook.write("pruned")
    here.close()


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Place]:
    """Makes the same place anew, where it was: a source is known by its path."""
    folder = tmp_path_factory.mktemp("ingest")
    place, template = Place(folder / "place"), folder / "template"
    place.folder.mkdir()
    sources = {"before": BEFORE, "more": MORE, "changed": CHANGED, "left": LEFT}
    for name, texts in sources.items():
        write_lines(Path(place.source(name)), texts)
    elsewhere(made, place.home, [place.source("before")])
    place.folder.rename(template)

    def copy() -> Place:
        shutil.rmtree(place.folder, ignore_errors=True)
        return Place(shutil.copytree(template, place.folder))

    return copy


def lost(place: Place, thorough: bool) -> list[str]:
    """What is wrong with a place where work was killed."""
    done = len(place.notebook.read())
    acknowledged, following = STATES[done], STATES[min(done + 1, len(STATES) - 1)]
    under_way = {i: (was, following[i]) for i, was in acknowledged.items() if was != following[i]}
    inspect = inspect_home if thorough else inspect_catalogue
    return [f"after {done} steps: {one}" for one in inspect(place.home, acknowledged, under_way)]


def whole(place: Place) -> list[str]:
    """The statements of work that nothing cuts off."""
    run = statements(work, place.folder)
    assert len(place.notebook.read()) == len(STATES) - 1
    assert lost(place, thorough=True) == []
    return run


def try_all(places: Callable[[], Place], numbers: Iterable[int], ledger: Ledger, nth: int) -> None:
    """Kills at each of these statements; every n-th home is looked through."""
    with ledger("kill -9 at a statement of ingest, update, delete, prune") as fault:
        for number in numbers:
            place = places()
            killed = killed_at(number, work, place.folder)
            assert killed or len(place.notebook.read()) == len(STATES) - 1
            fault.tried(lost(place, fault.tries % nth == 0), f"statement {number}")


def test_whoever_is_killed_around_a_commit_or_now_and_then_loses_nothing(
    copied: Callable[[], Place], ledger: Ledger
) -> None:
    run = whole(copied())
    near = {n for n, said in enumerate(run, 1) if said in ("BEGIN IMMEDIATE", "COMMIT")}
    near |= {n for n, said in enumerate(run, 1) if said == COMMITTED}
    assert len(near) >= 12
    try_all(copied, sorted(near | set(range(1, len(run), 25))), ledger, nth=8)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whoever_is_killed_at_any_statement_loses_nothing(
    copied: Callable[[], Place], ledger: Ledger
) -> None:
    run = whole(copied())
    assert len(run) > 300
    try_all(copied, range(1, len(run) + 1), ledger, nth=20)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_whoever_is_killed_at_any_moment_loses_nothing(
    copied: Callable[[], Place], ledger: Ledger
) -> None:
    started = time.monotonic()
    with forked(work, copied().folder) as process:
        assert ended(process) == 0
    seconds = time.monotonic() - started
    dice = random.Random(4)
    with ledger("kill -9 at a random moment of the same") as fault:
        for number in range(150):
            place = copied()
            with forked(work, place.folder):
                time.sleep(dice.uniform(0, seconds))
            fault.tried(lost(place, number % 20 == 0), f"kill {number}")
