"""The few of many: passages with most weight, vectors with the highest scores, and their places."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.exact import BLOCK, SHARED, _Held, nearest_of
from vectorstore.postings import _heaviest
from vectorstore.seqs import rows_of

numbers = st.lists(st.integers(0, 60) | st.integers(10**9, 10**9 + 9), unique=True).map(sorted)


@given(
    st.lists(st.tuples(numbers, st.sampled_from([0.5, 1.0, 2.5])), max_size=6), st.integers(1, 9)
)
def test_the_heaviest_passages_are_those_of_a_simple_sum(terms, limit):
    totals = {}
    for seqs, weight in terms:
        for seq in seqs:
            totals[seq] = totals.get(seq, 0) + weight
    expected = sorted(totals, key=lambda seq: (-totals[seq], seq))[:limit]
    lists = [np.array(seqs, np.int64) for seqs, _ in terms]
    assert _heaviest(lists, [weight for _, weight in terms], limit).tolist() == expected


@given(numbers, numbers)
def test_the_rows_of_numbers_are_where_they_stand(known, wanted):
    held, asked = np.array(known or [7], np.int64), np.array(wanted or [7], np.int64)
    found = rows_of(asked, held)
    if set(asked.tolist()) <= set(held.tolist()):
        assert found is not None
        assert held[found].tolist() == asked.tolist()
    else:
        assert found is None


@given(st.lists(st.integers(0, 60), min_size=1, unique=True).map(sorted), st.data())
def test_the_rows_of_some_numbers_are_where_they_stand(known, data):
    held = np.array(known, np.int64)
    asked = np.array(sorted(data.draw(st.sets(st.sampled_from(known), min_size=1))), np.int64)
    found = rows_of(asked, held)
    assert found is not None
    assert held[found].tolist() == asked.tolist()


@pytest.mark.parametrize("size", [200, 5_000, 60_000])
@pytest.mark.parametrize("k", [1, 100, 400])
@pytest.mark.parametrize("order", ["mixed", "rising", "falling", "alike"])
def test_the_nearest_are_those_with_the_highest_scores(size, k, order):
    scores = np.random.default_rng(size).random(size, np.float32)
    if order in ("rising", "falling"):
        scores.sort()
    if order == "falling":
        scores = scores[::-1]
    if order == "alike":
        scores = np.round(scores, 1)
    found = nearest_of(np.ones(1, np.float32), np.arange(size), scores[:, None], k)
    assert len(set(found.tolist())) == min(k, size)
    assert sorted(scores[found]) == sorted(scores)[-k:]


def test_scores_are_the_same_whoever_helped_with_them():
    vectors = np.random.default_rng(1).random((SHARED + BLOCK + 7, 4), np.float32)
    question = np.array([0.5, -1, 0.25, 2], np.float32)
    held = _Held("")
    held.add(np.arange(len(vectors)), vectors)
    for count in (len(vectors), BLOCK + 1, 1):
        expected = vectors[:count] @ question
        assert np.allclose(held.all_scores(question, count), expected, atol=1e-6)


def test_where_no_thread_is_to_be_had_all_is_scored_all_the_same(monkeypatch):
    vectors = np.random.default_rng(1).random((SHARED + BLOCK, 4), np.float32)
    held = _Held("")
    held.add(np.arange(len(vectors)), vectors)
    monkeypatch.setattr(threading.Thread, "start", no_more)
    assert np.allclose(held.all_scores(vectors[0], len(vectors)), vectors @ vectors[0])


def no_more(thread):
    raise RuntimeError("can't start new thread")
