"""Confidence: a probability that rises with evidence and falls with what is missing."""

from hypothesis import given
from hypothesis import strategies as st

from bot.confidence import FEATURES, features, fitted
from bot.extractive import best_quotes
from bot.matching import matched
from tests.support.articles import article, hit

TEXT = "Die Fähre nach Lüttholm fährt stündlich. Sie fasst 220 Fahrgäste."
FERRY = "Die Fähre nach Lüttholm fährt stündlich."


def confidence(question: str, dense: float, lexical: float) -> float:
    hits = [hit(article(text=TEXT), (FERRY, dense, lexical), score=dense + 0.2 * lexical)]
    quotes = best_quotes(question, hits, 3)
    return fitted().probability(features(question, "de", quotes, hits))


def test_there_is_a_weight_for_every_feature() -> None:
    assert len(fitted().weights) == len(FEATURES)
    hits = [hit(article(text=TEXT), (FERRY, 0.9, 0.5))]
    assert len(features("Wie?", "de", best_quotes("Wie?", hits, 3), hits)) == len(FEATURES)


def test_strong_evidence_is_above_the_threshold_and_weak_below() -> None:
    question = "Wie oft fährt die Fähre nach Lüttholm?"
    assert confidence(question, 0.93, 0.9) > fitted().threshold
    assert confidence("Was kostet ein Kilo Brot in Rom?", 0.8, 0.02) < fitted().threshold


@given(st.lists(st.floats(-1e6, 1e6), min_size=len(FEATURES), max_size=len(FEATURES)))
def test_it_is_always_a_probability(values: list[float]) -> None:
    assert 0 <= fitted().probability(values) <= 1


def test_inflected_and_compound_words_count_as_held() -> None:
    found = matched("Welche Kosten hat der Hafenausbau?", "Den Ausbau des Hafens, der viel kostet.")
    assert found.words > 0.5
    assert matched("Wo liegt Rom?", "Das Brot in Rom.").names == 1.0
    assert matched("Wo liegt Rom?", "Das Brot in Ulm.").worst_name == 0.0
