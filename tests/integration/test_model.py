"""Whatever is done in whatever order, and wherever it is cut off, Beleg holds what Model holds.

Hypothesis draws what happens to a home. One process stays, which reads and keeps Chroma in step;
it and others take in, delete, reindex, back up and restore. Some of that is killed at one of its
SQL statements, or one fails.
"""

import json
import os
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ingest import chunking
from ingest.layout import read_layout
from tests.support.cut_off import failing
from tests.support.embedding import embed
from tests.support.home_work import (
    SIGNS,
    Signed,
    back_up,
    bring_back,
    by_another,
    delete,
    ingest,
    model_of,
    nothing,
    opened,
    reindex,
    sync,
)
from tests.support.kill_statements import killed_at
from tests.support.store import live_ids, open_home
from vectorstore import index_sets, postings
from vectorstore.catalogue import Catalogue
from vectorstore.errors import BelegError
from vectorstore.index_sets import OLD
from vectorstore.models import NO_FILTERS, Article, Filters
from vectorstore.passages import Passages
from vectorstore.restore import restore
from vectorstore.retriever import Retriever


@dataclass
class Model:
    """What a catalogue holds: each article's texts, oldest first, and the sources that have it."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    sources: dict[str, set[str]] = field(default_factory=dict)

    def ingest(self, source: str, brought: dict[str, str]) -> None:
        for article, text in brought.items():
            versions = self.texts.setdefault(article, [])
            versions.extend([text] if versions[-1:] != [text] else [])
            self.sources.setdefault(article, set()).add(source)

    def prune(self, source: str, brought: dict[str, str]) -> None:
        for article in self.texts.keys() - brought.keys():
            if self.sources[article] == {source}:
                self.delete(article)
            else:
                self.sources[article].discard(source)

    def delete(self, article: str) -> None:
        self.texts.pop(article, None)
        self.sources.pop(article, None)

    def search(self, word: str) -> set[str]:
        return {article for article, texts in self.texts.items() if word in texts[-1]}


# No two share a 4-gram with each other or with SENTENCE, and their stem is the word itself.
WORDS = ("Zwiebel", "Kranich", "Vulkan", "Museum", "Saxofon", "Krokus")
SENTENCE = (
    "{} hieß das Wort, um das sich an jenem Abend alles drehte, vom ersten Gruß im Saal bis zum "
    "letzten Glas; die Leute redeten, lachten und schwiegen darüber, und wer zu spät kam, der "
    "hörte es von denen, die schon gehen wollten, und trug es durch die Gassen weiter."
)  # two of them make two passages
ARTICLES = {
    "a": {"source": "Nordblatt", "published": "2026-01-10", "language": "de"},
    "b": {"source": "Nordblatt", "published": "2026-02-10", "language": "de"},
    "c": {"source": "Südkurier", "published": "2026-02-10T23:30:00+01:00", "language": "de-AT"},
    "d": {"source": "Südkurier", "language": "en"},
    "e": {"published": "2026-03-10", "language": "en"},
}
FILTERS = {
    NO_FILTERS: set("abcde"),
    Filters(source="nordblatt"): set("ab"),
    Filters(since=date(2026, 2, 10)): set("bce"),
    Filters(until=date(2026, 2, 10), language="de"): set("abc"),
    Filters(source="Südkurier", language="en"): set("d"),
}
SOURCES = ("feed", "desk")
IN_MEMORY = next((path for path in ("/dev/shm",) if os.path.isdir(path)), None)  # no slow fsync

TEXTS = [
    "\n\n".join(SENTENCE.format(word) for word in words.split())
    for words in ("Zwiebel", "Kranich", "Krokus Vulkan", "Vulkan Krokus", "Museum Saxofon Zwiebel")
]  # so few that two sources often bring the same

an_article = st.sampled_from(list(ARTICLES))
a_list = st.dictionaries(an_article, st.sampled_from(TEXTS), min_size=1, max_size=4)
a_size = st.sampled_from([1, 256])  # articles, or passages, that are written together
a_model = st.sampled_from(list(SIGNS))


@dataclass(frozen=True)
class Way:
    """How work is done: by whom, and at which statement it is cut off, if it is.

    The process that stays meets a failure, another one is killed; `ALONE` nobody reads meanwhile.
    `synced` says whether Chroma is brought in step then.
    """

    who: str
    at: int | None
    synced: bool = False


STAYING, ANOTHER, ALONE = "staying", "another", "another alone"


def a_way(most: int, *who: str) -> st.SearchStrategy[Way]:
    """Some work has more than `most` statements, some fewer."""
    anybody = st.sampled_from(who or (STAYING, ANOTHER, ALONE))
    return st.builds(Way, anybody, st.none() | st.integers(1, most), st.booleans())


# -- the comparison ------------------------------------------------------------------------


class Comparison(RuleBasedStateMachine):
    """A home, the Model of it, and a process that stays and reads."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(dir=IN_MEMORY)
        self.home = Path(self.folder.name, "home")
        self.home.mkdir()
        self.files = {name: Path(self.folder.name, f"{name}.jsonl") for name in SOURCES}
        self.brought: dict[str, dict[str, str]] = {}
        self.backup = Path(self.folder.name, "backup")
        self.model = Model()
        self.saved = Model()
        self.reindexed = False

    @initialize(
        at=st.none() | st.integers(1, 60), quarter=st.integers(1, 4), feed=a_list, desk=a_list
    )
    def make_the_home(self, at, quarter, feed, desk) -> None:
        if at is not None:
            killed_at(at, by_another, self.home, nothing)
        self.open()
        self.with_chroma = quarter == 4  # which takes longer to open than all the rest
        for source, brought in (("feed", feed), ("desk", desk)):
            self.something_is_published(source, brought, False, 256, Way(STAYING, None))
        if self.with_chroma:
            self.the_reader_syncs(None)
        self.somebody_backs_up(Way(STAYING, None))

    def open(self) -> None:
        self.database, self.catalogue, self.index = open_home(self.home)
        self.retrievers = {
            name: Retriever(self.database, Signed(name), self.index) for name in SIGNS
        }

    def close(self) -> None:
        self.index.close()
        self.database.close()

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.close()
        self.folder.cleanup()

    def done(self, outcomes: list[Model], way: Way, work, *args) -> None:
        """Does work, or what of it comes before it is cut off: nothing, or that far, or all."""
        if way.who == ALONE:
            self.close()
        cut_off = False
        if way.at is None and way.who == STAYING:
            work(self.catalogue, *args)
        elif way.at is None:
            by_another(self.home, work, *args)
        elif way.who == STAYING:
            try:
                with self.database.telling(), failing(way.at, self.database.read()):
                    work(self.catalogue, *args)
            except BelegError:
                cut_off = True
        else:
            cut_off = killed_at(way.at, by_another, self.home, work, *args)
        if way.who == ALONE:
            self.open()
        found = held(self.catalogue)
        assert found in ([self.model, *outcomes] if cut_off else outcomes[-1:])
        self.model = found
        if way.synced and self.with_chroma:
            self.the_reader_syncs(None)

    # -- what happens ----------------------------------------------------------------------

    @rule(
        source=st.sampled_from(SOURCES),
        brought=a_list,
        prune=st.booleans(),
        size=a_size,
        way=a_way(200),
    )
    def something_is_published(self, source, brought, prune, size, way) -> None:
        lines = [
            json.dumps({"id": name, "title": "Bericht", "text": text, **ARTICLES[name]})
            for name, text in brought.items()
        ]
        self.files[source].write_text("\n".join(lines), "utf-8")
        self.brought[source] = brought
        self.ingest(source, prune, size, way)

    @rule(source=st.sampled_from(SOURCES), prune=st.booleans(), way=a_way(60))
    def nothing_new_is_published(self, source, prune, way) -> None:
        self.ingest(source, prune, 256, way)

    def ingest(self, source, prune, size, way) -> None:
        brought = self.brought[source]
        new = {
            name: text
            for name, text in brought.items()
            if self.model.texts.get(name, [None])[-1] != text
        }
        steps = [{name: text} for name, text in new.items()] if size == 1 else [new]
        outcomes = [deepcopy(self.model)]
        for step in [*steps, brought]:
            outcomes.append(deepcopy(outcomes[-1]))
            outcomes[-1].ingest(source, step)
        if prune:
            outcomes.append(deepcopy(outcomes[-1]))
            outcomes[-1].prune(source, brought)
        self.done(outcomes, way, ingest, self.files[source], prune, size)

    @rule(names=st.lists(an_article, min_size=1, max_size=2), way=a_way(60))
    def somebody_deletes(self, names, way) -> None:
        after = deepcopy(self.model)
        for name in names:
            after.delete(name)
        self.done([after], way, delete, names)

    @rule(model=a_model, size=a_size, way=a_way(250))
    def somebody_reindexes(self, model, size, way) -> None:
        self.reindexed = True
        self.done([self.model], way, reindex, model, size, False)
        assert way.at or model_of(self.catalogue) == model

    @precondition(lambda self: self.reindexed)
    @rule(size=a_size, way=a_way(150))
    def somebody_goes_back(self, size, way) -> None:
        kept = index_sets.contract_of(self.database.read(), OLD)
        if kept is not None:
            self.done([self.model], way, reindex, kept.model, size, True)
            assert way.at or model_of(self.catalogue) == kept.model

    @rule(way=a_way(40))
    def somebody_backs_up(self, way) -> None:
        self.done([self.model], way, back_up, self.backup)
        elsewhere = Path(self.folder.name, "elsewhere")
        restore(elsewhere, self.backup)
        with opened(elsewhere) as catalogue:
            found = held(catalogue)
        assert found == self.model or (way.at and found == self.saved)
        self.saved = found

    @rule(way=a_way(60))
    def somebody_restores(self, way) -> None:
        self.done([self.saved], way, bring_back, self.backup)

    @rule()
    def the_reader_starts_anew(self) -> None:
        self.close()
        self.open()

    @rule(word=st.sampled_from(WORDS), filters=st.sampled_from(list(FILTERS)))
    def somebody_asks(self, word, filters) -> None:
        hits = self.search(word, filters)
        allowed = FILTERS[filters]
        assert {hit.article.id for hit in hits} == self.model.texts.keys() & allowed
        assert {h.article.id for h in hits if h.lexical} == self.model.search(word) & allowed
        assert all((word in hit.text) == (hit.lexical > 0) for hit in hits)

    def search(self, question, filters):
        hits = self.retrievers[model_of(self.catalogue)].search(question, 100, filters)
        for hit in hits:
            texts = self.model.texts[hit.article.id]
            assert (hit.article.version, hit.article.text) == (len(texts), texts[-1])
            assert hit.text == texts[-1][hit.chunk.start : hit.chunk.end] != ""
        return hits

    @precondition(lambda self: self.with_chroma)
    @rule(way=a_way(60, ANOTHER, ALONE))
    def another_process_syncs(self, way) -> None:
        self.done([self.model], way, sync)

    @precondition(lambda self: self.with_chroma)
    @rule(at=st.none() | st.integers(1, 30))
    def the_reader_syncs(self, at) -> None:
        assert self.index.own()
        with failing(at or 0, self.database.read()):
            synced = self.index.catch_up(again=True)
        assert synced or at
        if not synced:
            return
        assert self.index.store.ids() == live_ids(self.database)
        passages = Passages(self.database)
        for word in WORDS:
            question = SIGNS[model_of(self.catalogue)] * embed(word)
            _, near = passages.vectors(self.index.nearest(question, 3))
            _, all_there_are = passages.vectors(passages.seqs())
            assert np.allclose(nearest(near, question), nearest(all_there_are, question))

    # -- what is always so -----------------------------------------------------------------

    @invariant()
    def the_catalogue_holds_what_the_model_holds(self) -> None:
        assert held(self.catalogue) == self.model

    @invariant()
    def every_word_is_found_where_it_stands_and_nowhere_else(self) -> None:
        hits = self.search(" ".join(WORDS), NO_FILTERS)
        for word in WORDS:
            matches = [(hit.article.id, m) for hit in hits for m in hit.words if m.word == word]
            assert {name for name, match in matches if match.written} == self.model.search(word)

    @invariant()
    def the_live_index_is_what_the_current_texts_make(self) -> None:
        passages = Passages(self.database)
        seqs, vectors = passages.vectors(passages.seqs())
        made = [
            (name, chunk.start, chunk.end)
            for name in self.model.texts
            for chunk in cut(self.catalogue.article(name))
        ]
        loaded = passages.load(seqs)
        assert sorted((p.article.id, p.chunk.start, p.chunk.end) for p in loaded) == sorted(made)
        sign = SIGNS[model_of(self.catalogue)]
        assert set(self.index.nearest(sign * embed(WORDS[0]), 100).tolist()) == set(seqs.tolist())
        for passage, vector in zip(loaded, vectors, strict=True):
            text = passage.article.text[passage.chunk.start : passage.chunk.end]
            assert np.array_equal(vector, sign * embed(text))

    @invariant()
    def no_index_holds_what_stands_nowhere(self) -> None:
        connection = self.database.read()
        for prefix in index_sets.present(connection):
            query = f"""SELECT c.seq, substr(v.text, c.start + 1, c.end - c.start), v.language
                FROM {prefix}chunks c
                JOIN versions v ON v.article = c.article AND v.version = c.version"""
            texts = {seq: told for seq, *told in connection.execute(query)}
            for table, number in NUMBERED.items():
                rows = connection.execute(f"SELECT {number} FROM {prefix}{table}")
                there = {row[0] for row in rows}
                emptied = prefix == "dropped_" and there <= texts.keys()
                assert there == texts.keys() or emptied, prefix + table
            for place, kind in enumerate(("grams", "stems")):
                held = connection.execute(f"SELECT term, doc FROM {prefix}{kind}_df")
                assert dict(held.fetchall()) == Counter(
                    term for told in texts.values() for term in terms(*told)[place]
                )
        assert not connection.execute("PRAGMA foreign_key_check").fetchall()
        query = "SELECT article FROM copy_keys UNION SELECT article FROM copies"
        articles = connection.execute("SELECT seq FROM articles ORDER BY 1").fetchall()
        assert connection.execute(query).fetchall() == articles


NUMBERED = {"chunks": "seq", "vectors": "seq", "sentences": "seq", "words": "seq"}
NUMBERED |= {"grams_docsize": "id", "stems_docsize": "id"}


def held(catalogue: Catalogue) -> Model:
    """A catalogue as a Model."""
    found = Model()
    for listed in catalogue.articles():
        name, versions = listed.article.id, range(1, listed.article.version + 1)
        found.texts[name] = [catalogue.article(name, version).text for version in versions]
        query = "SELECT origin FROM origins WHERE article = (SELECT seq FROM articles WHERE id = ?)"
        rows = catalogue.database.read().execute(query, (name,))
        found.sources[name] = {Path(row[0]).stem for row in rows}
    return found


def nearest(vectors, question):
    """The three best cosines; several passages may have the same."""
    return np.sort(vectors @ question if len(vectors) else [])[-3:]


@cache
def terms(text: str, language: str | None) -> tuple[set[str], set[str]]:
    """The 4-grams and the stems of a passage."""
    found = postings.terms_of(text, language)
    return set(found.grams.split()), set(found.stems.split())


@cache
def cut(article: Article):
    return chunking.chunk_article(article, read_layout(article.text, article.title))


def compare(sequences: int, steps: int) -> None:
    many = settings(max_examples=sequences, stateful_step_count=steps)
    run_state_machine_as_test(Comparison, settings=many)


def test_whatever_happens_beleg_holds_what_the_model_holds() -> None:
    compare(24, 15)  # a thousand by `make faults`


def test_a_reindex_lets_chroma_forget_what_was_deleted_before_it(tmp_path: Path) -> None:
    source = tmp_path / "desk.jsonl"
    source.write_text(json.dumps({"id": "a", "text": SENTENCE.format("Vulkan")}), "utf-8")
    database, catalogue, index = open_home(tmp_path / "home")
    ingest(catalogue, source, False, 256)
    assert index.own()
    assert index.catch_up()
    delete(catalogue, ["a"])
    reindex(catalogue, "plus", 256, False)
    assert index.catch_up()
    orphans = index.store.ids() - live_ids(database)
    index.close()
    database.close()
    assert not orphans
