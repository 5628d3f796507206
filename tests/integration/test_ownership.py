"""One process at a time owns Chroma; everybody finds everything."""

import multiprocessing
import os
import signal
from contextlib import contextmanager

import pytest

from tests.support.chroma import falls_in_another_process
from tests.support.store import (
    article,
    eventually,
    follow_in_another_process,
    live_ids,
    nearest_by_hand,
    numbered,
    open_home,
    own_in_another_process,
    reindex,
    store,
    units,
    vector_of,
)
from vectorstore import ownership, recall
from vectorstore.errors import StoreError
from vectorstore.passages import Passages

SPAWN = multiprocessing.get_context("spawn")
WAIT = 30.0


class Home:
    """A home with an index that this process may own."""

    def __init__(self, path):
        self.path = path
        self.database, self.catalogue, self.index = open_home(path)

    def found(self, question, k=5):
        seqs = self.index.nearest(question, k)
        return {passage.article.id for passage in Passages(self.database).load(seqs)}

    def is_exact(self):
        """Whether random questions get what sorting by hand gives, k of them."""
        return all(
            set(self.index.nearest(q, 5).tolist()) == nearest_by_hand(self.database, q, 5)
            for q in units(10, seed=8)
        )

    @property
    def folders(self):
        return {path.parent.name for path in self.path.glob("chroma/*/chroma.sqlite3")}

    @property
    def in_step(self):
        store = self.index.store
        return store.ready and store.ids() == live_ids(self.database)

    def close(self):
        self.index.close()
        self.database.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(ownership, "PAUSE", 0.02)


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path)
    store(home.catalogue, *(article(f"a{n}", f"Text {n}.") for n in range(30)))
    yield home
    home.close()


@contextmanager
def process(target, home, *more):
    """Another process over the home, and the wire to it."""
    ours, theirs = SPAWN.Pipe()
    worker = SPAWN.Process(target=target, args=(home.path, theirs, *more))
    worker.start()
    theirs.close()

    def hear():
        assert ours.poll(WAIT), "the other process says nothing"
        return ours.recv()

    try:
        yield worker, ours, hear
    finally:
        worker.kill()
        worker.join()
        ours.close()


# -- one owner ---------------------------------------------------------------------------


def test_another_process_searches_exactly_and_finds_everything(home):
    assert home.index.own()
    assert home.index.catch_up()
    with process(follow_in_another_process, home) as (_, wire, hear):
        assert hear() is False
        wire.send(vector_of("Text 7."))
        assert "a7" in hear()
        store(home.catalogue, article("new", "Eben erst."))
        wire.send(vector_of("Eben erst."))
        assert "new" in hear()
        wire.send(article("theirs", "Von nebenan."))
        assert hear() == ["added"]
        assert "theirs" in home.found(vector_of("Von nebenan."))
        assert home.index.catch_up()
        assert home.in_step
        assert "theirs" in home.found(vector_of("Von nebenan."))
        wire.send(None)


def test_owning_twice_is_owning_once(home):
    assert home.index.own()
    assert home.index.own()
    other = Home(home.path)
    assert not other.index.own()
    home.index.close()
    assert other.index.own()
    other.close()


def test_the_next_one_takes_over_when_the_owner_closes(home):
    with process(own_in_another_process, home, []) as (_, wire, hear):
        assert hear() == live_ids(home.database)
        home.index.keep_in_step()
        assert "a7" in home.found(vector_of("Text 7."))
        assert not home.index.owns
        folders = home.folders
        wire.send("close")
        assert hear() == "closed"
    assert eventually(lambda: home.index.owns and home.in_step)
    assert home.folders == folders  # closed cleanly: opened, not rebuilt


def test_an_owner_that_is_killed_leaves_a_store_that_is_rebuilt(home):
    more = [numbered(f"more{n}", 40) for n in range(3)]
    with process(own_in_another_process, home, more) as (worker, _, hear):
        assert hear() == live_ids(home.database)
        folders = home.folders
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
    assert home.index.own()
    assert "not closed cleanly" in home.index.store.open()
    assert home.is_exact()
    assert home.index.catch_up()
    assert home.in_step
    assert home.is_exact()
    assert len(home.folders) == 1
    assert not home.folders & folders


def test_a_lock_that_cannot_be_taken_is_nobodys(home, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("no locks here")

    monkeypatch.setattr(home.index._lock, "acquire", refuse)
    assert not home.index.own()
    assert home.is_exact()


# -- keeping in step -----------------------------------------------------------------------


def test_the_owner_keeps_chroma_in_step_by_itself(home):
    home.index.keep_in_step()
    assert eventually(lambda: home.in_step)
    store(home.catalogue, article("new", "Eben erst."))
    home.catalogue.delete(["a0"])
    assert eventually(lambda: home.catalogue.counts().pending == 0)
    assert home.in_step
    assert home.is_exact()


def test_before_it_is_ready_questions_are_answered_exactly(home):
    assert home.index.own()
    assert not home.index.store.ready
    assert home.is_exact()


def test_questions_are_answered_by_chroma_once_it_is_ready(home, monkeypatch):
    assert home.index.own()
    assert home.index.catch_up()
    asked = []
    query = home.index.store.query
    monkeypatch.setattr(
        home.index.store, "query", lambda question, k: asked.append(k) or query(question, k)
    )
    assert home.is_exact()
    assert asked == [5] * 10


def test_a_chroma_that_misses_what_is_nearest_is_not_asked(home, monkeypatch):
    monkeypatch.setattr(recall, "FEW", 10)
    query = home.index.store.query
    monkeypatch.setattr(home.index.store, "query", lambda question, k: query(question, k)[::2])
    assert home.index.own()
    assert home.index.catch_up()
    assert home.is_exact()


def test_a_chroma_that_finds_what_is_nearest_is_asked(home, monkeypatch):
    monkeypatch.setattr(recall, "FEW", 10)
    assert home.index.own()
    assert home.index.catch_up()
    monkeypatch.setattr(home.index._exact, "nearest", None)
    assert home.is_exact()


def test_a_chroma_that_fails_costs_no_answer_and_is_rebuilt(home, monkeypatch):
    def fail(question, k):
        raise RuntimeError("the Rust core panicked")

    home.index.keep_in_step()
    assert eventually(lambda: home.in_step)
    folders = home.folders
    with monkeypatch.context() as patch:
        patch.setattr(home.index.store, "query", fail)
        assert "a7" in home.found(vector_of("Text 7."))
    assert eventually(lambda: home.in_step and home.folders != folders)
    assert home.is_exact()


def test_a_question_that_closing_overtakes_is_answered_and_leaves_chroma_trusted(home, monkeypatch):
    assert home.index.own()
    assert home.index.catch_up()
    query = home.index.store.query

    def overtaken(question, k):
        home.index.close()
        return query(question, k)

    monkeypatch.setattr(home.index.store, "query", overtaken)
    assert "a7" in home.found(vector_of("Text 7."))
    other = Home(home.path)
    assert other.index.own()
    assert other.index.store.open() is None
    other.close()


def test_too_much_pending_is_searched_exactly(home, monkeypatch):
    assert home.index.own()
    assert home.index.catch_up()
    store(home.catalogue, numbered("b", 20))
    monkeypatch.setattr(ownership, "MANY_PENDING", 10)
    monkeypatch.setattr(home.index.store, "query", None)
    assert home.is_exact()
    home.catalogue.delete(["b"])  # now Chroma lacks nothing, and has twenty to forget
    assert home.is_exact()


def test_a_reindex_by_another_model_reaches_chroma(home):
    home.index.keep_in_step()
    assert eventually(lambda: home.in_step)
    reindex(home.database, 48)
    assert "a7" in home.found(vector_of("Text 7.", 48), 1)
    assert eventually(lambda: not home.database.note("chroma_purge") and home.in_step)
    assert "a7" in home.found(vector_of("Text 7.", 48), 1)
    (seq,) = home.index.store.query(vector_of("Text 7.", 48), 1)
    assert seq in Passages(home.database).seqs()


def test_closing_during_a_rebuild_ends_soon_and_the_next_owner_completes_it(home, monkeypatch):
    monkeypatch.setattr("vectorstore.chroma.BATCH", 1)
    home.index.keep_in_step()
    assert eventually(lambda: len(home.folders) == 1)
    home.index.close()
    assert not home.index.store.ready
    assert not home.index.owns
    monkeypatch.undo()
    other = Home(home.path)
    assert other.index.own()
    assert other.index.catch_up()
    assert other.in_step
    assert len(other.folders) == 1
    other.close()


# -- where nothing can be written ---------------------------------------------------------


def test_who_only_asks_leaves_no_trace(home):
    assert home.is_exact()
    home.index.close()
    assert not (home.path / "chroma").exists()


def test_where_no_folder_can_be_made_nobody_owns_and_everything_is_found(home):
    (home.path / "chroma").write_text("in the way")
    assert not home.index.own()
    assert home.index.trouble == f"{home.path / 'chroma'} can't be used (File exists)"
    assert not home.index.purge()
    assert home.is_exact()


# -- a purge --------------------------------------------------------------------------------


def test_a_purge_removes_the_store_at_once_and_the_next_to_catch_up_builds_another(home):
    assert home.index.own()
    assert home.index.catch_up()
    folders = home.folders
    home.catalogue.delete(["a7"])
    assert home.index.purge()
    assert not home.folders
    assert home.is_exact()
    assert home.index.catch_up()
    assert home.in_step
    assert not home.folders & folders


def test_a_purge_by_somebody_else_is_done_by_the_owner(home):
    home.index.keep_in_step()
    assert eventually(lambda: home.in_step)
    folders = home.folders
    other = Home(home.path)
    other.catalogue.delete(["a7"])
    assert not other.index.purge()
    assert home.is_exact()
    assert eventually(lambda: not home.folders & folders and home.in_step)
    assert home.database.note("chroma_purge") is None
    assert home.is_exact()
    other.close()


def test_a_purge_that_comes_while_another_is_done_is_not_lost(home, monkeypatch):
    assert home.index.own()
    assert home.index.catch_up()
    other, discard = Home(home.path), home.index.store.discard

    def overtaken():
        other.index.purge()
        return discard()

    monkeypatch.setattr(home.index.store, "discard", overtaken)
    assert home.index.purge()
    assert home.database.note("chroma_purge")
    other.close()


def test_a_purge_that_fails_keeps_chroma_out_of_use_and_is_tried_again(home, monkeypatch, caplog):
    assert home.index.own()
    assert home.index.catch_up()
    with monkeypatch.context() as patch:
        patch.setattr(home.index.store, "discard", lambda: False)
        assert not home.index.purge()
        assert not home.index.catch_up()
    assert home.index.trouble == f"files in {home.path / 'chroma'} can't be removed"
    assert not any(record.exc_info for record in caplog.records)  # people read these lines
    assert home.is_exact()
    assert home.index.catch_up()
    assert home.in_step
    assert home.index.trouble is None


# -- a Chroma that takes processes down ---------------------------------------------------


def test_what_is_given_up_is_left_alone_until_somebody_tries_again(home):
    for _ in range(2):
        assert falls_in_another_process(home.path, "build")
    home.index.keep_in_step()
    assert eventually(lambda: home.index.trouble)
    assert home.index.trouble == "building it has taken the process down 2 times in a row"
    assert home.is_exact()
    doctor = Home(home.path)
    assert eventually(doctor.index.own)
    assert not doctor.index.catch_up()
    assert doctor.index.catch_up(again=True)
    assert doctor.in_step
    doctor.close()
    assert eventually(lambda: home.in_step)
    assert home.index.trouble is None


def test_an_owner_outlives_a_catalogue_that_fails_it(home, monkeypatch):
    def fail(*args):
        raise StoreError("The catalogue can't be used.")

    home.index.keep_in_step()
    assert eventually(lambda: home.in_step)
    with monkeypatch.context() as patch:
        patch.setattr(home.database, "note", fail)
        patch.setattr(home.database, "set_note", fail)
        assert eventually(lambda: not home.index.store.ready)
    assert eventually(lambda: home.index.trouble is None and home.in_step)


def test_closing_without_ever_owning_does_no_harm(home):
    home.index.close()
    home.index.close()
    assert not home.folders
