"""Someone who fetches from sites on this machine, for tests."""

from datetime import UTC, datetime

import pytest

from ingest.web.addresses import AddressGuard
from ingest.web.fetch import Conditions, Fetched, Fetcher
from ingest.web.limits import Limits
from ingest.web.politeness import Politeness
from vectorstore.errors import FetchError

SMALL = Limits(wire=20_000, body=50_000, connect=2, read=2, total=20)


class Visitor:
    """A Fetcher that may ask this machine, and whose waiting is written down, not done."""

    def __init__(self, guard: AddressGuard | None = None, limits: Limits = SMALL) -> None:
        self.slept: list[float] = []
        self._clock = 0.0
        self.fetcher = Fetcher(
            guard or AddressGuard.parse("127.0.0.1"),
            Politeness(clock=lambda: self._clock, sleep=self._sleep),
            limits,
            now=lambda: datetime(2026, 3, 18, 12, 0, tzinfo=UTC),
        )

    def get(self, url: str, conditions: Conditions | None = None) -> Fetched:
        """The page, when nothing else is expected."""
        found = self.fetcher.get(url, conditions)
        assert isinstance(found, Fetched)
        return found

    def refused(self, url: str) -> str:
        """What the user is told when an address can't be fetched."""
        with pytest.raises(FetchError) as caught:
            self.fetcher.get(url)
        return str(caught.value)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._clock += seconds
