"""Homes that an earlier Beleg made are brought to the present schema, with all they hold."""

import sqlite3
from pathlib import Path

from tests.support.store import CONTRACT, article, embedded
from vectorstore.catalogue import Catalogue
from vectorstore.schema import SCHEMA, Database

LONG = " ".join(f"Wort{i} steht im Bericht über die Schleuse." for i in range(20))


def made_by_schema_2(path: Path) -> None:
    """A catalogue with two articles, taken back to what schema 2 had."""
    database = Database(path)
    catalogue = Catalogue(database)
    catalogue.require(CONTRACT)
    for name in ("a", "b"):
        stored = article(name, LONG)
        catalogue.store([(stored, embedded(stored))], "-", CONTRACT)
    database.close()
    with sqlite3.connect(path) as connection:
        connection.executescript(
            """DROP TABLE copies; DROP TABLE copy_keys; DROP TABLE pages;
            ALTER TABLE versions DROP COLUMN section; ALTER TABLE articles DROP COLUMN gone;
            PRAGMA user_version = 2;"""
        )
    connection.close()


def test_a_home_of_schema_2_keeps_its_articles_and_learns_which_are_copies(tmp_path: Path):
    made_by_schema_2(tmp_path / "catalogue.db")
    database = Database(tmp_path / "catalogue.db")
    catalogue = Catalogue(database)
    assert [listed.group for listed in catalogue.articles()] == ["a", "a"]
    assert catalogue.article("a").text == LONG
    assert catalogue.article("a").section is None
    assert database.read().execute("PRAGMA user_version").fetchone() == (SCHEMA,)
    database.close()


def test_a_home_of_schema_1_is_brought_through_every_step(tmp_path: Path):
    made_by_schema_2(tmp_path / "catalogue.db")
    with sqlite3.connect(tmp_path / "catalogue.db") as connection:
        connection.executescript("DROP TABLE words; PRAGMA user_version = 1;")
    connection.close()
    database = Database(tmp_path / "catalogue.db")
    assert len(list(Catalogue(database).articles())) == 2
    assert database.read().execute("SELECT count(*) FROM words").fetchone() == (0,)
    database.close()
