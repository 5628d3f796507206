"""Another index is built beside the live one, survives a kill, takes over at once, can go back."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bootstrap import App
from bot.engine import Engine
from bot.settings import Settings
from ingest.embedding import contract
from tests.support.embedding import HashingEmbedder
from vectorstore import index_sets
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import IndexMismatch, StoreError
from vectorstore.following import FollowingEmbedder
from vectorstore.index_sets import NEW, OLD
from vectorstore.reindexing import SideIndex, side_index

QUESTION = "Wann fährt die Fähre nach Brunsby?"


class Cut(Exception):
    """The process ends here."""


class Counting(HashingEmbedder):
    """An embedder of another name that may be cut off."""

    def __init__(self, name: str, most: int = 10**9) -> None:
        super().__init__(name)
        self.most = most

    def encode_passages(self, passages, advance=lambda done: None):
        if len(self.passages) >= self.most:
            raise Cut
        return super().encode_passages(passages, advance)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "catalogue.db")
    yield database
    database.close()


@pytest.fixture
def home(database: Database, tmp_path: Path) -> App:
    """A home with two hundred articles, made with the model `one`."""
    found = App(Settings(), database, Catalogue(database), HashingEmbedder("one"), None)
    ingest(found, tmp_path, range(200))
    return found


def with_model(home: App, embedder: HashingEmbedder) -> App:
    """Another process over the same home, with another model set."""
    return App(home.settings, home.database, home.catalogue, embedder, None)


def ingest(home: App, folder: Path, numbers, suffix: str = "") -> None:
    lines = [
        json.dumps({"id": f"a{n}", "text": f"Die Fähre {n} fährt nach Brunsby{suffix}."})
        for n in numbers
    ]
    source = folder / "news.jsonl"
    source.write_text("\n".join(lines), "utf-8")
    assert not home.pipeline().ingest([str(source)]).failed


def quiet(line: str) -> None:
    """Nobody listens."""


def sets(home: App) -> list[str]:
    return index_sets.present(home.database.read())


def model_of(home: App, prefix: str = "") -> str | None:
    contract = index_sets.contract_of(home.database.read(), prefix)
    return contract and contract.model


def test_a_reindex_switches_and_keeps_the_index_before(home: App):
    two = with_model(home, HashingEmbedder("two"))
    assert two.pipeline().reindex(quiet) == 200
    assert model_of(home) == "two"
    assert model_of(home, OLD) == "one"
    assert len(two.engine().search(QUESTION, 5)) == 5
    with pytest.raises(IndexMismatch):
        home.engine().search(QUESTION, 5)


def test_until_the_switch_the_old_index_answers(home: App):
    engine, told = home.engine(), []

    def ask(line: str) -> None:
        told.append((line, len(engine.search(QUESTION, 5)), model_of(home)))

    with_model(home, HashingEmbedder("two")).pipeline().reindex(ask)
    assert [(hits, model) for _, hits, model in told] == [(5, "one")] * 4
    assert told[-1][0] == "200 of 200 articles"


def test_a_reindex_that_was_cut_off_goes_on_where_it_was(home: App):
    with pytest.raises(Cut):
        with_model(home, Counting("two", 100)).pipeline().reindex(quiet)
    assert model_of(home) == "one"
    assert model_of(home, NEW) == "two"
    again = Counting("two")
    assert with_model(home, again).pipeline().reindex(quiet) == len(again.passages) == 72
    assert model_of(home) == "two"


def test_a_reindex_that_was_cut_off_and_is_wanted_otherwise_begins_anew(home: App):
    with pytest.raises(Cut):
        with_model(home, Counting("two", 100)).pipeline().reindex(quiet)
    assert with_model(home, HashingEmbedder("three")).pipeline().reindex(quiet) == 200
    assert sets(home) == ["", OLD]


def test_what_comes_changes_and_goes_meanwhile_is_as_it_should_be(home: App, tmp_path: Path):
    with pytest.raises(Cut):
        with_model(home, Counting("two", 100)).pipeline().reindex(quiet)
    ingest(home, tmp_path, [3, 150, 777], " zurück")
    home.catalogue.delete(["a4", "a151"])
    two = with_model(home, HashingEmbedder("two"))
    assert two.pipeline().reindex(quiet) == 200 - 128 + 1 + 1 - 1  # a3 again, a777; not a151
    found = two.engine().search("zurück", 5)
    assert {hit.article.id for hit in found if hit.lexical} == {"a3", "a150", "a777"}
    assert home.catalogue.counts().chunks == 199
    assert home.database.read().execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_article_that_comes_at_the_last_moment_is_in_the_new_index(home: App, tmp_path: Path):
    late = []

    def last_moment(line: str) -> None:
        if line.startswith("200 of") and not late:
            late.append(ingest(home, tmp_path, [901]))

    two = with_model(home, HashingEmbedder("two"))
    assert two.pipeline().reindex(last_moment) == 201
    assert two.catalogue.counts().chunks == 201


def test_going_back_embeds_only_what_came_since(home: App, tmp_path: Path):
    two = with_model(home, HashingEmbedder("two"))
    two.pipeline().reindex(quiet)
    ingest(two, tmp_path, [0, 500], " neu")
    one = HashingEmbedder("one")
    back = with_model(home, one)
    assert back.pipeline().reindex(quiet, back=True) == len(one.passages) == 2
    assert (model_of(home), model_of(home, OLD)) == ("one", "two")
    assert len(back.engine().search(QUESTION, 300)) == 201


def test_setting_the_model_back_goes_back_by_itself(home: App):
    with_model(home, HashingEmbedder("two")).pipeline().reindex(quiet)
    one = HashingEmbedder("one")
    assert with_model(home, one).pipeline().reindex(quiet) == 0
    assert model_of(home) == "one"


def test_the_same_model_again_makes_everything_anew(home: App):
    assert home.pipeline().reindex(quiet) == 200
    assert home.pipeline().reindex(quiet) == 200
    assert home.pipeline().reindex(quiet, back=True) == 0


def test_there_is_no_way_back_to_what_was_never_there(home: App):
    with pytest.raises(IndexMismatch, match="No earlier index"):
        home.pipeline().reindex(quiet, back=True)
    with_model(home, HashingEmbedder("two")).pipeline().reindex(quiet)
    with pytest.raises(IndexMismatch, match="made with one"):
        with_model(home, HashingEmbedder("two")).pipeline().reindex(quiet, back=True)
    assert model_of(home) == "two"


def test_an_index_that_another_beleg_made_is_none_to_go_back_to(home: App):
    with home.database.write() as connection:
        held = index_sets.contract_of(connection)
        assert held is not None
        index_sets.write_contract(connection, replace(held, chunker=held.chunker + 1))
    home.pipeline().reindex(quiet)
    with pytest.raises(IndexMismatch, match="by another version of Beleg") as raised:
        home.pipeline().reindex(quiet, back=True)
    assert "EMBEDDING_MODEL" not in str(raised.value)


def test_a_deleted_article_is_in_no_index(home: App):
    with_model(home, HashingEmbedder("two")).pipeline().reindex(quiet)
    with pytest.raises(Cut):
        with_model(home, Counting("three", 100)).pipeline().reindex(quiet)
    assert sets(home) == ["", NEW, OLD]
    home.catalogue.delete([f"a{n}" for n in range(200)])
    for prefix in sets(home):
        for table in ("indexed", "chunks", "vectors", "sentences", "words", "grams_docsize"):
            query = f"SELECT count(*) FROM {prefix}{table}"
            assert home.database.read().execute(query).fetchone() == (0,), prefix + table
        query = f"INSERT INTO {prefix}grams ({prefix}grams) VALUES ('integrity-check')"
        home.database.read().execute(query)
        assert not home.database.read().execute(f"SELECT * FROM {prefix}grams_df").fetchall()


def test_an_index_whose_postings_another_beleg_made_goes_whole(home: App, monkeypatch):
    with_model(home, HashingEmbedder("two")).pipeline().reindex(quiet)
    connection = home.database.read()
    query = "UPDATE meta SET value = json_set(value, '$.lexical', 0) WHERE key = 'old_contract'"
    connection.execute(query)
    home.catalogue.delete(["a1"])
    assert sets(home) == [""]


def test_words_can_not_be_taken_out_of_postings_that_another_beleg_made(home: App):
    query = "UPDATE meta SET value = json_set(value, '$.lexical', 0) WHERE key = 'contract'"
    home.database.read().execute(query)
    with pytest.raises(IndexMismatch, match="beleg reindex"):
        home.catalogue.delete(["a1"])
    assert home.catalogue.counts().articles == 200


# -- a process that stays while another one reindexes -------------------------------------


def following(home: App, have: set[str]) -> Engine:
    """The engine of a bot that began with the model `one` and can get those that it may have."""

    def make(name: str | None) -> HashingEmbedder:
        found = name or "one"
        return HashingEmbedder(found, "none" if found in have else "other weights")

    embedder = FollowingEmbedder(make, None)
    bot = App(home.settings, home.database, home.catalogue, embedder, None, follow=embedder.follow)
    return bot.engine()


def test_a_bot_goes_over_to_the_model_of_the_new_index(home: App):
    engine = following(home, {"one", "two"})
    before = engine.search(QUESTION, 5)
    with_model(home, HashingEmbedder("two")).pipeline().reindex(quiet)
    assert [hit.article.id for hit in engine.search(QUESTION, 5)] == [h.article.id for h in before]
    with_model(home, HashingEmbedder("one")).pipeline().reindex(quiet)
    assert len(engine.search(QUESTION, 5)) == 5


def test_a_watch_goes_over_to_the_model_of_the_new_index(home: App, tmp_path: Path):
    embedder = FollowingEmbedder(lambda name: HashingEmbedder(name or "one"), None)
    watch = App(
        home.settings, home.database, home.catalogue, embedder, None, follow=embedder.follow
    )
    pipeline = watch.pipeline()
    source = tmp_path / "watched.jsonl"
    for number, model in enumerate(("one", "two", "one")):
        with_model(home, HashingEmbedder(model)).pipeline().reindex(quiet)
        source.write_text(json.dumps({"id": f"w{number}", "text": "Die Schleuse ist neu."}))
        assert pipeline.ingest([str(source)]).added == 1
    assert len(with_model(home, HashingEmbedder("one")).engine().search("Schleuse", 9)) == 9


def test_two_reindexes_at_once_never_mix(home: App):
    third = with_model(home, HashingEmbedder("three"))

    def meanwhile(line: str) -> None:
        with pytest.raises(StoreError, match="under way"):
            third.pipeline().reindex(quiet)

    with_model(home, HashingEmbedder("two")).pipeline().reindex(meanwhile)
    assert model_of(home) == "two"


def test_an_index_that_another_one_replaced_is_not_filled_any_more(home: App):
    first, second = (contract(HashingEmbedder(name)) for name in ("two", "three"))
    side = SideIndex(home.database, first)
    side.begin()
    SideIndex(home.database, second).begin()  # by a lock that isn't one, or after a restore
    prepared = [(one, []) for _, one in SideIndex(home.database, second).next_missing(0, 5)]
    for work in (lambda: side.add(prepared), side.missing, side.switch):
        with pytest.raises(IndexMismatch, match="Run `beleg reindex` again"):
            work()


def test_an_article_that_was_deleted_and_came_again_is_not_taken_for_what_it_was(
    home: App, tmp_path: Path
):
    with side_index(home.database, contract(HashingEmbedder("two"))) as side:
        ((_, old),) = side.next_missing(0, 1)
        home.catalogue.delete([old.id])
        ingest(home, tmp_path, [int(old.id[1:])], " und ist kurz")
        side.add([(old, [])])
        assert side.missing() == 200


def test_a_bot_that_can_not_get_the_model_says_what_to_do(home: App):
    engine = following(home, {"one"})
    assert engine.search(QUESTION, 5)
    with_model(home, HashingEmbedder("two")).pipeline().reindex(quiet)
    with pytest.raises(IndexMismatch, match="EMBEDDING_MODEL"):
        engine.search(QUESTION, 5)
    with_model(home, HashingEmbedder("one")).pipeline().reindex(quiet)
    assert engine.search(QUESTION, 5)


def test_a_process_that_begins_with_another_model_is_refused(home: App):
    with_model(home, HashingEmbedder("two")).pipeline().reindex(quiet)
    with pytest.raises(IndexMismatch, match="beleg reindex"):
        following(home, {"one", "two"}).search(QUESTION, 5)


def test_a_question_sees_the_articles_of_one_moment(home: App, monkeypatch):
    engine = home.engine()
    search = engine.retriever.retriever.search

    def overtaken(*args, **kwargs):
        other = Database(home.database.path)  # in this thread: a process of its own, as it were
        Catalogue(other).delete([f"a{n}" for n in range(200)])
        other.close()
        return search(*args, **kwargs)

    monkeypatch.setattr(engine.retriever.retriever, "search", overtaken)
    assert len(engine.search(QUESTION, 5)) == 5
    monkeypatch.undo()
    assert engine.search(QUESTION, 5) == []
