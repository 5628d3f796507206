"""A folder that can't be looked into, of the home or of a backup: told, never taken for gone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.doctor import diagnose
from bot.settings import Settings
from tests.support.fault_kernel import drop_rights
from tests.support.kill_processes import elsewhere
from tests.support.store import article, store
from vectorstore.backup import write_backup
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import StoreError
from vectorstore.holding import holding
from vectorstore.register import Kept, Kind, Register
from vectorstore.removals import digest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    database = Database(tmp_path / "home" / "catalogue.db")
    store(Catalogue(database), article("a"))
    database.close()
    return tmp_path / "home"


def closed(folder: Path, look: Callable[..., Any], *args: Any) -> Any:
    """What somebody finds who may not look into a folder."""
    folder.chmod(0)
    try:
        return elsewhere(_without_rights, look, *args)
    finally:
        folder.chmod(0o755)


def _without_rights(look: Callable[..., Any], *args: Any) -> Any:
    drop_rights()
    try:
        return look(*args)
    except StoreError as error:
        return str(error)


def examined(home: Path) -> dict[str, bool]:
    return {check.name: check.ok for check in diagnose(Settings(BELEG_HOME=str(home)))}


def test_doctor_tells_of_a_home_that_can_not_be_looked_into(home: Path) -> None:
    found = closed(home, examined, home)
    assert not found["home"]
    assert not found["catalogue"]


def test_a_backup_in_a_folder_that_can_not_be_looked_into_counts_as_holding_what_was_deleted(
    home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    write_backup(home / "catalogue.db", folder / "b.db")
    Register(home).note(Kept(folder / "b.db", "2026-11-25T12:00:00+00:00", Kind.BACKUP, 1))
    found = closed(folder, holding, home, {digest("a")})
    assert [kept.path for kept in found] == [folder / "b.db"]
    assert closed(folder, examined, home)["backups"] is False


def test_a_catalogue_that_can_not_be_read_is_not_blamed_on_the_backups_place(
    home: Path, tmp_path: Path
) -> None:
    told = closed(home, write_backup, home / "catalogue.db", tmp_path / "b.db")
    assert "home/catalogue.db can't be read" in told
    assert "BELEG_HOME" in told
