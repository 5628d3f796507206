"""Copies of the catalogue, made while everything runs, and whether they are sound."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.earlier import EARLIER, made_by
from tests.support.kill_statements import killed_at
from tests.support.store import CONTRACT, article, numbered, store
from vectorstore.backup import verify, write_backup
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import CatalogueDamaged, StoreError

PAGE = 4096


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """A home with three articles, one of them in two versions."""
    database = Database(tmp_path / "home" / "catalogue.db")
    found = Catalogue(database)
    found.require(CONTRACT)
    store(found, article("a", "Der erste Satz."), article("b", "Ganz\0anders: „ß“ \u2028."))
    store(found, article("a", "Der neue Satz."), numbered("c", 40))
    yield found
    database.close()


def opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def content(path: Path) -> list[tuple[object, ...]]:
    with closing(opened(path)) as connection:
        query = """SELECT a.id, v.* FROM articles a JOIN versions v ON v.article = a.seq
            ORDER BY v.article, v.version"""
        return connection.execute(query).fetchall()


def overwritten(path: Path, sought: bytes, by: bytes) -> None:
    """The file with every place where some bytes stand saying something else."""
    data = path.read_bytes()
    assert sought in data
    path.write_bytes(data.replace(sought, by))


# -- what is in it -----------------------------------------------------------------------


def test_a_backup_has_everything_and_is_readable_for_its_owner_only(
    catalogue: Catalogue, tmp_path: Path
):
    found = write_backup(catalogue.database.path, tmp_path / "b.db")
    assert (found.articles, found.versions) == (3, 4)
    assert verify(tmp_path / "b.db") == found
    assert content(tmp_path / "b.db") == content(catalogue.database.path)
    assert (tmp_path / "b.db").stat().st_mode & 0o777 == 0o600
    with closing(Database(tmp_path / "b.db")) as copy:
        assert Catalogue(copy).counts() == catalogue.counts()
        assert copy.generation == catalogue.database.generation


def test_a_backup_that_is_made_again_replaces_the_earlier_one(catalogue: Catalogue, tmp_path: Path):
    target = tmp_path / "b.db"
    write_backup(catalogue.database.path, target)
    store(catalogue, article("d"))
    assert write_backup(catalogue.database.path, target).articles == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.db", "home"]


def test_backups_while_three_others_write_are_consistent(catalogue: Catalogue, tmp_path: Path):
    enough = threading.Event()

    def write(name: str) -> None:
        for n in range(10_000):
            store(catalogue, numbered(f"{name}{n % 7}", 3, first=n), numbered(f"{name}-{n}", 2))
            if enough.is_set():
                return

    threads = [threading.Thread(target=write, args=(name,)) for name in "xyz"]
    for thread in threads:
        thread.start()
    try:
        found = [write_backup(catalogue.database.path, tmp_path / f"{n}.db") for n in range(4)]
    finally:
        enough.set()
        for thread in threads:
            thread.join()
    assert found[0].versions < found[-1].versions
    for n, verified in enumerate(found):
        assert verify(tmp_path / f"{n}.db") == verified
        with closing(Database(tmp_path / f"{n}.db")) as copy:
            stored = Catalogue(copy)
            for listed in stored.articles():
                text = stored.article(listed.article.id).text
                assert listed.chunks == len(text.split("\n\n"))
            sizes = {
                copy.read().execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("chunks", "vectors", "sentences", "words")
            }
            assert sizes == {stored.counts().chunks}


@pytest.mark.parametrize("schema", EARLIER)
def test_a_home_of_an_earlier_schema_can_be_backed_up_as_it_is(schema: int, tmp_path: Path):
    made_by(schema, tmp_path / "catalogue.db")
    found = write_backup(tmp_path / "catalogue.db", tmp_path / "b.db")
    assert found.schema == schema
    assert (found.articles, found.versions) == (3, 4)


# -- what goes wrong ---------------------------------------------------------------------


def test_a_backup_is_never_written_over_what_is_none(catalogue: Catalogue, tmp_path: Path):
    live = catalogue.database.path
    own = tmp_path / "link.db"
    own.symlink_to(live)
    (tmp_path / "notes.txt").write_text("Einkaufen")
    (live.parent / "chroma").mkdir()
    other = Database(tmp_path / "other" / "catalogue.db")
    other.close()
    for target in (
        live,
        live.with_name("catalogue.db-wal"),
        own,
        live.parent / "chroma" / "b.db",
        tmp_path / "notes.txt",
        other.path,
        tmp_path,
        tmp_path / "missing" / "b.db",
        live.parent / "register",
    ):
        before = target.read_bytes() if target.is_file() else None
        with pytest.raises(StoreError):
            write_backup(live, target)
        assert (target.read_bytes() if target.is_file() else None) == before
    assert catalogue.counts().articles == 3


def test_without_a_catalogue_there_is_nothing_to_back_up(tmp_path: Path):
    with pytest.raises(StoreError, match="nothing to back up"):
        write_backup(tmp_path / "catalogue.db", tmp_path / "b.db")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_earlier_backup_and_no_draft(catalogue: Catalogue, tmp_path: Path):
    target = tmp_path / "b.db"
    write_backup(catalogue.database.path, target)
    before = target.read_bytes()
    paths = f"pathlib.Path({str(catalogue.database.path)!r}), pathlib.Path({str(target)!r})"
    code = f"""if True:
        import resource, pathlib
        from vectorstore.backup import write_backup
        from vectorstore.errors import CatalogueDamaged, StoreError
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            write_backup({paths})
        except CatalogueDamaged:
            raise
        except StoreError as error:
            print(error)"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "can't be written" in done.stdout
    assert "free space" in done.stdout
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.db", "home"]


def test_a_kill_leaves_the_earlier_backup_or_the_new_one(catalogue: Catalogue, tmp_path: Path):
    target, live = tmp_path / "b.db", catalogue.database.path
    earlier = write_backup(live, target)
    store(catalogue, article("d"))
    catalogue.database.close()
    step, outcomes = 1, []
    while killed_at(step, write_backup, live, target):
        outcomes.append(verify(target).articles)
        step += 3
    assert set(outcomes) == {earlier.articles, 4}
    assert len(outcomes) > 8
    assert write_backup(live, target).articles == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.db", "home"]


# -- whether it is sound -----------------------------------------------------------------


def test_a_broken_page_is_found(catalogue: Catalogue, tmp_path: Path):
    write_backup(catalogue.database.path, tmp_path / "b.db")
    size = (tmp_path / "b.db").stat().st_size
    for page in range(1, size // PAGE, 2):
        broken = tmp_path / "broken.db"
        shutil.copy(tmp_path / "b.db", broken)
        with broken.open("rb+") as file:
            file.seek(page * PAGE)
            file.write(os.urandom(PAGE))
        with pytest.raises(CatalogueDamaged, match="is no sound catalogue"):
            verify(broken)


def test_words_that_were_changed_are_found_although_sqlite_finds_nothing(
    catalogue: Catalogue, tmp_path: Path
):
    write_backup(catalogue.database.path, tmp_path / "b.db")
    overwritten(tmp_path / "b.db", b"Der erste Satz", b"Der letzte Rat")
    with pytest.raises(CatalogueDamaged, match="version 1 of the article 'a'"):
        verify(tmp_path / "b.db")


def test_an_article_without_its_text_is_found(catalogue: Catalogue, tmp_path: Path):
    write_backup(catalogue.database.path, tmp_path / "b.db")
    with closing(opened(tmp_path / "b.db")) as connection:
        connection.execute("DELETE FROM versions WHERE text LIKE 'Ganz%'")
    with pytest.raises(CatalogueDamaged, match="'b'"):
        verify(tmp_path / "b.db")


def test_what_is_no_catalogue_is_told_from_one(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("Einkaufen: Brot, Milch und Eier für das Wochenende.")
    (tmp_path / "empty.db").touch()
    with closing(opened(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE articles (id)")
    for name in ("notes.txt", "empty.db", "other.db"):
        with pytest.raises(CatalogueDamaged, match="is no sound catalogue"):
            verify(tmp_path / name)
    with pytest.raises(StoreError, match="There is no file"):
        verify(tmp_path / "missing.db")


def test_a_damaged_catalogue_is_not_backed_up(catalogue: Catalogue, tmp_path: Path):
    write_backup(catalogue.database.path, tmp_path / "b.db")
    before = (tmp_path / "b.db").read_bytes()
    catalogue.database.close()
    overwritten(catalogue.database.path, b"Der erste Satz", b"Der letzte Rat")
    with pytest.raises(CatalogueDamaged, match="beleg restore"):
        write_backup(catalogue.database.path, tmp_path / "b.db")
    assert (tmp_path / "b.db").read_bytes() == before
