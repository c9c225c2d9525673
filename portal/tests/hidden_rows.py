"""Rows that can be added to a world without one user being able to notice, with their readers written by hand."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from assistance import registry
from assistance.access import policy
from assistance.consents import plans, two_person
from assistance.consents import transitions as consents
from assistance.documents import transitions as documents
from assistance.needs import match_transitions as matches
from assistance.needs.models import Need
from assistance.tests.cast import COMPACT, OWNERS, appoint
from assistance.tests.world import World
from assistance.visits.models import Section, Visit
from entities import appointments
from entities.models import Role
from entities.tests.factories import letter
from files.tests import samples
from portal.tests.api import token_of

Made = tuple[str, Any]


@dataclass(frozen=True)
class Addition:
    """One addition, and the names of those who may know of it."""

    readers: frozenset[str]
    make: Callable[[World], Iterator[Made]]


def _needs(world: World) -> Iterator[Made]:
    cast, visit = world.cast, Visit.objects.get(pk=world.ids["visit"][0])
    yield "need", cast.need("put", visit=visit, source="visit", title="Hidden canary, put")
    yield "need", cast.need("agreed", beneficiary="Hidden canary")


def _drafts(world: World) -> Iterator[Made]:
    visit = Visit.objects.get(pk=world.ids["visit"][0])
    for _ in range(3):
        yield "need", world.cast.need("draft", visit=visit, source="visit", title="Hidden canary at the border")


def _of_another_state(world: World) -> Iterator[Made]:
    cast = world.cast
    visit = cast.visit(state=cast.org("sumora"))
    yield "visit", visit
    yield "section", cast.section(visit, 1, title="Hidden canary of another State")


def _released_by_name(to: str) -> Callable[[World], Iterator[Made]]:
    def make(world: World) -> Iterator[Made]:
        cast = world.cast
        need = cast.need("shared", audience=[to], title="Hidden canary, released by name")
        yield "need", need
        yield "match", matches.propose(actor=getattr(cast, to), need=need.pk, share=30, message="Hidden canary")
        taken = matches.propose(
            actor=cast.cted, need=cast.need("shared", audience=[to]).pk, provider=cast.org(to), share=40
        )
        matches.accept(actor=getattr(cast, to), match=taken.pk)
        matches.accept(actor=cast.carana, match=taken.pk)
        yield "match", taken

    return make


def _withdrawn(world: World) -> Iterator[Made]:
    cast = world.cast
    need = cast.need("agreed", title="Hidden canary, withdrawn")
    visit = Visit.objects.get(pk=world.ids["visit"][0])
    section = cast.section(visit, 70 + visit.sections.count(), title="Hidden canary section")
    yield "need", need
    yield "section", section
    yield "consent", consents.release(actor=cast.carana, rows=[section], audience=["unoct"])
    yield "consent", consents.withdraw(actor=cast.carana, rows=[section], reason="Hidden canary reason")


def _on_a_shared_need(world: World) -> Iterator[Made]:
    """A match that is visible to its parties only, on a need that all of the Compact sees."""
    need = Need.objects.get(pk=world.ids["need"][3])
    match = matches.propose(actor=world.cast.unoct, need=need.pk, share=5, message="Hidden canary on a shared need")
    yield "match", match


def _drafted_offer(who: str) -> Callable[[World], Iterator[Made]]:
    def make(world: World) -> Iterator[Made]:
        yield "offer", world.cast.offer(published=False, who=who, title="Hidden canary offer")

    return make


def _named_offer(world: World) -> Iterator[Made]:
    cast = world.cast
    yield (
        "offer",
        cast.offer(who="iom", for_states=[cast.org("sumora")], visible_to_named_only=True, title="Hidden canary offer"),
    )


def _restricted_project(who: str) -> Callable[[World], Iterator[Made]]:
    """A project visible to its lead only, which serves needs others see."""

    def make(world: World) -> Iterator[Made]:
        seen = list(policy.visible(getattr(world.cast, who), Need))
        yield "project", world.cast.project(who=who, is_restricted=True, needs=seen, title="Hidden canary project")

    return make


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


def _documents(world: World) -> Iterator[Made]:
    """A file on what was put to a State, and on a report's section nobody else reads, with a later version."""
    put, section = Need.objects.get(pk=world.ids["need"][1]), Section.objects.get(pk=world.ids["section"][0])
    for parent in (put, section):
        row = documents.attach(actor=world.cast.cted, parent=parent, file=samples.note(text="Hidden canary"))
        yield "document", documents.replace(actor=world.cast.cted, document=row.pk, file=samples.note(text="Later"))


def _asked(world: World) -> Iterator[Made]:
    """Questions put to a State, about a visit that others see."""
    consents.ask(actor=world.cast.cted, visit=Visit.objects.filter(state__slug="carana", consent_asked_at=None)[0].pk)
    yield from ()


def _planned(world: World) -> Iterator[Made]:
    cast = world.cast
    yield "release_plan", plans.plan(actor=cast.carana, rows=[cast.need("agreed")], audience=["states"])


def _two_persons(world: World) -> Iterator[Made]:
    two_person.switch_on(actor=world.cast.carana, state=world.cast.org("carana"))
    yield from ()


def _token_of_somebody(world: World) -> Iterator[Made]:
    token_of(world.cast.users["iom"])
    yield from ()


ADDITIONS = (
    Addition(frozenset({"cted"}), _drafts),
    Addition(OWNERS, _needs),
    Addition(COMPACT | {"sumora"}, _of_another_state),
    Addition(OWNERS | {"iom"}, _released_by_name("iom")),
    Addition(OWNERS | {"unodc"}, _released_by_name("unodc")),
    Addition(OWNERS | {"unoct"}, _withdrawn),
    Addition(OWNERS | {"unoct"}, _on_a_shared_need),
    Addition(frozenset({"iom"}), _drafted_offer("iom")),
    Addition(frozenset({"partner"}), _drafted_offer("partner")),
    Addition(frozenset({"iom", "sumora", "cted", "unoct"}), _named_offer),
    Addition(frozenset({"iom"}), _restricted_project("iom")),
    Addition(frozenset({"partner"}), _restricted_project("partner")),
    Addition(frozenset({"iom", "unoct"}), _nominations),
    Addition(frozenset({"iom"}), _token_of_somebody),
    Addition(OWNERS, _documents),
    Addition(OWNERS, _asked),
    Addition(OWNERS, _planned),  # CTED does not see the plan, but the need in it
    Addition(OWNERS, _two_persons),  # must be last: it forbids what others here do alone
)


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
    for addition in ADDITIONS:
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
