"""Fixtures shared by the tests of recommendations."""

from collections.abc import Callable

import pytest

from accounts.models import Delivery
from portal.tests.conftest import api_clients

__all__ = ["api_clients"]


@pytest.fixture
def told(db: None) -> Callable[[str], set[str]]:
    """Return who of the cast has got a message of this name."""

    def names(message: str) -> set[str]:
        return set(Delivery.objects.filter(message=message).values_list("recipient__name", flat=True))

    return names
