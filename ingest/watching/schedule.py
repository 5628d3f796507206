"""When a source is looked at: every interval or so, less often while it fails. Pure.

Times are seconds since the epoch; `drawn` is a random number from 0 up to 1.
"""

from dataclasses import dataclass

JITTER = 0.1  # of a pause, more or less, so that sources don't come in step with one another
MOST_TIMES = 8  # intervals that a failing source is left alone at most
A_DAY = 86_400.0
START = 60.0  # seconds over which the first looks after a start are spread


@dataclass(frozen=True, slots=True)
class Past:
    """When a source was looked at last, if ever, and how often in a row it has failed since."""

    last_run: float | None = None
    failures: int = 0


def pause(interval: float, failures: int) -> float:
    """Seconds between two looks: the interval, doubled for every failure in a row.

    At most MOST_TIMES the interval and at most a day, but never less than the interval.
    """
    times = MOST_TIMES if failures >= MOST_TIMES else min(1 << failures, MOST_TIMES)
    return max(interval, min(interval * times, A_DAY))


def next_run(ended: float, interval: float, failures: int, drawn: float) -> float:
    """When to look again after a look that ended at `ended`, JITTER early or late."""
    return ended + pause(interval, failures) * (1 - JITTER + 2 * JITTER * drawn)


def first_run(now: float, interval: float, past: Past, drawn: float) -> float:
    """When to look for the first time after a start.

    At once if it never was; else when it was to be anyway, but not before its place in the first
    START seconds. What failed needn't wait longer: a start may mean that somebody has mended it.
    """
    if past.last_run is None:
        return now
    soon = now + START * drawn
    if past.failures:
        return soon
    planned = next_run(past.last_run, interval, 0, drawn)
    latest = next_run(now, interval, 0, drawn)  # the clock may have been put back since
    return max(soon, min(planned, latest))
