"""The gate for conversations: follow-ups find their article, a new topic isn't glued to the old.

Thirty dialogues over the project's own newspaper and the sample articles, by the rules alone. Of
the 20 follow-ups 8 would be answered right without what was said before.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Answer
from bot.bootstrap import app
from bot.conversation import Turn, turn_of
from bot.settings import Settings

HERE = Path(__file__).parent
DIALOGUES = [
    json.loads(line) for line in (HERE / "dialogues.jsonl").read_text("utf-8").splitlines()
]
FOLLOW_UPS = [d for d in DIALOGUES if d["leans"]]
CHANGES = [d for d in DIALOGUES if not d["leans"]]

# Measured by this test on 2026-11-25; one dialogue of each below what was found.
FOUND = 19  # 20 of 20 show the right article as the nearest
HELD = 16  # 17 of 20 quote the answer


@dataclass(frozen=True)
class Heard:
    """What a dialogue ended with, and what its last question gets alone."""

    answer: Answer
    alone: Answer


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Heard]]:
    settings = Settings().model_copy(update={"home": tmp_path_factory.mktemp("home")})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "cpu_count", lambda: 1)  # two threads spin at barriers where all is busy
        with app(settings) as parts:
            examples = HERE.parents[1] / "examples" / "articles"
            parts.pipeline().ingest([str(HERE / "articles.jsonl"), str(examples)])
            engine = parts.engine()

            def end(dialogue: dict[str, Any]) -> Heard:
                turns: list[Turn] = []
                for question in dialogue["before"]:
                    turns.append(turn_of(engine.ask(question, history=turns)))
                last = dialogue["question"]
                return Heard(engine.ask(last, history=turns), engine.ask(last))

            yield {dialogue["id"]: end(dialogue) for dialogue in DIALOGUES}


def test_the_set_has_both_languages_and_both_kinds() -> None:
    assert len([d for d in DIALOGUES if d["id"].startswith("de")]) == 20
    assert (len(FOLLOW_UPS), len(CHANGES)) == (20, 10)


def test_a_follow_up_finds_the_article_that_is_talked_about(heard: dict[str, Heard]) -> None:
    found = [d["id"] for d in FOLLOW_UPS if heard[d["id"]].answer.nearest[0].title in d["titles"]]
    assert len(found) >= FOUND, found


def test_a_follow_up_is_answered(heard: dict[str, Heard]) -> None:
    held = [
        d["id"]
        for d in FOLLOW_UPS
        if any(a in c.quote for c in heard[d["id"]].answer.citations for a in d["answers"])
    ]
    assert len(held) >= HELD, held


@pytest.mark.parametrize("dialogue", CHANGES, ids=lambda d: d["id"])
def test_a_new_topic_is_answered_as_if_it_came_first(
    heard: dict[str, Heard], dialogue: dict[str, Any]
) -> None:
    found = heard[dialogue["id"]]
    assert found.answer.searched == found.alone.searched
    assert (found.answer.text, found.answer.citations) == (found.alone.text, found.alone.citations)


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda d: d["id"])
def test_the_question_is_given_back_as_it_was_asked(
    heard: dict[str, Heard], dialogue: dict[str, Any]
) -> None:
    assert heard[dialogue["id"]].answer.question == dialogue["question"]
