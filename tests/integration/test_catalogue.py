"""The catalogue: what is stored, what is gone, and what others see meanwhile."""

import multiprocessing
import sqlite3
import threading
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.store import (
    CONTRACT,
    article,
    close_at_work_in_another_process,
    embedded,
    live_ids,
    numbered,
    store,
    store_in_another_process,
)
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import ArticleNotFound, IndexMismatch, StoreError
from vectorstore.models import NO_FILTERS, Filters
from vectorstore.passages import Passages
from vectorstore.schema import SCHEMA

TABLES = (
    *("articles", "versions", "chunks", "vectors", "sentences", "origins"),
    *("grams_df", "stems_df"),
)


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "catalogue.db")
    yield database
    database.close()


@pytest.fixture
def catalogue(database):
    return Catalogue(database)


def rows(database, *tables):
    read = database.read()
    return {t: read.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables}


def passages(database):
    """The texts of all live passages."""
    found = Passages(database)
    return [p.article.text[p.chunk.start : p.chunk.end] for p in found.load(found.seqs())]


# -- storing -------------------------------------------------------------------------


def test_a_new_article_is_added(catalogue):
    assert store(catalogue, article()) == ["added"]
    assert catalogue.article("a") == replace(article(), version=1)


def test_the_same_article_is_unchanged(catalogue, database):
    store(catalogue, article())
    before = live_ids(database)
    assert store(catalogue, article()) == ["unchanged"]
    assert catalogue.article("a").version == 1
    assert live_ids(database) == before


def test_another_text_is_a_new_version(catalogue, database):
    store(catalogue, article(text="Alt. Auch alt.\n\nSehr alt."))
    assert store(catalogue, article(text="Neu.")) == ["updated"]
    assert catalogue.article("a").version == 2
    assert passages(database) == ["Neu."]


def test_versions_stay_readable(catalogue):
    texts = ["Eins.", "Zwei.", "Drei.", "Eins."]
    for text in texts:
        store(catalogue, article(text=text))
    assert [catalogue.article("a", n).text for n in (1, 2, 3, 4)] == texts
    assert catalogue.article("a").version == 4


def test_a_version_that_never_was_is_not_found(catalogue):
    store(catalogue, article())
    for missing in (("b", None), ("a", 2), ("a", 0)):
        with pytest.raises(ArticleNotFound, match="beleg articles"):
            catalogue.article(*missing)


def test_one_batch_may_hold_an_article_twice(catalogue, database):
    assert store(catalogue, article(text="A."), article(text="B."), article(text="B.")) == [
        *("added", "updated", "unchanged"),
    ]
    assert passages(database) == ["B."]


def test_every_field_comes_back_as_given(catalogue):
    given_article = article(
        url="https://example.org/ä?b#c",
        title="Titel",
        published="2026-05-01T10:00:00+02:00",
        updated="2026-05-02",
        authors=("Ada Ä", "Bo, B."),
        source="Zeitung",
        language="de-AT",
    )
    store(catalogue, given_article)
    assert catalogue.article("a") == replace(given_article, version=1)
    (listed,) = catalogue.articles()
    assert listed.article == replace(given_article, version=1, text="")
    assert listed.chunks == 1
    assert list(catalogue.texts()) == [replace(given_article, version=1)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=80))
@example(text="\0")
@example(text="vor\0nach")
@example(text="\ufeff Anfang \u2028 und \u2029 Ende \x85\n")
@example(text="👩‍👩‍👧 🇩🇪 é é ﷺ ‮rtl‬")
@example(text=" \t\n ")
def test_a_text_comes_back_byte_for_byte(catalogue, database, text):
    catalogue.delete(["a"])
    store(catalogue, article(text=text, title=text))
    found = catalogue.article("a")
    assert (found.text, found.title) == (text, text)
    for passage in Passages(database).load(Passages(database).seqs()):
        span = slice(passage.chunk.start, passage.chunk.end)
        assert passage.article.text[span] == text[span] != ""
    catalogue.delete(["a"])
    assert not any(rows(database, *TABLES).values())


@pytest.mark.parametrize("article_id", ["ü", "a\0b", "😀", "x" * 10_000, "' OR 1 --", "%", "a/b"])
def test_any_id_serves(catalogue, article_id):
    store(catalogue, article("other"), article(article_id))
    assert catalogue.article(article_id).id == article_id
    assert catalogue.content_hash(article_id) == article(article_id).content_hash
    assert catalogue.delete([article_id]) == 1
    assert [listed.article.id for listed in catalogue.articles()] == ["other"]


def test_passages_carry_their_sentences_and_vectors(catalogue, database):
    given_article = article(text="Eins. Zwei.\n\nDrei.")
    store(catalogue, given_article)
    found = Passages(database).load(Passages(database).seqs())
    made = embedded(given_article)
    assert [p.chunk.sentences for p in found] == [m.chunk.sentences for m in made]
    assert [p.chunk.ordinal for p in found] == [0, 1]
    for passage, one in zip(found, made, strict=True):
        assert abs(passage.sentence_vectors - one.sentence_vectors).max() < 0.001  # float16
    _, vectors = Passages(database).vectors_after(0)
    assert (vectors == [one.vector for one in made]).all()


def test_what_is_stored_is_there_after_closing(catalogue, database, tmp_path):
    store(catalogue, article())
    database.close()
    again = Database(tmp_path / "catalogue.db")
    assert Catalogue(again).article("a").text == article().text
    again.close()


def test_articles_are_listed_newest_first_and_undated_ones_last(catalogue):
    days = {"a": "2025-01-01", "b": None, "c": "2026-01-01T08:00", "d": "2026-01-01"}
    store(catalogue, *(article(i, published=day) for i, day in days.items()))
    assert [listed.article.id for listed in catalogue.articles()] == ["d", "c", "a", "b"]


def test_counts_say_how_much_there_is(catalogue):
    store(catalogue, numbered("a", 3), article("b"))
    store(catalogue, article("b", "Neu."))
    counts = catalogue.counts()
    assert (counts.articles, counts.versions, counts.chunks) == (2, 3, 4)


def test_languages_are_primary_subtags(catalogue):
    for number, language in enumerate(["de", "de-AT", "en", "EN-gb", None]):
        store(catalogue, article(str(number), language=language))
    assert catalogue.languages() == {"de", "en"}


# -- deleting ------------------------------------------------------------------------


def test_delete_leaves_no_row_in_any_table(catalogue, database):
    store(catalogue, numbered("a", 5))
    store(catalogue, numbered("a", 3, first=9))
    chunks = live_ids(database)
    assert catalogue.delete(["a", "missing", "a"]) == 1
    assert rows(database, *TABLES) == dict.fromkeys(TABLES, 0)
    forgotten = {entry.chunk_id: entry.vector for entry in Passages(database).pending(100)}
    assert chunks <= set(forgotten)  # Chroma has to hear of it
    assert set(forgotten.values()) == {None}


def test_delete_leaves_other_articles_alone(catalogue, database):
    store(catalogue, article("a", "Haushalt im Bund."), article("b", "Haushalt im Land."))
    catalogue.delete(["a"])
    assert passages(database) == ["Haushalt im Land."]
    query = "SELECT doc FROM grams_df WHERE term = 'haus'"
    assert database.read().execute(query).fetchone() == (1,)


def test_a_deleted_article_may_come_back(catalogue, database):
    store(catalogue, article(text="Alt."))
    catalogue.delete(["a"])
    assert store(catalogue, article(text="Neu.")) == ["added"]
    assert catalogue.article("a").version == 1
    assert passages(database) == ["Neu."]
    with pytest.raises(ArticleNotFound):
        catalogue.article("a", 2)


def test_passage_numbers_never_come_back(catalogue, database):
    store(catalogue, numbered("a", 4))
    last = Passages(database).seqs()[-1]
    catalogue.delete(["a"])
    store(catalogue, numbered("a", 4))
    assert Passages(database).seqs()[0] > last


# -- pruning -------------------------------------------------------------------------


def test_prune_removes_what_a_source_no_longer_has(catalogue):
    store(catalogue, article("a"), article("b"), origin="feed")
    store(catalogue, article("c"), origin="folder")
    assert catalogue.prune("feed", catalogue.brought("feed") - {"a"}) == 1
    assert {listed.article.id for listed in catalogue.articles()} == {"a", "c"}


def test_prune_spares_what_another_source_has(catalogue):
    store(catalogue, article("a"), origin="feed")
    store(catalogue, article("a"), origin="folder")
    assert catalogue.prune("feed", frozenset({"a"})) == 0
    assert catalogue.prune("folder", frozenset({"a"})) == 1


def test_a_confirmed_article_belongs_to_the_source(catalogue):
    store(catalogue, article("a"), origin="feed")
    catalogue.confirm(["a", "missing"], "folder")
    assert catalogue.prune("feed", frozenset({"a"})) == 0
    assert catalogue.prune("folder", frozenset({"a"})) == 1


def test_prune_of_an_unknown_source_removes_nothing(catalogue):
    store(catalogue, article("a"))
    assert catalogue.prune("elsewhere", frozenset({"a"})) == 0


# -- the index contract ----------------------------------------------------------------


def test_the_first_to_ask_sets_the_contract(catalogue):
    assert catalogue.contract() is None
    catalogue.require(CONTRACT)
    catalogue.require(CONTRACT)
    assert catalogue.contract() == CONTRACT


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"model": "large"}, "but large is set now"),
        ({"weights": "other"}, "that model has changed"),
        ({"query_prompt": ""}, "that model has changed"),
        ({"document_prompt": ""}, "that model has changed"),
        ({"dimension": 64}, "that model has changed"),
        ({"chunker": 2}, "another version of Beleg"),
        ({"lexical": 2}, "another version of Beleg"),
    ],
)
def test_another_contract_is_refused_with_the_command_that_helps(catalogue, change, reason):
    catalogue.require(CONTRACT)
    with pytest.raises(IndexMismatch, match=reason) as refused:
        catalogue.require(replace(CONTRACT, **change))
    assert "`beleg reindex`" in str(refused.value)
    assert ("Set EMBEDDING_MODEL back" in str(refused.value)) == ("model" in change)
    assert catalogue.contract() == CONTRACT


# -- generations -----------------------------------------------------------------------


def test_the_generation_grows_with_content_only(catalogue, database):
    seen = [database.generation]

    def grown():
        seen.append(database.generation)
        return seen[-1] > seen[-2]

    store(catalogue, article())
    assert grown()
    database.set_note("chroma_folder", "x")
    Passages(database).settle(Passages(database).pending(1))
    Passages(database).settle_until(Passages(database).last_pending())
    assert not grown()
    catalogue.delete(["a"])
    assert grown()


def test_the_generation_grows_for_other_connections_too(catalogue, database, tmp_path):
    other = Database(tmp_path / "catalogue.db")
    before = other.generation
    store(catalogue, article())
    assert other.generation > before
    other.close()


# -- several at once -------------------------------------------------------------------


def test_threads_that_store_the_same_article_make_one_version(catalogue, database):
    barrier, outcomes = threading.Barrier(4), []

    def work():
        barrier.wait()
        outcomes.extend(store(catalogue, numbered("a", 5)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["added", *["unchanged"] * 3]
    assert rows(database, "versions", "chunks") == {"versions": 1, "chunks": 5}


def test_processes_that_open_a_new_home_at_once_store_an_article_once(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    gate, done = spawn.Event(), spawn.Queue()
    both = [numbered("a", 20), numbered("b", 20)]
    workers = [
        spawn.Process(target=store_in_another_process, args=(tmp_path, gate, both, done))
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    gate.set()
    outcomes = [done.get(timeout=30) for _ in workers]
    for worker in workers:
        worker.join()
    assert sorted(outcomes) == [["added"] * 2, ["unchanged"] * 2]
    database = Database(tmp_path / "catalogue.db")
    assert rows(database, "versions", "chunks") == {"versions": 2, "chunks": 40}
    database.close()


def test_threads_may_open_a_new_home_at_once(tmp_path):
    for attempt in range(10):
        barrier, opened = threading.Barrier(4), []

        def work(home=tmp_path / str(attempt), barrier=barrier, opened=opened):
            barrier.wait()
            database = Database(home / "catalogue.db")
            opened.append(database.generation)
            database.close()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert opened == [0] * 4


def test_a_reader_sees_an_old_or_a_new_version_but_never_a_mixture(catalogue, database):
    def version(number):
        paragraphs = (f"V{number} {'x' * number} Absatz {n}." for n in range(1 + number % 4))
        return article(text="\n\n".join(paragraphs), title=f"V{number}")

    store(catalogue, version(0))
    ended = threading.Event()

    def write():
        try:
            for number in range(1, 60):
                store(catalogue, version(number))
        finally:
            ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen, reader = set(), Passages(database)
    while not ended.is_set():
        found = catalogue.article("a")
        assert found.text == version(int(found.title[1:])).text
        for passage in reader.load(reader.seqs()):
            text = passage.article.text[passage.chunk.start : passage.chunk.end]
            assert text in passage.article.text.split("\n\n")
        seen.add(found.title)
    writer.join()
    assert len(seen) > 2
    assert catalogue.article("a").title == "V59"


def test_closing_while_threads_are_at_work_does_not_crash(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    worker = spawn.Process(target=close_at_work_in_another_process, args=(tmp_path,))
    worker.start()
    worker.join(60)
    assert worker.exitcode == 0
    database = Database(tmp_path / "catalogue.db")
    assert passages(database)
    database.close()


# -- when it goes wrong ------------------------------------------------------------------


def test_a_failing_transaction_leaves_nothing(catalogue, database):
    class Broken:
        @property
        def chunk(self):
            raise RuntimeError("in the middle")

    good = (article("a"), embedded(article("a")))
    with pytest.raises(RuntimeError):
        catalogue.store([good, (article("b"), [*embedded(article("b")), Broken()])], "source")
    assert not any(rows(database, *TABLES, "pending").values())
    assert database.generation == 0
    assert store(catalogue, article("a")) == ["added"]  # and the connection is still good


def test_a_full_disk_is_a_sentence_and_changes_nothing(catalogue, database):
    store(catalogue, article("a"))
    before = rows(database, *TABLES)
    pages = database.read().execute("PRAGMA page_count").fetchone()[0]
    database.read().execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="free space"):
        store(catalogue, numbered("b", 2_000))
    assert rows(database, *TABLES) == before


def test_a_newer_schema_is_refused(database, tmp_path):
    database.close()
    connection = sqlite3.connect(tmp_path / "catalogue.db")
    connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    connection.close()
    with pytest.raises(StoreError, match="newer Beleg"):
        Database(tmp_path / "catalogue.db")


def test_a_file_that_is_no_catalogue_is_refused(tmp_path):
    path = tmp_path / "catalogue.db"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="beleg restore"):
        Database(path)
    assert path.read_bytes() == b"no database at all" * 100


def test_a_home_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "home").write_text("")
    with pytest.raises(StoreError, match="BELEG_HOME"):
        Database(tmp_path / "home" / "catalogue.db")


# -- filters -----------------------------------------------------------------------------

FILTERED = {
    "may": {"published": "2026-05-01T23:30:00-08:00", "source": "Die Zeitung", "language": "de"},
    "june": {"published": "2026-06-01", "source": "Blatt", "language": "de-at"},
    "july": {"published": "2026-07-01T00:00", "source": "ZEITUNG", "language": "en"},
    "never": {"published": None, "source": None, "language": "dea"},
}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (NO_FILTERS, "may june july never"),
        (Filters(since=date(2026, 5, 1)), "may june july"),
        (Filters(since=date(2026, 5, 2)), "june july"),
        (Filters(until=date(2026, 5, 1)), "may"),
        (Filters(until=date(2026, 7, 1)), "may june july"),
        (Filters(since=date(2026, 5, 2), until=date(2026, 6, 30)), "june"),
        (Filters(since=date(2027, 1, 1)), ""),
        (Filters(source="die zeitung"), "may"),
        (Filters(source="zeitung"), "july"),
        (Filters(source="Zeit%"), ""),
        (Filters(language="de"), "may june"),
        (Filters(language="DE-AT"), "june"),
        (Filters(language="en"), "july"),
        (Filters(language="fr"), ""),
        (Filters(since=date(2026, 6, 1), language="de"), "june"),
    ],
)
def test_filters_compare_by_day_and_by_whole_names(catalogue, database, filters, expected):
    store(catalogue, *(article(i, f"Text {i}.", **f) for i, f in FILTERED.items()))
    found = Passages(database)
    passed = {p.article.id for p in found.load(found.allowed(filters))}
    assert passed == set(expected.split())


def test_filters_see_the_current_version_only(catalogue, database):
    store(catalogue, article(source="alt"))
    store(catalogue, article(source="neu"))
    assert len(Passages(database).allowed(Filters(source="alt"))) == 0
    assert len(Passages(database).allowed(Filters(source="neu"))) == 1
