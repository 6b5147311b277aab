"""Everything about settlement is asked twice: of the oracle and of the kernel."""

import pytest

from tests.settle.kernel import SETTLERS, Settler


@pytest.fixture(params=list(SETTLERS), scope="session")
def settler(request: pytest.FixtureRequest) -> Settler:
    return SETTLERS[request.param]
