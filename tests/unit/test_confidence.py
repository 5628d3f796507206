"""Confidence: a probability that rises with evidence and falls with what is missing."""

from hypothesis import given
from hypothesis import strategies as st

from bot.confidence import FEATURES, features, judge, one_language
from bot.extractive import best_quotes, ranked_quotes
from bot.fitted import Logistic, packaged
from bot.matching import matched
from tests.support.articles import article, hit

TEXT = "Die Fähre nach Lüttholm fährt stündlich. Sie fasst 220 Fahrgäste."
FERRY = "Die Fähre nach Lüttholm fährt stündlich."


def models() -> list[Logistic]:
    """Every logistic model that comes with Beleg."""
    both = (packaged().same, packaged().other)
    return [model for refusal in both for model in (refusal.answerable, refusal.right)]


def judged(question: str, dense: float, lexical: float) -> bool:
    hits = [hit(article(text=TEXT), (FERRY, dense, lexical), score=dense + 0.2 * lexical)]
    return judge(question, "de", best_quotes(ranked_quotes(question, hits), 3), hits).enough


def test_there_is_a_weight_for_every_feature() -> None:
    hits = [hit(article(text=TEXT), (FERRY, 0.9, 0.5))]
    found = features("Wie?", best_quotes(ranked_quotes("Wie?", hits), 3), hits)
    assert all(set(model.weights) == set(FEATURES) for model in models())
    assert len(found) == len(FEATURES)


def test_strong_evidence_is_above_the_threshold_and_weak_below() -> None:
    assert judged("Wie oft fährt die Fähre nach Lüttholm?", 0.93, 0.9)
    assert not judged("Was kostet ein Kilo Brot in Rom?", 0.8, 0.02)


def test_no_quotes_are_no_evidence() -> None:
    nothing = judge("Wie oft fährt die Fähre?", "de", [], [])
    assert (nothing.confidence, nothing.enough) == (0.0, False)


def test_the_languages_decide_which_model_judges() -> None:
    assert one_language("de", "de-AT")
    assert not one_language("en", "de")


@given(st.lists(st.floats(-1e6, 1e6), min_size=len(FEATURES), max_size=len(FEATURES)))
def test_it_is_always_a_probability(values: list[float]) -> None:
    assert all(0 <= model.probability(FEATURES, values) <= 1 for model in models())


def test_inflected_and_compound_words_count_as_held() -> None:
    found = matched("Welche Kosten hat der Hafenausbau?", "Den Ausbau des Hafens, der viel kostet.")
    assert found.words > 0.5
    assert matched("Wo liegt Rom?", "Das Brot in Rom.").names == 1.0
    assert matched("Wo liegt Rom?", "Das Brot in Ulm.").worst_name == 0.0


def test_only_a_collection_of_one_article_makes_its_answers_likelier() -> None:
    hits = [hit(article(text=TEXT), (FERRY, 0.86, 0.3))]
    quotes = best_quotes(ranked_quotes("Was ist mit der Fähre?", hits), 3)
    among_others = judge("Was ist mit der Fähre?", "de", quotes, hits)
    by_itself = judge("Was ist mit der Fähre?", "de", quotes, hits, only_article=True)
    assert by_itself.confidence > among_others.confidence
