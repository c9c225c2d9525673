"""What is made once for a file of tests: each test undoes its own changes, after the last one all is undone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction
from django.utils import translation

from entities.reference_import import load_all

Made = TypeVar("Made")


@contextmanager
def standing(blocker: Any, make: Callable[[], Made]) -> Iterator[Made]:
    """Yield what `make` returns; what it wrote is undone at the end. Not for tests with transactions of their own."""
    around = transaction.atomic()
    with blocker.unblock(), translation.override("en"):
        around.__enter__()
        made = make()
        connection.check_constraints()  # once, and not at the end of each test again
    yield made
    with blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(scope="module")
def reference_lists(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load the reference lists once for the tests of a file."""
    with standing(django_db_blocker, load_all):
        yield
