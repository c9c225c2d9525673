"""Fixtures shared by the tests of plans."""

from portal.tests.conftest import api_clients

__all__ = ["api_clients"]
