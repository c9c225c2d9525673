"""The cast of a file of tests, appointed once: each test undoes its own changes, after the last one all is undone."""

from collections.abc import Iterator
from typing import Any

import pytest

from assistance.tests.cast import Cast
from entities.tests.standing import standing

COMMITS = {"transactional_db", "live_server"}  # fixtures whose tests commit, and empty the tables afterwards
MAKES_ITS_OWN = {"standing_world", "reference_lists"}


@pytest.fixture(scope="module")
def standing_cast(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Cast | None]:
    """Yield the cast of this file, or None where it cannot stand: a test commits, or the file makes a world itself."""
    own = [item for item in request.session.items if item.path == request.path]
    if any(map(_has_its_own, own)):
        yield None
        return
    with standing(django_db_blocker, Cast) as cast:
        yield cast


def _has_its_own(item: Any) -> bool:
    commits = any(marker.kwargs.get("transaction") for marker in item.iter_markers("django_db"))
    return commits or bool((COMMITS | MAKES_ITS_OWN) & set(item.fixturenames))


@pytest.fixture
def cast(standing_cast: Cast | None, db: None) -> Cast:
    """Return the cast of this file with its people read anew, or a new one where it cannot stand."""
    return standing_cast.again() if standing_cast else Cast()
