"""Homes that an earlier Beleg made are brought to the present schema, with all they hold."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.earlier import EARLIER, made_by
from tests.support.store import CONTRACT, article, store, vector_of
from vectorstore import index_sets, schema
from vectorstore.backup import verify
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import StoreError
from vectorstore.exact import ExactIndex
from vectorstore.passages import Passages
from vectorstore.register import Kind, Register
from vectorstore.reindexing import side_index
from vectorstore.schema import SCHEMA


@pytest.fixture
def home(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A home that the Beleg of an earlier schema made, opened."""
    made_by(request.param, tmp_path / "catalogue.db")
    database = Database(tmp_path / "catalogue.db")
    yield database
    database.close()


def tables(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Every table and index with its columns, as a fresh catalogue would have them."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    names = [row[0] for row in connection.execute(query)]
    return {
        (name, str(sorted(column[1:6] for column in columns)))
        for name in names
        for columns in [connection.execute(f"PRAGMA table_info({name})").fetchall()]
    }


def test_there_is_a_home_of_every_earlier_schema():
    assert tuple(range(1, SCHEMA)) == EARLIER


@pytest.mark.parametrize("home", EARLIER, indirect=True)
def test_an_earlier_home_keeps_its_articles_with_all_versions(home: Database):
    catalogue = Catalogue(home)
    assert schema.found(home.read()) == SCHEMA
    assert [(one.article.id, one.article.version) for one in catalogue.articles()] == [
        ("c", 1),
        ("b", 1),
        ("a", 2),
    ]
    assert catalogue.article("a", 1).text == "Die Fähre legt ab. Sie ist voll."
    assert catalogue.article("a").text.startswith("Die Fähre legt später ab.")
    assert catalogue.article("a").section is None
    assert catalogue.brought("/news") == {"b", "c"}
    assert catalogue.contract() == CONTRACT


@pytest.mark.parametrize("home", EARLIER, indirect=True)
def test_an_earlier_home_learns_which_articles_are_copies(home: Database):
    assert [one.group for one in Catalogue(home).articles()] == ["b", "b", None]


@pytest.mark.parametrize("home", EARLIER, indirect=True)
def test_an_earlier_home_has_the_very_tables_of_a_new_one(home: Database, tmp_path: Path):
    new = Database(tmp_path / "new" / "catalogue.db")
    assert tables(home.read()) == tables(new.read())
    new.close()


@pytest.mark.parametrize("home", EARLIER, indirect=True)
def test_an_earlier_home_takes_in_deletes_and_indexes_anew(home: Database):
    catalogue = Catalogue(home)
    store(catalogue, article("a", "Die Fähre fährt gar nicht."), article("e", "Neues."))
    assert catalogue.delete(["b"]) == 1
    with side_index(home, CONTRACT) as side:
        assert side.missing() == 3
    found = ExactIndex(home).nearest(vector_of("Neues."), 1)
    assert [p.article.id for p in Passages(home).load(found)] == ["e"]
    assert home.read().execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not home.read().execute("PRAGMA foreign_key_check").fetchall()


@pytest.mark.parametrize("home", EARLIER, indirect=True)
def test_before_a_migration_a_backup_is_made_and_known(home: Database):
    (kept,) = Register(home.path.parent).kept()
    assert kept.kind is Kind.AUTOMATIC
    assert kept.articles == 3
    assert verify(kept.path).schema < SCHEMA


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch):
    made_by(2, tmp_path / "catalogue.db")
    with monkeypatch.context() as patch:
        broken = schema._MIGRATIONS | {3: "CREATE TABLE half (a); SELECT * FROM nowhere"}
        patch.setattr(schema, "_MIGRATIONS", broken)
        with pytest.raises(StoreError):
            Database(tmp_path / "catalogue.db")
    with closing(sqlite3.connect(tmp_path / "catalogue.db")) as connection:
        assert schema.found(connection) == 2
        assert index_sets.present(connection) == []
    database = Database(tmp_path / "catalogue.db")
    assert len(list(Catalogue(database).articles())) == 3
    database.close()


def test_a_home_without_the_room_for_a_backup_is_not_migrated(tmp_path: Path, monkeypatch):
    made_by(3, tmp_path / "catalogue.db")
    (tmp_path / "backups").write_text("in the way")
    with pytest.raises(StoreError):
        Database(tmp_path / "catalogue.db")
    with closing(sqlite3.connect(tmp_path / "catalogue.db")) as connection:
        assert schema.found(connection) == 3


def test_a_catalogue_that_is_gone_is_not_silently_made_anew(tmp_path: Path):
    Database(tmp_path / "catalogue.db").close()
    for leave in (lambda path: path.unlink(), lambda path: path.write_bytes(b"")):
        shutil.rmtree(tmp_path / "chroma", ignore_errors=True)
        leave(tmp_path / "catalogue.db")
        with pytest.raises(StoreError, match="beleg restore"):
            Database(tmp_path / "catalogue.db")


@pytest.mark.parametrize("left", [b"\0", b"x"], ids=["a zero", "a byte"])
def test_a_catalogue_cut_to_a_byte_is_not_silently_made_anew(tmp_path: Path, left: bytes):
    Database(tmp_path / "catalogue.db").close()
    (tmp_path / "catalogue.db").write_bytes(left)
    with pytest.raises(StoreError, match="beleg restore"):
        Database(tmp_path / "catalogue.db")
    assert (tmp_path / "catalogue.db").read_bytes() == left


def test_the_database_of_another_program_is_left_alone(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "catalogue.db")) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
    with pytest.raises(StoreError, match="no catalogue of Beleg"):
        Database(tmp_path / "catalogue.db")
    with closing(sqlite3.connect(tmp_path / "catalogue.db")) as connection:
        query = "SELECT name FROM sqlite_master"
        assert connection.execute(query).fetchall() == [("bookmarks",)]


def test_a_home_that_lost_its_register_is_opened_and_registered_again(tmp_path: Path):
    Database(tmp_path / "catalogue.db").close()
    known = Register(tmp_path).catalogue
    (tmp_path / "register").unlink()
    Database(tmp_path / "catalogue.db").close()
    assert Register(tmp_path).catalogue == known
