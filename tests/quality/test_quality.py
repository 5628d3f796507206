"""The gate: the engine with the packaged model on the project's own newspaper, against limits.

The newspaper is invented, articles and questions alike. A limit lies 0.03 on the worse side of what
was measured; whoever improves the ranking moves the limits up behind it. To see the figures:
`beleg eval tests/quality`.
"""

import json
import os
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.evalrun import measure
from bot.evalset import ARTICLES, QUESTIONS, Trial
from bot.settings import Settings

HERE = Path(__file__).parent


def read(name):
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


ARTICLE_LIST, QUESTION_LIST = read(ARTICLES), read(QUESTIONS)
BY_ID = {article["id"]: article for article in ARTICLE_LIST}
ANSWERABLE = [q for q in QUESTION_LIST if q["answerable"]]
UNANSWERABLE = [q for q in QUESTION_LIST if not q["answerable"]]
OFF_TOPIC = [q for q in UNANSWERABLE if not q["article_ids"]]  # no article mentions such a thing

# Each measured by `beleg eval tests/quality` on 2026-11-25 after `benchmarks/fit_answers.py`: the
# value behind it, about three questions away. That script fits on this set as well, so this is a
# gate against getting worse, no proof of how good it is: see the folds in bot/evidence.json. The
# set is hard on purpose; most wrong quotes name what was asked about, and the sentence that answers
# ("Die Kosten schätzt sie auf ...") doesn't.
AT_LEAST = {
    "R@1": 0.86,  # 0.8879
    "R@5": 0.97,  # 1
    "nDCG@10": 0.93,  # 0.9564
    "quote_holds_answer": 0.47,  # 0.5057
    "sentence@1": 0.44,  # 0.4713
    "answered": 0.72,  # 0.7500
    "selective_accuracy@80": 0.44,  # 0.4783
}
AT_MOST = {
    "false_answers": 0.31,  # 0.300
    "calibration_error": 0.3,  # 0.272
}
OFF_TOPIC_ANSWERED = 0.08  # 0.05, measured alike, of the questions that are off topic alone


# -- the set -----------------------------------------------------------------------------


def test_ids_are_unique():
    assert len(BY_ID) == len(ARTICLE_LIST)
    assert len({q["id"] for q in QUESTION_LIST}) == len(QUESTION_LIST)


def test_no_question_is_asked_twice():
    assert len({q["question"].casefold() for q in QUESTION_LIST}) == len(QUESTION_LIST)


def test_the_set_has_the_mixture_that_its_figures_are_about():
    assert Counter(a["language"] for a in ARTICLE_LIST) == {"de": 31, "en": 14}
    assert Counter(q["language"] for q in QUESTION_LIST) == {"de": 100, "en": 56}
    assert len(UNANSWERABLE) == 40
    assert len(OFF_TOPIC) == 20
    asked_across = [q for q in ANSWERABLE if languages_of_gold(q) != {q["language"]}]
    assert len(asked_across) == 11


def languages_of_gold(question):
    return {BY_ID[i]["language"] for i in question["article_ids"]}


@pytest.mark.parametrize("article", ARTICLE_LIST, ids=lambda a: a["id"])
def test_an_article_is_a_dated_report_of_some_paragraphs(article):
    assert 120 <= len(article["text"].split()) <= 350
    assert article["text"].count("\n\n") >= 3
    assert date(2025, 1, 1) <= date.fromisoformat(article["published"]) <= date(2026, 10, 31)
    assert article["title"]
    assert article["source"]
    assert article.get("url", "https://example.org/").startswith("https://example.org/")


def test_every_article_answers_a_question():
    assert {i for q in ANSWERABLE for i in q["article_ids"]} == BY_ID.keys()


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda q: q["id"])
def test_an_answer_stands_in_a_sentence_of_a_right_article(question):
    texts = [BY_ID[i]["text"] for i in question["article_ids"]]
    sentences = question["sentences"]
    assert texts
    assert sentences
    assert question["answers"]
    assert all(any(sentence in text for text in texts) for sentence in sentences)
    assert all(any(sentence in text for sentence in sentences) for text in texts)
    assert all(any(answer in sentence for sentence in sentences) for answer in question["answers"])


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda q: q["id"])
def test_a_question_does_not_contain_its_answer(question):
    asked = question["question"].casefold()
    assert not any(re.search(rf"\b{re.escape(a.casefold())}\b", asked) for a in question["answers"])


@pytest.mark.parametrize("question", UNANSWERABLE, ids=lambda q: q["id"])
def test_an_unanswerable_question_has_no_gold_but_at_most_a_nearest_article(question):
    assert not question["answers"]
    assert not question["sentences"]
    assert len(question["article_ids"]) <= 1
    assert BY_ID.keys() >= set(question["article_ids"])


# -- the engine --------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """Two threads spin at barriers on a busy machine, and here every core is busy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "cpu_count", lambda: 1)
        yield


@pytest.fixture(scope="module")
def figures():
    return measure(Trial(HERE), Settings()).figures


def test_every_article_is_taken_in_and_every_question_asked(figures):
    assert figures["articles"] == len(ARTICLE_LIST)
    assert figures["questions"] == len(QUESTION_LIST)
    assert figures["unanswerable"] == len(UNANSWERABLE)


def test_every_quote_is_verbatim(figures):
    assert figures["verbatim"] == 1


@pytest.mark.parametrize("name", AT_LEAST)
def test_a_figure_is_no_lower_than_it_was(figures, name):
    assert figures[name] >= AT_LEAST[name]


@pytest.mark.parametrize("name", AT_MOST)
def test_an_error_is_no_higher_than_it_was(figures, name):
    assert figures[name] <= AT_MOST[name]


def test_what_no_article_mentions_is_hardly_ever_answered(tmp_path):
    lines = [json.dumps(question) for question in OFF_TOPIC]
    (tmp_path / QUESTIONS).write_text("\n".join(lines), "utf-8")
    asked = measure(Trial(HERE, questions_from=tmp_path), Settings()).figures
    assert asked["questions"] == len(OFF_TOPIC)
    assert asked["false_answers"] <= OFF_TOPIC_ANSWERED
