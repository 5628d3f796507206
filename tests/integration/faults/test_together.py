"""Many processes over one home: two ingests of one source; askers, ingesters and an owner."""

import random
import shutil
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.kill_inspection import inspect_home
from tests.support.kill_ledger import Ledger
from tests.support.kill_processes import FORKED, elsewhere, ended, forked
from tests.support.kill_together import ask_on, ingest_at, ingest_on, own_on, told
from tests.support.kill_work import Notebook, Open, made, news, write_lines

SAME = {f"a{n}": news(n) for n in range(12)}
INGESTERS, ASKERS = ["ingester1", "ingester2"], [f"asker{n}" for n in range(5)]


# -- two ingests of the same source ---------------------------------------------------------------


def versions(home: Path) -> set[int]:
    """The versions that articles are in."""
    here = Open.at(home)
    try:
        return {article.version for article in here.catalogue.texts()}
    finally:
        here.close()


def try_twice(folder: Path, tries: int, ledger: Ledger) -> None:
    with ledger("two ingests of the same source at once") as fault:
        for number in range(tries):
            home = folder / "home"
            shutil.rmtree(home, ignore_errors=True)
            source = write_lines(folder / "same.jsonl", SAME)
            if number % 2:
                elsewhere(made, home)
            gate = FORKED.Event()
            work = (ingest_at, gate, home, source)
            with forked(*work) as one, forked(*work) as other:
                time.sleep(0.03 if number % 3 else 0.2)
                gate.set()
                codes = [ended(one), ended(other)]
            found = [] if codes == [0, 0] else [f"they ended with {codes}"]
            if elsewhere(versions, home) != {1}:
                found.append("an article was stored twice")
            fault.tried([*found, *inspect_home(home, SAME)], f"try {number}")


def test_two_ingests_of_the_same_source_store_nothing_twice(tmp_path: Path, ledger: Ledger) -> None:
    try_twice(tmp_path, 3, ledger)


@pytest.mark.slow
def test_however_they_meet_they_store_nothing_twice(tmp_path: Path, ledger: Ledger) -> None:
    try_twice(tmp_path, 30, ledger)


# -- all together ---------------------------------------------------------------------------------


def live_together(folder: Path, seconds: float, ledger: Ledger) -> None:
    """An owner, five who ask and two who take in, who are killed now and then and begin anew."""
    home = folder / "home"
    end = time.time() + seconds
    dice = random.Random(1)
    kills = 0
    with (
        ledger("askers, ingesters and an owner together, ingesters killed") as fault,
        ExitStack() as started,
    ):
        asking = [(own_on, "owner"), *((ask_on, name) for name in ASKERS)]
        askers = [
            started.enter_context(forked(work, home, folder, INGESTERS, name, end))
            for work, name in asking
        ]
        while time.time() < end - 0.5:
            with (
                forked(ingest_on, home, folder, INGESTERS[0], end) as one,
                forked(ingest_on, home, folder, INGESTERS[1], end) as other,
            ):
                time.sleep(dice.uniform(0.2, 1.0))
                victim = dice.choice((one, other))
                kills += one.is_alive() + other.is_alive()
                victim.kill()
                time.sleep(dice.uniform(0.0, 0.3))  # the other one dies at the end of the block
        codes = [ended(asker) for asker in askers]
        found = [f"whoever asks ended with {code}" for code in codes if code]
        for name in ["owner", *ASKERS]:
            *complaints, asked = Notebook(folder / f"{name}.notes").read()
            found += [f"{name}: {complaint}" for complaint in complaints]
            fault.remark += f"{asked} " if isinstance(asked, int) else ""
        fault.tried(found, "meanwhile")
        ones, others = (told(folder, name) for name in INGESTERS)
        fault.tried(inspect_home(home, ones[0] | others[0], ones[1] | others[1]), "afterwards")
        fault.remark = f"{len(ones[0] | others[0])} articles, {kills} kills, asked {fault.remark}"


def test_for_some_seconds_everybody_finds_everything(tmp_path: Path, ledger: Ledger) -> None:
    live_together(tmp_path, 5, ledger)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_for_two_minutes_everybody_finds_everything(tmp_path: Path, ledger: Ledger) -> None:
    live_together(tmp_path, 120, ledger)
