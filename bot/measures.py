"""The figures of an evaluation: their names in order, what each means, which way is better."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

Figure = int | float | None
"""What was measured; None where there was nothing to measure."""
Figures = Mapping[str, Figure]


class Better(IntEnum):
    """Which way a figure gets better."""

    HIGHER = 1
    LOWER = -1
    NEITHER = 0


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: the group it is shown in, which way is better, and what it means."""

    group: str
    better: Better
    meaning: str


HIGHER, LOWER, NEITHER = Better

MEASURES: Mapping[str, Measure] = {
    "articles": Measure("collection", NEITHER, "articles that were taken in"),
    "passages": Measure("collection", NEITHER, "passages that they were cut into"),
    "questions": Measure("collection", NEITHER, "questions that were asked"),
    "unanswerable": Measure(
        "collection", NEITHER, "questions among them that the articles don't answer"
    ),
    "ingest_seconds": Measure(
        "collection", LOWER, "time to take in all articles, with the model loaded"
    ),
    "passages_per_second": Measure("collection", HIGHER, "passages taken in a second"),
    "R@1": Measure(
        "retrieval", HIGHER, "answerable questions whose right article comes first in the search"
    ),
    "R@5": Measure("retrieval", HIGHER, "the same, among the first 5 articles"),
    "R@10": Measure("retrieval", HIGHER, "the same, among the first 10 articles"),
    "nDCG@10": Measure(
        "retrieval", HIGHER, "1 for a right article in first place, less further down, 0 below 10"
    ),
    "quote_holds_answer": Measure(
        "citations",
        HIGHER,
        "answers to answerable questions whose quotes hold the known answer "
        "(or, where only sentences are known, overlap one of them)",
    ),
    "sentence@1": Measure(
        "citations",
        HIGHER,
        "of the same answers, those whose first quote overlaps a right sentence",
    ),
    "verbatim": Measure(
        "citations", HIGHER, "quotes that stand in the article where they say; it has to be 1"
    ),
    "quotes_per_answer": Measure("citations", NEITHER, "quotes in an answer, in the mean"),
    "quote_chars": Measure("citations", NEITHER, "characters of a quote, in the mean"),
    "quote_chars_max": Measure("citations", NEITHER, "characters of the longest quote"),
    "answered": Measure("refusal", HIGHER, "answerable questions that were answered"),
    "false_answers": Measure(
        "refusal", LOWER, "unanswerable questions that were answered all the same"
    ),
    "selective_accuracy@80": Measure(
        "refusal",
        HIGHER,
        "right ones among the 80 % of answers with the highest confidence "
        "(a refused answerable question counts as wrong)",
    ),
    "calibration_error": Measure(
        "refusal",
        LOWER,
        "distance of confidence from the share of right answers, in ten equal bins",
    ),
    "ask_p50_ms": Measure("latency", LOWER, "milliseconds that half of the answers stay within"),
    "ask_p95_ms": Measure("latency", LOWER, "milliseconds that 95 % of the answers stay within"),
    "search_p50_ms": Measure("latency", LOWER, "the same for a search of 50 passages: half"),
    "search_p95_ms": Measure("latency", LOWER, "95 % of these searches"),
}
