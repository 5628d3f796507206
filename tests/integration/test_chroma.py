"""Chroma is derived: trusted after a clean close only, and always equal to the catalogue."""

import shutil

import pytest

from tests.support.chroma import falls_in_another_process
from tests.support.store import article, embedded, live_ids, numbered, store, units
from vectorstore import chroma, chroma_server
from vectorstore.catalogue import Catalogue
from vectorstore.chroma import ChromaStore
from vectorstore.database import Database
from vectorstore.exact import nearest_of
from vectorstore.passages import Passages


class Home:
    """A catalogue, and one store after the other over it."""

    def __init__(self, path):
        self.root = path / "chroma"
        self.root.mkdir(parents=True)
        self.reopen_home()

    def reopen_home(self):
        self.database = Database(self.root.parent / "catalogue.db")
        self.catalogue = Catalogue(self.database)
        self.store = ChromaStore(self.root, self.database)

    def reopen(self):
        """Closes the store; returns what a new one says on opening."""
        self.store.close()
        self.store = ChromaStore(self.root, self.database)
        return self.store.open()

    @property
    def folders(self):
        return {path.name for path in self.root.iterdir() if path.is_dir()}

    def in_step(self):
        """Whether Chroma holds the live passages, once each, and finds all of them."""
        live = live_ids(self.database)
        found = self.store.query(units(1)[0], max(1, len(live)))
        return self.store.ids() == live and len(found) == len(live)

    def close(self):
        self.store.close()
        self.database.close()


def make_home(path, passages=30):
    home = Home(path)
    store(home.catalogue, numbered("a", passages))
    assert home.store.rebuild()
    return home


@pytest.fixture
def home(tmp_path):
    home = make_home(tmp_path / "home")
    yield home
    home.close()


# -- trust -----------------------------------------------------------------------------


def test_a_store_that_never_was_is_not_opened(tmp_path):
    home = Home(tmp_path)
    assert home.store.open() == "it was never built"
    assert not home.store.ready
    home.close()


def test_a_cleanly_closed_store_opens_without_a_rebuild(home):
    folders = home.folders
    for _ in range(3):
        assert home.reopen() is None
        assert home.store.ready
        assert home.in_step()
    assert home.folders == folders


def test_what_was_stored_while_it_was_closed_is_synced_after_opening(home):
    home.store.close()
    store(home.catalogue, article("b"))
    home.catalogue.delete(["a"])
    assert home.reopen() is None
    while home.store.sync():
        pass
    assert home.in_step()
    assert home.reopen() is None
    assert home.in_step()


def test_a_store_that_was_written_to_and_not_closed_is_not_trusted(home):
    assert home.reopen() is None
    store(home.catalogue, article("b"))
    home.store.sync()
    abandoned = ChromaStore(home.root, home.database)
    assert "not closed cleanly" in abandoned.open()


def test_a_store_that_is_open_is_not_trusted_even_if_it_was_only_read(home):
    home.reopen()
    home.in_step()
    assert home.store.sync() == 0
    assert "not closed cleanly" in ChromaStore(home.root, home.database).open()


def test_opening_an_open_store_changes_nothing(home):
    collection = home.store._collection
    assert home.store.open() is None
    assert home.store._collection is collection


def test_a_store_whose_mark_cannot_be_taken_away_is_not_opened(home, monkeypatch):
    def refuse(self, missing_ok=False):
        raise PermissionError("read-only")

    home.store.close()
    opened = []
    monkeypatch.setattr(chroma, "open_collection", lambda folder: opened.append(folder))
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.unlink", refuse)
        with pytest.raises(PermissionError):
            ChromaStore(home.root, home.database).open()
    assert opened == []


def flip(path):
    """Changes one bit in the middle of a file, and not its size."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path, share):
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


DAMAGE = {
    "folder gone": lambda f: shutil.rmtree(f),
    "database gone": lambda f: (f / "chroma.sqlite3").unlink(),
    "database empty": lambda f: cut(f / "chroma.sqlite3", 0),
    "database cut": lambda f: cut(f / "chroma.sqlite3", 0.6),
    "database cut by a byte": lambda f: (f / "chroma.sqlite3").write_bytes(
        (f / "chroma.sqlite3").read_bytes()[:-1]
    ),
    "graph gone": lambda f: [shutil.rmtree(p) for p in f.iterdir() if p.is_dir()],
    "a bit of the graph flipped": lambda f: [flip(p) for p in f.rglob("data_level0.bin")],
    "a bit of the database flipped": lambda f: flip(f / "chroma.sqlite3"),
    "graph cut": lambda f: [cut(p, 0.5) for p in f.rglob("*.bin")],
    "mark gone": lambda f: (f.parent / "clean").unlink(),
    "mark garbled": lambda f: (f.parent / "clean").write_bytes(b"\xff\xfe\0"),
    "mark of another": lambda f: (f.parent / "clean").write_text("0" * 64),
}


@pytest.fixture(scope="module")
def closed_home(tmp_path_factory):
    """A home whose store has persisted its graph (more than 1,000 vectors) and was closed."""
    path = tmp_path_factory.mktemp("closed") / "home"
    home = make_home(path, 1_200)
    home.close()
    return path


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_store_is_refused_and_rebuilt(closed_home, tmp_path, damage):
    shutil.copytree(closed_home, tmp_path / "home")
    database = Database(tmp_path / "home" / "catalogue.db")
    root = tmp_path / "home" / "chroma"
    folder = database.note("chroma_folder")
    damage(root / folder)
    damaged = ChromaStore(root, database)
    assert damaged.open() is not None
    assert not damaged.ready
    assert damaged.rebuild()
    assert damaged.ids() == live_ids(database)
    assert len(damaged.query(units(1)[0], 100)) == 100
    assert not (root / folder).exists()
    damaged.close()
    again = ChromaStore(root, database)
    assert again.open() is None
    again.close()
    database.close()


def test_the_store_of_another_home_is_refused(closed_home, home, tmp_path):
    home.close()
    shutil.rmtree(home.root)
    shutil.copytree(closed_home / "chroma", home.root)
    (foreign,) = home.folders
    (home.root / foreign).rename(home.root / home.database.note("chroma_folder"))
    home.store = ChromaStore(home.root, home.database)
    assert "another catalogue" in home.store.open()
    assert home.store.rebuild()
    assert home.in_step()
    assert foreign not in home.folders
    assert len(home.folders) == 1


def test_a_whole_home_may_be_copied(closed_home, tmp_path):
    shutil.copytree(closed_home, tmp_path / "copy")
    database = Database(tmp_path / "copy" / "catalogue.db")
    copied = ChromaStore(tmp_path / "copy" / "chroma", database)
    assert copied.open() is None
    assert copied.ids() == live_ids(database)
    copied.close()
    database.close()


# -- keeping in step ---------------------------------------------------------------------


def test_sync_passes_on_additions_updates_and_deletions(home):
    store(home.catalogue, numbered("b", 5), numbered("c", 5))
    store(home.catalogue, numbered("a", 10, first=50))
    home.catalogue.delete(["b"])
    assert home.store.sync() > 0
    assert home.store.sync() == 0
    assert home.in_step()
    assert home.catalogue.counts().pending == 0


def test_an_article_deleted_and_stored_again_is_there_with_its_new_vectors(home):
    home.catalogue.delete(["a"])
    changed = units(3, seed=9)
    one = numbered("a", 3, first=70)
    home.catalogue.store([(one, embedded(one, changed))], "source")
    while home.store.sync():
        pass
    assert home.in_step()
    for vector in changed:
        (found,) = home.store.query(vector, 1)
        _, (stored,) = Passages(home.database).vectors(home.store.query(vector, 1))
        assert stored @ vector > 0.999
        assert found in Passages(home.database).seqs()


def test_sync_goes_on_over_the_border_of_a_batch(home, monkeypatch):
    monkeypatch.setattr(chroma, "BATCH", 7)
    for n in range(4):
        store(home.catalogue, numbered("a", 10, first=10 * n), numbered(f"b{n}", 5))
    home.catalogue.delete(["b1"])
    batches = 0
    while home.store.sync():
        batches += 1
    assert batches > 5
    assert home.in_step()


def test_what_is_stored_during_a_sync_stays_pending(home, monkeypatch):
    pass_on = chroma._upsert

    def upsert(collection, rows):
        pass_on(collection, rows)
        store(home.catalogue, article("late"), numbered("b", 2, first=9))

    store(home.catalogue, numbered("b", 4))
    with monkeypatch.context() as patch:
        patch.setattr(chroma, "_upsert", upsert)
        home.store.sync()
    assert home.catalogue.counts().pending > 0
    while home.store.sync():
        pass
    assert home.in_step()


def test_a_sync_that_fails_forgets_nothing(home, monkeypatch):
    def fail(collection, rows):
        raise OSError("disk full")

    store(home.catalogue, article("b"))
    pending = home.catalogue.counts().pending
    with monkeypatch.context() as patch:
        patch.setattr(chroma, "_upsert", fail)
        with pytest.raises(OSError, match="disk full"):
            home.store.sync()
    assert home.catalogue.counts().pending == pending
    assert home.store.sync() == 1
    assert home.in_step()


def test_ids_are_fetched_page_by_page(home, monkeypatch):
    collection = home.store._collection
    get = collection.get
    monkeypatch.setattr(collection, "get", lambda limit, **more: get(limit=min(limit, 12), **more))
    assert home.store.ids() == live_ids(home.database)


def test_without_a_store_there_is_nothing_to_sync_or_list(tmp_path):
    home = Home(tmp_path)
    store(home.catalogue, article())
    assert home.store.sync() == 0
    assert home.store.ids() == set()
    assert home.catalogue.counts().pending == 1
    with pytest.raises(RuntimeError):
        home.store.query(units(1)[0], 1)
    home.close()


# -- rebuilding --------------------------------------------------------------------------


def test_a_rebuild_tells_how_far_it_is(home, monkeypatch):
    monkeypatch.setattr(chroma, "BATCH", 12)
    heard = []
    assert home.store.rebuild(lambda done, total: heard.append((done, total)))
    assert heard == [(12, 30), (24, 30), (30, 30)]
    assert home.in_step()


def test_a_rebuild_leaves_one_folder(home):
    before = home.folders
    (home.root / "leftover").mkdir()
    assert home.store.rebuild()
    assert len(home.folders) == 1
    assert not home.folders & before


def test_a_stopped_rebuild_leaves_the_store_not_ready_and_the_next_completes(home, monkeypatch):
    monkeypatch.setattr(chroma, "BATCH", 12)
    assert not home.store.rebuild(lambda done, total: home.store.stop.set())
    assert not home.store.ready
    assert home.reopen() is not None
    assert home.store.rebuild()
    assert home.in_step()
    assert len(home.folders) == 1


def test_what_changes_during_a_rebuild_reaches_the_new_store(home, monkeypatch):
    monkeypatch.setattr(chroma, "BATCH", 10)
    changes = iter(
        [
            lambda: store(home.catalogue, article("late")),
            lambda: store(home.catalogue, numbered("a", 8, first=90)),
            lambda: home.catalogue.delete(["late"]),
        ]
    )
    assert home.store.rebuild(lambda done, total: next(changes, lambda: None)())
    while home.store.sync():
        pass
    assert home.in_step()


def test_a_rebuild_of_an_empty_catalogue_is_ready(tmp_path):
    home = Home(tmp_path)
    assert home.store.rebuild()
    assert home.store.query(units(1)[0], 5).tolist() == []
    store(home.catalogue, article())
    home.store.sync()
    assert home.in_step()
    home.close()


def test_a_distrusted_store_is_rebuilt_next_time(home):
    home.store.distrust()
    assert not home.store.ready
    assert home.reopen() is not None
    assert home.store.rebuild()
    assert home.in_step()


# -- what it holds ---------------------------------------------------------------------


def test_chroma_holds_no_word_of_an_article(tmp_path):
    home = Home(tmp_path)
    headline = "https://zeitung.example/Fischotter-an-der-Spree"
    one = article(headline, "Ein Fischotter.", title="Der Fischotter", url=headline)
    store(home.catalogue, one, numbered("Otterbau", 1_100))  # so many that the graph is written
    assert home.store.rebuild()
    home.catalogue.delete([headline])
    home.store.sync()
    home.store.close()
    held = b"".join(path.read_bytes() for path in home.root.rglob("*") if path.is_file())
    assert len(held) > 100_000
    assert not [word for word in (b"otter", b"Otter", b"zeitung", b"Absatz") if word in held]
    home.close()


def test_a_discarded_store_leaves_no_byte_and_is_built_again(home):
    folders = home.folders
    assert home.store.discard()
    assert not home.store.ready
    assert not home.folders
    assert home.store.open() == "it was never built"
    assert home.store.rebuild()
    assert home.in_step()
    assert not home.folders & folders


def test_a_store_that_cannot_be_removed_is_not_said_to_be(home, monkeypatch):
    monkeypatch.setattr("shutil.rmtree", lambda path, ignore_errors: None)
    assert not home.store.discard()


# -- a Chroma that takes the process down ------------------------------------------------


def test_a_process_that_falls_while_it_opens_chroma_does_so_once(home):
    home.close()
    assert falls_in_another_process(home.root.parent, "open")
    home.reopen_home()
    assert "not closed cleanly" in home.store.open()
    assert home.store.gave_up is None
    assert home.store.rebuild()
    assert home.in_step()


def test_a_process_that_falls_at_a_question_does_so_once(home):
    home.close()
    assert falls_in_another_process(home.root.parent, "ask")
    home.reopen_home()
    assert "not closed cleanly" in home.store.open()
    assert home.store.rebuild()
    assert home.reopen() is None


def test_after_two_falls_in_a_row_while_it_was_built_it_is_given_up(home):
    home.store.distrust()
    home.close()
    for fallen in range(2):
        home.reopen_home()
        assert home.store.gave_up is None, fallen
        home.close()
        assert falls_in_another_process(home.root.parent, "build")
    home.reopen_home()
    assert home.store.gave_up == "building it has taken the process down 2 times in a row"
    assert home.store.rebuild()  # asked for
    assert home.store.gave_up is None
    assert home.in_step()


def test_a_build_that_fails_or_is_stopped_is_no_fall(home, monkeypatch):
    def fail(collection, rows):
        raise OSError("disk full")

    monkeypatch.setattr(chroma, "_upsert", fail)
    for _ in range(3):
        with pytest.raises(OSError, match="disk full"):
            home.store.rebuild()
    monkeypatch.undo()
    monkeypatch.setattr(chroma, "BATCH", 12)
    for _ in range(3):
        assert not home.store.rebuild(lambda done, total: home.store.stop.set())
    assert home.store.gave_up is None


def test_closing_twice_does_no_harm(home):
    home.store.close()
    home.store.close()
    assert home.reopen() is None


@pytest.mark.parametrize("k", [1, 9, 20, 30, 40])
def test_of_those_asked_for_with_spares_the_nearest_are_kept(home, monkeypatch, k):
    monkeypatch.setattr(chroma_server, "EF_SEARCH", 10)
    passages = Passages(home.database)
    seqs, vectors = passages.vectors(passages.seqs())
    question = units(1)[0]
    expected = nearest_of(question, seqs, vectors, k)
    assert set(home.store.query(question, k).tolist()) == set(expected.tolist())
