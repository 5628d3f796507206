"""The live passages in memory: as SQLite has them, whatever comes and goes."""

import gc
import random
import threading
import weakref

import pytest

from tests.support.store import article, numbered, reindex, store
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.lexical import Corpus
from vectorstore.live import SOUGHT, live_of
from vectorstore.models import Filters
from vectorstore.passages import Passages


@pytest.fixture
def catalogue(tmp_path):
    database = Database(tmp_path / "catalogue.db")
    yield Catalogue(database)
    database.close()


def is_right(catalogue):
    """Whether memory has what SQLite counts."""
    connection, live = catalogue.database.read(), live_of(catalogue.database)
    query = "SELECT count(*), avg(end - start) FROM chunks"
    count, length = connection.execute(query).fetchone()
    seqs = Passages(catalogue.database).seqs().tolist()
    size = Corpus(count, length or 1.0)
    return live.state().seqs.tolist() == seqs and live.collection().size == size


def test_an_empty_catalogue_has_no_live_passages(catalogue):
    assert is_right(catalogue)
    assert live_of(catalogue.database).names("language") == frozenset()


@pytest.mark.parametrize("seed", range(5))
def test_passages_that_come_and_go_are_followed(catalogue, seed):
    dice = random.Random(seed)
    for step in range(12):
        names = [f"a{dice.randrange(30)}" for _ in range(dice.randint(1, 8))]
        if dice.random() < 0.4:
            catalogue.delete(names)
        else:
            for name in dict.fromkeys(names):
                store(catalogue, article(name, f"Schritt {step}.\n\nNoch einer.\n\nUnd {name}."))
        if dice.random() < 0.7:
            assert is_right(catalogue)
    assert is_right(catalogue)


def test_many_that_go_at_once_are_followed(catalogue):
    store(catalogue, *(numbered(f"a{n}", 3) for n in range(SOUGHT)))
    assert is_right(catalogue)
    catalogue.delete([f"a{n}" for n in range(0, SOUGHT, 2)])
    assert is_right(catalogue)


def test_another_index_is_read_anew(catalogue):
    store(catalogue, article("a"), article("b", "Anderes."))
    assert is_right(catalogue)
    reindex(catalogue.database, 48)
    assert is_right(catalogue)


def test_an_older_snapshot_sees_what_it_saw(catalogue):
    store(catalogue, article("a"), article("b", "Anderes."))
    live = live_of(catalogue.database)
    with catalogue.database.snapshot():
        before = Passages(catalogue.database).seqs().tolist()
        others = threading.Thread(
            target=lambda: (catalogue.delete(["a"]), live.state(), store(catalogue, article("c")))
        )
        others.start()
        others.join()
        assert live.state().seqs.tolist() == before
    assert is_right(catalogue)


def test_names_are_those_of_live_passages_only(catalogue):
    live = live_of(catalogue.database)
    store(catalogue, article("a", language="de"), article("b", "One.", language="en", source="X"))
    assert live.names("language") == {"de", "en"}
    assert live.names("source") == {"X"}
    assert set(live.languages(live.state().seqs)) == {"de", "en"}
    catalogue.delete(["b"])
    assert live.names("language") == {"de"}
    assert live.names("source") == frozenset()


def test_an_update_that_only_changes_the_source_is_followed(catalogue):
    live = live_of(catalogue.database)
    store(catalogue, article("a", source="Alt"))
    assert len(live.allowed(Filters(source="ALT"))) == 1
    store(catalogue, article("a", source="Neu"))
    assert len(live.allowed(Filters(source="alt"))) == 0
    assert len(live.allowed(Filters(source="neu"))) == 1


def test_a_database_is_let_go_with_its_passages(tmp_path):
    database = Database(tmp_path / "catalogue.db")
    live_of(database).state()
    database.close()
    seen = weakref.ref(database)
    del database
    gc.collect()
    assert seen() is None


@pytest.mark.timeout(20)
@pytest.mark.parametrize("moment", ["group_concat", "count(*) FROM chunks", "BETWEEN"])
def test_what_is_deleted_while_it_is_read_confuses_nobody(catalogue, moment):
    store(catalogue, *(article(f"a{n}", f"Nummer {n}.") for n in range(8)))
    assert is_right(catalogue)
    catalogue.delete(["a6"])
    doomed = iter([["a1", "a2"], ["a7"]])

    def delete_others(statement):
        if moment in statement and (names := next(doomed, None)):
            other = threading.Thread(target=catalogue.delete, args=(names,))
            other.start()
            other.join()

    catalogue.database.read().set_trace_callback(delete_others)
    live_of(catalogue.database).state()
    catalogue.database.read().set_trace_callback(None)
    assert is_right(catalogue)


def test_an_article_that_is_stored_again_while_another_goes_is_followed(catalogue):
    store(catalogue, *(numbered(f"a{n}", 3) for n in range(4)))
    assert is_right(catalogue)
    store(catalogue, numbered("a1", 2))
    catalogue.delete(["a3"])
    assert is_right(catalogue)
    store(catalogue, numbered("a1", 4))
    assert is_right(catalogue)


def test_what_an_article_had_before_it_is_stored_again_is_not_looked_for(catalogue):
    store(catalogue, *(numbered(f"a{n}", 3) for n in range(4)))
    assert is_right(catalogue)
    store(catalogue, numbered("a1", 4))
    statements = []
    catalogue.database.read().set_trace_callback(statements.append)
    live_of(catalogue.database).state()
    catalogue.database.read().set_trace_callback(None)
    assert statements
    assert not [one for one in statements if "BETWEEN" in one]
    assert is_right(catalogue)
