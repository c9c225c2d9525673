"""The world of the canary sweep: every confidential text holds its own token, with its readers written by hand."""

import io
import re
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.test import Client, TestCase
from django.utils import timezone

from accounts.models import Delivery, User
from assistance import registry
from assistance.consents import transitions as consents
from assistance.documents.models import PARENTS
from assistance.pages.sheets.spec import specs
from assistance.tests.cases import Cases, all_cases
from assistance.tests.cast import COMPACT, MEMBERS, OUTSIDERS, OWNERS, Cast, appoint
from assistance.tests.world import World
from assistance.workflow import announcements
from assistance.workflow.models import Batch
from entities import appointments
from entities.models import Appointment, Role
from files.tests import samples
from portal.tests.routes import Route, fill

ACTORS = (*MEMBERS, *OUTSIDERS, "anonymous")
BACKEND = "accounts.sign_in.backend.AccountBackend"
CANARY = re.compile(r"canary[0-9a-f]{12}")
WORD = re.compile(rf"{CANARY.pattern}|[A-Z]{{1,2}}-[0-9A-Z]{{4}}-[0-9A-Z]{{4}}")  # a canary or a reference number


def collection_of(kind: str) -> str:
    """Return the collection of a kind of row in URLs."""
    aggregate = registry.named(kind)
    return f"{kind}s" if aggregate is None else aggregate.collection


def build(cast: Cast) -> World:
    """Return a world with a row for each kind of confidential text: those of each aggregate, and appointments."""
    world = World(cast)
    for cases in all_cases():
        add_rows(world, cases)
    build_designations(world)
    build_decision(world)
    announcements.announce_waiting()
    return world


def build_decision(world: World) -> None:
    """Add a release of two needs, of which one is withdrawn: its page and its message are about one need for others."""
    released, withdrawn = world.cast.need("agreed"), world.cast.need("agreed")
    for row, readers in ((released, OWNERS | COMPACT), (withdrawn, OWNERS)):
        world.keep("need", row, readers)
        world.fill(row, readers)
    consents.release(actor=world.cast.carana, rows=[released, withdrawn])
    announcements.announce_waiting()
    consents.withdraw(actor=world.cast.carana, rows=[withdrawn])


def add_rows(world: World, cases: Cases) -> None:
    """Add the rows of one kind: as its cases say, or one in each state with tokens in its texts and in a document."""
    if cases.leaks is not None:
        cases.leaks(world)
        return
    for case in cases.rows:
        row = world.keep(cases.name, case.make(world.cast), case.readers)
        world.fill(row, case.readers)
        attacher = next((name for name in cases.attachers if name in case.readers), None)
        if attacher is not None:
            world.attach(attacher, row, case.readers)


def build_designations(world: World) -> None:
    """Add appointments in several phases: read by their organisation and UNOCT, and the name of a nominee by UNOCT."""
    cast, own = world.cast, frozenset({"unodc", "unoct"})
    listed = own | {"admin"}  # administrators manage accounts, so they see names and addresses
    for email in ("known", "new"):
        named = world.token(listed)
        address = f"{world.token(listed)}@example.org"
        if email == "known":
            User.objects.create(email=address, name=world.token(frozenset({"unoct", "admin"})))
        row = appointments.nominate(
            actor=cast.unodc,
            organisation=cast.org("unodc"),
            role=Role.OBSERVER,
            email=address,
            name=named,
            letter=samples.note(f"{world.token(own)}.pdf", world.token(own)),
        )
        world.keep("designation", row, own)
    ended = appoint(cast.users["nobody"], cast.org("unodc"), Role.ALTERNATE)
    appointments.end(actor=cast.unodc, appointment=ended, reason=world.token(own))
    world.keep("designation", ended, own)
    running = appoint(User.objects.create(email=f"{world.token(listed)}@example.org"), cast.org("unodc"), Role.OBSERVER)
    Appointment.objects.filter(pk=running.pk).update(until=timezone.now().date() + timedelta(days=9))
    appointments.extend(actor=cast.unodc, appointment=running, until=timezone.now().date() + timedelta(days=99))
    world.keep("designation", running, own)
    world.ids["appointment"] = world.ids["designation"]
    phone = world.token(frozenset({"carana", "sumora", "cted", "unoct", "unodc", "iom", "admin"}))
    User.objects.filter(pk=cast.users["unodc"].pk).update(phone=phone)


def addresses(world: World, route: Route) -> Iterator[str]:
    """Yield a route's URLs in this world: for each kind of row it is about, and one that does not exist."""
    if not world.values:
        world.values = values_of_parameters(world)
    yield from fill(route, world.values)


def values_of_parameters(world: World) -> dict[str, list[str]]:
    """Return the values of each parameter of a URL, of those about rows the keys of all rows and an absent one."""
    absent = str(uuid.uuid4())
    people = [str(user.pk) for user in world.cast.users.values()]
    deliveries = [str(pk) for pk in Delivery.objects.values_list("pk", flat=True)[:3]]
    vocabulary = ["border", "II", "002", "cted", "carana", "XCA", "S-RES-1373"]
    values: dict[str, list[str]] = {
        f"{word}/{{{name}}}": [*world.ids[kind], absent]
        for kind in world.ids
        for word in (kind, collection_of(kind))
        for name in ("pk", "object_id", "id")
    }
    values |= {f"{one.collection}/{{transition}}": list(one.transitions) for one in registry.aggregates()}
    parents = [kind for kind in world.ids if kind in PARENTS]
    values |= {"new/{kind}": [*parents, "absent"], "new/{pk}": [world.ids[kind][0] for kind in parents] + [absent]}
    values |= {"versions/{number}": ["1", "2"]}
    sheets = {"{sheet}": sorted(spec.name for spec in specs())}
    values |= {**sheets, "sheets/{pk}": values["visits/{pk}"], "spreadsheets/{of}": values["visits/{pk}"]}
    values |= {"{slug}": ["carana", "unodc", "wg", "absent"]}
    values |= {"memberships/{pk}": [absent], "holidays/{pk}": [absent]}
    decided = Batch.objects.annotate(number=Count("events")).order_by("-number", "-at").values_list("pk", flat=True)
    values |= {"decisions/{pk}": [*map(str, decided[:4]), absent]}
    values |= {"inbox/{pk}": deliveries, "notifications/{pk}": deliveries, "{uid}": [absent]}
    values |= {"terms/{kind}": ["themes", "pillars", "instruments", "programmes"], "mails/{name}": ["absent.eml"]}
    values |= {"keys/{pk}": ["1"], "sessions/{pk}": ["1"], "user/{object_id}": people[:2]}
    values |= {"{object_id}": [absent, "1"], "{content_type_id}": ["1"], "{url}": ["x"], "{app_label}": ["assistance"]}
    values |= {
        "{key}": ["set-password"],
        "{provider_id}": ["oidc"],
        "{uidb36}": ["x"],
        "{iso3}": ["XCA"],
        "{code}": vocabulary,
        "{format}": ["json"],
    }
    values |= {f"{name}/{{pk}}": vocabulary for name in VOCABULARIES}
    return values


VOCABULARIES = (
    "regions", "pillars", "themes", "instruments", "programmes", "organisations", "member-states", "working-groups",
)  # fmt: skip
SKIPPED = {"account_logout", "admin:logout"}  # they would end the session of the sweep
STAFF = ("admin", "cted", "anonymous")  # the administration refuses everybody else at one check, as it does cted
WRITES = re.compile(
    r"-(transition|share|withdraw|propose|edit|add|approve|end|invite|confirm|extend|reinstate|decide|hand-over|away|back"
    r"|plan|persons|replace|remove)$"
)


READS = re.compile(r"^/api/v1/[\w-]+/({\w+}/)?$")


def content_of(response: Any) -> bytes:
    """Return what a response carries, of office files the content of their parts: packed, no word would be found."""
    body = b"".join(response) if response.streaming else response.content
    if not body.startswith(b"PK\x03\x04"):
        return bytes(body)
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return b"\n".join(parts.read(name) for name in parts.namelist())


@dataclass
class Probe:
    """One user requesting one URL after another, and the tokens received that they may not know."""

    name: str
    world: World
    client: Client
    headers: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    leaks: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.forbidden = {word for word, readers in self.world.readers.items() if self.name not in readers}
        assert all(WORD.fullmatch(word) for word in self.world.readers)

    def follow_up(self) -> None:
        """Do what workers would do after a request; for subclasses that search what workers leave behind."""

    def ask(self, method: str, address: str, **data: Any) -> None:
        """Send one request, run its on-commit hooks, roll back; record tokens that should not have been received."""
        with transaction.atomic():
            with TestCase.captureOnCommitCallbacks(execute=True):
                response = getattr(self.client, method)(address, headers=self.headers, **data)
            self.follow_up()
            transaction.set_rollback(True)
        self.asked += 1
        body = content_of(response)
        said = body.decode("utf-8", "replace") + "\n".join(f"{k}: {v}" for k, v in response.headers.items())
        own_address = address.split("?", 1)[-1]
        found = {word for word in self.forbidden.intersection(WORD.findall(said)) if word not in own_address}
        assert response.status_code < 500, f"{method} {address} as {self.name}: {response.status_code}"
        self.told.update(CANARY.findall(said))
        self.leaks += [f"{method} {address} told {self.name} {word}" for word in found]


def probe_as(world: World, name: str) -> Probe:
    client = Client(raise_request_exception=True)
    if name != "anonymous":
        client.force_login(world.cast.users[name], backend=BACKEND)
    return Probe(name, world, client)


QUERIES = (
    "", "?part=count", "?q=canary", "?sort=priority", "?sort=-deadline", "?ordering=title_en", "?status=draft",
    "?state=XCA", "?page_size=1000000000000000000000", "?search=canary", "?modified_since=2020-01-01T00:00:00Z",
)  # fmt: skip
LISTED = "|".join(aggregate.collection for aggregate in registry.aggregates())
LISTS = re.compile(rf"^/(access-log|{LISTED}|inbox|states|who|api/v1/[\w-]+)/$")
