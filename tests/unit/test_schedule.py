"""When sources are looked at: on time or so, seldom while they fail, never all at once."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.watching.schedule import A_DAY, MOST_TIMES, START, Past, first_run, next_run, pause

HOUR = 3_600.0

seconds = st.floats(1, 366 * A_DAY)
moments = st.floats(1e9, 4e9)
drawn = st.floats(0, 1, exclude_max=True)
failures = st.integers(0, 10_000)


def test_a_failing_source_is_asked_half_as_often_each_time_up_to_a_limit() -> None:
    assert [pause(HOUR, n) / HOUR for n in range(6)] == [1, 2, 4, 8, 8, 8]


def test_a_failing_source_is_asked_once_a_day_at_least() -> None:
    assert [pause(6 * HOUR, n) / HOUR for n in range(4)] == [6, 12, 24, 24]


def test_failing_does_not_make_a_rare_look_more_frequent() -> None:
    assert pause(7 * A_DAY, 5) == 7 * A_DAY


def test_success_brings_the_usual_interval_back() -> None:
    assert next_run(1_000.0, HOUR, failures=0, drawn=0.5) == 1_000.0 + HOUR


def test_what_was_never_looked_at_is_looked_at_at_once() -> None:
    assert first_run(1_000.0, HOUR, Past(), drawn=0.9) == 1_000.0


def test_after_a_restart_a_source_is_looked_at_when_it_would_have_been() -> None:
    now = 100_000.0
    assert first_run(now, HOUR, Past(now - 600), drawn=0.5) == now + HOUR - 600


def test_after_a_restart_what_is_late_is_spread_over_a_minute() -> None:
    now = 1_000_000.0
    assert first_run(now, HOUR, Past(now - A_DAY), drawn=0.25) == now + START / 4


def test_after_a_restart_what_failed_is_tried_again_soon() -> None:
    now = 1_000_000.0
    assert first_run(now, HOUR, Past(now - 1, failures=5), drawn=0.25) == now + START / 4


@given(moments, seconds, failures, drawn)
def test_a_pause_is_a_tenth_more_or_less(
    ended: float, interval: float, failed: int, number: float
) -> None:
    waited = next_run(ended, interval, failed, number) - ended
    usual = pause(interval, failed)
    assert 0.9 * usual - 1e-3 <= waited <= 1.1 * usual + 1e-3


@given(seconds, failures)
def test_more_failures_never_mean_more_haste(interval: float, failed: int) -> None:
    assert interval <= pause(interval, failed) <= pause(interval, failed + 1)
    assert pause(interval, failed) <= max(interval, min(MOST_TIMES * interval, A_DAY))


@given(moments, seconds, st.one_of(st.none(), moments), failures, drawn)
def test_the_first_look_is_never_in_the_past_nor_further_off_than_a_usual_one(
    now: float, interval: float, last: float | None, failed: int, number: float
) -> None:
    due = first_run(now, interval, Past(last, failed), number)
    assert now <= due <= now + max(START, 1.1 * interval) + 1e-3
