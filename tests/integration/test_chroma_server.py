"""Chroma on a server: it may go, come back, hang or forget; everything is found all the same."""

import base64
import logging
import shutil
import threading
import time

import pytest

from tests.support.chroma_server import RunningChroma, refusing_server, silent_server
from tests.support.store import (
    article,
    eventually,
    live_ids,
    nearest_by_hand,
    numbered,
    reindex,
    store,
    units,
    vector_of,
)
from vectorstore import chroma_requests, chroma_server, ownership
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.exact import ExactIndex
from vectorstore.ownership import OwnedIndex
from vectorstore.passages import Passages
from vectorstore.server_address import ServerAddress


class Home:
    """A home whose Chroma is on a server."""

    def __init__(self, path, address):
        self.path, self.address = path, address
        self.database = Database(path / "catalogue.db")
        self.catalogue = Catalogue(self.database)
        self.index = OwnedIndex(path, self.database, ExactIndex(self.database), address)

    def found(self, text):
        seqs = self.index.nearest(vector_of(text), 5)
        return {passage.article.id for passage in Passages(self.database).load(seqs)}

    @property
    def in_step(self):
        """Whether the server holds the live passages and no others, and is used."""
        return self.index.store.ready and self.index.store.ids() == live_ids(self.database)

    @property
    def settled(self):
        return self.catalogue.counts().pending == 0 and self.in_step

    @property
    def is_right(self):
        """Whether random questions get what sorting by hand gives, perhaps among others."""
        return all(
            set(self.index.nearest(q, 5).tolist()) >= nearest_by_hand(self.database, q, 5)
            for q in units(10, seed=8)
        )

    @property
    def name(self):
        return self.index.store._name.known()

    def catch_up(self):
        assert self.index.own()
        assert self.index.catch_up()
        return self

    def again(self):
        """Leaves, as a process does at its end, and comes back."""
        self.close()
        return Home(self.path, self.address)

    def close(self):
        self.index.close()
        self.database.close()


def filled(path, address, *more):
    home = Home(path, address)
    store(home.catalogue, *(article(f"a{n}", f"Text {n}.") for n in range(30)), *more)
    return home


def counted(home, monkeypatch):
    """The questions that the server is asked from now on."""
    asked, ask = [], home.index.store.query
    monkeypatch.setattr(home.index.store, "query", lambda q, k: asked.append(k) or ask(q, k))
    return asked


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(ownership, "PAUSE", 0.02)
    monkeypatch.setattr(ownership, "LONGEST_PAUSE", 0.2)
    monkeypatch.setattr(chroma_server, "REST", 0.1)
    monkeypatch.setattr(chroma_server, "LOOK", 0.1)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    server = RunningChroma(tmp_path_factory.mktemp("server")).start()
    yield server
    server.kill()


@pytest.fixture
def server(tmp_path):
    """A server of one's own, to be started and killed."""
    server = RunningChroma(tmp_path / "server")
    yield server
    server.kill()


@pytest.fixture
def home(shared, tmp_path):
    home = filled(tmp_path / "home", shared.address).catch_up()
    yield home
    home.close()


# -- everyday ----------------------------------------------------------------------------


def test_the_server_holds_what_is_live_and_answers(home, monkeypatch):
    asked = counted(home, monkeypatch)
    assert home.settled
    assert home.is_right
    assert asked
    store(home.catalogue, article("new", "Eben erst."))
    assert "new" in home.found("Eben erst.")
    home.catalogue.delete(["a0"])
    assert home.index.catch_up()
    assert home.settled
    assert home.is_right
    assert not (home.path / "chroma" / "chroma.sqlite3").exists()


def test_another_process_asks_the_server_and_writes_nothing(home, shared, monkeypatch):
    other = Home(home.path, shared.address)
    asked = counted(other, monkeypatch)
    store(home.catalogue, article("new", "Eben erst."))
    before = home.database.path.read_bytes(), shared.collections()
    assert other.is_right
    assert "new" in other.found("Eben erst.")
    assert asked
    assert (home.database.path.read_bytes(), shared.collections()) == before
    assert not other.index.own()
    other.close()


def test_the_next_owner_goes_on_with_the_same_collection(home, shared):
    uuid = shared.collections()[home.name]
    home = home.again()
    store(home.catalogue, article("new", "Eben erst."))
    home.catch_up()
    assert home.settled
    assert shared.collections()[home.name] == uuid
    home.close()


def test_a_sync_goes_on_over_the_border_of_a_batch(home, monkeypatch):
    monkeypatch.setattr(chroma_server, "SYNCED", 7)
    monkeypatch.setattr(chroma_server, "BATCH", 7)
    store(home.catalogue, numbered("b", 30))
    store(home.catalogue, numbered("b", 10, first=50))
    assert home.index.catch_up()
    assert home.settled
    home.index.store.distrust()
    assert home.index.catch_up()
    assert home.settled


def test_a_reindex_by_another_model_reaches_the_server(home):
    reindex(home.database, 48)
    home.index.catch_up()
    assert home.index.catch_up()
    assert home.settled
    assert home.index.store.query(vector_of("Text 7.", 48), 1).tolist() == [
        home.index._exact.nearest(vector_of("Text 7.", 48), 1)[0]
    ]


def test_an_empty_catalogue_is_served(shared, tmp_path):
    home = Home(tmp_path, shared.address).catch_up()
    assert home.settled
    assert home.found("Nichts.") == set()
    home.close()


# -- several homes -----------------------------------------------------------------------


def test_two_homes_on_one_server_know_nothing_of_each_other(home, shared, tmp_path):
    other = filled(tmp_path / "other", shared.address, article("theirs", "Von nebenan."))
    other.catch_up()
    other.catalogue.delete([f"a{n}" for n in range(10)])
    other.catch_up()
    assert home.settled
    assert other.settled
    assert home.is_right
    assert "theirs" not in home.found("Von nebenan.")
    assert home.name != other.name
    other.close()


def test_a_copied_home_gets_a_collection_of_its_own(home, shared):
    home.index.close()
    copy = home.path.with_name("copy")
    shutil.copytree(home.path, copy)
    copied = Home(copy, shared.address)
    assert not copied.index.store.ready  # until then it is searched exactly
    assert copied.is_right
    copied.catalogue.delete(["a7"])
    copied.catch_up()
    first = home.again().catch_up()
    assert first.settled
    assert copied.settled
    assert first.name != copied.name
    first.close()
    copied.close()


def test_a_moved_home_keeps_its_collection(home, shared):
    uuid = shared.collections()[home.name]
    home.close()
    moved = home.path.rename(home.path.with_name("moved"))
    home = Home(moved, shared.address).catch_up()
    assert shared.collections()[home.name] == uuid
    assert home.settled
    home.close()


def test_a_catalogue_put_back_by_hand_is_not_taken_for_what_the_server_holds(home, tmp_path):
    kept = tmp_path / "kept.db"
    home.database.read().execute("VACUUM INTO ?", (str(kept),))
    store(home.catalogue, article("later", "Erst später."))
    home.catalogue.delete(["a1"])
    home.catch_up().close()
    for left in home.path.glob("catalogue.db*"):
        left.unlink()
    shutil.copy(kept, home.database.path)
    home = Home(home.path, home.address).catch_up()
    assert home.settled
    assert home.is_right
    home.close()


# -- a server that goes and comes ----------------------------------------------------------


def test_without_the_server_everything_is_found_and_it_catches_up_when_it_comes(server, tmp_path):
    home = filled(tmp_path / "home", server.address)
    home.index.keep_in_step()
    assert home.is_right
    assert "a7" in home.found("Text 7.")
    assert eventually(lambda: home.index.trouble)
    assert home.index.trouble == f"{server.address.url} can't be reached"
    server.start()
    assert eventually(lambda: home.settled)
    assert home.index.trouble is None
    assert home.is_right
    home.close()


def test_one_question_without_the_server_is_answered_exactly(home, server, monkeypatch):
    alone = Home(home.path, server.address)
    asked = counted(alone, monkeypatch)
    assert alone.is_right
    assert len(asked) == 1  # it isn't asked again at once
    alone.close()


def test_a_server_restarted_at_rest_is_used_as_it_is(server, tmp_path):
    server.start()
    home = filled(tmp_path / "home", server.address)
    home.index.keep_in_step()
    assert eventually(lambda: home.settled)
    uuid = server.collections()
    server.kill()
    assert eventually(lambda: not home.index.store.ready)  # noticed without a question
    assert home.is_right
    store(home.catalogue, article("new", "Eben erst."))
    assert "new" in home.found("Eben erst.")
    server.start()
    assert eventually(lambda: home.settled)
    assert server.collections() == uuid
    assert home.is_right
    home.close()


def test_a_server_killed_during_a_sync_loses_nothing(server, tmp_path):
    server.start()
    home = filled(tmp_path / "home", server.address)
    home.index.keep_in_step()
    for attempt in range(3):
        assert eventually(lambda: home.settled)
        for n in range(4):
            store(home.catalogue, numbered(f"b{attempt}-{n}", 200))
        waiting = home.catalogue.counts().pending
        assert eventually(lambda waiting=waiting: home.catalogue.counts().pending < waiting)
        time.sleep(0.03 * attempt)
        server.kill()
        store(home.catalogue, article(f"late{attempt}", f"Spät {attempt}."))
        home.catalogue.delete([f"b{attempt}-0"])
        assert f"late{attempt}" in home.found(f"Spät {attempt}.")
        assert home.is_right
        server.start()
        assert f"late{attempt}" in home.found(f"Spät {attempt}.")
    assert eventually(lambda: home.settled)
    assert home.is_right
    assert list(server.collections()) == [home.name]
    home.close()


def test_a_write_without_an_answer_makes_a_fresh_collection(home, shared, monkeypatch):
    uuid = shared.collections()[home.name]
    upsert = home.index.store._server.upsert

    def cut_off(of, rows):
        upsert(of, rows)
        raise chroma_requests.Broken("it broke off")

    store(home.catalogue, article("new", "Eben erst."))
    with monkeypatch.context() as patch:
        patch.setattr(home.index.store._server, "upsert", cut_off)
        assert not home.index.catch_up()
    assert "new" in home.found("Eben erst.")
    assert home.index.catch_up()
    assert home.settled
    assert shared.collections()[home.name] != uuid


def test_a_process_killed_during_a_write_leaves_nothing_to_be_trusted(home, shared, monkeypatch):
    uuid = shared.collections()[home.name]
    monkeypatch.setattr(home.index.store, "_answered", lambda *args: 0)  # it never comes to that
    store(home.catalogue, article("new", "Eben erst."))
    home.index.store.sync()
    home = home.again()
    assert not home.index.store.ready
    assert "new" in home.found("Eben erst.")
    home.catch_up()
    assert home.settled
    assert shared.collections()[home.name] != uuid
    home.close()


@pytest.mark.parametrize("at_rest", [True, False])
def test_a_server_that_comes_back_empty_is_filled_anew(server, tmp_path, at_rest):
    server.start()
    home = filled(tmp_path / "home", server.address).catch_up()
    if not at_rest:
        home.index.keep_in_step()
    server.kill()
    shutil.rmtree(server.folder)
    if at_rest:
        home = home.again()
    server.start()
    assert home.is_right
    assert eventually(lambda: home.index.own() and home.index.catch_up() and home.settled)
    assert home.is_right
    home.close()


def test_a_server_that_was_set_back_is_filled_anew(server, tmp_path):
    server.start()
    home = filled(tmp_path / "home", server.address).catch_up()
    server.kill()
    shutil.copytree(server.folder, tmp_path / "yesterday")
    server.start()
    assert eventually(lambda: home.index.catch_up())
    store(home.catalogue, article("new", "Eben erst."), article("newer", "Gerade erst."))
    home.catalogue.delete(["a1"])
    home = home.catch_up().again()
    server.kill()
    shutil.rmtree(server.folder)
    shutil.copytree(tmp_path / "yesterday", server.folder)
    server.start()
    assert "new" in home.found("Eben erst.")
    assert home.is_right
    home.catch_up()
    assert home.settled
    home.close()


def test_a_collection_that_somebody_else_wrote_to_is_filled_anew(home, shared):
    uuid = shared.collections()[home.name]
    home.index.store._server.upsert(uuid, [("nobody", units(1).tobytes())])
    home = home.again().catch_up()
    assert home.settled
    assert shared.collections()[home.name] != uuid
    home.close()


# -- a server that doesn't answer ----------------------------------------------------------


def test_a_silent_server_hangs_neither_a_question_nor_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr(chroma_server.ServerStore, "patience", 0.1)
    with silent_server() as address:
        home = filled(tmp_path / "home", address)
        home.index.keep_in_step()
        assert "a7" in home.found("Text 7.")
        assert eventually(lambda: home.index.trouble)
        assert home.index.trouble == f"{address.url} doesn't answer in time"
        home.close()


def test_a_question_to_a_server_that_has_gone_silent_is_answered(home, monkeypatch):
    with silent_server() as address:
        other = Home(home.path, address)
        asked = counted(other, monkeypatch)
        assert "a7" in other.found("Text 7.")
        assert "a7" in other.found("Text 7.")
        assert len(asked) == 1  # it isn't asked again at once
        other.index.keep_in_step()
        assert eventually(lambda: "a7" in other.found("Text 7.") and len(asked) == 2)
        other.close()


def test_what_is_answered_after_the_end_is_not_noted(home, monkeypatch):
    """A write that outlasts the process's patience may end after another one has the lock."""
    server = home.index.store._server
    upsert, going, go_on = server.upsert, threading.Event(), threading.Event()

    def slow(of, rows):
        going.set()
        go_on.wait(10)
        upsert(of, rows)

    close = server.close
    monkeypatch.setattr(server, "close", lambda: None)
    monkeypatch.setattr(server, "upsert", slow)
    monkeypatch.setattr(chroma_server.ServerStore, "patience", 0.05)
    home.index.keep_in_step()
    store(home.catalogue, article("new", "Eben erst."))
    assert going.wait(10)
    home.index.close()
    go_on.set()
    home.index._thread.join()
    close()
    assert not home.database.note(chroma_server.SERVED)
    assert home.catalogue.counts().pending == 1
    home = Home(home.path, home.address).catch_up()
    assert home.settled
    home.close()


def test_credentials_are_sent_and_never_told(tmp_path, caplog):
    heard = []
    caplog.set_level(logging.DEBUG)
    with refusing_server(401, heard) as port:
        address = ServerAddress.parse(f"http://eva:se%3Acret@127.0.0.1:{port}")
        home = filled(tmp_path / "home", address)
        assert home.index.own()
        assert not home.index.catch_up()
        assert "a7" in home.found("Text 7.")
        told = f"{caplog.text} {home.index.trouble} {address} {address!r}"
        home.close()
    assert heard[0] == "Basic " + base64.b64encode(b"eva:se:cret").decode()
    assert f"http://127.0.0.1:{port} says 401" in told
    assert not [secret for secret in ("eva", "cret", heard[0]) if secret in told]


# -- a purge, and a change of place --------------------------------------------------------


def test_a_purge_takes_the_collection_away_and_the_next_to_catch_up_fills_another(home, shared):
    uuid = shared.collections()[home.name]
    home.catalogue.delete(["a7"])
    assert home.index.purge()
    assert home.name not in shared.collections()
    assert home.is_right
    assert home.index.catch_up()
    assert home.settled
    assert shared.collections()[home.name] != uuid


def test_a_purge_without_the_server_is_done_when_it_is_back(server, tmp_path):
    server.start()
    home = filled(tmp_path / "home", server.address).catch_up()
    uuid = server.collections()[home.name]
    server.kill()
    assert not home.index.purge()
    server.start()
    assert home.is_right
    home.index.keep_in_step()
    assert eventually(lambda: home.settled and home.index.trouble is None)
    assert server.collections()[home.name] != uuid
    home.close()


def test_going_to_a_server_and_back_trusts_nothing_that_was_not_kept_in_step(shared, tmp_path):
    home = filled(tmp_path / "home", None).catch_up()
    home.close()
    home = Home(home.path, shared.address).catch_up()
    assert home.settled
    assert not list(home.path.glob("chroma/*/"))
    store(home.catalogue, article("new", "Eben erst."))
    home.catch_up().close()
    home = Home(home.path, None).catch_up()
    assert home.in_step
    assert "new" in home.found("Eben erst.")
    home.catalogue.delete(["a1"])
    home.catch_up().close()
    home = Home(home.path, shared.address)
    assert not home.index.store.ready
    home.catch_up()
    assert home.settled
    assert list(shared.collections()).count(home.name) == 1
    home.close()
