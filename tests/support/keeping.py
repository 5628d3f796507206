"""What processes do over a home that is being restored; multiprocessing starts them by name."""

from pathlib import Path
from typing import Any

from ingest.embedding import contract
from ingest.rescue import Rescued, rescue
from ingest.run import Progress
from tests.support.embedding import HashingEmbedder
from tests.support.store import article, numbered, store
from vectorstore import aside
from vectorstore.backup import write_backup
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.restore import restore


def home_with_a_backup(home: Path) -> Path:
    """A home with articles a0 to a9; c0 to c9 and another version of a1 came after the backup."""
    database = Database(home / "catalogue.db")
    catalogue = Catalogue(database)
    catalogue.require(contract(HashingEmbedder()))
    store(catalogue, *(article(f"a{n}", f"Der Bericht {n} nennt Zahlen.") for n in range(10)))
    write_backup(database.path, home.parent / "b.db")
    store(catalogue, *(article(f"c{n}", f"Die Meldung {n} kam später.") for n in range(10)))
    store(catalogue, article("a1", "Der Bericht 1 wurde berichtigt."))
    database.close()
    return home.parent / "b.db"


def restored_and_rescued(home: Path, backup: Path | None = None) -> list[Rescued]:
    """All that `beleg restore` does."""
    restore(home, backup)
    database, found = Database(home / "catalogue.db"), []
    for path in aside.waiting(home):
        found.append(rescue(path, Catalogue(database), HashingEmbedder(), Progress()))
        aside.done(path)
    database.close()
    return found


def store_on(home: Path, wire: Any) -> None:
    """Stores one article after the other until it hears something; then tells which."""
    database = Database(home / "catalogue.db")
    stored: list[str] = []
    while not wire.poll():
        name = f"w{len(stored)}"
        store(Catalogue(database), numbered(name, 2))
        stored.append(name)
        if len(stored) == 1:
            wire.send("begun")
    database.close()
    wire.send(stored)
