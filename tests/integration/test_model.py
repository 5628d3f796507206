"""Whatever is done in whatever order, and wherever it is cut off, Beleg holds what Model holds.

Hypothesis draws what happens to a home: other processes take in, delete, reindex and back up,
some killed at one of their SQL statements, while one that stays reads and keeps Chroma in step.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from ingest import chunking, pipeline, run
from ingest.layout import read_layout
from ingest.pipeline import Pipeline
from tests.support.embedding import HashingEmbedder, embed
from tests.support.killed import killed
from tests.support.store import live_ids, open_home
from vectorstore import index_sets, postings
from vectorstore.backup import write_backup
from vectorstore.catalogue import Catalogue
from vectorstore.index_sets import OLD
from vectorstore.models import NO_FILTERS, Article, Filters, content_digest
from vectorstore.passages import Passages
from vectorstore.restore import CATALOGUE, restore
from vectorstore.retriever import Retriever
from vectorstore.schema import Database


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
SIGNS = {"plus": 1, "minus": -1}
IN_MEMORY = next((path for path in ("/dev/shm",) if os.path.isdir(path)), None)  # no slow fsync

an_article = st.sampled_from(list(ARTICLES))
a_text = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(
    lambda words: "\n\n".join(SENTENCE.format(word) for word in words)
)
a_list = st.dictionaries(an_article, a_text, min_size=1, max_size=4)
a_size = st.sampled_from([1, 256])  # articles, or passages, that are written together
a_model = st.sampled_from(list(SIGNS))


def a_kill(most: int) -> st.SearchStrategy[int | None]:
    """The statement at which work is killed, if it is: some have more than `most`."""
    return st.none() | st.integers(1, most)


# -- what other processes do ---------------------------------------------------------------


class Signed(HashingEmbedder):
    """One of two models: what is a vector of one is not a vector of the other."""

    def encode_passages(self, passages, advance=lambda done: None):
        sign = SIGNS[self.identity().name]
        found = super().encode_passages(passages, advance)
        return [replace(e, vector=sign * e.vector, sentences=sign * e.sentences) for e in found]

    def encode_question(self, question):
        found = super().encode_question(question)
        return replace(found, vector=SIGNS[self.identity().name] * found.vector)


def model_of(catalogue: Catalogue) -> str:
    """The model that is set: the one that the index was made with."""
    made = catalogue.contract()
    return made.model if made else "plus"


@contextmanager
def opened(home: Path) -> Iterator[Catalogue]:
    database = Database(home / "catalogue.db")
    try:
        yield Catalogue(database)
    finally:
        database.close()


def open_it(home: Path) -> None:
    with opened(home):
        pass


def ingest(home: Path, source: Path, prune: bool, size: int) -> None:
    with opened(home) as catalogue, pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "BATCH", size)
        Pipeline(catalogue, Signed(model_of(catalogue))).ingest([str(source)], prune)


def delete(home: Path, articles: list[str]) -> None:
    with opened(home) as catalogue:
        catalogue.delete(articles)


def reindex(home: Path, model: str, size: int, back: bool) -> None:
    with opened(home) as catalogue, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "REINDEXED", size)
        Pipeline(catalogue, Signed(model)).reindex(lambda line: None, back)


def sync(home: Path) -> None:
    """Brings Chroma in step, if nobody else owns it."""
    database, _, index = open_home(home)
    if index.own():
        assert index.catch_up()
    index.close()
    database.close()


def back_up(home: Path, backup: Path) -> None:
    write_backup(home / CATALOGUE, backup)


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
        self.saved: Model | None = None

    @initialize(at=a_kill(60), quarter=st.integers(1, 4))
    def make_the_home(self, at: int | None, quarter: int) -> None:
        if at is not None:
            killed(at, open_it, self.home)
        self.open()
        self.with_chroma = quarter == 1  # which takes longer to open than all the rest

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

    def done(self, outcomes: list[Model], at: int | None, alone: bool, work, *args) -> None:
        """Does work, or what of it comes before a kill; `alone`, while nobody reads."""
        if alone:
            self.close()
        cut_off = at is not None and killed(at, work, self.home, *args)
        if at is None:
            work(self.home, *args)
        if alone:
            self.open()
        found = held(self.catalogue)
        assert found in ([self.model, *outcomes] if cut_off else outcomes[-1:])
        self.model = found

    # -- what happens ----------------------------------------------------------------------

    @rule(
        source=st.sampled_from(SOURCES),
        brought=a_list,
        prune=st.booleans(),
        size=a_size,
        at=a_kill(200),
        alone=st.booleans(),
    )
    def something_is_published(self, source, brought, prune, size, at, alone) -> None:
        lines = [
            json.dumps({"id": name, "title": "Bericht", "text": text, **ARTICLES[name]})
            for name, text in brought.items()
        ]
        self.files[source].write_text("\n".join(lines), "utf-8")
        self.brought[source] = brought
        self.ingest(source, prune, size, at, alone)

    @rule(source=st.sampled_from(SOURCES), prune=st.booleans(), at=a_kill(60), alone=st.booleans())
    def nothing_new_is_published(self, source, prune, at, alone) -> None:
        if source in self.brought:
            self.ingest(source, prune, 256, at, alone)

    def ingest(self, source, prune, size, at, alone) -> None:
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
        self.done(outcomes, at, alone, ingest, self.files[source], prune, size)

    @rule(names=st.lists(an_article, min_size=1, max_size=2), at=a_kill(60), alone=st.booleans())
    def somebody_deletes(self, names, at, alone) -> None:
        after = deepcopy(self.model)
        for name in names:
            after.delete(name)
        self.done([after], at, alone, delete, names)

    @rule(model=a_model, size=a_size, at=a_kill(250), alone=st.booleans())
    def somebody_reindexes(self, model, size, at, alone) -> None:
        self.done([self.model], at, alone, reindex, model, size, False)
        assert at or model_of(self.catalogue) == model

    @rule(size=a_size, at=a_kill(150), alone=st.booleans())
    def somebody_goes_back(self, size, at, alone) -> None:
        kept = index_sets.contract_of(self.database.read(), OLD)
        if kept is not None:
            self.done([self.model], at, alone, reindex, kept.model, size, True)
            assert at or model_of(self.catalogue) == kept.model

    @rule(at=a_kill(40), alone=st.booleans())
    def somebody_backs_up(self, at, alone) -> None:
        self.done([self.model], at, alone, back_up, self.backup)
        if self.backup.exists():
            elsewhere = Path(self.folder.name, "elsewhere")
            restore(elsewhere, self.backup)
            with opened(elsewhere) as catalogue:
                found = held(catalogue)
            assert found == self.model or (at and found == self.saved)
            self.saved = found

    @rule(at=a_kill(60), alone=st.booleans())
    def somebody_restores(self, at, alone) -> None:
        if self.saved is not None:
            self.done([self.saved], at, alone, restore, self.backup)

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

    @rule(at=a_kill(60), alone=st.booleans())
    def another_process_syncs(self, at, alone) -> None:
        if self.with_chroma:
            self.done([self.model], at, alone, sync)

    @rule()
    def the_reader_syncs(self) -> None:
        if not self.with_chroma:
            return
        assert self.index.own()
        assert self.index.catch_up()
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
                assert {row[0] for row in rows} == texts.keys(), prefix + table
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
        whole = [catalogue.article(name, version) for version in versions]
        assert all(article.content_hash == content_digest(article) for article in whole)
        found.texts[name] = [article.text for article in whole]
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
    compare(60, 15)


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_whatever_happens_a_thousand_times_beleg_holds_what_the_model_holds() -> None:
    compare(1_000, 20)
