"""Which sentences are quoted."""

import pytest

from bot.asked import Kind, asked_for, holds
from bot.extractive import best_quotes, ranked_quotes
from tests.support.articles import article, hit

TURM = "Der Turm ist ein Wahrzeichen. Der Turm ist 80 Meter hoch. Er wurde 1911 gebaut."
HIGH = "Der Turm ist 80 Meter hoch."


def test_the_nearest_sentence_leads() -> None:
    passage = hit(
        article(text=TURM), ("Der Turm ist ein Wahrzeichen.", 0.84, 0.3), (HIGH, 0.9, 0.8)
    )
    first, *rest = best_quotes(ranked_quotes("Wie hoch ist der Turm?", [passage]), 3)
    assert first.text == HIGH
    assert not rest


def test_sentences_nearly_as_good_follow_up_to_the_limit() -> None:
    sentences = ("Der Turm ist ein Wahrzeichen.", HIGH, "Er wurde 1911 gebaut.")
    passage = hit(article(text=TURM), *((s, 0.9 - n / 1000, 0.5) for n, s in enumerate(sentences)))
    assert len(best_quotes(ranked_quotes("Was ist der Turm?", [passage]), 3)) == 3
    assert len(best_quotes(ranked_quotes("Was ist der Turm?", [passage]), 2)) == 2


def test_the_same_sentence_of_two_papers_is_quoted_once() -> None:
    one = hit(article("a", text=TURM), (HIGH, 0.9, 0.8))
    copy = hit(article("b", text="Laut Stadt: " + HIGH), (HIGH, 0.9, 0.8))
    assert len(best_quotes(ranked_quotes("Wie hoch ist der Turm?", [one, copy]), 3)) == 1


def test_a_number_is_preferred_where_one_is_asked_for() -> None:
    passage = hit(article(text=TURM), ("Der Turm ist ein Wahrzeichen.", 0.9, 0.5), (HIGH, 0.9, 0.5))
    assert best_quotes(ranked_quotes("Wie hoch ist der Turm?", [passage]), 1)[0].text == HIGH


def test_without_passages_there_is_nothing_to_quote() -> None:
    assert best_quotes(ranked_quotes("Wie hoch ist der Turm?", []), 3) == []


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wann öffnet das Museum?", Kind.TIME),
        ("In welchem Jahr wurde der Turm gebaut?", Kind.TIME),
        ("Wie viele Menschen leben dort?", Kind.NUMBER),
        ("How much did it cost?", Kind.MONEY),
        ("What percentage voted?", Kind.NUMBER),
        ("Warum fährt die Fähre nicht?", Kind.REASON),
        ("Why was it closed?", Kind.REASON),
        ("Wer leitet den Fonds?", Kind.PERSON),
        ("Who leads the fund?", Kind.PERSON),
    ],
)
def test_what_is_asked_for_is_understood_in_both_languages(question: str, kind: Kind) -> None:
    assert asked_for(question) is kind


@pytest.mark.parametrize(
    ("sentence", "kind", "held"),
    [
        ("Es öffnet am 12. Juni.", Kind.TIME, True),
        ("Es öffnet am Dienstag.", Kind.TIME, True),
        ("Es ist schön.", Kind.TIME, False),
        ("Zwölf Menschen kamen.", Kind.NUMBER, True),
        ("Menschen kamen.", Kind.NUMBER, False),
        ("Irgendetwas.", Kind.OTHER, True),
    ],
)
def test_sentences_hold_what_is_asked_for_or_not(sentence: str, kind: Kind, held: bool) -> None:
    assert holds(sentence, kind) is held
