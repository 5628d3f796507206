"""Terms are counted in many texts at once as `str.count` would count them one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.counting import counts
from vectorstore.coverage import covered
from vectorstore.lexical import (
    Corpus,
    QuestionTerms,
    apart,
    gram_apart,
    grams,
    word_apart,
    words,
)

LETTERS = "abnäяα中\U0001f40e\U00020000\ud800"
text = st.lists(st.text(LETTERS, min_size=1, max_size=12), max_size=12)
texts = st.lists(text, max_size=6)


def one_by_one(terms, said):
    return [[one.count(term) for term in terms] for one in said]


@given(texts, text)
def test_terms_are_counted_as_one_by_one(said, asked):
    terms = list(dict.fromkeys(map(gram_apart, grams(asked))))
    terms += list(dict.fromkeys(map(word_apart, asked)))
    apart_from_each_other = [apart(one) for one in said]
    expected = one_by_one(terms, apart_from_each_other)
    assert counts(terms, apart_from_each_other).tolist() == expected


@pytest.mark.parametrize(
    ("term", "said", "expected"),
    [
        ("anan", ["anananan"], 2),
        ("aaaa", ["aaaaaaa", "aaaa"], 2),
        (" a ", ["a", "aa", "a"], 2),
        (" oho ", ["oho", "oho", "ohoho"], 2),
        (" donaudampfschiff ", ["donaudampfschiff", "donaudampfschiffe", "dampf"], 1),
    ],
)
def test_what_overlaps_itself_or_is_long_or_short_is_counted_right(term, said, expected):
    assert counts([term], [apart(said)]).tolist() == [[expected]]


def test_nothing_runs_over_from_one_text_into_the_next():
    assert counts(["abcd", " ab "], [apart(["ab"]), apart(["cd"])]).tolist() == [[0, 1], [0, 0]]


def test_of_no_terms_and_no_texts_there_are_no_counts():
    assert counts([], [apart(["ab"])]).shape == (1, 0)
    assert counts([" ab "], []).shape == (0, 1)


@given(texts, text)
def test_many_texts_cover_at_once_what_they_cover_one_by_one(said, asked):
    tokens = words(" ".join(asked))
    corpus = Corpus(100, 60.0)
    weights = {term: corpus.rarity(3) for term in grams(tokens)}
    sought = QuestionTerms(weights, corpus).sought(gram_apart)
    folded = [apart(words(" ".join(one))) for one in said]
    lengths = [len(one) for one in folded]
    found = covered(sought, folded, lengths)
    each = [sought.covered(one, length) for one, length in zip(folded, lengths, strict=True)]
    assert found.reached.tolist() == pytest.approx(each)
    for one, held, reached in zip(folded, found.held.tolist(), found.reached, strict=True):
        assert sought.only(held).covered(one, len(one)) == pytest.approx(reached)
