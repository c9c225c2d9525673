"""The world of the canary sweep: every confidential text holds its own token, with its readers written by hand."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.test import Client, TestCase
from django.utils import timezone

from accounts.models import Delivery, User
from assistance import registry
from assistance.consents import plans, two_person
from assistance.consents import transitions as consents
from assistance.consents.models import TwoPersonRule
from assistance.documents import transitions as documents
from assistance.documents.models import PARENTS
from assistance.needs import match_transitions as matches
from assistance.needs.models import Need
from assistance.tests.cast import COMPACT, EVERYBODY, MEMBERS, OUTSIDERS, OWNERS, Cast, appoint
from assistance.tests.world import World
from assistance.visits.models import Section
from entities import appointments
from entities.models import Appointment, Role
from files.tests import samples
from portal.tests.routes import Route, fill

ACTORS = (*MEMBERS, *OUTSIDERS, "anonymous")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CANARY = re.compile(r"canary[0-9a-f]{12}")
WORD = re.compile(rf"{CANARY.pattern}|[A-Z]-[0-9A-Z]{{4}}-[0-9A-Z]{{4}}")  # a canary or a reference number


def collection_of(kind: str) -> str:
    """Return the collection of a kind of row in URLs."""
    aggregate = registry.named(kind)
    return f"{kind}s" if aggregate is None else aggregate.collection


def build(cast: Cast) -> World:
    """Return a world with a row for each kind of confidential text."""
    world = World(cast)
    visit = world.keep("visit", cast.visit(), OWNERS | COMPACT)
    hidden = world.keep("section", cast.section(visit, 1, **world.texts(OWNERS, "title", "text")), OWNERS)
    shown = world.keep("section", cast.section(visit, 2), OWNERS | COMPACT)
    world.in_all_languages(hidden, OWNERS, "title", "text")
    world.in_all_languages(shown, OWNERS | COMPACT, "title", "text")
    for stage, readers, extra in (
        ("draft", frozenset({"cted"}), {}),
        ("put", OWNERS, {"visit": visit, "section": hidden, "source": "visit"}),
        ("agreed", OWNERS, {}),
        ("shared", OWNERS | COMPACT, {"visit": visit, "section": hidden, "source": "visit"}),
        ("shared", OWNERS | {"unodc"}, {"audience": ["unodc"]}),
    ):
        names = ("beneficiary", "priority_reason", "baseline", "target", "provision")
        need = world.keep("need", cast.need(stage, **extra, **world.texts(readers, *names)), readers)
        world.in_all_languages(need, readers, "title", "description")
    build_consents(world, shown)
    build_matches(world)
    build_offers_and_projects(world)
    build_designations(world)
    build_documents(world)
    return world


def build_consents(world: World, section: Section) -> None:
    note = samples.note(name=f"{world.token(OWNERS)}.pdf", text=world.token(OWNERS))
    reason = world.token(OWNERS)
    given = consents.release(actor=world.cast.carana, sections=[section.pk], note_verbale=note, reason=reason)
    world.keep("consent", given, OWNERS)
    outside = OWNERS | {"partner"}
    third = world.keep("section", world.cast.section(section.visit, 3), outside)
    world.in_all_languages(third, outside, "title", "text")
    consents.release(actor=world.cast.carana, sections=[third.pk], audience=["searcct"])
    build_plan(world, section)
    gone = world.keep("need", world.cast.need("shared"), OWNERS)
    world.in_all_languages(gone, OWNERS, "title", "description")
    match = matches.propose(actor=world.cast.unodc, need=gone.pk, share=10, message=world.token(OWNERS))
    world.keep("match", match, OWNERS)
    consents.withdraw(actor=world.cast.carana, needs=[gone.pk], reason=world.token(OWNERS))


def build_plan(world: World, section: Section) -> None:
    """Add a plan, and a proposal that awaits a second person: visible to the State's people only."""
    state = frozenset({"carana", "observer"})
    actor = world.cast.carana
    plan = plans.plan(actor=actor, sections=[section.pk], audience=["iom"])
    plans.plan(actor=actor, release=plan.pk, sections=[world.ids["section"][0]])
    world.keep("release", plan, state)
    two_person.switch_on(actor=actor, state=world.cast.org("carana"))
    note = samples.note(name=f"{world.token(state)}.pdf", text=world.token(state))
    wider = {"sections": [section.pk], "audience": ["compact", "sumora"], "reason": world.token(state)}
    world.keep("release", plans.submit(actor=actor, note_verbale=note, **wider), state)
    TwoPersonRule.objects.update(is_on=False)


def build_matches(world: World) -> None:
    need = Need.objects.get(pk=world.ids["need"][3])
    parties = OWNERS | {"unodc", "unoct"}
    rival = OWNERS | {"iom", "unoct"}
    for who, readers in (("unodc", parties), ("iom", rival)):
        message = world.token(readers)
        row = matches.propose(actor=getattr(world.cast, who), need=need.pk, share=20, message=message)
        world.keep("match", row, readers)
    declined = Need.objects.get(pk=world.ids["need"][4])
    row = matches.propose(actor=world.cast.unodc, need=declined.pk, share=20, message="")
    world.keep("match", row, OWNERS | {"unodc"})
    matches.decline(actor=world.cast.carana, match=row.pk, reason=world.token(OWNERS | {"unodc"}))


def build_offers_and_projects(world: World) -> None:
    cast = world.cast
    own, named = frozenset({"unodc"}), frozenset({"unodc", "sumora", "cted", "unoct"})
    draft = cast.offer(published=False, **world.texts(own, "title", "description"))
    world.keep("offer", draft, own)
    narrow = cast.offer(
        for_states=[cast.org("sumora")], visible_to_named_only=True, **world.texts(named, "title", "description")
    )
    world.keep("offer", narrow, named)
    world.keep("offer", cast.offer(), EVERYBODY)
    closed = frozenset({"unodc", "iom"})
    project = cast.project(
        is_restricted=True, partners=[(cast.org("iom"), "implementing")],
        needs=[Need.objects.get(pk=world.ids["need"][4])],
        **world.texts(closed, "title", "description", "results"),
    )  # fmt: skip
    world.keep("project", project, closed)
    world.keep("project", cast.project(), frozenset({"carana", "observer"}) | COMPACT)


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


def build_documents(world: World) -> None:
    """Attach documents to rows of each kind: titles, file names and contents are for those who read the row."""
    ids, cast = world.ids, world.cast
    for who, kind, place, readers in (
        ("cted", "visit", 0, OWNERS | COMPACT),
        ("carana", "section", 0, OWNERS),
        ("cted", "need", 0, frozenset({"cted"})),
        ("carana", "need", 3, OWNERS | COMPACT),
        ("carana", "need", 4, OWNERS | {"unodc"}),
        ("carana", "match", 0, OWNERS),
        ("unodc", "match", 1, OWNERS | {"unodc", "unoct"}),
        ("unodc", "offer", 0, frozenset({"unodc"})),
        ("unodc", "offer", 1, frozenset({"unodc", "sumora", "cted", "unoct"})),
        ("unodc", "project", 0, frozenset({"unodc", "iom"})),
    ):
        row = PARENTS[kind]._default_manager.get(pk=ids[kind][place])
        file = samples.note(f"{world.token(readers)}.pdf", world.token(readers))
        actor = getattr(cast, who)
        document = documents.attach(actor=actor, parent=row, file=file, title=world.token(readers))
        world.keep("document", document, readers)
    writers = frozenset({"carana", "cted"})  # an earlier version: for those who may attach there
    earlier = samples.note(f"{world.token(writers)}.pdf", world.token(writers))
    need = Need.objects.get(pk=ids["need"][3])
    document = documents.attach(actor=cast.carana, parent=need, file=earlier, title=world.token(OWNERS | COMPACT))
    later = samples.note(text=world.token(OWNERS | COMPACT))
    documents.replace(actor=cast.carana, document=document.pk, file=later)
    world.keep("document", document, OWNERS | COMPACT)
    own = frozenset({"carana", "observer"})  # after removal: only those who attached it
    gone = samples.note(f"{world.token(own)}.pdf", world.token(frozenset()))
    document = documents.attach(actor=cast.carana, parent=need, file=gone, title=world.token(own))
    documents.remove(actor=cast.carana, document=document.pk, reason=world.token(own))
    world.keep("document", document, own)


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
    values |= {"{slug}": ["carana", "unodc", "wg", "absent"]}
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
        body = b"".join(response) if response.streaming else response.content
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
    "", "?part=count", "?q=canary", "?sort=reference", "?sort=-reference", "?ordering=title_en", "?status=draft",
    "?state=XCA", "?page_size=1000000000000000000000", "?search=canary", "?modified_since=2020-01-01T00:00:00Z",
)  # fmt: skip
LISTED = "|".join(aggregate.collection for aggregate in registry.aggregates())
LISTS = re.compile(rf"^/(access-log|{LISTED}|inbox|states|who|api/v1/[\w-]+)/$")
