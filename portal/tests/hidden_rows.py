"""Rows that can be added to a world without one user being able to notice, with their readers written by hand."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from accounts.models import User
from assistance import registry
from assistance.access import policy
from assistance.consents import two_person
from assistance.tests.cases import Addition, Cases, Made, Row, all_cases
from assistance.tests.cast import OWNERS, appoint
from assistance.tests.world import World
from entities import appointments
from entities.models import Role
from entities.tests.factories import letter
from portal.tests.api import token_of


def _nominations(world: World) -> Iterator[Made]:
    cast, iom = world.cast, world.cast.org("iom")
    yield (
        "designation",
        appointments.nominate(
            actor=cast.iom,
            organisation=iom,
            role=Role.ALTERNATE,
            email=f"{uuid.uuid4()}@example.org",
            name="Hidden canary",
            letter=letter(),
        ),
    )
    ended = appoint(User.objects.create(email=f"{uuid.uuid4()}@example.org", name="Hidden canary"), iom, Role.OBSERVER)
    appointments.end(actor=cast.iom, appointment=ended, reason="Hidden canary")
    yield "designation", ended


def _two_persons(world: World) -> Iterator[Made]:
    two_person.switch_on(actor=world.cast.carana, state=world.cast.org("carana"))
    yield from ()


def _token_of_somebody(world: World) -> Iterator[Made]:
    token_of(world.cast.users["iom"])
    yield from ()


def additions() -> Iterator[Addition]:
    """Yield what the cases of each aggregate say, or else a row in each state, and what belongs to no aggregate."""
    for cases in all_cases():
        yield from cases.hidden if cases.hidden is not None else (_of(cases, row) for row in cases.rows)
    yield Addition(frozenset({"iom", "unoct"}), _nominations)
    yield Addition(frozenset({"iom"}), _token_of_somebody)
    yield Addition(OWNERS, _two_persons)  # must be last: it forbids what others here do alone


def _of(cases: Cases, row: Row) -> Addition:
    return Addition(row.readers, lambda world: iter([(cases.name, row.make(world.cast))]))


@dataclass
class Hidden:
    """What was added without the user's knowledge: keys by kind, and reference numbers."""

    ids: dict[str, list[str]] = field(default_factory=dict)
    references: list[str] = field(default_factory=list)
    rows: int = 0


def hide_from(world: World, name: str) -> Hidden:
    """Add everything that user may not know of and return it. Raises AssertionError if they see any of it."""
    before = _seen_by(world, name)
    total = _kept()
    hidden = Hidden()
    for addition in additions():
        for kind, row in addition.make(world) if name not in addition.readers else ():
            hidden.ids.setdefault(kind, []).append(str(row.pk))
            if reference := getattr(row, "reference", ""):
                hidden.references.append(reference)
    hidden.rows = _kept() - total
    assert _seen_by(world, name) == before and hidden.rows >= 4  # CTED sees most of what there is
    return hidden


def _seen_by(world: World, name: str) -> dict[type, set[object]]:
    if name not in world.cast.users:
        return {}
    actor = getattr(world.cast, name)
    return {model: set(policy.visible(actor, model).values_list("pk", flat=True)) for model in registry.models()}


def _kept() -> int:
    return sum(model._default_manager.count() for model in registry.models())
