"""Which articles and sentences a question that says when is answered from."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asking import counts, understood, whenever
from tests.support.articles import article
from vectorstore.models import NO_FILTERS, Article, Filters, Span

TODAY = date(2026, 11, 25)  # a Wednesday


def paper(text: str, published: str | None) -> Article:
    return replace(article(text=text), published=published)


def tells(question: str, text: str, published: str | None) -> bool:
    period = understood(question, NO_FILTERS, TODAY).period
    return counts(period, paper(text, published), Span(0, len(text)))


def test_the_search_takes_in_the_days_after_but_none_to_come() -> None:
    week = understood("Was geschah letzte Woche in Ketteln?", NO_FILTERS, TODAY)
    assert week.filters == Filters(since=date(2026, 11, 16), until=TODAY)
    march = understood("Was wurde im März 2025 in Ketteln eröffnet?", NO_FILTERS, TODAY)
    assert march.filters.since == date(2025, 3, 1)
    assert date(2025, 3, 31) < (march.filters.until or TODAY) < date(2025, 4, 10)


def test_other_filters_stay() -> None:
    asked = understood("Was geschah gestern?", Filters(source="Bote"), TODAY)
    assert asked.filters == Filters(date(2026, 11, 24), TODAY, "Bote")
    assert whenever(asked).filters == Filters(source="Bote")


def test_a_filter_by_date_outweighs_the_question() -> None:
    given_ = Filters(since=date(2020, 1, 1))
    asked = understood("Was geschah gestern in Ketteln?", given_, TODAY)
    assert (asked.filters, asked.period, asked.firm) == (given_, None, False)


def test_the_words_of_a_period_are_taken_out_and_come_back_for_any_time_unless_relative() -> None:
    assert understood("Was geschah gestern in Ketteln?", NO_FILTERS, TODAY).words == (
        "Was geschah in Ketteln?"
    )
    march = "Was wurde im März 2025 in Ketteln eröffnet?"
    asked = understood(march, NO_FILTERS, TODAY)
    assert asked.words == "Was wurde in Ketteln eröffnet?"
    assert whenever(asked).words == march


def test_words_stay_where_nothing_else_would_be_left() -> None:
    assert understood("Was war gestern?", NO_FILTERS, TODAY).words != ""
    assert understood("Gestern?", NO_FILTERS, TODAY).words == "Gestern?"


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("Es brannte.", "2026-11-24", True),
        ("Es brannte.", "2026-11-24T23:50:00+01:00", True),
        ("Es brannte.", "2026-11-25", False),
        ("Am Dienstag brannte es.", "2026-11-25", True),
        ("Am Montag brannte es.", "2026-11-25", False),
        ("Es brannte gestern.", "2026-11-25", True),
        ("Es brannte.", "2026-11-23", False),
        ("Es brannte.", None, False),
        ("Es brannte.", "im Herbst", False),
    ],
)
def test_yesterday_is_told_by_its_own_articles_or_by_a_later_one_that_names_it(
    text: str, published: str | None, expected: bool
) -> None:
    assert tells("Was geschah gestern in Ketteln?", text, published) is expected


@given(st.text(max_size=60))
def test_a_question_without_a_period_is_searched_as_it_is(question: str) -> None:
    asked = understood(question, NO_FILTERS, TODAY)
    if asked.period is None:
        assert (asked.words, asked.filters) == (question, NO_FILTERS)
        assert counts(None, paper("Es brannte.", None), Span(0, 3))
