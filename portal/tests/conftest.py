"""What the tests of the whole house share."""

import pytest

from assistance.tests.cast import Cast
from portal.tests.api import Doors


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast, freshly appointed."""
    return Cast()


@pytest.fixture
def doors(cast: Cast) -> Doors:
    """Return a door of the API for everybody of the cast."""
    return Doors(cast)
