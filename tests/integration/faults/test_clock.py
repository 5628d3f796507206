"""A clock that is a year ahead and then isn't, again and again: nothing is lost or out of order."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ingest.watching.status import SourceStatus
from ingest.watching.stopping import Stop
from ingest.watching.watch import Watch
from ingest.watching.watchlist import Kind, Source, Watchlist
from tests.support.fault_clock import YEAR, set_clock
from tests.support.fault_command import Said, beleg, belegs
from tests.support.kill_inspection import inspect_home
from tests.support.kill_ledger import Ledger
from tests.support.kill_persist import sheets, store_sheets, sync
from tests.support.kill_processes import elsewhere
from tests.support.kill_work import Open, news, write_lines
from tests.support.store import eventually

JUMPING = [0.0, YEAR, YEAR, -2 * YEAR, 0.0, 3600.0, -YEAR]
"""How far off the clock is from one look at it to the next."""


def texts(version: int) -> dict[str, str]:
    return {f"a{n}": news(n, version) for n in range(6)} | {f"b{version}": news(30 + version)}


@pytest.fixture
def sources(tmp_path: Path) -> list[str]:
    return [write_lines(tmp_path / f"{v}.jsonl", texts(v)) for v in range(1, 5)]


def test_ingests_under_a_jumping_clock_lose_nothing_and_keep_the_order_of_versions(
    sources: Sequence[str], tmp_path: Path, ledger: Ledger
) -> None:
    home, found = tmp_path / "home", []
    with ledger("clock jumps: ingest, delete, sync") as fault:
        for source, clock in zip(sources, ([YEAR], [0.0], [-2 * YEAR], JUMPING), strict=True):
            said = beleg(home, "ingest", source, faults=[(set_clock, clock)])
            found += [str(said)] if said.code or said.err else []
        deleted = beleg(home, "delete", "b2", faults=[(set_clock, JUMPING)])
        found += [str(deleted)] if deleted.code else []
        found += list(_versions(home))
        expected = {**texts(1), **texts(2), **texts(3), **texts(4), "b2": None}
        fault.tried([*found, *inspect_home(home, expected)])


def _versions(home: Path) -> Iterator[str]:
    shown = belegs(home, *(["show", "a1", "--version", str(v), "--json"] for v in range(1, 5)))
    for version, said in enumerate(shown, 1):
        if said.code or said.records[0]["text"] != texts(version)["a1"]:
            yield f"version {version} is another: {said}"


def sync_under(home: Path, clock: Sequence[float]) -> None:
    set_clock(clock)
    sync(home)


def test_a_sync_and_a_rebuild_under_a_jumping_clock_are_complete(
    tmp_path: Path, ledger: Ledger
) -> None:
    home, held = tmp_path / "home", sheets(0, 12)
    with ledger("clock jumps: ingest, delete, sync") as fault:
        for name, first in (("rebuild", 0), ("sync", 6)):
            elsewhere(store_sheets, home, sheets(first, 6))
            elsewhere(sync_under, home, JUMPING)
            now = {i: text for n, (i, text) in enumerate(held.items()) if n < first + 6}
            fault.tried(inspect_home(home, now, searched=6), name)


# -- backups --------------------------------------------------------------------------------------


def test_the_last_backup_is_the_last_one_whatever_the_clock_said(
    sources: Sequence[str], tmp_path: Path, ledger: Ledger
) -> None:
    home = tmp_path / "home"
    with ledger("clock jumps: backup and restore") as fault:
        for number, clock in enumerate((0.0, YEAR, -YEAR)):
            said = belegs(
                home,
                ["ingest", sources[number]],
                ["backup", str(tmp_path / f"{number}.db")],
                faults=[(set_clock, [clock])],
            )
            assert [one.code for one in said] == [0, 0], said
        (home / "catalogue.db").write_bytes(b"gone")
        restored = beleg(home, "restore", "--json")
        fault.tried([*_last(restored, tmp_path / "2.db")])


def _last(restored: Said, wanted: Path) -> Iterator[str]:
    if restored.code or restored.records[0]["backup"] != str(wanted):
        yield f"not the last backup is restored: {restored}"


def test_backups_and_restores_under_a_jumping_clock_lose_nothing(
    sources: Sequence[str], tmp_path: Path, ledger: Ledger
) -> None:
    home, faults = tmp_path / "home", [(set_clock, JUMPING)]
    with ledger("clock jumps: backup and restore") as fault:
        said = belegs(
            home,
            ["ingest", sources[0]],
            ["backup", str(tmp_path / "first.db")],
            ["ingest", sources[1]],
            ["restore", str(tmp_path / "first.db")],
            ["ingest", sources[2]],
            ["restore", str(tmp_path / "first.db")],
            ["reindex"],
            faults=faults,
        )
        found = [str(one) for one in said if one.code]
        if len(list((home / "backups").glob("before-restore-*.db"))) != 2:
            found.append("what was there before a restore isn't kept")
        fault.tried([*found, *inspect_home(home, texts(1))])


# -- watching -------------------------------------------------------------------------------------

OFTEN = 0.3  # seconds


def watch_through(home: Path, source: str, jumps: Sequence[float]) -> list[str]:
    """Complaints of a watch whose clock jumps after every third look."""
    shift = 0.0
    heard: list[float] = []
    stop, here = Stop(), Open.at(home)
    listed = Watchlist(home / "sources.toml", (Source("news", Kind.PAGE, source, OFTEN),))

    def hear(status: SourceStatus) -> None:
        heard.append(time.monotonic())

    watch = Watch(
        here.pipeline, listed, home, stop, hear, clock=lambda: time.time() + shift, draw=lambda: 0.0
    ).start()
    found = []
    try:
        for jump in (0.0, *jumps):
            shift += jump
            before = len(heard)
            if not eventually(lambda: len(heard) >= before + 3, 20):  # noqa: B023
                found.append(f"after a jump of {jump:,.0f} s it sleeps")
            elif heard[before + 2] - heard[before] < OFTEN:
                found.append(f"after a jump of {jump:,.0f} s it spins")
    finally:
        watch.stop()
        here.close()
    return found


def test_a_watch_neither_sleeps_nor_spins_when_the_clock_is_put_ahead(
    sources: Sequence[str], tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("clock jumps: watch") as fault:
        found = elsewhere(watch_through, tmp_path / "home", sources[0], [YEAR])
        fault.tried([*found, *inspect_home(tmp_path / "home", texts(1))], "ahead")


def test_a_watch_does_not_sleep_for_a_year_when_the_clock_is_put_back(
    sources: Sequence[str], tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("clock jumps: watch") as fault:
        found = elsewhere(watch_through, tmp_path / "home", sources[0], [-YEAR])
        fault.tried([*found, *inspect_home(tmp_path / "home", texts(1))], "back")


def test_a_watch_that_starts_before_its_last_look_looks_soon(
    sources: Sequence[str], tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("clock jumps: watch") as fault:
        found = elsewhere(watch_through, tmp_path / "home", sources[0], [YEAR])
        found += elsewhere(watch_through, tmp_path / "home", sources[1], [])
        fault.tried([*found, *inspect_home(tmp_path / "home", texts(1) | texts(2))], "back")
