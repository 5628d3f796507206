"""The comparison of Beleg with its model, at length."""

import pytest

from tests.integration.test_model import compare


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_whatever_happens_a_thousand_times_beleg_holds_what_the_model_holds() -> None:
    compare(1_000, 20)
