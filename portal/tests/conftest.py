"""Fixtures shared by the tests of the whole project."""

from collections.abc import Iterator
from typing import Any

import pytest

from assistance.conftest import cast, sign_in, standing_cast
from assistance.tests.cast import Cast
from assistance.tests.world import World
from entities.models import WorkingGroup
from entities.tests.standing import standing
from portal.tests.api import ApiClients
from portal.tests.leak_world import build

__all__ = ["cast", "sign_in", "standing_cast"]


@pytest.fixture
def api_clients(cast: Cast) -> ApiClients:
    """Return an API client for everybody of the cast."""
    return ApiClients(cast)


@pytest.fixture
def world(cast: Cast) -> World:
    """Return a world with a row for each kind of confidential text."""
    WorkingGroup.objects.establish(slug="wg", name_en="Working group")
    return build(cast)


def canary_world() -> World:
    """Return a new cast with a row for each kind of confidential text."""
    WorkingGroup.objects.establish(slug="wg", name_en="Working group")
    return build(Cast())


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Give one world to all tests of a file that want no other."""
    with standing(django_db_blocker, canary_world) as world:
        yield world
