"""What is said where the articles don't answer."""

from dataclasses import replace
from datetime import date

import pytest

from bot.extractive import ranked_quotes
from bot.period import Period
from bot.refusal import LONGEST, refusal
from tests.support.articles import article, hit

SENTENCE = "Die Seilbahn nach Ketteln fährt seit Montag nicht."
NEAR = replace(article(text=SENTENCE, title="Seilbahn steht still"), published="2026-03-18")
RANKED = ranked_quotes("Warum steht die Seilbahn?", [hit(NEAR, (SENTENCE, 0.9, 0.5))])


def test_a_near_refusal_shows_what_the_nearest_article_says() -> None:
    assert refusal(None, True, NEAR, RANKED, "de") == (
        "Die Artikel sagen dazu nichts Genaues. Am nächsten kommt „Seilbahn steht still“ (Blatt, "
        "18.03.2026): „Die Seilbahn nach Ketteln fährt seit Montag [16.03.2026] nicht.“"
    )
    assert refusal(None, True, NEAR, RANKED, "en") == (
        "The articles don't say exactly. The closest is “Seilbahn steht still” (Blatt, "
        "18 March 2026): “Die Seilbahn nach Ketteln fährt seit Montag [16 March 2026] nicht.”"
    )


def test_where_nothing_is_near_nothing_is_shown() -> None:
    assert refusal(None, False, None, RANKED, "de") == "Dazu steht nichts in den Artikeln."
    assert refusal(None, False, None, RANKED, "en") == "The articles don't say."


@pytest.mark.parametrize(
    ("since", "until", "german", "english"),
    [
        ((2026, 11, 24), (2026, 11, 24), "vom 24.11.2026", "of 24 November 2026"),
        (
            (2026, 11, 16),
            (2026, 11, 22),
            "vom 16.11.2026 bis 22.11.2026",
            "from 16 November 2026 to 22 November 2026",
        ),
        ((2026, 11, 16), None, "seit dem 16.11.2026", "since 16 November 2026"),
        (None, (2026, 11, 16), "bis zum 16.11.2026", "until 16 November 2026"),
    ],
)
def test_the_days_that_were_asked_about_are_named(
    since: tuple[int, int, int] | None,
    until: tuple[int, int, int] | None,
    german: str,
    english: str,
) -> None:
    period = Period(since and date(*since), until and date(*until), True, "?", 0, 1)
    assert refusal(period, False, None, [], "de") == f"Dazu steht in den Artikeln {german} nichts."
    assert refusal(period, False, None, [], "en") == f"The articles {english} don't say."
    assert f"Die Artikel {german} sagen" in refusal(period, True, NEAR, RANKED, "de")


def test_a_very_long_sentence_is_left_out_whole() -> None:
    long = "Wort " * (LONGEST // 5) + "Ende."
    told = replace(NEAR, text=long)
    ranked = ranked_quotes("Warum?", [hit(told, (long, 0.9, 0.5))])
    assert refusal(None, True, told, ranked, "de").endswith(
        "Am nächsten kommt „Seilbahn steht still“ (Blatt, 18.03.2026)."
    )


def test_what_an_article_lacks_is_left_out() -> None:
    bare = replace(NEAR, title=None, source=None, published=None)
    assert "Am nächsten kommt „Ohne Titel“." in refusal(None, True, bare, [], "de")
