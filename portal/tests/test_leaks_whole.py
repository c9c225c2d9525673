"""The canary sweep in full, for `make prove`: every identity, route, row, transition and method, by session and token.

Searched for words the user may not know: bodies, headers, exports and feeds (they are routes), and afterwards the log
lines, the mails and everything in Valkey, where no word of any record may be.
"""

import logging
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, User
from assistance.tests.cast import MEMBERS, PASSWORD, appoint, hashed
from assistance.tests.world import World
from entities.models import Appointment, Role
from portal.tests.api import token_of
from portal.tests.audit_reads import LOGGERS, Traces, work_off
from portal.tests.figures import Figures
from portal.tests.leak_world import BACKEND, CANARY, LISTS, QUERIES, SKIPPED, Probe, addresses
from portal.tests.routes import routes

pytestmark = [pytest.mark.prove, pytest.mark.django_db]
API = {"content_type": "application/json"}
CHANGING = ("post", "put", "patch", "delete")
NOBODY = frozenset({"nobody"})


@pytest.fixture
def world(standing_world: World, db: None) -> World:
    work_off()  # do its queued work now: each probe is rolled back, and would find it again
    return standing_world


def newcomer(world: World, name: str, at: str, role: str, **terms: Any) -> User:
    """Return a user beyond the cast, appointed at an organisation of it."""
    user = User.objects.create(email=f"{name}@example.org", name=name, password=hashed())
    row = appoint(user, world.cast.org(at), role)
    Appointment.objects.filter(pk=row.pk).update(**terms)
    return user


def yesterday() -> Any:
    return timezone.now().date() - timedelta(days=1)


def donor(world: World) -> User:
    world.cast.org("sumora").__class__.objects.filter(slug="sumora").update(is_donor=True)
    return newcomer(world, "donor", "sumora", Role.DONOR_CONTACT)


def closed(world: World) -> User:
    user = newcomer(world, "closed", "unodc", Role.FOCAL_POINT)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return user


VIEWER = "support viewing as "
VIEWED = ("iom", "carana", "cted")
# An impersonating user keeps their own notifications, and reads them only as themselves.
LETTERS = re.compile(r"^/(inbox|api/v1/notifications)/")
# Identities beyond the cast: who they are, and whose view they have (several: only what all of them may see).
MORE: dict[str, tuple[Callable[[World], User], tuple[str, ...]]] = {
    "alternate": (lambda world: newcomer(world, "alternate", "unodc", Role.ALTERNATE), ("unodc",)),
    "colleague": (lambda world: newcomer(world, "colleague", "carana", Role.ALTERNATE), ("carana",)),
    "donor": (donor, ("sumora",)),
    "lapsed": (lambda world: newcomer(world, "lapsed", "unodc", Role.ALTERNATE, confirm_by=yesterday()), ("nobody",)),
    "awaiting": (lambda world: newcomer(world, "awaiting", "unodc", Role.ALTERNATE, approved_at=None), ("nobody",)),
    "ended": (lambda world: newcomer(world, "ended", "carana", Role.ALTERNATE, ended_at=timezone.now()), ("nobody",)),
    "closed": (closed, ("nobody",)),
    **{f"{VIEWER}{name}": (lambda world: world.cast.users["unoct"], ("unoct", name)) for name in VIEWED},
}
NAMES = (*MEMBERS, "former", "admin", "nobody", "anonymous", *MORE)


@dataclass
class Eyes(Probe):
    """A probe that may know what all of several users may know."""

    eyes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.forbidden = {word for word, readers in self.world.readers.items() if not set(self.eyes) <= readers}

    def follow_up(self) -> None:
        work_off()


def identity(world: World, name: str) -> Eyes:
    """Return the probe of an identity, signed in where possible."""
    make, eyes = MORE.get(name, (lambda world: world.cast.users.get(name), (name,)))
    user = make(world)
    client = Client()
    if user is not None:
        client.force_login(user, backend=BACKEND)
    probe = Eyes(name, world, client, eyes=eyes)
    if name.startswith(VIEWER):
        other = Appointment.objects.current().get(user=world.cast.users[name.removeprefix(VIEWER)])
        assert client.post(f"/designations/{other.pk}/view-as/", {"reason": "Support."}).status_code == 302
    return probe


def sweep(probe: Eyes, only: str = "/") -> None:
    """Request every route in every way a client can."""
    for route in routes():
        if route.name in SKIPPED or not route.template.startswith(only):
            continue
        if probe.name.startswith(VIEWER) and LETTERS.match(route.template):
            continue
        data = API if route.template.startswith("/api/") else {}
        for address in addresses(probe.world, route):
            for method in ("get", "head", "options"):
                probe.ask(method, address)
            for method in CHANGING if data else CHANGING[:1]:
                probe.ask(method, address, **data)
        if LISTS.match(route.template):
            for query in QUERIES:
                probe.ask("get", route.template + query)


def report(probes: list[Eyes], figures: Figures) -> None:
    figures.count("canary identities", len({probe.name for probe in probes}))
    figures.count("canary probes", sum(probe.asked for probe in probes))
    figures.count("canary leaks", sum(len(probe.leaks) for probe in probes))
    assert [leak for probe in probes for leak in probe.leaks] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_request_tells_anybody_what_they_may_not_know(
    world: World, name: str, figures: Figures, caplog: pytest.LogCaptureFixture, mailoutbox: list[Any]
) -> None:
    caplog.set_level(logging.DEBUG)
    traces = Traces(caplog, mailoutbox)
    before = traces.counts()
    probe = identity(world, name)
    sweep(probe)
    probes = [probe]
    if name != "anonymous" and not name.startswith(VIEWER):
        by_token = replace(probe, client=Client(), asked=0, leaks=[])
        secret = token_of(User.objects.get(email=f"{name}@example.org"))
        by_token.headers = {"Authorization": f"Token {secret}", "Fresh-Proof": PASSWORD}
        sweep(by_token, "/api/")
        probes.append(by_token)
    assert traces.holding(CANARY) == {"log": set(), "mails": set(), "Valkey": set()}
    after = traces.counts()
    for place, least in (LEFT_BY_WRITERS if name in WRITERS else LEFT_BY_ALL).items():
        figures.count(f"canary: searched in {place}", after[place] - before[place])
        assert after[place] - before[place] >= least, (place, before, after)
    assert len(NAMES) >= IDENTITIES and sum(each.asked for each in probes) >= PROBES / len(NAMES)
    report(probes, figures)


PROBES, IDENTITIES = 30_000, 15  # for the whole: each identity requests at least its part
# How much a sweep leaves behind at least: a user without rights leaves refusals in the log. Keys of Valkey also expire.
WRITERS = ("carana", "cted")
LEFT_BY_ALL = {"log": 300}
LEFT_BY_WRITERS = {"log": 300, "mails": 4, "Valkey": 4}


def test_a_word_left_where_none_belongs_is_found(caplog: pytest.LogCaptureFixture, mailoutbox: list[Any]) -> None:
    caplog.set_level(logging.DEBUG)
    traces, word = Traces(caplog, mailoutbox), f"planted{uuid.uuid4().hex}"
    places = {"log": len(LOGGERS), "mails": 2, "Valkey": 3}
    assert not any(traces.holding(re.compile(word)).values())
    traces.plant(word)
    found = traces.holding(re.compile(f"{word}_in_[a-z._]+"))
    assert {place: len(words) for place, words in found.items()} == places


@pytest.mark.parametrize("kind", ["expired", "revoked", "for projects only", "of one who was closed"])
def test_a_token_that_is_over_or_for_something_else_tells_nothing(world: World, kind: str, figures: Figures) -> None:
    user = world.cast.users["carana"]
    secret = token_of(user, ["projects:read"] if kind == "for projects only" else ["needs:read", "sections:read"])
    token = ApiToken.objects.filter(user=user)
    if kind == "expired":
        token.update(expiry=timezone.now())
    elif kind == "revoked":
        token.delete()
    elif kind == "of one who was closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    probe = Eyes(kind, world, Client(), {"Authorization": f"Token {secret}"}, eyes=("nobody",))
    if kind == "for projects only":
        probe.eyes = ("carana",)
        probe.__post_init__()
        own = {word for word in world.readers if word.startswith("canary")} - open_to_projects(world)
        probe.forbidden = own
    sweep(probe, "/api/")
    report([probe], figures)


def open_to_projects(world: World) -> set[str]:
    """Return the words that are in projects; a token for projects may return no others."""
    from assistance.projects.models import Project

    texts = " ".join(str(value) for row in Project.objects.values_list() for value in row if isinstance(value, str))
    return {word for word in world.readers if word in texts}
