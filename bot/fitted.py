"""The fitted models behind answers, out of evidence.json: weights with readable names.

`benchmarks/fit_answers.py` fits them for the embedding model that is set. A file `evidence.json`
in the home counts before the one that comes with Beleg, so that another embedding model can have
its own.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from vectorstore.errors import SettingsError

FILE = "evidence.json"


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted logistic model: a weight for each trait, and where refusing begins."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float

    def probability(self, names: Sequence[str], values: Sequence[float], prior: float = 0) -> float:
        """From 0 to 1; `prior` is added to the log odds."""
        total = sum(self.weights[name] * v for name, v in zip(names, values, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total + self.intercept + prior))))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Whether the articles hold an answer at all, and whether the chosen sentence is it."""

    answerable: Logistic
    right: Logistic


@dataclass(frozen=True, slots=True)
class Fitted:
    """Which sentence speaks best, and when to refuse, in one language and across two."""

    sentence: Mapping[str, float]
    same: Refusal
    other: Refusal


def models_of(home: Path) -> Fitted:
    """The models in a home's own evidence.json, else the packaged ones; SettingsError if unfit."""
    own = home / FILE
    if not own.exists():
        return packaged()
    try:
        return _fitted(own.read_text("utf-8"))
    except (OSError, ValueError, LookupError, TypeError, AssertionError) as error:
        raise SettingsError(
            f"The models in {own} can't be read ({type(error).__name__}). Make the file anew with "
            "`python benchmarks/fit_answers.py`, or remove it: then those of Beleg are used."
        ) from error


@lru_cache
def packaged() -> Fitted:
    """The models that come with Beleg, fitted for the packaged embedding model."""
    return _fitted(files("bot").joinpath(FILE).read_text("utf-8"))


def _fitted(text: str) -> Fitted:
    stored = json.loads(text)
    same, other = (_refusal(stored[name]) for name in ("same language", "other language"))
    return Fitted(dict(stored["sentence"]["weights"]), same, other)


def _refusal(stored: Mapping[str, Mapping[str, object]]) -> Refusal:
    return Refusal(_logistic(stored["answerable"]), _logistic(stored["right"]))


def _logistic(stored: Mapping[str, object]) -> Logistic:
    weights, intercept, threshold = (stored[k] for k in ("weights", "intercept", "threshold"))
    assert isinstance(weights, dict)
    assert isinstance(intercept, float)
    assert isinstance(threshold, float)
    return Logistic(weights, intercept, threshold)
