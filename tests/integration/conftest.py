"""A site on this machine and somebody who fetches from it."""

from collections.abc import Iterator

import pytest

from tests.support.site import Site
from tests.support.visitor import Visitor


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()
