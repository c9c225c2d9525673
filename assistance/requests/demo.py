"""Demonstration requests."""

from assistance.demo.demonstration import Demonstration


def load(demo: Demonstration) -> None:
    """Schedule nothing yet."""
