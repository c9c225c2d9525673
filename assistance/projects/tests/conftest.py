"""Fixtures shared by the tests of projects."""

import pytest

from assistance.tests.cast import Cast
from entities.tests.standing import reference_lists
from portal.tests.api import ApiClients

__all__ = ["reference_lists"]


@pytest.fixture
def api_clients(cast: Cast) -> ApiClients:
    """Return an API client for everybody of the cast."""
    return ApiClients(cast)
