"""Whenever a response holds a text that counts as read when it is loaded, the log names the reader, on every route."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from assistance import registry
from assistance.access import policy
from assistance.access.models import text_columns
from assistance.tests.cast import PASSWORD
from assistance.tests.world import World
from audit.kinds import READING, Kind
from audit.models import Entry
from entities.actors import actor_of
from portal.tests.api import token_of
from portal.tests.figures import Figures
from portal.tests.leak_world import CANARY, READS, SKIPPED, WRITES, addresses, probe_as
from portal.tests.routes import routes
from portal.tests.sampling import sample

WITH_TEXTS = [model for model in registry.models() if model.texts]  # loading a text counts as reading it
LISTED = [one.collection for one in registry.aggregates() if one.viewset is not None]


def owners_of_words(world: World) -> dict[str, str]:
    """Return token → the row that contains it in one of its texts, as the log names the row."""
    found = {}
    for model in WITH_TEXTS:
        for row in model._default_manager.all():
            words = {w for column in text_columns(model) for w in CANARY.findall(str(getattr(row, column)))}
            found |= dict.fromkeys(words, f"{model.record_name()}:{row.pk}")
    return found


@dataclass
class Reader:
    """One user with a session or a token; compares each response with its entry in the log."""

    world: World
    name: str
    client: Client
    headers: dict[str, str] = field(default_factory=dict)
    told: int = 0
    missing: list[str] = field(default_factory=list)
    accused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = owners_of_words(self.world)
        self.user = self.world.cast.users[self.name]
        actor = actor_of(self.user)
        self.may_read = {
            f"{model.record_name()}:{pk}"
            for model in WITH_TEXTS
            for pk in policy.visible(actor, model).values_list("pk", flat=True)
        }

    def ask(self, method: str, address: str, **data: Any) -> None:
        with transaction.atomic():
            before = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
            response = getattr(self.client, method)(address, headers=self.headers, **data)
            body = b"".join(response) if response.streaming else response.content
            self.compare(f"{method} {address} {response.status_code}", body.decode("utf-8", "replace"), before)
            transaction.set_rollback(True)

    def compare(self, request: str, body: str, before: int) -> None:
        names = {model.record_name() for model in WITH_TEXTS}
        shown = {self.words[word] for word in CANARY.findall(body) if word in self.words}
        entries = Entry.objects.filter(id__gt=before, who=self.user.pk, kind__in=READING)
        logged = {subject for entry in entries for subject in entry.all_subjects}
        self.told += len(shown)
        self.missing += [f"{request}: {subject}" for subject in shown - logged]
        texts = {subject for subject in logged if subject.split(":")[0] in names}
        self.accused += [f"{request}: {subject}" for subject in texts - self.may_read if not self.was_made(subject)]

    def was_made(self, subject: str) -> bool:
        """Return whether the user sees the row only now: the request itself made it."""
        name, _colon, key = subject.partition(":")
        model = next(model for model in WITH_TEXTS if model.record_name() == name)
        return policy.visible(actor_of(self.user), model).filter(pk=key).exists()


def by_session(world: World, name: str) -> Reader:
    return Reader(world, name, probe_as(world, name).client)


def by_token(world: World, name: str) -> Reader:
    secret = token_of(world.cast.users[name])
    return Reader(world, name, Client(), {"Authorization": f"Token {secret}", "Fresh-Proof": PASSWORD})


def questions(world: World, every: int, turn: int, *, api: bool) -> Iterator[tuple[str, str]]:
    """Yield (method, address) for every page, or for every route of the API, about one in so many rows.

    Of a part, each turn has its own routes.
    """
    days = 1 if every == 1 else len(IN_PART)
    for number, route in enumerate(routes(), turn):
        if route.name in SKIPPED or route.template.startswith("/admin/") or route.template.startswith("/api/") != api:
            continue
        filled = list(addresses(world, route))
        writes = WRITES.search(route.name) or (api and not READS.search(route.template))
        for address in sample(filled, every * (5 if "{transition}" in route.template else 1), number, days):
            yield "get", address
            if writes:
                yield "post", address
    for collection in LISTED:
        prefix = "/api/v1" if api else ""
        yield "get", f"{prefix}/{collection}/?q=canary"


@pytest.fixture
def world(standing_world: World, db: None) -> World:
    return standing_world


IN_FULL = [
    pytest.param(name, 1, marks=pytest.mark.prove) for name in ("carana", "observer", "cted", "unodc", "unoct", "iom")
]
IN_PART = [("carana", 10), ("unodc", 10)]  # these two represent the others in every run
PART = {name: turn for turn, (name, _every) in enumerate(IN_PART)}


@pytest.mark.turns(4, days=3)
@pytest.mark.slow
@pytest.mark.parametrize("api_client", [by_session, by_token], ids=["session", "token"])
@pytest.mark.parametrize(("name", "every"), [*IN_PART, *IN_FULL])
def test_every_text_shown_is_in_the_log(world: World, name: str, every: int, api_client: Any, figures: Figures) -> None:
    reader = api_client(world, name)
    for method, address in questions(world, every, PART.get(name, 0), api=api_client is by_token):
        extra = {"data": {}, "content_type": "application/json"} if method == "post" and api_client is by_token else {}
        reader.ask(method, address, **extra)
    figures.count("texts shown, all of them in the log", reader.told)
    assert reader.missing == []
    assert reader.accused == []
    assert reader.told > 5


@pytest.mark.turns(4)
@pytest.mark.parametrize("name", ["sumora", "nobody", "former", "admin"])
def test_whoever_may_read_nothing_is_said_to_have_read_nothing(world: World, name: str) -> None:
    reader = by_session(world, name)
    for aggregate in registry.aggregates():
        for key in world.hidden_from(name, aggregate.name):
            reader.ask("get", f"/{aggregate.collection}/{key}/")
    assert reader.told == 0
    assert not Entry.objects.filter(who=reader.user.pk, kind=Kind.READ).exists()


def test_a_reader_not_noted_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: without the note taken when a row is loaded, it names what is missing."""
    monkeypatch.setattr("audit.trail.saw", lambda row: None)
    reader = by_session(world, "carana")
    reader.ask("get", "/needs/")
    assert len(reader.missing) == reader.told > 0
