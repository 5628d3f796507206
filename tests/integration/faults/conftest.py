"""Every fault is counted; the table stands at the end of the run."""

import pytest

from tests.support.kill_ledger import Ledger


@pytest.fixture
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """Where a test notes its tries and what they lost."""
    return Ledger(request.node.user_properties)
