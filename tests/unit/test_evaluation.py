"""The figures of an evaluation, on cases small enough to work out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Answer, Citation, Status
from bot.evaluation import (
    Outcome,
    Question,
    changes,
    citations,
    fold,
    holds,
    latency,
    overlaps,
    refusal,
    retrieval,
)
from bot.measures import MEASURES

FERRY = "Die Fähre nach Lüttholm fährt stündlich. Sie fasst 220 Fahrgäste."
TEXTS = {"fähre": FERRY}


def question(
    gold: tuple[str, ...] = ("fähre",),
    answers: tuple[str, ...] = ("220",),
    sentences: tuple[str, ...] = (),
    answerable: bool = True,
) -> Question:
    return Question("q", "Wie viele?", frozenset(gold), answers, sentences, answerable)


def cited(quote: str, article_id: str = "fähre", shift: int = 0) -> Citation:
    start = FERRY.find(quote) + shift
    return Citation(
        1, article_id, 1, None, None, None, None, None, quote, start, start + len(quote)
    )


def outcome(
    *quotes: str | Citation,
    asked: Question | None = None,
    found: tuple[str, ...] = ("fähre",),
    confidence: float = 0.5,
    seconds: float = 0.01,
) -> Outcome:
    """What came of a question; without quotes it was refused."""
    status = Status.ANSWERED if quotes else Status.NO_EVIDENCE
    citations = tuple(q if isinstance(q, Citation) else cited(q) for q in quotes)
    answer = Answer("Wie viele?", status, "", citations, (), confidence, None, 0.0, "de")
    return Outcome(asked or question(), found, answer, seconds, 2 * seconds)


RIGHT, WRONG = "Sie fasst 220 Fahrgäste.", "Die Fähre nach Lüttholm fährt stündlich."


# -- finding ----------------------------------------------------------------------


def test_articles_are_ranked_by_their_best_passage() -> None:
    found = retrieval([outcome(found=("hafen", "hafen", "hafen", "fähre"))])
    assert (found["R@1"], found["R@5"]) == (0.0, 1.0)
    assert found["nDCG@10"] == round(1 / math.log2(3), 4)


def test_any_of_several_right_articles_will_do() -> None:
    asked = question(gold=("fähre", "hafen"))
    assert retrieval([outcome(asked=asked, found=("hafen",))])["R@1"] == 1.0


def test_an_article_below_the_tenth_gains_nothing() -> None:
    tenth = retrieval([outcome(found=(*"abcdefghi", "fähre"))])
    eleventh = retrieval([outcome(found=(*"abcdefghij", "fähre"))])
    assert (tenth["R@10"], tenth["nDCG@10"]) == (1.0, round(1 / math.log2(11), 4))
    assert (eleventh["R@10"], eleventh["nDCG@10"]) == (0.0, 0.0)


def test_questions_without_an_answer_have_no_rank() -> None:
    withheld, unanswerable = question(gold=()), question(answerable=False)
    nothing = retrieval([outcome(asked=withheld), outcome(asked=unanswerable)])
    assert set(nothing.values()) == {None}
    assert retrieval([outcome(), outcome(asked=withheld, found=())])["R@1"] == 1.0


# -- quoting ----------------------------------------------------------------------


def test_a_quote_holds_an_answer_whatever_its_case_and_punctuation() -> None:
    assert holds("Es sind „220 Fahrgäste“.", ["220 FAHRGÄSTE"])
    assert not holds("Es sind 220.", ["221"])
    assert not holds("Es sind 220.", ["", "?"])
    assert fold("  Es  sind: „220“! ") == "es sind 220"


def test_an_answer_may_reach_over_two_quotes() -> None:
    asked = question(answers=("stündlich. Sie",))
    assert citations([outcome(WRONG, RIGHT, asked=asked)], TEXTS)["quote_holds_answer"] == 1.0


def test_without_known_answers_a_quote_has_to_overlap_a_sentence() -> None:
    asked = question(answers=(), sentences=("Sie fasst 220 Fahrgäste.",))
    assert citations([outcome(RIGHT, asked=asked)], TEXTS)["quote_holds_answer"] == 1.0
    assert citations([outcome(WRONG, asked=asked)], TEXTS)["quote_holds_answer"] == 0.0


def test_a_quote_overlaps_what_it_holds_and_what_holds_it_from_three_words_on() -> None:
    assert overlaps("Sie fasst 220 Fahrgäste.", ["fasst 220"])
    assert overlaps("fasst 220 Fahrgäste", ["Sie fasst 220 Fahrgäste."])
    assert not overlaps("220 Fahrgäste", ["Sie fasst 220 Fahrgäste."])
    assert not overlaps("Sie fasst 220 Fahrgäste.", ["", "!"])


def test_only_the_first_quote_counts_for_sentence_at_1() -> None:
    asked = question(sentences=("Sie fasst 220 Fahrgäste.",))
    outcomes = [outcome(RIGHT, WRONG, asked=asked), outcome(WRONG, RIGHT, asked=asked)]
    assert citations(outcomes, TEXTS)["sentence@1"] == 0.5


def test_a_right_quote_for_a_question_without_answer_is_no_right_answer() -> None:
    outcomes = [outcome(RIGHT), outcome(RIGHT, asked=question(gold=()))]
    assert citations(outcomes[1:], TEXTS)["quote_holds_answer"] is None
    assert refusal(outcomes)["selective_accuracy@80"] == 1.0


def test_a_quote_is_verbatim_only_where_it_says_it_stands() -> None:
    shifted, elsewhere = cited(RIGHT, shift=1), cited(RIGHT, article_id="hafen")
    found = citations([outcome(RIGHT, shifted), outcome(WRONG, elsewhere)], TEXTS)
    assert found["verbatim"] == 0.5


def test_quotes_are_counted_by_answer_and_measured_in_characters() -> None:
    found = citations([outcome(RIGHT, WRONG), outcome(RIGHT), outcome()], TEXTS)
    assert found["quotes_per_answer"] == 1.5
    assert found["quote_chars"] == round((2 * len(RIGHT) + len(WRONG)) / 3, 4)
    assert found["quote_chars_max"] == len(WRONG)


def test_no_quotes_at_all_have_no_share_that_is_right() -> None:
    found = citations([outcome()], TEXTS)
    assert found["verbatim"] is found["quote_holds_answer"] is found["quote_chars"] is None
    assert (found["quotes_per_answer"], found["quote_chars_max"]) == (0.0, 0)


# -- refusing ---------------------------------------------------------------------


def test_an_answer_is_false_where_none_is_in_the_collection() -> None:
    withheld, unanswerable = question(gold=()), question(answerable=False)
    outcomes = [
        outcome(RIGHT, asked=withheld),
        outcome(asked=withheld),
        outcome(asked=unanswerable),
        outcome(asked=unanswerable),
        outcome(WRONG),
    ]
    found = refusal(outcomes)
    assert (found["false_answers"], found["answered"]) == (0.25, 1.0)


def test_selective_accuracy_looks_at_the_most_confident_and_counts_refusals_as_wrong() -> None:
    sure = [outcome(RIGHT, confidence=0.9)] * 3
    unsure = [outcome(WRONG, confidence=0.3)]
    assert refusal([*sure, *unsure, outcome()])["selective_accuracy@80"] == 0.75
    assert refusal([*sure, outcome(), outcome()])["selective_accuracy@80"] == 0.75
    assert refusal([*sure, *sure[:1], *unsure])["selective_accuracy@80"] == 1.0


def test_of_equally_confident_answers_those_asked_first_are_looked_at() -> None:
    outcomes = [outcome(RIGHT), outcome(RIGHT), outcome(WRONG)]
    assert refusal(outcomes)["selective_accuracy@80"] == 1.0
    assert refusal(outcomes[::-1])["selective_accuracy@80"] == 0.5


def test_calibration_error_is_the_distance_within_bins_of_equal_confidence() -> None:
    # 20 answers make ten bins of two: (.2, .2) with one right, and so on.
    low = [outcome(RIGHT, confidence=0.2), outcome(WRONG, confidence=0.2)] * 5
    high = [outcome(RIGHT, confidence=0.9)] * 10
    # Sorting puts the wrong ones first: bins of .2, .2 are WW, WW, WR, RR, RR.
    low_error = 2 * (0.4 - 0) + (1 - 0.4) + 2 * (2 - 0.4)
    assert refusal(low + high)["calibration_error"] == round((low_error + 5 * 0.2) / 20, 4)
    assert refusal([outcome()])["calibration_error"] is None


def test_the_last_bin_may_be_smaller() -> None:
    # 11 answers make bins of two; the last holds one.
    outcomes = [outcome(RIGHT, confidence=1.0)] * 10 + [outcome(WRONG, confidence=0.1)]
    # Sorted: (.1 wrong, 1 right), four pairs without error, one alone without error.
    assert refusal(outcomes)["calibration_error"] == round(0.1 / 11, 4)


# -- time, and what got worse -----------------------------------------------------


def test_latency_is_the_time_that_half_and_95_of_100_stay_within() -> None:
    found = latency([outcome(seconds=n / 1000) for n in range(100, 0, -1)])
    assert (found["search_p50_ms"], found["search_p95_ms"]) == (50.0, 95.0)
    assert (found["ask_p50_ms"], found["ask_p95_ms"]) == (100.0, 190.0)
    assert latency([outcome(seconds=0.007)])["search_p95_ms"] == 7.0


@pytest.mark.parametrize(
    ("name", "before", "now", "worse"),
    [
        ("R@1", 0.9, 0.8, True),
        ("R@1", 0.8, 0.9, False),
        ("R@1", 0.8, 0.8, False),
        ("false_answers", 0.1, 0.2, True),
        ("false_answers", 0.2, 0.1, False),
        ("calibration_error", 0.01, 0.02, True),
        ("ask_p95_ms", 30.0, 31.0, True),
        ("passages_per_second", 90.0, 80.0, True),
        ("quote_chars", 100.0, 200.0, False),
        ("articles", 2, 1, False),
    ],
)
def test_whether_a_change_is_for_the_worse_depends_on_the_figure(
    name: str, before: float, now: float, worse: bool
) -> None:
    change = changes({name: now}, {name: before})[name]
    assert change.worse is worse
    assert change.difference == round(now - before, 4)


def test_what_is_missing_on_either_side_has_no_difference() -> None:
    found = changes({"R@1": None, "R@5": 0.5, "R@10": 0.5}, {"R@1": 0.4, "R@5": None})
    assert all(change.difference is None and not change.worse for change in found.values())


def test_every_figure_is_explained() -> None:
    figures = {**retrieval([]), **citations([], {}), **refusal([]), **latency([])}
    assert set(figures) <= set(MEASURES)


# -- whatever comes ---------------------------------------------------------------

quotes = st.sampled_from([(), (RIGHT,), (WRONG,), (WRONG, RIGHT)])
questions = st.sampled_from([question(), question(gold=()), question(answers=())])
outcomes = st.builds(
    lambda said, asked, confidence: outcome(*said, asked=asked, confidence=confidence),
    quotes,
    questions,
    st.floats(0, 1),
)


@given(st.lists(outcomes, max_size=30))
def test_shares_lie_between_0_and_1(found: list[Outcome]) -> None:
    shares = {**retrieval(found), **refusal(found)}
    shares["verbatim"] = citations(found, TEXTS)["verbatim"]
    assert all(share is None or 0 <= share <= 1 for share in shares.values())


@given(st.text())
def test_every_text_of_three_words_overlaps_itself(text: str) -> None:
    assert overlaps(text, [text]) is (len(fold(text).split()) >= 3)
    assert holds(text, [text]) is bool(fold(text))
