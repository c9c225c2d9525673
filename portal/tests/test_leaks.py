"""The canary sweep: every hidden text holds a token of its own; every route is asked by every actor; no token escapes.

Who may read which token is written down here by hand and not asked of policy.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from accounts.models import ApiToken, Delivery
from accounts.sending import send
from assistance import policy
from assistance.models import Match, Need, Section
from assistance.tests.cast import MEMBERS, OUTSIDERS, Cast
from assistance.transitions import consents, matches, records
from entities.models import WorkingGroup
from portal.tests.routes import Route, fill, routes

ACTORS = (*MEMBERS, *OUTSIDERS, "anonymous")
OWNERS = frozenset({"carana", "observer", "cted"})
COMPACT = frozenset({"cted", "unoct", "unodc", "iom"})
EVERYBODY = frozenset(MEMBERS)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LANGUAGES = [code.replace("-", "_") for code, _name in settings.LANGUAGES]


@dataclass
class World:
    """Rows in every state, and for each token in them the names of those who may read it."""

    cast: Cast
    readers: dict[str, frozenset[str]] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)

    def token(self, readers: frozenset[str]) -> str:
        """Return a new word that only these may ever be sent."""
        word = f"canary{uuid.uuid4().hex[:12]}"
        self.readers[word] = readers
        return word

    def keep(self, kind: str, row: Any, readers: frozenset[str]) -> Any:
        """Remember a row's key for the routes, and its reference as a token: that it exists is a secret too."""
        self.ids.setdefault(kind, []).append(str(row.pk))
        if hasattr(row, "reference"):
            self.readers[row.reference] = readers
        return row

    def texts(self, readers: frozenset[str], *names: str) -> dict[str, str]:
        return {name: self.token(readers) for name in names}

    def in_all_languages(self, row: Any, readers: frozenset[str], *names: str) -> None:
        values = {f"{name}_{code}": self.token(readers) for name in names for code in LANGUAGES}
        type(row)._default_manager.filter(pk=row.pk).update(**values)


def build(cast: Cast) -> World:
    """Return a world with a row for each kind of secret."""
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
    return world


def build_consents(world: World, section: Section) -> None:
    note = SimpleUploadedFile("note.pdf", b"%PDF-1.4 " + world.token(OWNERS).encode())
    reason = world.token(OWNERS)
    given = consents.release(actor=world.cast.carana, sections=[section.pk], note_verbale=note, reason=reason)
    world.keep("consent", given, OWNERS)
    gone = world.keep("need", world.cast.need("shared"), OWNERS)
    world.in_all_languages(gone, OWNERS, "title", "description")
    match = matches.propose(actor=world.cast.unodc, need=gone.pk, share=10, message=world.token(OWNERS))
    world.keep("match", match, OWNERS)
    consents.withdraw(actor=world.cast.carana, needs=[gone.pk], reason=world.token(OWNERS))


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


def addresses(world: World, route: Route) -> Iterator[str]:
    """Yield a route's addresses in this world: each kind of row it is about, and one that does not exist."""
    absent = str(uuid.uuid4())
    people = [str(user.pk) for user in world.cast.users.values()]
    deliveries = [str(pk) for pk in Delivery.objects.values_list("pk", flat=True)[:3]]
    vocabulary = ["border", "II", "002", "cted", "carana", "XCA", "S-RES-1373"]
    values: dict[str, list[str]] = {
        f"{plural}/{{{name}}}": [*world.ids[kind], absent]
        for kind in world.ids
        for plural in (kind, f"{kind}s", f"{kind}es")
        for name in ("pk", "object_id", "id")
    }
    values |= {f"{model._meta.model_name}s/{{action}}": list(steps) for model, steps in policy.TABLES.items()}
    values |= {"matches/{action}": list(policy.TABLES[Match]), "{slug}": ["carana", "unodc", "wg", "absent"]}
    values |= {"inbox/{pk}": deliveries, "notifications/{pk}": deliveries, "{uid}": [absent]}
    values |= {"terms/{kind}": ["themes", "pillars", "instruments", "programmes"], "mails/{name}": ["absent.eml"]}
    values |= {"designations/{pk}": [absent], "keys/{pk}": ["1"], "user/{object_id}": people[:2]}
    values |= {"{object_id}": [absent, "1"], "{content_type_id}": ["1"], "{url}": ["x"], "{app_label}": ["assistance"]}
    values |= {
        "{key}": ["set-password"],
        "{uidb36}": ["x"],
        "{iso3}": ["XCA"],
        "{code}": vocabulary,
        "{format}": ["json"],
    }
    values |= {f"{name}/{{pk}}": vocabulary for name in VOCABULARIES}
    yield from fill(route, values)


VOCABULARIES = (
    "regions", "pillars", "themes", "instruments", "programmes", "organisations", "member-states", "working-groups",
)  # fmt: skip
SKIPPED = {"account_logout", "admin:logout"}  # they end the session the sweep goes on with
STAFF = ("admin", "cted", "anonymous")  # the administration site turns everybody else away at one gate, like cted
WRITES = re.compile(r"-(act|share|withdraw|propose|edit|add)$")


@dataclass
class Probe:
    """One identity asking one address after another, and what it was told that it may not know."""

    name: str
    world: World
    client: Client
    headers: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    leaks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        forbidden = [word for word, readers in self.world.readers.items() if self.name not in readers]
        self.forbidden = re.compile("|".join(map(re.escape, forbidden)))

    def ask(self, method: str, address: str, **data: Any) -> None:
        """Send one request, whatever it did is undone; remember every word that should not have come back."""
        with transaction.atomic():
            response = getattr(self.client, method)(address, headers=self.headers, **data)
            transaction.set_rollback(True)
        self.asked += 1
        body = b"".join(response) if response.streaming else response.content
        said = body.decode("utf-8", "replace") + "\n".join(f"{k}: {v}" for k, v in response.headers.items())
        own_address = address.split("?", 1)[-1]
        found = {word for word in self.forbidden.findall(said) if word not in own_address}
        assert response.status_code < 500, f"{method} {address} as {self.name}: {response.status_code}"
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
LISTS = re.compile(r"^/(needs|visits|consents|offers|matches|projects|inbox|states|who|api/v1/[\w-]+)/$")


@pytest.fixture
def world(db: None) -> World:
    cast = Cast()
    group = type(cast.org("iom").group).objects.create(name="working group: wg")
    WorkingGroup.objects.create(slug="wg", name="Working group", group=group)
    return build(cast)


@pytest.mark.parametrize("name", ACTORS)
def test_no_route_tells_anybody_what_they_may_not_know(world: World, name: str) -> None:
    probe = probe_as(world, name)
    for route in routes():
        filled = list(addresses(world, route))
        assert filled
        if route.name in SKIPPED or (route.template.startswith("/admin/") and name not in STAFF):
            continue
        for address in filled if name in MEMBERS else filled[:2]:
            probe.ask("get", address)
            if WRITES.search(route.name):
                probe.ask("post", address)
        if LISTS.match(route.template):
            for query in QUERIES if name in MEMBERS else QUERIES[:1]:
                probe.ask("get", route.template + query)
    assert probe.leaks == []
    assert probe.asked > (150 if name in MEMBERS else 50)


@pytest.mark.parametrize("name", [*MEMBERS, "former", "nobody", "admin"])
def test_no_token_of_the_api_tells_more_than_its_person_may_know(world: World, name: str) -> None:
    _row, secret = ApiToken.issue(user=world.cast.users[name], name="sweep", days=1)
    probe = Probe(name, world, Client(), {"Authorization": f"Token {secret}"})
    for route in routes():
        if not route.template.startswith("/api/"):
            continue
        for address in addresses(world, route):
            probe.ask("get", address)
            probe.ask("post", address, data={}, content_type="application/json")
        for method in ("head", "options", "put", "patch", "delete"):
            probe.ask(method, address, **({} if method == "head" else {"content_type": "application/json"}))
    assert probe.leaks == []
    assert probe.asked > 100


def test_no_mail_holds_a_word_of_what_it_is_about(world: World, mailoutbox: list[Any]) -> None:
    for row in Delivery.objects.filter(channel="mail"):
        send(row.pk)
    assert len(mailoutbox) > 10
    secrets = [word for word in world.readers if word.startswith("canary")]
    for mail in mailoutbox:
        whole = str(mail.message())
        assert not [word for word in (*secrets, "Carana", "carana", "Border security") if word in whole]


def test_what_is_hidden_and_what_is_absent_answer_with_the_same_bytes(world: World) -> None:
    client = probe_as(world, "sumora").client
    for kind in ("need", "section", "consent", "match", "project", "visit"):
        hidden, absent = world.ids[kind][0], str(uuid.uuid4())
        for route in routes():
            if f"/{kind}s/{{pk}}" not in route.template and f"/{kind}es/{{pk}}" not in route.template:
                continue
            for filled in fill(route, {"{pk}": ["KEY"], "{action}": ["agree"], "{format}": ["json"]}):
                answers = [client.get(filled.replace("KEY", key)) for key in (hidden, absent)]
                assert answers[0].status_code == answers[1].status_code, filled
                assert plain(answers[0]) == plain(answers[1]), filled


def plain(response: Any) -> str:
    """Return an answer without what differs by chance: the request's tokens."""
    text = re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode())
    return re.sub(r'nonce="[^"]+"', "", text)


def test_a_consent_and_its_file_stay_with_those_it_belongs_to(world: World) -> None:
    address = f"/consents/{world.ids['consent'][0]}/note-verbale/"
    for name in ACTORS:
        answer = probe_as(world, name).client.get(address)
        assert (answer.status_code == 200) == (name in OWNERS), name
    answer = probe_as(world, "carana").client.get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_texts_edited_later_are_found_by_no_one_else(world: World) -> None:
    word = world.token(frozenset({"cted"}))
    draft = world.ids["need"][0]
    records.edit(actor=world.cast.cted, model=Need, pk=draft, values={"title": word})
    for name in ("carana", "unodc", "sumora"):
        assert word.encode() not in probe_as(world, name).client.get(f"/needs/?q={word[:10]}").content
