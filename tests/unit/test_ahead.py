"""Reading ahead gives the same items, errors in their place, and ends when nobody wants more."""

from collections.abc import Iterator
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.ahead import read_ahead


@given(st.lists(st.integers(), max_size=20), st.integers(1, 5))
def test_the_items_are_the_same_in_the_same_order(items: list[int], most: int):
    assert list(read_ahead(iter(items), most)) == items


def test_an_error_comes_behind_the_items_that_were_read_before_it():
    def broken() -> Iterator[int]:
        yield from (1, 2)
        raise OSError("the disk is gone")

    items = read_ahead(broken())
    assert (next(items), next(items)) == (1, 2)
    with pytest.raises(OSError, match="disk is gone"):
        next(items)


def test_who_stops_early_stops_the_reading():
    ended = Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            ended.set()

    items = read_ahead(endless())
    assert next(items) == 1
    items.close()
    assert ended.wait(5)


def test_no_more_is_read_ahead_than_was_allowed():
    taken: list[int] = []

    def counted() -> Iterator[int]:
        for n in range(100):
            taken.append(n)
            yield n

    items = read_ahead(counted(), most=2)
    next(items)
    assert len(taken) <= 4  # one in use, two waiting, one in hand
    items.close()
