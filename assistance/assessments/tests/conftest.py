"""Fixtures of the tests of assessments."""

import pytest

from assistance.tests.cast import Cast
from portal.tests.api import ApiClients


@pytest.fixture
def api_clients(cast: Cast) -> ApiClients:
    """Return an API client for everybody of the cast."""
    return ApiClients(cast)
