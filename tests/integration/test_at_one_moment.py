"""Two looks at once see the same articles."""

import threading

import pytest

from bot.at_one_moment import both
from tests.support.store import article, store
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.passages import Passages


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "catalogue.db")
    store(Catalogue(database), article("a"))
    yield database
    database.close()


def seqs(database):
    return Passages(database).seqs().tolist()


def test_both_are_looked_at_each_in_a_thread_of_its_own(database):
    gate = threading.Barrier(2)

    def look():
        gate.wait(20)
        return threading.get_ident(), seqs(database)

    with database.snapshot():
        (here, one), (there, other) = both(database, look, look)
    assert here == threading.get_ident() != there
    assert one == other == seqs(database)


def test_what_is_written_just_then_is_seen_by_neither(database):
    with database.snapshot():
        before = seqs(database)
        writer = threading.Thread(target=lambda: store(Catalogue(database), article("b", "Neu.")))
        writer.start()
        writer.join()
        found = both(database, lambda: seqs(database), lambda: seqs(database))
    assert found == (before, before)
    assert seqs(database) != before


@pytest.mark.parametrize("failing", [0, 1])
def test_an_error_of_either_is_raised(database, failing):
    def fail():
        raise ValueError("so")

    looks = [lambda: 1, lambda: 2]
    looks[failing] = fail
    with pytest.raises(ValueError, match="so"), database.snapshot():
        both(database, *looks)
    assert not database.read().in_transaction
