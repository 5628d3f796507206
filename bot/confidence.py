"""How likely it is that the chosen quotes answer the question: a logistic model. Pure."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bot.asked import Kind, asked_for, holds
from bot.extractive import Quote
from vectorstore.models import Hit

FEATURES = (
    "sentence cosine",
    "sentence coverage",
    "passage cosine",
    "passage coverage",
    "best sentence coverage",
    "ahead of next article",
    "ahead of other articles",
    "no other article",
    "asked for a time or number",
    "which the quote lacks",
    "other language",
    "other language x sentence coverage",
    "other language x passage coverage",
    "other language x passage cosine",
)
OTHERS = 8  # articles that the best one is compared with


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted logistic model: weights of FEATURES, and the confidence below which to refuse."""

    weights: tuple[float, ...]
    intercept: float
    threshold: float

    def probability(self, features: Sequence[float]) -> float:
        """From 0 to 1."""
        total = sum(w * f for w, f in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total + self.intercept))))


def features(
    question: str, language: str | None, quotes: Sequence[Quote], hits: Sequence[Hit]
) -> list[float]:
    """What the model looks at, in the order of FEATURES. There must be a quote."""
    first = quotes[0]
    hit, sentence = first.hit, first.sentence
    others = _best_scores(hits, hit.article.id)
    kind = asked_for(question)
    countable = kind in (Kind.TIME, Kind.NUMBER)
    other = float(_primary(hit.article.language) != _primary(language))
    return [
        sentence.dense,
        sentence.lexical,
        hit.dense,
        hit.lexical,
        max(s.lexical for s in hit.sentences),
        hit.score - others[0] if others else 0.0,
        hit.score - sum(others) / len(others) if others else 0.0,
        float(not others),
        float(countable),
        float(countable and not holds(first.text, kind)),
        other,
        other * sentence.lexical,
        other * hit.lexical,
        other * hit.dense,
    ]


@lru_cache
def fitted() -> Model:
    """The model that `benchmarks/fit_confidence.py` fitted, with how, in confidence.json."""
    stored = json.loads(files("bot").joinpath("confidence.json").read_text("utf-8"))
    weights = tuple(stored["weights"][name] for name in FEATURES)
    return Model(weights, stored["intercept"], stored["threshold"])


def _best_scores(hits: Sequence[Hit], article_id: str) -> list[float]:
    """The best score of each other article, best first."""
    best: dict[str, float] = {}
    for hit in hits:
        if hit.article.id != article_id:
            best[hit.article.id] = max(hit.score, best.get(hit.article.id, hit.score))
    return sorted(best.values(), reverse=True)[:OTHERS]


def _primary(language: str | None) -> str:
    return (language or "").split("-")[0].lower()
