"""What the tests of the work share."""

import pytest

from assistance.tests.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast, freshly appointed."""
    return Cast()
