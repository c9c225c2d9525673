"""Fixtures shared by the tests of projects."""

from entities.tests.standing import reference_lists

__all__ = ["reference_lists"]
