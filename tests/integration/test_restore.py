"""A backup brought back: in one step, under running processes, and nothing thrown away."""

import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from ingest.embedding import contract
from ingest.rescue import rescue
from ingest.run import Progress
from tests.support.earlier import EARLIER, made_by
from tests.support.embedding import HashingEmbedder
from tests.support.keeping import home_with_a_backup, restored_and_rescued, store_on
from tests.support.kill_statements import killed_at
from tests.support.store import (
    article,
    follow_in_another_process,
    live_ids,
    open_home,
    store,
    vector_of,
)
from vectorstore import aside
from vectorstore.backup import verify, write_backup
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import CatalogueDamaged, StoreError
from vectorstore.exact import ExactIndex
from vectorstore.register import Kept, Kind, Register
from vectorstore.restore import known_backups, restore
from vectorstore.schema import SCHEMA

SPAWN = multiprocessing.get_context("spawn")
WAIT = 30.0
BEFORE = {f"a{n}" for n in range(10)}
SINCE = {f"c{n}" for n in range(10)}


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home and its backup, to be copied."""
    folder = tmp_path_factory.mktemp("pattern")
    home_with_a_backup(folder / "home")
    return folder


@pytest.fixture
def folder(pattern: Path, tmp_path: Path) -> Path:
    shutil.copytree(pattern, tmp_path / "f")
    return tmp_path / "f"


@pytest.fixture
def home(folder: Path) -> Path:
    return folder / "home"


@pytest.fixture
def backup(folder: Path) -> Path:
    return folder / "b.db"


def articles(path: Path) -> dict[str, tuple[int, str]]:
    """Every article of a catalogue: its version and its text."""
    with closing(Database(path)) as database:
        catalogue = Catalogue(database)
        return {a.id: (a.version, a.text) for a in catalogue.texts()}


def noted(home: Path, path: Path, made: str, kind: Kind = Kind.BACKUP) -> None:
    Register(home).note(Kept(path, made, kind, 0))


# -- a sound catalogue -------------------------------------------------------------------


def test_a_restore_brings_back_the_backup_and_keeps_what_was_there(home: Path, backup: Path):
    there = articles(home / "catalogue.db")
    done = restore(home, backup)
    assert (done.backup, done.articles, done.versions) == (backup, 10, 10)
    assert not done.restart
    assert articles(home / "catalogue.db").keys() == BEFORE
    assert done.kept is not None
    assert done.kept.kind is Kind.AUTOMATIC
    assert done.kept.articles == 20
    assert Register(home).kept() == [done.kept]
    restore(home, done.kept.path)
    assert articles(home / "catalogue.db") == there


def test_a_process_that_holds_the_home_open_goes_on_with_the_restored_articles(
    home: Path, backup: Path
):
    wire, theirs = SPAWN.Pipe()
    follower = SPAWN.Process(target=follow_in_another_process, args=(home, theirs))
    follower.start()

    def heard() -> object:
        assert wire.poll(WAIT)
        return wire.recv()

    try:
        heard()
        late = vector_of("Die Meldung 3 kam später.")
        corrected = vector_of("Der Bericht 1 wurde berichtigt.")
        wire.send(late)
        assert "c3" in heard()  # type: ignore[operator]
        restore(home, backup)
        wire.send(late)
        assert heard() <= BEFORE  # type: ignore[operator]
        wire.send(article("neu", "Die Meldung 3 kam noch einmal."))
        assert heard() == ["added"]
        wire.send(vector_of("Die Meldung 3 kam noch einmal."))
        assert "neu" in heard()  # type: ignore[operator]
        wire.send(corrected)
        assert heard() <= BEFORE | {"neu"}  # type: ignore[operator]
    finally:
        wire.send(None)
        follower.join(WAIT)
    assert follower.exitcode == 0
    assert articles(home / "catalogue.db").keys() == BEFORE | {"neu"}
    verify(home / "catalogue.db")


def test_what_is_stored_during_a_restore_is_in_the_catalogue_or_in_what_is_kept(
    home: Path, backup: Path
):
    wire, theirs = SPAWN.Pipe()
    writer = SPAWN.Process(target=store_on, args=(home, theirs))
    writer.start()
    try:
        assert wire.poll(WAIT)
        assert wire.recv() == "begun"
        kept = [restore(home, backup).kept for _ in range(4)]
    finally:
        wire.send("enough")
        assert wire.poll(WAIT)
        stored = set(wire.recv())
        writer.join(WAIT)
    assert writer.exitcode == 0
    held = set(articles(home / "catalogue.db"))
    for one in kept:
        assert one is not None
        held |= set(articles(one.path))
    assert stored <= held
    verify(home / "catalogue.db")


def test_no_number_means_something_else_afterwards(home: Path, backup: Path):
    database, catalogue, _ = open_home(home)
    exact = ExactIndex(database)
    late = vector_of("Die Meldung 3 kam später.")
    assert len(exact.nearest(late, 100)) == 20
    generation, index = database.generation, database.note("index")
    (highest,) = database.read().execute("SELECT max(seq) FROM chunks").fetchone()
    restore(home, backup)
    assert database.generation > generation
    assert database.note("index") != index
    assert len(exact.nearest(late, 100)) == 10
    store(catalogue, article("c3", "Die Meldung 3 sagt etwas ganz anderes."))
    (fresh,) = database.read().execute("SELECT max(seq) FROM chunks").fetchone()
    assert fresh > highest
    database.close()


def test_whoever_owns_chroma_builds_it_anew(home: Path, backup: Path):
    database, catalogue, index = open_home(home)
    assert index.own()
    assert index.catch_up()
    restore(home, backup)
    store(catalogue, article("neu", "Eine neue Meldung."))
    assert index.catch_up()
    assert index.store.ids() == live_ids(database)
    index.close()
    database.close()


def test_a_restore_into_a_new_home_is_one_of_its_own(home: Path, backup: Path, tmp_path: Path):
    done = restore(tmp_path / "new", backup)
    assert (done.articles, done.kept) == (10, None)
    assert articles(tmp_path / "new" / "catalogue.db").keys() == BEFORE
    with closing(Database(tmp_path / "new" / "catalogue.db")) as new:
        assert new.note("catalogue") != Register(home).catalogue


def test_an_empty_catalogue_is_not_worth_keeping(backup: Path, tmp_path: Path):
    Database(tmp_path / "new" / "catalogue.db").close()
    assert restore(tmp_path / "new", backup).kept is None
    assert articles(tmp_path / "new" / "catalogue.db").keys() == BEFORE


@pytest.mark.parametrize("schema", EARLIER)
def test_a_backup_of_an_earlier_schema_is_brought_to_the_present_one(
    home: Path, folder: Path, schema: int
):
    made_by(schema, folder / "old.db")
    before = (folder / "old.db").read_bytes()
    with closing(Database(home / "catalogue.db")) as running:
        restore(home, folder / "old.db")
        assert verify(home / "catalogue.db").schema == SCHEMA
        assert Catalogue(running).counts().articles == 3
    assert (folder / "old.db").read_bytes() == before


# -- which backup ------------------------------------------------------------------------


def test_without_a_file_the_newest_sound_backup_is_taken(home: Path, folder: Path, backup: Path):
    for n, content in ((1, ["x"]), (2, ["x", "y"]), (3, ["x", "y", "z"])):
        with closing(Database(folder / f"other{n}" / "catalogue.db")) as database:
            store(Catalogue(database), *map(article, content))
            write_backup(database.path, folder / f"b{n}.db")
        noted(home, folder / f"b{n}.db", f"2026-03-1{n}T12:00:00+00:00")
    (folder / "b3.db").write_bytes((folder / "b3.db").read_bytes()[:8192])
    noted(home, folder / "gone.db", "2026-03-18T12:00:00+00:00")
    with pytest.raises(StoreError, match="The catalogue is sound"):
        restore(home)
    (home / "catalogue.db").write_bytes(b"")
    done = restore(home)
    assert done.backup == folder / "b2.db"
    assert articles(home / "catalogue.db").keys() == {"x", "y"}
    # What is put away for a backup that was named is newer, but was given up for that one.
    restore(home, folder / "b1.db")
    assert [path.name[:14] for path in known_backups(home)][-1:] == ["before-restore"]


def test_without_any_backup_nothing_is_changed(home: Path):
    there = articles(home / "catalogue.db")
    with pytest.raises(StoreError, match="No backup of this home is known"):
        restore(home)
    noted(home, home / "catalogue.db", "2026-03-18T12:00:00+00:00", Kind.DAMAGED)
    with pytest.raises(StoreError, match="No backup of this home is known"):
        restore(home)
    assert articles(home / "catalogue.db") == there


def test_what_is_no_sound_backup_is_refused_and_nothing_changed(
    home: Path, folder: Path, backup: Path
):
    there = articles(home / "catalogue.db")
    (folder / "notes.txt").write_text("Einkaufen: Brot und Milch.")
    shutil.copy(backup, folder / "newer.db")
    with closing(sqlite3.connect(folder / "newer.db")) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    data = backup.read_bytes()
    (folder / "cut.db").write_bytes(data[: len(data) // 2])
    for name in ("notes.txt", "newer.db", "cut.db", "missing.db", "home/catalogue.db"):
        with pytest.raises(StoreError, match=r"Nothing was changed\. Name another backup\."):
            restore(home, folder / name)
    assert articles(home / "catalogue.db") == there
    assert not aside.waiting(home)


# -- a damaged catalogue -----------------------------------------------------------------


def no_header(live: Path) -> None:
    with live.open("rb+") as file:
        file.write(bytes(100))


def no_first_page(live: Path) -> None:
    with live.open("rb+") as file:
        file.write(os.urandom(4096))


def no_list_of_articles(live: Path) -> None:
    with closing(sqlite3.connect(live)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name IN ('articles', 'meta')"
        pages = [row[0] for row in connection.execute(query)]
    with live.open("rb+") as file:
        for page in pages:
            file.seek((page - 1) * 4096)
            file.write(os.urandom(4096))


@pytest.mark.parametrize("harm", [no_header, no_first_page, no_list_of_articles])
def test_what_came_after_the_backup_is_saved_from_a_damaged_catalogue(
    home: Path, backup: Path, harm: Callable[[Path], None]
):
    live = home / "catalogue.db"
    there = articles(live)
    harm(live)
    damaged = live.read_bytes()
    with pytest.raises(StoreError):
        verify(live)
    (rescued,) = restored_and_rescued(home, backup)
    assert set(rescued.saved) == SINCE | {"a1"}
    assert rescued.lost == ()
    assert articles(live) == there
    verify(live)
    (kept,) = Register(home).kept()
    assert kept.kind is Kind.DAMAGED
    assert kept.path.read_bytes() == damaged
    assert restored_and_rescued(home, backup) == []  # there is nothing left to be saved


def test_what_was_damaged_beyond_reading_is_named(home: Path, backup: Path):
    live = home / "catalogue.db"
    with live.open("rb+") as file:
        data = file.read()
        for lost in ("Die Meldung 3 kam später.", "Die Meldung 7 kam später."):
            file.seek(data.index(lost.encode()))
            file.write(b"####")
    (rescued,) = restored_and_rescued(home, backup)
    assert set(rescued.lost) == {"c3", "c7"}
    assert articles(live).keys() == BEFORE | SINCE - {"c3", "c7"}
    assert articles(live)["a1"] == (2, "Der Bericht 1 wurde berichtigt.")


def test_what_was_deleted_after_the_backup_is_named(home: Path, backup: Path):
    with closing(Database(home / "catalogue.db")) as database:
        Catalogue(database).delete(["a5"])
    with (home / "catalogue.db").open("rb+") as file:
        data = file.read()
        file.seek(data.index("Die Meldung 3 kam später.".encode()))
        file.write(b"####")
    (rescued,) = restored_and_rescued(home, backup)
    assert rescued.deleted == ("a5",)


def test_a_file_that_is_gone_or_empty_is_restored_with_what_its_log_holds(home: Path, backup: Path):
    database, catalogue, _ = open_home(home)
    database.read().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store(catalogue, article("neu", "Eine neue Meldung."))
    log = home / "catalogue.db-wal"
    held = log.read_bytes()
    database.close()
    for harm in ("empty", "gone"):
        (home / "catalogue.db").unlink()
        if harm == "empty":
            (home / "catalogue.db").touch()
        log.write_bytes(held)
        restored_and_rescued(home, backup)
        assert articles(home / "catalogue.db").keys() >= BEFORE | {"neu"}
        kept = Register(home).kept()[0]
        assert kept.path.with_name("catalogue.db-wal").read_bytes() == held


def test_a_process_that_runs_sees_what_replaces_a_damaged_page(home: Path, backup: Path):
    live = home / "catalogue.db"
    data = live.read_bytes()
    at = data.index("Die Meldung 3 kam später.".encode())
    database, catalogue, _ = open_home(home)
    assert catalogue.counts().articles == 20
    # By another process: whoever closes the file loses the locks that SQLite has on it.
    harm = "import sys; f = open(sys.argv[1], 'rb+'); f.seek(int(sys.argv[2])); f.write(b'####')"
    subprocess.run([sys.executable, "-c", harm, str(live), str(at)], check=True)
    done = restore(home, backup)
    assert not done.restart
    assert catalogue.counts().articles == 10
    store(catalogue, article("neu"))
    database.close()
    verify(live)


def test_without_a_backup_a_damaged_catalogue_gives_what_it_still_holds(home: Path):
    there = articles(home / "catalogue.db")
    with pytest.raises(StoreError, match="no damaged catalogue"):
        restore(home, without=True)
    no_header(home / "catalogue.db")
    with pytest.raises(StoreError, match="--salvage"):
        restore(home)
    assert restore(home, without=True).articles == 0
    (path,) = aside.waiting(home)
    with closing(Database(home / "catalogue.db")) as database:
        catalogue = Catalogue(database)
        assert len(rescue(path, catalogue, HashingEmbedder(), Progress()).saved) == 20
        assert catalogue.contract() == contract(HashingEmbedder())
    assert articles(home / "catalogue.db") == there


# -- kills -------------------------------------------------------------------------------


def kills(
    pattern: Path, tmp_path: Path, stride: int, harm: Callable[[Path], None] | None
) -> Iterator[Path]:
    """Homes whose restore was killed, at every step that is a multiple of `stride`."""
    for step in range(1, 10_000, stride):
        folder = tmp_path / str(step)
        shutil.copytree(pattern, folder)
        if harm is not None:
            harm(folder / "home" / "catalogue.db")
        if not killed_at(step, restored_and_rescued, folder / "home", folder / "b.db"):
            return
        yield folder
        shutil.rmtree(folder)


def all_is_known(home: Path) -> bool:
    """Whether the register names every copy that lies in the home, and nothing is left over."""
    copies = {*home.glob("backups/*"), *home.glob("damaged/*/catalogue.db")}
    drafts = [path for path in home.rglob("*") if path.name.endswith(".draft")]
    return {kept.path for kept in Register(home).kept()} == copies and not drafts


def test_a_restore_that_is_killed_leaves_one_state_or_the_other(pattern: Path, tmp_path: Path):
    seen = set()
    for folder in kills(pattern, tmp_path, 19, None):
        verify(folder / "home" / "catalogue.db")
        there = articles(folder / "home" / "catalogue.db").keys()
        assert there in (BEFORE, BEFORE | SINCE)
        seen.add(len(there))
        restored_and_rescued(folder / "home", folder / "b.db")
        assert articles(folder / "home" / "catalogue.db").keys() == BEFORE
        assert all_is_known(folder / "home")
    assert seen == {10, 20}


@pytest.mark.parametrize("harm", [no_header, no_list_of_articles])
def test_a_restore_of_a_damaged_catalogue_that_is_killed_is_taken_up_again(
    pattern: Path, tmp_path: Path, harm: Callable[[Path], None]
):
    count = 0
    for folder in kills(pattern, tmp_path, 41, harm):
        count += 1
        live = folder / "home" / "catalogue.db"
        with suppress(CatalogueDamaged):
            assert articles(live).keys() >= BEFORE
        restored_and_rescued(folder / "home", folder / "b.db")
        assert articles(live).keys() == BEFORE | SINCE
        assert articles(live)["a1"] == (2, "Der Bericht 1 wurde berichtigt.")
        assert all_is_known(folder / "home")
    assert count > 5
