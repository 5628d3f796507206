"""Answers as text, to be looked at again, though perhaps not under another Beleg."""

import json
from dataclasses import asdict
from typing import Any

from bot.answer import Answer, Citation, Nearest, Status
from bot.conversation import Turn, turn_of


def packed(answer: Answer) -> str:
    """An answer as JSON."""
    return json.dumps(asdict(answer), ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str | None) -> Answer | None:
    """The answer that was packed; None if there is none, or none that this Beleg understands."""
    if text is None:
        return None
    try:
        return _answer(json.loads(text))
    except (ValueError, TypeError, KeyError):
        return None


def named(answer: Answer) -> frozenset[str]:
    """The ids of the articles whose words an answer holds."""
    cited = {citation.article_id for citation in answer.citations}
    return frozenset(cited | {near.article_id for near in answer.nearest})


def turn(question: str, answer: Answer | None) -> Turn:
    """What a conversation goes on from; without its answer, a question stands for itself."""
    return turn_of(answer) if answer is not None else Turn(question, question)


def _answer(told: dict[str, Any]) -> Answer:
    told["status"] = Status(told["status"])
    told["citations"] = tuple(Citation(**one) for one in told["citations"])
    told["nearest"] = tuple(Nearest(**one) for one in told["nearest"])
    return Answer(**told)
