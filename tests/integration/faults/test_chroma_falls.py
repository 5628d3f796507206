"""A Chroma that segfaults takes the process down once; the next start rebuilds it and answers."""

from pathlib import Path

import pytest

from tests.support.kill_chroma import ANY, build_again, folder_of, start
from tests.support.kill_inspection import inspect_catalogue, inspect_home
from tests.support.kill_ledger import Ledger
from tests.support.kill_persist import sync
from tests.support.kill_processes import Died, elsewhere
from tests.support.kill_work import made, news, write_lines

OLD = {f"a{n}": news(n) for n in range(4)}
NEW = {"b": news(10)}
NAME = "Chroma takes the process down"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a Chroma that was closed cleanly."""
    elsewhere(made, tmp_path / "home", [write_lines(tmp_path / "old.jsonl", OLD)])
    elsewhere(sync, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def source(tmp_path: Path) -> str:
    return write_lines(tmp_path / "new.jsonl", NEW)


@pytest.mark.parametrize("method", ["open", "query", "upsert"])
def test_the_next_start_rebuilds_and_answers(
    home: Path, source: str, ledger: Ledger, method: str
) -> None:
    cursed = folder_of(home)
    with pytest.raises(Died, match="SIGSEGV"):
        elsewhere(start, home, cursed, method, NEW["b"], source)
    with ledger(NAME) as fault:
        found = elsewhere(start, home, cursed, method, NEW["b"], source)
        complaints = [] if "b" in found else ["the new article isn't found"]
        if folder_of(home) == cursed:
            complaints.append("the broken store is still in use")
        fault.tried([*complaints, *inspect_home(home, OLD | NEW)], method)


@pytest.mark.parametrize("method", ["open", "query", "upsert"])
def test_if_every_chroma_falls_answers_come_without(
    home: Path, source: str, ledger: Ledger, method: str
) -> None:
    falls = 0
    found: list[str] = []
    while not found and falls < 5:
        try:
            found = elsewhere(start, home, ANY, method, NEW["b"], source)
        except Died:
            falls += 1
    with ledger(NAME) as fault:
        complaints = [] if "b" in found else [f"no answer after {falls} falls"]
        complaints += inspect_catalogue(home, OLD | NEW)
        elsewhere(build_again, home)  # as `beleg doctor --repair` does
        fault.tried([*complaints, *inspect_home(home, OLD | NEW)], f"always, {method}")
