"""Sets to evaluate on: what is taken in, what is asked, and what is wrong with a bad one."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evalset import Perturbation, Trial, perturbed, read_trial
from vectorstore.errors import BelegError

Json = dict[str, Any]


def article(article_id: str, text: str = "Die Mühle steht in Odensiel.") -> Json:
    return {"id": article_id, "text": text}


def question(number: int, *gold: str, **fields: Any) -> Json:
    known = {"article_ids": list(gold), "answers": ["x"], "sentences": [], "answerable": True}
    return {"id": f"q{number}", "question": f"Wo steht Mühle {number}?", **known, **fields}


def folder(
    path: Path, articles: list[Json | bytes], questions: list[Json | bytes] | None = None
) -> Path:
    """A set on disk; bytes are lines as they are."""
    path.mkdir()
    files = {"articles.jsonl": articles, "questions.jsonl": questions}
    for name, records in files.items():
        if records is not None:
            lines = [r if isinstance(r, bytes) else json.dumps(r).encode() for r in records]
            (path / name).write_bytes(b"".join(line + b"\n" for line in lines))
    return path


@pytest.fixture
def mills(tmp_path: Path) -> Path:
    """Four articles, one question for each."""
    ids = ("m0", "m1", "m2", "m3")
    questions = [question(n, name) for n, name in enumerate(ids)]
    return folder(tmp_path / "mills", [article(i) for i in ids], questions)


def taken_in(trial: Trial) -> list[str]:
    return [json.loads(line)["id"] for line in read_trial(trial).lines]


def test_every_article_and_question_of_the_folder_is_read(mills: Path) -> None:
    material = read_trial(Trial(mills))
    assert list(material.texts) == ["m0", "m1", "m2", "m3"]
    assert [q.text for q in material.questions] == [f"Wo steht Mühle {n}?" for n in range(4)]
    assert material.questions[1].gold == {"m1"}
    assert material.questions[1].answers == ("x",)


def test_every_second_article_is_withheld_and_answers_nothing(mills: Path) -> None:
    trial = Trial(mills, withhold=True)
    assert taken_in(trial) == ["m1", "m3"]
    assert [q.has_answer for q in read_trial(trial).questions] == [False, True, False, True]


def test_a_question_is_answered_by_what_is_left_of_its_articles(tmp_path: Path) -> None:
    articles: list[Json | bytes] = [article("a"), article("b")]
    both = folder(tmp_path / "both", articles, [question(0, "a", "b")])
    (asked,) = read_trial(Trial(both, withhold=True)).questions
    assert asked.gold == {"b"}


def test_an_unanswerable_question_has_no_answer_though_it_names_an_article(tmp_path: Path) -> None:
    path = folder(tmp_path / "one", [article("a")], [question(0, "a", answerable=False)])
    assert not read_trial(Trial(path)).questions[0].has_answer


def test_distractors_are_added_whole_and_never_withheld(mills: Path, tmp_path: Path) -> None:
    others = folder(tmp_path / "others", [article("o0"), article("o1")])
    assert taken_in(Trial(mills, (others,), withhold=True)) == ["m1", "m3", "o0", "o1"]


def test_questions_may_come_from_another_set_even_if_there_are_none(tmp_path: Path) -> None:
    articles = folder(tmp_path / "articles", [article("a")])
    english = folder(tmp_path / "english", [article("a")], [question(0, "a", question="Where?")])
    (asked,) = read_trial(Trial(articles, questions_from=english)).questions
    assert asked.text == "Where?"


def test_only_the_first_questions_are_asked_of_all_articles(mills: Path) -> None:
    material = read_trial(Trial(mills, limit=2))
    assert [q.id for q in material.questions] == ["q0", "q1"]
    assert len(material.lines) == 4


def test_line_ends_within_a_text_count_one_as_in_the_catalogue(tmp_path: Path) -> None:
    path = folder(tmp_path / "ends", [article("a", "Eins.\r\nZwei.\rDrei.")], [question(0, "a")])
    assert read_trial(Trial(path)).texts["a"] == "Eins.\nZwei.\nDrei."


def test_blank_lines_a_byte_order_mark_and_a_missing_last_newline_do_no_harm(
    tmp_path: Path,
) -> None:
    path = folder(tmp_path / "blank", [], [question(0, "a")])
    first, second = (json.dumps(article(name)).encode() for name in "ab")
    (path / "articles.jsonl").write_bytes(b"\xef\xbb\xbf" + first + b"\n \n" + second)
    assert taken_in(Trial(path)) == ["a", "b"]


# -- what is wrong with a bad set -------------------------------------------------


def test_a_missing_set_is_named_with_what_it_should_hold(tmp_path: Path) -> None:
    with pytest.raises(BelegError, match=r"nowhere/articles\.jsonl can't be read .* questions"):
        read_trial(Trial(tmp_path / "nowhere"))


def test_a_folder_without_questions_is_no_set(tmp_path: Path) -> None:
    path = folder(tmp_path / "half", [article("a")])
    with pytest.raises(BelegError, match=r"half/questions\.jsonl can't be read"):
        read_trial(Trial(path))


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    path = folder(tmp_path / "empty", [article("a")], [b" "])
    with pytest.raises(BelegError, match=r"questions\.jsonl is empty"):
        read_trial(Trial(path))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{broken", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[1]", "no JSON object"),
        ({"text": "Ohne Namen."}, '"id"'),
        ({"id": 7, "text": "Eine Zahl ist kein Name."}, '"id"'),
        ({"id": "b"}, '"text"'),
        ({"id": "b", "text": ""}, '"text"'),
    ],
)
def test_a_bad_article_is_named_by_file_and_line(
    tmp_path: Path, line: Json | bytes, reason: str
) -> None:
    path = folder(tmp_path / "bad", [article("a"), b"", line], [question(0, "a")])
    with pytest.raises(BelegError, match=rf"bad/articles\.jsonl, line 3: .*{reason}"):
        read_trial(Trial(path))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"question": None}, '"question"'),
        ({"question": ""}, '"question"'),
        ({"id": 3}, '"id"'),
        ({"article_ids": "a"}, '"article_ids"'),
        ({"answers": [1]}, '"answers"'),
        ({"sentences": None}, '"sentences"'),
        ({"answerable": "yes"}, '"answerable"'),
    ],
)
def test_a_bad_question_is_named_by_file_line_and_field(
    tmp_path: Path, fields: Json, reason: str
) -> None:
    path = folder(tmp_path / "bad", [article("a")], [question(0, "a"), question(1, **fields)])
    with pytest.raises(BelegError, match=rf"bad/questions\.jsonl, line 2: {reason}"):
        read_trial(Trial(path))


def test_articles_that_would_replace_each_other_are_refused(mills: Path, tmp_path: Path) -> None:
    same = folder(tmp_path / "same", [article("m2", "Ein anderer Text.")])
    with pytest.raises(BelegError, match="'m2'"):
        read_trial(Trial(mills, (same,)))


# -- how people write -------------------------------------------------------------


def test_without_umlauts() -> None:
    said = perturbed("Wie groß ist die Öl-Mühle?", Perturbation.ASCII)
    assert said == "Wie gross ist die Oel-Muehle?"


def test_in_lower_case() -> None:
    assert perturbed("Wo ist die Mühle?", Perturbation.LOWER) == "wo ist die mühle?"


def test_a_typing_error_swaps_two_letters_of_the_first_longest_word() -> None:
    said = perturbed("Wer baute Odensiels Mühle?", Perturbation.TYPO)
    before, word, after = said.partition(said.split()[2])
    assert (before, after) == ("Wer baute ", " Mühle?")
    assert sorted(word) == sorted("Odensiels")
    assert word != "Odensiels"
    assert (word[0], word[-1]) == ("O", "s")


def test_a_typing_error_is_the_same_in_every_run() -> None:
    # Worked out with the outside measure, whose questions have to be the same.
    assert (
        perturbed("Wer baute Odensiels Mühle?", Perturbation.TYPO) == "Wer baute Oednsiels Mühle?"
    )


@given(st.text(), st.sampled_from([*Perturbation, None]))
def test_any_question_can_be_perturbed(text: str, how: Perturbation | None) -> None:
    said = perturbed(text, how)
    if how is Perturbation.TYPO:
        assert sorted(said) == sorted(text)
    if how is None:
        assert said == text


# -- the command that measures it again -------------------------------------------


def test_a_trial_tells_its_command_with_the_names_of_its_folders() -> None:
    base = Path("/data/sets")
    plain, full = (
        Trial(base / "mills"),
        Trial(
            base / "mills",
            (base / "news", base / "wind"),
            base / "mills_en",
            withhold=True,
            perturb=Perturbation.TYPO,
            limit=9,
        ),
    )
    assert plain.command == "beleg eval mills"
    assert full.command == (
        "beleg eval mills --with news --with wind --questions-from mills_en --withhold "
        "--perturb typo --limit 9"
    )
