"""kill -9 while Chroma writes its graph: the window is found and hit."""

import random
import shutil
from pathlib import Path

import pytest

from tests.support.kill_inspection import inspect_home
from tests.support.kill_ledger import Ledger
from tests.support.kill_persist import kill_inside, sheets, store_sheets, sync, use_as_it_is, window
from tests.support.kill_processes import Died, elsewhere, forked

WIDE = 384  # the dimension of the real model's vectors
SHORTEST = 0.003  # seconds of a persist; who watches and loses the processor sees it in no time


class Template:
    """A home with passages that Chroma has yet to persist, made once and copied for each try."""

    def __init__(self, folder: Path, old: int, new: int) -> None:
        self.home = folder / "home"
        self.texts = sheets(0, old + new)
        if old:
            elsewhere(store_sheets, self.home, sheets(0, old), WIDE)
            elsewhere(sync, self.home)
        elsewhere(store_sheets, self.home, sheets(old, new), WIDE)

    def copied(self, folder: Path) -> Path:
        home = folder / "tried"
        shutil.rmtree(home, ignore_errors=True)
        return shutil.copytree(self.home, home)


def hit(template: Template, folder: Path, hits: int, ledger: Ledger, naive: bool) -> None:
    """Kills inside a persist until so many have hit; `naive` counts how many broke the store."""
    dice = random.Random(hits)
    home = template.copied(folder)
    with forked(sync, home) as process:
        seconds = longest = max(SHORTEST, window(home, process))
    inside = broken = 0
    with ledger("kill -9 inside a persist of Chroma") as fault:
        while inside < hits and fault.tries < 5 * hits:
            delay = dice.uniform(0, longest)
            home = template.copied(folder)
            with forked(sync, home) as process:
                if kill_inside(home, process, delay):
                    inside += 1
                else:  # too late: not every persist takes as long
                    longest = (longest + delay) / 2
            broken += naive and is_broken(home, folder)
            fault.tried(inspect_home(home, template.texts), f"kill {fault.tries}")
        fault.remark = f"{inside} inside its {1000 * seconds:.0f} ms"
        if naive:
            fault.remark += f" ({broken} stores broken, had they been trusted)"
    assert inside == hits


def is_broken(home: Path, folder: Path) -> bool:
    """Whether a store would have failed whoever trusts it; tried on a copy."""
    copy = folder / "naive"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home, copy)
    try:
        elsewhere(use_as_it_is, copy)
    except Died:
        return True
    return False


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A store that has persisted a thousand passages, with a thousand more to sync."""
    return Template(tmp_path_factory.mktemp("grown"), 10, 10)


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Two thousand passages, and no store yet."""
    return Template(tmp_path_factory.mktemp("fresh"), 0, 20)


@pytest.mark.timeout(300)
def test_a_kill_inside_a_persist_costs_nothing(
    grown: Template, tmp_path: Path, ledger: Ledger
) -> None:
    hit(grown, tmp_path, 6, ledger, naive=False)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_thirty_kills_inside_a_persist_cost_nothing(
    grown: Template, tmp_path: Path, ledger: Ledger
) -> None:
    hit(grown, tmp_path, 30, ledger, naive=True)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_kills_inside_the_first_persist_of_a_rebuild_cost_nothing(
    fresh: Template, tmp_path: Path, ledger: Ledger
) -> None:
    hit(fresh, tmp_path, 8, ledger, naive=True)
