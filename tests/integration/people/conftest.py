"""A home in which a messenger keeps what people ask."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.kept import kept_in
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with kept_in(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def connection(database: Database) -> sqlite3.Connection:
    """One that writes with every statement."""
    return database.read()


@pytest.fixture
def catalogue(database: Database) -> Catalogue:
    return Catalogue(database)
