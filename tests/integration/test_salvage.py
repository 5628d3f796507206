"""What is left of a damaged catalogue: all that survives, and nothing that wasn't stored."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.store import article, numbered, store
from vectorstore import leaves
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.models import content_digest
from vectorstore.salvage import Salvage, salvage

PAGE = 4096
LONG = "\n\n".join(f"Absatz {n} sagt: Ein Satz über die Schleuse Nummer {n}." for n in range(400))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of 60 articles, with long texts, odd characters and several versions."""
    database = Database(tmp_path_factory.mktemp("whole") / "catalogue.db")
    catalogue = Catalogue(database)
    store(catalogue, *(numbered(f"n{n}", 1 + n % 9) for n in range(50)))
    store(catalogue, *(article(f"lang{n}", f"{n} {LONG}", title="Größe\0") for n in range(5)))
    store(catalogue, *(article(f"ß{n}", "\U0001f986\u2028", authors=("A", "B")) for n in range(5)))
    store(catalogue, *(numbered(f"n{n}", 2, first=50) for n in range(9)), origin="andere")
    database.close()
    return database.path


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return Database(tmp_path_factory.mktemp("empty") / "catalogue.db")


def told(found: Salvage) -> dict[str, dict[int, str]]:
    return {one.versions[0].id: {a.version: a.text for a in one.versions} for one in found.saved}


def versions(path: Path) -> dict[str, dict[int, str]]:
    query = "SELECT a.id, v.version, v.text FROM articles a JOIN versions v ON v.article = a.seq"
    found: dict[str, dict[int, str]] = {}
    with closing(sqlite3.connect(path)) as connection:
        for name, version, text in connection.execute(query):
            found.setdefault(name, {})[version] = text
    return found


def test_of_a_sound_catalogue_everything_is_read(whole: Path, empty: Database):
    found = salvage(whole, empty)
    assert told(found) == versions(whole)
    assert (found.lost, found.nameless) == ((), 0)
    assert found.listed == versions(whole).keys()
    origins = {one.versions[0].id: one.origins for one in found.saved}
    assert origins["n3"] == ("andere", "source")
    assert origins["lang1"] == ("source",)


def test_what_the_other_catalogue_has_is_left_out(whole: Path, empty: Database, tmp_path: Path):
    shutil.copy(whole, tmp_path / "catalogue.db")
    with closing(Database(tmp_path / "catalogue.db")) as database:
        store(Catalogue(database), article("neu"))
        assert salvage(whole, database).saved == ()
        assert "neu" in told(salvage(database.path, empty))


@settings(max_examples=25)
@given(st.sets(st.integers(0, 10_000), min_size=1, max_size=30), st.booleans())
def test_whatever_pages_are_destroyed_only_what_was_stored_comes_back(
    whole: Path,
    empty: Database,
    tmp_path_factory: pytest.TempPathFactory,
    pages: set[int],
    zero: bool,
):
    data = bytearray(whole.read_bytes())
    stored = versions(whole)
    for page in {page % (len(data) // PAGE) for page in pages}:
        data[page * PAGE : (page + 1) * PAGE] = bytes(PAGE) if zero else os.urandom(PAGE)
    broken = tmp_path_factory.mktemp("broken") / "catalogue.db"
    broken.write_bytes(data)
    found = salvage(broken, empty)
    for one in found.saved:
        for version in one.versions:
            assert stored[version.id][version.version] == version.text
            assert content_digest(version) == version.content_hash
    missing = [n for n in stored if max(stored[n]) not in told(found).get(n, {})]
    if found.listed is not None or not found.nameless:
        assert set(found.lost) <= set(missing)
    broken.unlink()


def test_every_page_but_those_with_the_texts_may_be_gone(
    whole: Path, empty: Database, tmp_path: Path
):
    data = bytearray(whole.read_bytes())
    stored = versions(whole)
    with closing(sqlite3.connect(whole)) as connection:
        tables = ("versions", "articles")
        roots = [
            connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (t,)).fetchone()
            for t in tables
        ]
    for page in {0, *(root - 1 for (root,) in roots)}:
        if data[page * PAGE + (100 if page == 0 else 0)] != leaves.TABLE or page == 0:
            data[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
    (tmp_path / "catalogue.db").write_bytes(data)
    assert told(salvage(tmp_path / "catalogue.db", empty)) == stored


def test_rows_are_read_from_pages_as_sqlite_reads_them(whole: Path):
    wanted = {leaves.TABLE: (13, 14)}
    found = {(number, *row) for number, row in leaves.rows(whole, wanted)}
    with closing(sqlite3.connect(whole)) as connection:
        rows = set(connection.execute("SELECT rowid, * FROM versions").fetchall())
    assert found == rows


def test_rows_that_are_only_in_the_log_are_read_as_they_were_committed(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / "t.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (a, b, c)")
        rows = [(n, "ä" * n, n / 4) for n in range(1, 3_000, 200)]
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
        connection.execute("BEGIN")
        connection.execute("PRAGMA cache_spill = 1")
        connection.execute("INSERT INTO t VALUES (1, 'offen', ?)", (bytes(9_000_000),))
        found = {row for _, row in leaves.rows(tmp_path / "t.db", {leaves.TABLE: (3,)})}
        connection.execute("ROLLBACK")
    assert found == set(rows)


@given(st.binary(max_size=300), st.integers(0, 2))
def test_junk_has_no_rows_or_some_but_never_fails(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, kind: int
):
    begin = (b"", b"SQLite format 3\0\x02\x00", b"\x0d\0\0\0\x09\0\0\0")[kind]
    file = tmp_path_factory.mktemp("junk") / "catalogue.db"
    file.write_bytes((begin + junk * 20)[:5_000].ljust(5_000, b"\x01"))
    list(leaves.rows(file, {leaves.TABLE: range(9), leaves.INDEX: range(9)}))
