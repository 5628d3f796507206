"""How likely it is that the chosen quotes answer the question: a logistic model. Pure."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bot.asked import Kind, asked_for, holds
from bot.extractive import Quote
from bot.matching import matched
from vectorstore.models import Hit

FEATURES = (
    "sentence cosine",
    "sentence coverage",
    "passage cosine",
    "passage coverage",
    "best sentence coverage",
    "ahead of next article",
    "no other article",
    "words in passage",
    "names in passage",
    "worst name in passage",
    "words in sentence",
    "names in sentence",
    "lacks the time or number asked for",
    "other language",
    "other language x passage cosine",
    "other language x sentence coverage",
    "other language x words in passage",
    "other language x names in passage",
)


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
    next_best = max((h.score for h in hits if h.article.id != hit.article.id), default=None)
    kind = asked_for(question)
    lacks = kind in (Kind.TIME, Kind.NUMBER) and not holds(first.text, kind)
    passage = matched(question, f"{hit.article.title or ''}\n{hit.text}")
    quote = matched(question, first.text)
    other = float(_primary(hit.article.language) != _primary(language))
    return [
        sentence.dense,
        sentence.lexical,
        hit.dense,
        hit.lexical,
        max(s.lexical for s in hit.sentences),
        hit.score - next_best if next_best is not None else 0.0,
        float(next_best is None),
        passage.words,
        passage.names,
        passage.worst_name,
        quote.words,
        quote.names,
        float(lacks),
        other,
        other * hit.dense,
        other * sentence.lexical,
        other * passage.words,
        other * passage.names,
    ]


@lru_cache
def fitted() -> Model:
    """The model that `benchmarks/fit_confidence.py` fitted, with how, in confidence.json."""
    stored = json.loads(files("bot").joinpath("confidence.json").read_text("utf-8"))
    weights = tuple(stored["weights"][name] for name in FEATURES)
    return Model(weights, stored["intercept"], stored["threshold"])


def _primary(language: str | None) -> str:
    return (language or "").split("-")[0].lower()
