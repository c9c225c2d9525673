"""Fixtures shared by the tests of delivery."""

from portal.tests.conftest import api_clients

__all__ = ["api_clients"]
