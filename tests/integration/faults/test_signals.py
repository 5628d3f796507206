"""SIGTERM and SIGINT while Chroma syncs and persists: it is closed well and needs no rebuild."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.main import INTERRUPTED, TERMINATED
from tests.support.kill_inspection import inspect_home
from tests.support.kill_ledger import Fault, Ledger
from tests.support.kill_persist import sheets, store_sheets, strike_inside, sync
from tests.support.kill_processes import elsewhere, ended, ending, forked
from tests.support.kill_signals import doubt, leave_twice, serving, syncing
from tests.support.kill_work import Notebook
from tests.support.store import eventually

CODES = {signal.SIGTERM: TERMINATED, signal.SIGINT: INTERRUPTED}
TEXTS = sheets(0, 20)
WIDE = 384


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose Chroma has persisted a thousand passages, with a thousand more to sync."""
    home = tmp_path_factory.mktemp("template") / "home"
    elsewhere(store_sheets, home, sheets(0, 10), WIDE)
    elsewhere(sync, home)
    elsewhere(store_sheets, home, sheets(10, 10), WIDE)
    return home


class Trial:
    """Homes in which a process is asked to leave, one after the other."""

    def __init__(self, template: Path, folder: Path, fault: Fault) -> None:
        self._template = template
        self._folder = folder
        self._fault = fault
        self._dice = random.Random(5)

    def leave(
        self, work: Callable[[Path, Path], None], number: signal.Signals, inside: bool, again: bool
    ) -> None:
        """Sends the signal during the sync, or just after a persist has begun; perhaps twice."""
        place = self._folder / "tried"
        shutil.rmtree(place, ignore_errors=True)
        home, notes = place / "home", place / "notes"
        shutil.copytree(self._template, home)
        with forked(work, home, notes) as process:
            assert process.pid is not None
            if inside:
                strike_inside(home, process, self._dice.uniform(0, 0.005), number)
            else:
                assert eventually(lambda: Notebook(notes).read())
                time.sleep(self._dice.uniform(0, 0.6))
                os.kill(process.pid, number)
            if again:
                time.sleep(self._dice.uniform(0, 0.02))
                os.kill(process.pid, self._dice.choice(list(CODES)))
            code = ended(process)
        # Python hears two signals that come during one call of Chroma's in no certain order.
        right = CODES.values() if again else [CODES[number]]
        found = [] if code in right else [f"it ended with {ending(code)}"]
        if reason := elsewhere(doubt, home):
            found.append(f"Chroma has to be rebuilt: {reason}")
        self._fault.tried([*found, *inspect_home(home, TEXTS)], f"{number.name} {work.__name__}")


def test_a_process_that_is_asked_to_leave_leaves_chroma_closed(
    template: Path, tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("SIGTERM or SIGINT while Chroma syncs and persists") as fault:
        trial = Trial(template, tmp_path, fault)
        trial.leave(syncing, signal.SIGTERM, inside=True, again=False)
        trial.leave(syncing, signal.SIGINT, inside=False, again=False)
        trial.leave(serving, signal.SIGTERM, inside=True, again=True)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("again", [False, True], ids=["once", "twice"])
def test_whatever_chroma_is_at_a_signal_lets_it_finish(
    template: Path, tmp_path: Path, ledger: Ledger, again: bool
) -> None:
    name = "the same signals, a second one while it closes"
    with ledger(name if again else "SIGTERM or SIGINT while Chroma syncs and persists") as fault:
        trial = Trial(template, tmp_path, fault)
        for _ in range(3):
            for work in (syncing, serving):
                for number in CODES:
                    trial.leave(work, number, inside=True, again=again)
                    trial.leave(work, number, inside=False, again=again)


def test_two_signals_at_once_say_one_sentence(tmp_path: Path) -> None:
    with forked(leave_twice, tmp_path / "err") as process:
        assert ended(process) in CODES.values()
    assert "Traceback" not in (tmp_path / "err").read_text()
