"""What people are told of a watch: by the doctor, by the bot, a line for every run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from bot.bootstrap import App, app
from bot.cli.watching import run_line, watching_beside
from bot.doctor import Check, examine
from bot.settings import Settings
from ingest.watching.status import (
    RunCounts,
    SourceStatus,
    WatchStatus,
    read_status,
    status_path,
    write_status,
)
from tests.support.store import eventually
from vectorstore.errors import SettingsError

NOW = datetime.now(UTC).replace(microsecond=0)
BOTE = SourceStatus("Bote", "feed", NOW, NOW, NOW + timedelta(minutes=15))
WEG = replace(
    BOTE,
    name="Weg",
    last_success=None,
    failing_since=datetime(2026, 3, 18, 12, 0, tzinfo=UTC),
    failures=2,
    errors=("The page answered 403 (forbidden).",),
)


class Home:
    """A home whose watch file and status may say anything."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "home"
        self.path.mkdir()
        self.file = folder / "sources.toml"

    @contextmanager
    def app(self, watched: bool = True) -> Iterator[App]:
        named = {"WATCH_FILE": str(self.file)} if watched else {}
        settings = Settings(BELEG_HOME=str(self.path), BELEG_TIMEZONE="UTC", **named)
        with app(settings) as parts:
            yield parts

    def list_sources(self, *names: str) -> None:
        tables = (f'[[source]]\nname = "{name}"\nfolder = "{name}"\n' for name in names)
        self.file.write_text("".join(tables))

    def report(self, *sources: SourceStatus, pid: int | None = None) -> None:
        write_status(self.path, WatchStatus(str(self.file), NOW, NOW, pid, sources))

    def check(self, watched: bool = True) -> Check | None:
        """What the doctor says of the watch, if anything."""
        with self.app(watched) as parts:
            return next((check for check in examine(parts) if check.name == "watch"), None)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


# -- the doctor ----------------------------------------------------------------------------


def test_without_a_watch_the_doctor_says_nothing_of_one(home: Home) -> None:
    assert home.check(watched=False) is None


def test_a_watch_that_never_ran_is_no_fault(home: Home) -> None:
    home.list_sources("a", "b")
    assert home.check() == Check("watch", True, "not running yet: 2 sources")


def test_a_watch_that_has_ended_is_no_fault(home: Home) -> None:
    home.report(BOTE)
    found = home.check(watched=False)
    assert found is not None
    assert found.ok
    assert found.state.startswith(f"not running since {NOW:%Y-%m-%d %H:%M}: 1 sources")


def test_a_source_that_fails_now_and_then_is_told_but_no_fault(home: Home) -> None:
    home.list_sources("Bote", "Weg")
    home.report(BOTE, WEG)
    found = home.check()
    assert found is not None
    assert found.ok
    assert found.state.endswith("2 sources; Weg fails since 2026-03-18 12:00 (2 in a row)")


def test_a_source_that_fails_again_and_again_needs_a_person(home: Home) -> None:
    home.list_sources("Bote", "Weg")
    home.report(BOTE, replace(WEG, failures=4))
    found = home.check()
    assert found is not None
    assert not found.ok
    advice = f"Weg: The page answered 403 (forbidden). Correct or remove it in {home.file}."
    assert found.advice == advice


def test_a_failing_source_that_was_removed_needs_nobody(home: Home) -> None:
    home.list_sources("Bote")
    home.report(BOTE, replace(WEG, failures=4))
    found = home.check()
    assert found is not None
    assert found.ok
    assert "Weg" not in found.state


def test_a_watch_file_that_makes_no_sense_needs_a_person(home: Home) -> None:
    home.file.write_text("[[source]]\n")
    found = home.check()
    assert found is not None
    assert not found.ok
    assert "[[source]] 1: name exactly one of" in (found.advice or "")


def test_a_broken_status_needs_nobody(home: Home) -> None:
    status_path(home.path).write_text("{")
    found = home.check(watched=False)
    assert found is not None
    assert found.ok


# -- beside the bot ------------------------------------------------------------------------


def test_beside_the_bot_the_watch_runs_and_ends_with_it(home: Home) -> None:
    home.list_sources("a")
    with home.app() as parts:
        with watching_beside(parts):
            assert eventually(lambda: (s := read_status(home.path)) and s.is_running(NOW))
            found = home.check()
            assert found is not None
            assert found.state.startswith("running since ")
        status = read_status(home.path)
    assert status is not None
    assert status.pid is None


def test_if_another_process_watches_the_bot_says_so_and_goes_on(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.list_sources("a")
    with FileLock(home.path / "watch.lock"), home.app() as parts, watching_beside(parts):
        assert not parts.stop.is_set()
    assert "Another process watches" in capsys.readouterr().err
    assert read_status(home.path) is None


def test_the_bot_does_not_start_with_a_watch_file_that_makes_no_sense(home: Home) -> None:
    with home.app() as parts, pytest.raises(SettingsError, match="can't be read"):
        watching_beside(parts).__enter__()


# -- a line a run --------------------------------------------------------------------------


def test_a_run_is_told_if_it_changed_something_or_failed() -> None:
    ran = replace(BOTE, counts=RunCounts(3, 1, 12), seconds=4.2)
    assert run_line(ran) == "Bote: 3 added, 1 updated, 12 unchanged (4.2 s)"
    some = replace(ran, counts=RunCounts(0, 0, 2, 1, 4))
    assert run_line(some) == "Bote: 0 added, 0 updated, 2 unchanged, 1 deleted, 4 failed (4.2 s)"
    failed = "Weg: failed (2 times in a row): The page answered 403 (forbidden)."
    assert run_line(WEG) == failed
    assert run_line(replace(BOTE, counts=RunCounts(unchanged=12))) is None
