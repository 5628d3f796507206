"""How evidence becomes an order: the fusion of meaning and words, passages and sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts beside the passage's cosine.

    `words`: the question's words found in meaning; `article`: found as written in the article.
    """

    grams: float
    stems: float
    sentence: float
    words: float
    article: float


WEIGHTS = Weights(grams=0.1, stems=0.1, sentence=1.0, words=0.15, article=0.04)
"""Measured on XQuAD (German, English, German on English) and OMoS-QA; see docs/decisions.md."""

LIFT_OVER = 10  # nearest passages of a language that set its level; 5 to 40 are alike


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a text: a cosine and two coverages from 0 to 1."""

    dense: float
    grams: float
    stems: float

    @property
    def coverage(self) -> float:
        """How much of the question's words the text has, from 0 to 1."""
        total = WEIGHTS.grams + WEIGHTS.stems
        return (WEIGHTS.grams * self.grams + WEIGHTS.stems * self.stems) / total

    @property
    def weighed(self) -> float:
        """Meaning and words in one number."""
        return self.dense + WEIGHTS.grams * self.grams + WEIGHTS.stems * self.stems


def fuse(passage: Evidence, sentences: Sequence[Evidence]) -> float:
    """A passage's score: its own evidence and that of its best sentence."""
    best = max((sentence.weighed for sentence in sentences), default=passage.dense)
    return (passage.weighed + WEIGHTS.sentence * best) / (1 + WEIGHTS.sentence)


def language_lifts(
    cosines: npt.NDArray[np.float32], languages: Sequence[str | None]
) -> npt.NDArray[np.float64]:
    """What each passage's cosine lacks because it isn't in the question's language.

    The model puts texts of one language nearer to each other than what they say warrants. So
    every language's nearest passages are lifted to the same mean as those of the best one.
    German questions on English articles among 850 German ones: nDCG@10 .85 instead of .63, and
    the same for English questions there (docs/decisions.md).
    """
    groups = np.array([(language or "").split("-")[0] for language in languages])
    lifts = np.zeros(len(cosines))
    means = {g: np.sort(cosines[groups == g])[-LIFT_OVER:].mean() for g in set(groups.tolist())}
    for group, mean in means.items():
        lifts[groups == group] = max(means.values()) - mean
    return lifts
