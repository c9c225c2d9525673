"""What the tests of the whole house share."""

import pytest

from assistance.tests.cast import Cast
from assistance.tests.conftest import sign_in
from entities.models import WorkingGroup
from portal.tests.api import Doors
from portal.tests.canaries import World, build

__all__ = ["sign_in"]


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast, freshly appointed."""
    return Cast()


@pytest.fixture
def doors(cast: Cast) -> Doors:
    """Return a door of the API for everybody of the cast."""
    return Doors(cast)


@pytest.fixture
def world(cast: Cast) -> World:
    """Return a world with a row for each kind of secret."""
    WorkingGroup.objects.establish(slug="wg", name_en="Working group")
    return build(cast)
