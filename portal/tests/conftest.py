"""Fixtures shared by the tests of the whole project."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from assistance.conftest import sign_in
from assistance.tests.cast import Cast
from assistance.tests.world import World
from entities.models import WorkingGroup
from portal.tests.api import ApiClients
from portal.tests.leak_world import build

__all__ = ["sign_in"]


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast, newly appointed."""
    return Cast()


@pytest.fixture
def api_clients(cast: Cast) -> ApiClients:
    """Return an API client for everybody of the cast."""
    return ApiClients(cast)


@pytest.fixture
def world(cast: Cast) -> World:
    """Return a world with a row for each kind of confidential text."""
    WorkingGroup.objects.establish(slug="wg", name_en="Working group")
    return build(cast)


@contextmanager
def standing(blocker: Any) -> Iterator[World]:
    """Yield a world to be given to several tests: each undoes its own changes, at the end the world is undone."""
    around = transaction.atomic()
    with blocker.unblock(), translation.override("en"):
        around.__enter__()
        WorkingGroup.objects.establish(slug="wg", name_en="Working group")
        world = build(Cast())
    yield world
    with blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Give one world to all tests of a file that want no other."""
    with standing(django_db_blocker) as world:
        yield world
