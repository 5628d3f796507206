"""How well questions with known answers were answered: figures, and how they compare. Pure.

The shares, means and errors are defined as in the measure that judges Beleg from outside, through
its command line, so that both give the same digits on the same data.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.answer import Answer, Status
from bot.measures import MEASURES, Better, Figure, Figures

RANKS = (1, 5, 10)  # R@k
DEPTH = 10  # nDCG@10
BINS = 10  # of calibration_error, with equally many answers in each
CONFIDENT = 0.8  # the share of the questions that selective_accuracy@80 looks at
FEWEST_WORDS = 3  # of a quote that may count as overlapping a sentence
NOT_FOUND = 10**6  # the rank of an article that wasn't found


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what is known of its answer.

    `gold` are the ids of the articles that answer it and are in the collection. A right quote holds
    one of the `answers`; where there are none, it overlaps one of the `sentences`.
    """

    id: str
    text: str
    gold: frozenset[str]
    answers: tuple[str, ...]
    sentences: tuple[str, ...]
    answerable: bool

    @property
    def has_answer(self) -> bool:
        """Whether the collection answers it; if not, it should be refused."""
        return self.answerable and bool(self.gold)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    `found` are the article ids of the passages, best first, each as often as it was found. Both
    times are in seconds.
    """

    question: Question
    found: tuple[str, ...]
    answer: Answer
    search_seconds: float
    ask_seconds: float

    @property
    def answered(self) -> bool:
        """Whether the engine gave an answer, right or wrong."""
        return self.answer.status is Status.ANSWERED

    @property
    def quotes(self) -> list[str]:
        """The quotes of the answer, in its order."""
        return [citation.quote for citation in self.answer.citations]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure beside an earlier one. `difference` is None where one of them is missing."""

    now: Figure
    before: Figure
    difference: float | None
    worse: bool


def retrieval(outcomes: Sequence[Outcome]) -> Figures:
    """How far up the right article was found, for the questions that have one."""
    ranks = [_rank(o) for o in outcomes if o.question.has_answer]
    recall = {f"R@{k}": _mean(rank <= k for rank in ranks) for k in RANKS}
    gains = (1 / math.log2(rank + 1) if rank <= DEPTH else 0 for rank in ranks)
    return {**recall, f"nDCG@{DEPTH}": _mean(gains)}


def citations(outcomes: Sequence[Outcome], texts: Mapping[str, str]) -> Figures:
    """Whether the quotes are right, and verbatim. `texts` are the articles' texts by their id."""
    cited = [c for o in outcomes for c in o.answer.citations]
    lengths = [len(c.quote) for c in cited]
    verbatim = (texts.get(c.article_id, "")[c.start : c.end] == c.quote for c in cited)
    answers = sum(o.answered for o in outcomes)
    return {
        "quote_holds_answer": _mean(right for _, right in _judged(outcomes)),
        "sentence@1": _mean(_first_quote_overlaps(outcomes)),
        "verbatim": _mean(verbatim),
        "quotes_per_answer": round(len(cited) / max(1, answers), 2),
        "quote_chars": _mean(lengths),
        "quote_chars_max": max(lengths, default=0),
    }


def refusal(outcomes: Sequence[Outcome]) -> Figures:
    """Whether it answers what it can, refuses what it can't, and knows which is which."""
    judged = _judged(outcomes)
    answerable = [o.answered for o in outcomes if o.question.has_answer]
    return {
        "answered": _mean(answerable),
        "false_answers": _mean(o.answered for o in outcomes if not o.question.has_answer),
        "selective_accuracy@80": _selective_accuracy(judged, len(answerable)),
        "calibration_error": _calibration_error(judged),
    }


def latency(outcomes: Sequence[Outcome]) -> Figures:
    """Milliseconds for one question: the median, and what 95 of 100 stay within."""
    asks = [o.ask_seconds for o in outcomes]
    searches = [o.search_seconds for o in outcomes]
    return {
        "ask_p50_ms": _milliseconds(asks, 50),
        "ask_p95_ms": _milliseconds(asks, 95),
        "search_p50_ms": _milliseconds(searches, 50),
        "search_p95_ms": _milliseconds(searches, 95),
    }


def changes(now: Figures, before: Figures) -> dict[str, Change]:
    """Every figure beside the earlier one of the same name, and whether it got worse."""
    return {name: _change(name, figure, before.get(name)) for name, figure in now.items()}


def fold(text: str) -> str:
    """Words in lower case with single blanks between them, without punctuation."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def holds(quote: str, answers: Iterable[str]) -> bool:
    """Whether one of the answers stands in the quote, whatever its case and punctuation."""
    return any(fold(answer) and fold(answer) in fold(quote) for answer in answers)


def overlaps(quote: str, sentences: Iterable[str]) -> bool:
    """Whether the quote, of three words or more, holds one of the sentences or stands in one."""
    words = fold(quote)
    if len(words.split()) < FEWEST_WORDS:
        return False
    return any(s in words or words in s for s in map(fold, sentences) if s)


def _rank(outcome: Outcome) -> int:
    """The rank of the first right article, from 1; its best passage counts."""
    articles = enumerate(dict.fromkeys(outcome.found), 1)
    gold = outcome.question.gold
    return next((rank for rank, article in articles if article in gold), NOT_FOUND)


def _judged(outcomes: Iterable[Outcome]) -> list[tuple[float, bool]]:
    """Confidence and rightness of each answer to a question that has one."""
    return [
        (o.answer.confidence, _right(o)) for o in outcomes if o.answered and o.question.has_answer
    ]


def _right(outcome: Outcome) -> bool:
    question = outcome.question
    if question.answers:
        return holds(" ".join(outcome.quotes), question.answers)
    return any(overlaps(quote, question.sentences) for quote in outcome.quotes)


def _first_quote_overlaps(outcomes: Iterable[Outcome]) -> Iterator[bool]:
    for o in outcomes:
        if o.answered and o.question.has_answer and o.question.sentences and o.quotes:
            yield overlaps(o.quotes[0], o.question.sentences)


def _selective_accuracy(judged: Iterable[tuple[float, bool]], questions: int) -> Figure:
    """The share of right ones among the most confident; what wasn't answered counts as wrong."""
    size = max(1, int(CONFIDENT * questions))
    best = [right for _, right in sorted(judged, key=lambda pair: -pair[0])]
    return _mean((best + [False] * size)[:size])


def _calibration_error(judged: Iterable[tuple[float, bool]]) -> Figure:
    """How far confidence lies from the share of right answers, in the mean over the bins."""
    pairs = sorted(judged)
    if not pairs:
        return None
    size = max(1, math.ceil(len(pairs) / BINS))
    bins = [pairs[at : at + size] for at in range(0, len(pairs), size)]
    error = sum(abs(sum(c for c, _ in pair) - sum(r for _, r in pair)) for pair in bins)
    return round(error / len(pairs), 4)


def _change(name: str, now: Figure, before: Figure) -> Change:
    if now is None or before is None:
        return Change(now, before, None, worse=False)
    difference = round(now - before, 4)
    better = MEASURES[name].better if name in MEASURES else Better.NEITHER
    return Change(now, before, difference, worse=difference * better < 0)


def _mean(values: Iterable[float]) -> Figure:
    listed = list(values)
    return round(sum(listed) / len(listed), 4) if listed else None


def _milliseconds(seconds: Sequence[float], percent: int) -> Figure:
    """The least time that so many percent stay within (the nearest rank)."""
    if not seconds:
        return None
    return round(1e3 * sorted(seconds)[math.ceil(percent / 100 * len(seconds)) - 1], 1)
