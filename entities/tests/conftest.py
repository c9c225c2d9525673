"""Fixtures for the tests of who is who: an entity with its focal point, and two coordinators of UNOCT."""

import pytest

from entities.actors import Actor, actor_of
from entities.models import Organisation, Role
from entities.tests.factories import appointment, organisation
from entities.tests.standing import reference_lists

__all__ = ["reference_lists"]


@pytest.fixture
def unoct(db: None) -> Organisation:
    return organisation("unoct")


@pytest.fixture
def entity(db: None) -> Organisation:
    return organisation("entity")


@pytest.fixture
def coordinator(unoct: Organisation) -> Actor:
    return actor_of(appointment(unoct, Role.COORDINATOR).user)


@pytest.fixture
def second(unoct: Organisation) -> Actor:
    return actor_of(appointment(unoct, Role.COORDINATOR).user)


@pytest.fixture
def focal(entity: Organisation) -> Actor:
    return actor_of(appointment(entity, Role.FOCAL_POINT).user)
