"""What every DenseIndex promises: exact search, Chroma in step, Chroma that somebody else owns."""

import threading

import numpy as np
import pytest

from tests.support.store import (
    article,
    embedded,
    ids_of,
    nearest_by_hand,
    numbered,
    open_home,
    reindex,
    store,
    units,
    vector_of,
)
from vectorstore.exact import ExactIndex
from vectorstore.passages import Passages

KINDS = ["exact", "chroma", "follower"]
K = 10
MANY = 2_000


class Bench:
    """A home with an index of one kind; `settle` lets the index do what it does in its own time."""

    def __init__(self, home, kind):
        self.database, self.catalogue, self.owned = open_home(home)
        self.index = self.owned
        self.settle = lambda: None
        self._other = None
        if kind == "exact":
            self.index = ExactIndex(self.database)
        elif kind == "chroma":
            assert self.owned.own()
            self.settle = self.owned.catch_up
        else:
            self._other = open_home(home)
            assert self._other[2].own()
            self.settle = self._other[2].catch_up
        self.settle()

    def found(self, question, k=K, among=None):
        """The articles of the nearest passages."""
        return ids_of(self.database, self.index.nearest(question, k, among))

    def close(self):
        for database, _, index in filter(None, [self._other, (self.database, None, self.owned)]):
            index.close()
            database.close()


@pytest.fixture(params=KINDS)
def bench(request, tmp_path):
    bench = Bench(tmp_path, request.param)
    yield bench
    bench.close()


@pytest.fixture(scope="module", params=KINDS)
def full(request, tmp_path_factory):
    """2,000 passages, all settled. Tests only read it."""
    bench = Bench(tmp_path_factory.mktemp("full"), request.param)
    articles = [numbered(f"a{n}", 100) for n in range(MANY // 100)]
    vectors = units(MANY, seed=1).reshape(-1, 100, 32)
    bench.catalogue.store(
        [(a, embedded(a, v)) for a, v in zip(articles, vectors, strict=True)], "source"
    )
    bench.settle()
    yield bench
    bench.close()


def fill(bench, count=60):
    """Some articles of one passage each, settled."""
    store(bench.catalogue, *(article(f"a{n}", f"Text {n}.") for n in range(count)))
    bench.settle()


# -- many ------------------------------------------------------------------------------


def test_the_nearest_are_found_as_if_by_hand(full):
    hits = 0
    for question in units(300, seed=2):
        found = full.index.nearest(question, K).tolist()
        assert len(set(found)) == len(found)
        hits += len(set(found) & nearest_by_hand(full.database, question, K))
    assert hits / (300 * K) >= 0.995


def test_among_restricts_and_still_finds_the_nearest(full):
    everything, vectors = Passages(full.database).vectors_after(0)
    for seed, question in enumerate(units(20, seed=3)):
        among = np.sort(np.random.default_rng(seed).choice(everything, 50, replace=False))
        found = full.index.nearest(question, K, among)
        near = vectors[np.searchsorted(everything, among)] @ question
        assert set(found.tolist()) == set(among[np.argsort(-near)[:K]].tolist())


def test_a_k_as_large_as_the_catalogue_finds_everything(full):
    assert len(full.index.nearest(units(1)[0], MANY)) == MANY


def test_questions_from_many_threads_get_the_same_answers(full):
    questions = units(40, seed=4)
    expected = [set(full.index.nearest(q, K).tolist()) for q in questions]
    answers = []

    def ask():
        answers.append([set(full.index.nearest(q, K).tolist()) for q in questions])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 4


# -- few, changing -----------------------------------------------------------------------


def test_an_empty_catalogue_has_nothing_near(bench):
    assert bench.index.nearest(units(1)[0], K).tolist() == []
    assert bench.index.nearest(units(1)[0], K, np.array([1, 2])).tolist() == []


def test_fewer_passages_than_asked_for_are_all_found(bench):
    fill(bench, 3)
    assert bench.found(units(1)[0]) == {"a0", "a1", "a2"}


def test_a_new_article_is_found_by_the_very_next_question(bench):
    fill(bench)
    store(bench.catalogue, article("new", "Eben erst."))
    assert "new" in bench.found(vector_of("Eben erst."), 1)
    bench.settle()
    assert "new" in bench.found(vector_of("Eben erst."), 1)


def test_an_updated_article_is_found_by_its_new_text_only(bench):
    fill(bench)
    old = set(bench.index.nearest(vector_of("Text 7."), 1).tolist())
    store(bench.catalogue, article("a7", "Ganz anders."))
    for _ in range(2):
        assert "a7" in bench.found(vector_of("Ganz anders."), 1)
        assert not old & set(bench.index.nearest(vector_of("Text 7."), 60).tolist())
        bench.settle()


def test_deleted_passages_never_come_back(bench):
    fill(bench)
    old = set(bench.index.nearest(vector_of("Text 7."), 1).tolist())
    bench.catalogue.delete(["a7"])
    for _ in range(2):
        assert not old & set(bench.index.nearest(vector_of("Text 7."), 60).tolist())
        bench.settle()
    store(bench.catalogue, article("a7", "Text 7."))
    assert "a7" in bench.found(vector_of("Text 7."), 1)


def test_many_deleted_neighbours_hide_no_live_ones(bench):
    fill(bench, 40)
    towards = vector_of("Text 0.")
    near = [article(f"near{n}", f"Nah {n}.") for n in range(40)]
    beside = towards + 0.05 * units(40, seed=6)
    beside /= np.linalg.norm(beside, axis=1, keepdims=True)
    bench.catalogue.store(
        [(a, embedded(a, v[None])) for a, v in zip(near, beside, strict=True)], "source"
    )
    bench.settle()
    bench.catalogue.delete([a.id for a in near])
    expected = nearest_by_hand(bench.database, towards, K)
    assert set(bench.index.nearest(towards, K).tolist()) == expected


def test_deleting_everything_leaves_nothing_near(bench):
    fill(bench)
    bench.catalogue.delete([f"a{n}" for n in range(60)])
    for _ in range(2):
        assert bench.index.nearest(units(1)[0], K).tolist() == []
        bench.settle()


def test_among_leaves_out_retired_passages(bench):
    fill(bench)
    among = Passages(bench.database).seqs()[:5]
    bench.catalogue.delete(["a0"])
    assert set(bench.index.nearest(units(1)[0], K, among).tolist()) == set(among[1:].tolist())


def test_vectors_of_another_model_are_found_as_soon_as_they_are_there(bench):
    fill(bench)
    reindex(bench.database, 48)
    for n in range(60):
        assert f"a{n}" in bench.found(vector_of(f"Text {n}.", 48), 1)


def test_an_older_snapshot_finds_what_it_still_sees(bench):
    fill(bench)
    question = vector_of("Text 3.")
    database = bench.database
    with database.snapshot():
        before = bench.index.nearest(question, K)
        renew = threading.Thread(
            target=lambda: (
                store(bench.catalogue, article("a3", "Ganz anders.")),
                bench.index.nearest(question, K),  # now what threads share is newer
                getattr(bench.index, "catch_up", lambda: None)(),
            )
        )
        renew.start()
        renew.join()
        assert set(bench.index.nearest(question, K)) == set(before)
    assert "a3" in bench.found(vector_of("Ganz anders."), 1)


def test_answers_stay_right_while_articles_come_and_go(bench):
    fill(bench)
    ended, failures = threading.Event(), []

    def ask():
        while not ended.is_set():
            if "a59" not in bench.found(vector_of("Text 59."), 1):
                failures.append("a59")

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    try:
        for n in range(20):
            store(bench.catalogue, article(f"b{n}", f"Mehr {n}."))
            bench.catalogue.delete([f"a{n}"])
            bench.settle()
            assert f"b{n}" in bench.found(vector_of(f"Mehr {n}."), 1)
    finally:
        ended.set()
        for thread in asking:
            thread.join()
    assert not failures
