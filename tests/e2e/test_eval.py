"""`beleg eval` as people and programs run it, on a small invented set."""

import json
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from bot.measures import MEASURES
from tests.support.command import Beleg

ARTICLES = {
    "deich": (
        "Der Deich bei Wiebeltrup wird um 80 Zentimeter erhöht. "
        "Die Arbeiten kosten 4,2 Millionen Euro und dauern bis Oktober. "
        "Deichgraf Enno Harkenstedt nannte den Plan überfällig."
    ),
    "orgel": (
        "Die Orgel der Annenkirche in Quellmünde klingt wieder. "
        "Der Orgelbauer Silvan Trautwein hat 1.340 Pfeifen gereinigt. "
        "Das erste Konzert gibt die Kantorin Mechthild Orsoy am Pfingstsonntag."
    ),
    "radweg": (
        "Zwischen Tannrode und Ilmholz wurde ein Radweg eröffnet. "
        "Er ist 11,5 Kilometer lang und folgt einer alten Bahntrasse. "
        "Landrätin Dörte Vasmer fuhr als Erste darauf."
    ),
    "imker": (
        "Die Imker im Kreis Hollsund haben wenig Honig geerntet. "
        "Ein Volk brachte im Mittel nur 14 Kilogramm ein. "
        "Der Verein macht den kalten Mai dafür verantwortlich."
    ),
}
QUESTIONS = [
    ("deich", "Um wie viele Zentimeter wird der Deich bei Wiebeltrup erhöht?", "80 Zentimeter"),
    ("orgel", "Wie viele Pfeifen hat der Orgelbauer Silvan Trautwein gereinigt?", "1.340"),
    ("radweg", "Wie viele Kilometer lang folgt er einer alten Bahntrasse?", "11,5 Kilometer"),
    ("imker", "Wie viele Kilogramm brachte ein Volk im Mittel ein?", "14 Kilogramm"),
]
GROUPS = ("collection", "retrieval", "citations", "refusal", "latency")


def written(path: Path, records: list[dict[str, Any]]) -> None:
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text("".join(lines), "utf-8")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four articles and four questions, each with its answer and the sentence that holds it."""
    folder = tmp_path_factory.mktemp("sets") / "small"
    folder.mkdir()
    articles = [{"id": name, "text": text} for name, text in ARTICLES.items()]
    written(folder / "articles.jsonl", articles)
    questions = []
    for name, question, answer in QUESTIONS:
        (sentence,) = (s for s in ARTICLES[name].split(". ") if answer in s)
        known = {"answers": [answer], "sentences": [sentence], "answerable": True}
        questions.append({"id": name, "question": question, "article_ids": [name], **known})
    written(folder / "questions.jsonl", questions)
    return folder


@pytest.fixture
def beleg(tmp_path: Path) -> Beleg:
    """A home that doesn't exist yet."""
    return Beleg(tmp_path / "home")


@pytest.fixture(scope="module")
def measured(small: Path) -> dict[str, Any]:
    """What `--save` wrote of the whole set."""
    beleg, file = Beleg(small.parent / "home"), small.parent / "evals" / "small.json"
    done = beleg("eval", str(small), "--save", str(file), "--json")
    assert done.code == 0, done.err
    assert not beleg.home.exists()
    saved: dict[str, Any] = json.loads(file.read_text("utf-8"))
    assert done.records == [saved]
    return saved


def test_the_figures_stand_beside_all_that_they_depend_on(measured: dict[str, Any]) -> None:
    assert (measured["set"], measured["with"], measured["questions_from"]) == ("small", [], None)
    assert (measured["withhold"], measured["perturb"], measured["limit"]) == (False, None, None)
    assert datetime.fromisoformat(measured["date"]).tzinfo
    assert measured["beleg"] == version("beleg")
    assert measured["embedding_model"]
    assert measured["machine"]


def test_each_figure_is_measured(measured: dict[str, Any]) -> None:
    figures = measured["figures"]
    assert list(figures) == list(MEASURES)
    assert (figures["articles"], figures["questions"], figures["unanswerable"]) == (4, 4, 0)
    assert figures["passages"] >= 4
    assert figures["R@1"] == figures["nDCG@10"] == figures["verbatim"] == 1.0
    assert figures["quote_holds_answer"] == figures["sentence@1"] == 1.0
    assert figures["false_answers"] is None
    assert 0 < figures["ask_p50_ms"] <= figures["ask_p95_ms"]
    assert 0 < figures["search_p50_ms"] <= figures["search_p95_ms"]


@pytest.mark.slow
def test_half_is_unanswerable_where_every_second_article_is_withheld(
    beleg: Beleg, small: Path
) -> None:
    options = ("--withhold", "--perturb", "ascii", "--limit", "3")
    (measured,) = beleg("eval", str(small), *options, "--json").records
    assert (measured["withhold"], measured["perturb"], measured["limit"]) == (True, "ascii", 3)
    figures = measured["figures"]
    assert (figures["articles"], figures["questions"], figures["unanswerable"]) == (2, 3, 2)
    assert figures["R@1"] == 1.0
    assert figures["false_answers"] is not None


def test_the_next_run_is_compared_with_what_was_saved(
    beleg: Beleg, small: Path, measured: dict[str, Any], tmp_path: Path
) -> None:
    figures = {**measured["figures"], "R@1": 0.5, "verbatim": 2.0, "calibration_error": 0.0}
    file = tmp_path / "changed.json"
    file.write_text(json.dumps({**measured, "figures": figures}), "utf-8")
    done = beleg("eval", str(small), "--baseline", str(file), "--limit", "2", "--json")
    assert done.code == 0, done.err
    changes = done.records[0]["changes"]
    assert changes["R@1"] == {"now": 1.0, "before": 0.5, "difference": 0.5, "worse": False}
    assert changes["verbatim"]["worse"]
    assert changes["calibration_error"]["worse"]
    assert (changes["questions"]["difference"], changes["questions"]["worse"]) == (-2, False)
    assert "limit was None, is 2" in done.err


@pytest.mark.slow
def test_worse_figures_are_marked_and_are_no_failure(
    beleg: Beleg, small: Path, tmp_path: Path
) -> None:
    file = tmp_path / "better.json"
    figures = {"R@1": 0.5, "verbatim": 2.0, "articles": 4}
    file.write_text(json.dumps({"set": "small", "figures": figures}), "utf-8")
    done = beleg("eval", str(small), "--limit", "1", "--baseline", str(file))
    assert done.code == 0, done.err
    lines = [line.split() for line in done.out.splitlines()]
    assert ["verbatim", "1", "2", "-1", "worse"] in lines
    assert ["retrieval", "R@1", "1", "0.5", "+0.5"] in lines
    assert ["collection", "articles", "4", "4", "+0"] in lines
    assert "other conditions" not in done.err


@pytest.mark.slow
def test_questions_and_distractors_may_come_from_other_sets(
    beleg: Beleg, small: Path, tmp_path: Path
) -> None:
    more, english = tmp_path / "more", tmp_path / "english"
    for folder in (more, english):
        folder.mkdir()
    written(more / "articles.jsonl", [{"id": "see", "text": "Der Warnauer See ist zugefroren."}])
    asked = {"id": "e", "question": "How long is the bicycle path from Tannrode to Ilmholz?"}
    known = {"article_ids": ["radweg"], "answers": ["11,5"], "sentences": [], "answerable": True}
    written(english / "questions.jsonl", [{**asked, **known}])
    options = ("--with", str(more), "--questions-from", str(english))
    (measured,) = beleg("eval", str(small), *options, "--json").records
    assert (measured["with"], measured["questions_from"]) == (["more"], "english")
    figures = measured["figures"]
    assert (figures["articles"], figures["questions"], figures["R@1"]) == (5, 1, 1.0)


# -- what is wrong is said before anything is measured -----------------------------


def test_a_missing_set_is_named(beleg: Beleg, tmp_path: Path) -> None:
    done = beleg("eval", str(tmp_path / "nowhere"))
    assert (done.code, done.out) == (1, "")
    assert "nowhere/articles.jsonl can't be read" in done.err


def test_a_bad_line_is_named_by_file_and_number(beleg: Beleg, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    written(bad / "articles.jsonl", [{"id": "a", "text": "Ein Satz."}, {"id": "b"}])
    done = beleg("eval", str(bad), "--json")
    assert (done.code, done.out) == (1, "")
    assert "bad/articles.jsonl, line 2" in done.err


@pytest.mark.parametrize("content", ["", "[]", '{"figures": {"R@1": "high"}}'])
def test_a_file_that_is_no_baseline_is_refused(
    beleg: Beleg, small: Path, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "other.json"
    file.write_text(content, "utf-8")
    done = beleg("eval", str(small), "--baseline", str(file))
    assert (done.code, done.out) == (1, "")
    assert "other.json is no baseline" in done.err


def test_a_question_without_words_is_named(beleg: Beleg, small: Path, tmp_path: Path) -> None:
    wordless = tmp_path / "wordless"
    wordless.mkdir()
    known = {"article_ids": [], "answers": [], "sentences": [], "answerable": False}
    written(wordless / "questions.jsonl", [{"id": "q7", "question": "?!", **known}])
    done = beleg("eval", str(small), "--questions-from", str(wordless))
    assert (done.code, done.out) == (1, "")
    assert "'q7'" in done.err


@pytest.mark.slow
def test_an_article_that_cannot_be_taken_in_is_told_and_the_rest_shown_in_groups(
    beleg: Beleg, small: Path, tmp_path: Path
) -> None:
    blank = tmp_path / "blank"
    blank.mkdir()
    written(blank / "articles.jsonl", [{"id": "leer", "text": "  "}])
    done = beleg("eval", str(small), "--with", str(blank), "--limit", "1")
    assert done.code == 0
    assert "The article has no text" in done.err
    lines = [line.split() for line in done.out.splitlines()]
    assert ["collection", "articles", "4"] in lines
    assert ["retrieval", "R@1", "1"] in lines
    assert [words[0] for words in lines if words and words[0] in GROUPS] == list(GROUPS)
