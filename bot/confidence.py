"""How likely it is that the chosen quotes answer the question: a logistic model. Pure."""

import json
import math
from collections.abc import Mapping, Sequence
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
    "words in article",
    "words in passage",
    "names in passage",
    "worst name in passage",
    "words in sentence",
    "names in sentence",
    "lacks the time or number asked for",
)
SAME, OTHER = "same language", "other language"

LEAD_ALONE = 0.07  # of an article without rivals: right answers have .12, wrong ones .03 (medians)
ALONE = 1.7  # log odds: who asks of one article alone asks about it, or about something far away


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted logistic model: weights of FEATURES, and the confidence below which to refuse."""

    weights: tuple[float, ...]
    intercept: float
    threshold: float

    def probability(self, features: Sequence[float], prior: float = 0.0) -> float:
        """From 0 to 1; `prior` is added to the log odds."""
        total = sum(w * f for w, f in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total + self.intercept + prior))))


@dataclass(frozen=True, slots=True)
class Judgement:
    """The probability that the quotes answer the question, and whether that is enough.

    `near`: whether the best passage is about the thing that was asked of, answer or not.
    """

    confidence: float
    enough: bool
    near: bool = False


def judge(
    question: str,
    language: str | None,
    quotes: Sequence[Quote],
    hits: Sequence[Hit],
    only_article: bool = False,
) -> Judgement:
    """What to think of quotes for a question in a language. No quotes are never enough.

    `only_article` says that there is no other article in the whole collection.
    """
    if not quotes:
        return Judgement(0.0, False)
    model = fitted()[relation(language, quotes[0].article.language)]
    prior = ALONE if only_article else 0.0
    confidence = model.probability(features(question, quotes, hits), prior)
    return Judgement(confidence, confidence >= model.threshold)


def relation(question: str | None, article: str | None) -> str:
    """Which of the models applies: words mean less where the languages differ."""
    one, other = ((code or "").split("-")[0].lower() for code in (question, article))
    return SAME if one == other else OTHER


def features(question: str, quotes: Sequence[Quote], hits: Sequence[Hit]) -> list[float]:
    """What the models look at, in the order of FEATURES. There must be a quote."""
    first = quotes[0]
    hit, title = first.hit, first.article.title or ""
    rivals = [other.score for other in hits if other.article.id != hit.article.id]
    whole = "\n".join(other.text for other in hits if other.article.id == hit.article.id)
    kind = asked_for(question)
    lacks = kind in (Kind.TIME, Kind.NUMBER) and not holds(first.text, kind)
    passage = matched(question, f"{title}\n{hit.text}")
    quote = matched(question, first.text)
    return [
        first.sentence.dense,
        first.sentence.lexical,
        hit.dense,
        hit.lexical,
        max(sentence.lexical for sentence in hit.sentences),
        hit.score - max(rivals) if rivals else LEAD_ALONE,
        matched(question, f"{title}\n{whole}").words,
        passage.words,
        passage.names,
        passage.worst_name,
        quote.words,
        quote.names,
        float(lacks),
    ]


@lru_cache
def fitted() -> Mapping[str, Model]:
    """The models that `benchmarks/fit_confidence.py` fitted, with how, in confidence.json."""
    stored = json.loads(files("bot").joinpath("confidence.json").read_text("utf-8"))
    return {name: _model(stored[name]) for name in (SAME, OTHER)}


def _model(stored: Mapping[str, Mapping[str, float] | float]) -> Model:
    weights, intercept = stored["weights"], stored["intercept"]
    threshold = stored["threshold"]
    assert isinstance(weights, Mapping)
    assert isinstance(intercept, float)
    assert isinstance(threshold, float)
    return Model(tuple(weights[name] for name in FEATURES), intercept, threshold)
