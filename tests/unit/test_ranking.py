"""How evidence becomes an order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.ranking import WEIGHTS, Evidence, fuse, language_lifts

SHARES = st.floats(0, 1)
EVIDENCE = st.builds(Evidence, st.floats(-1, 1), SHARES, SHARES)


# -- evidence ----------------------------------------------------------------------------


@given(EVIDENCE)
def test_coverage_is_a_share(evidence):
    assert 0 <= evidence.coverage <= 1


def test_full_and_missing_words_are_the_ends_of_coverage():
    assert Evidence(0.5, 1, 1).coverage == 1
    assert Evidence(0.5, 0, 0).coverage == 0


@given(EVIDENCE)
def test_words_only_ever_help(evidence):
    assert evidence.weighed >= evidence.dense


@given(EVIDENCE, EVIDENCE)
def test_a_better_sentence_never_lowers_the_score(passage, sentence):
    better = Evidence(sentence.dense + 0.1, sentence.grams, sentence.stems)
    assert fuse(passage, [better]) > fuse(passage, [sentence])


@given(EVIDENCE, st.lists(EVIDENCE, min_size=1, max_size=5))
def test_the_best_sentence_alone_counts(passage, sentences):
    best = max(sentences, key=lambda s: s.weighed)
    assert fuse(passage, sentences) == fuse(passage, sentences[::-1]) == fuse(passage, [best])


@given(EVIDENCE, EVIDENCE)
def test_the_score_lies_between_passage_and_sentence(passage, sentence):
    low, high = sorted([passage.weighed, sentence.weighed])
    assert low - 1e-9 <= fuse(passage, [sentence]) <= high + 1e-9


def test_a_passage_without_sentences_has_a_score_too():
    assert 0.5 <= fuse(Evidence(0.5, 1, 1), []) <= Evidence(0.5, 1, 1).weighed


def test_meaning_outweighs_words():
    assert Evidence(0.9, 0, 0).weighed > Evidence(0.6, 1, 1).weighed
    assert WEIGHTS.grams + WEIGHTS.stems < 0.5


# -- languages ---------------------------------------------------------------------------


def lifts(cosines, languages):
    return language_lifts(np.array(cosines, np.float32), languages)


def test_one_language_is_not_lifted():
    assert lifts([0.9, 0.8, 0.1], ["de", "de-AT", "de"]).tolist() == [0, 0, 0]


def test_every_language_is_lifted_to_the_level_of_the_best():
    cosines = [0.9, 0.8, 0.7, 0.6]
    found = np.array(cosines) + lifts(cosines, ["de", "de", "en", "en"])
    assert found == pytest.approx([0.9, 0.8, 0.9, 0.8])


def test_the_level_is_that_of_the_nearest_passages():
    many = [0.9] * 10 + [0.1] * 500
    found = lifts([*many, 0.8], [*["de"] * 510, "en"])
    assert found[-1] == pytest.approx(0.1)


def test_passages_without_a_language_are_a_group_of_their_own():
    assert lifts([0.9, 0.7], ["de", None]) == pytest.approx([0, 0.2])


@given(
    st.lists(
        st.tuples(st.floats(-1, 1, width=32), st.sampled_from(["de", "de-ch", "en", None])),
        min_size=1,
        max_size=40,
    )
)
def test_lifts_never_lower_and_leave_some_language_alone(rows):
    found = lifts([cosine for cosine, _ in rows], [language for _, language in rows])
    assert found.min() == 0
    assert np.isfinite(found).all()
