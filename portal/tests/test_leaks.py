"""The canary sweep: every user requests every route with a session; no token is sent to a user it is not for.

In every run a quarter of the users requests each route, each about other rows of it; the other quarters do so on the days
after, and in some days all is requested (portal/tests/sampling.py). test_leaks_whole requests all in one run.
"""

import re
import uuid
from dataclasses import replace
from typing import Any

import pytest

from accounts.mail.dispatch import send
from accounts.models import Delivery
from assistance import registry
from assistance.documents.models import Document
from assistance.needs.models import Need
from assistance.offers.models import Offer
from assistance.tests.cases import all_cases, cases_of
from assistance.tests.cast import COMPACT, OWNERS
from assistance.tests.world import World
from assistance.workflow import editing
from portal.tests.leak_world import (
    ACTORS,
    CANARY,
    LISTS,
    QUERIES,
    READS,
    SKIPPED,
    STAFF,
    WRITES,
    Probe,
    add_rows,
    addresses,
    probe_as,
)
from portal.tests.routes import fill, routes
from portal.tests.sampling import sample

EVERY = 6  # of a route's rows, and of what a list can be asked
EVERY_STEP = len(ACTORS)  # in some days they together try each transition
DAYS = 4  # each route is requested by a quarter of them, on the days after by the others


@pytest.fixture
def world(standing_world: World, db: None) -> World:
    return standing_world


@pytest.mark.turns(4)
@pytest.mark.slow
@pytest.mark.parametrize("name", ACTORS)
def test_no_route_tells_anybody_what_they_may_not_know(world: World, name: str) -> None:
    probe = probe_as(world, name)
    for collection in ("needs", "sections", "offers"):
        probe.ask("get", f"/api/v1/{collection}/")  # on any day whoever may see rows is told some
    for turn, route in enumerate(routes(), ACTORS.index(name)):
        filled = list(addresses(world, route))
        assert filled
        writes = bool(WRITES.search(route.name))
        if route.name in SKIPPED or (route.template.startswith("/admin/") and name not in STAFF):
            continue
        if route.template.startswith("/api/") and not READS.search(route.template):
            continue  # the sweep by token requests these
        for address in sample(filled, EVERY_STEP if "{transition}" in route.template else EVERY, turn, DAYS):
            probe.ask("get", address)
            if writes:
                probe.ask("post", address)
        if LISTS.match(route.template):
            for query in sample(QUERIES, EVERY, turn, DAYS):
                probe.ask("get", route.template + query)
    assert probe.leaks == []
    assert probe.asked > 60
    assert len(probe.told) > (5 if name in COMPACT | OWNERS else -1), "who is told nothing proves nothing"


@pytest.mark.turns(2)
@pytest.mark.parametrize(
    ("slug", "name"),
    [("unodc", "unodc"), ("iom", "iom"), ("unoct", "unoct"), ("sumora", "sumora"), ("searcct", "partner")],
)
def test_borrowed_eyes_see_what_both_see_and_nothing_else(world: World, slug: str, name: str) -> None:
    """Impersonation shows the State only words that both users may know, apart from what it asked about itself."""
    client = probe_as(world, "carana").client
    shown = 0
    for kind, plural in (("need", "needs"), ("section", "sections")):
        for pk in world.ids[kind]:
            answer = client.get(f"/{plural}/{pk}/as/?reader={slug}")
            if answer.status_code != 200 or answer.context.get("unseen"):
                continue
            shown += 1
            said = answer.content.decode()
            told = [word for word in world.readers if word in said]
            assert told, "a page that says nothing proves nothing"
            assert [word for word in told if not {"carana", name} <= world.readers[word]] == []
    assert shown or slug == "sumora"


@pytest.mark.turns(days=2)
def test_no_mail_holds_a_word_of_what_it_is_about(world: World, mailoutbox: list[Any]) -> None:
    for row in Delivery.objects.filter(channel="mail"):
        send(row.pk)
    assert len(mailoutbox) > 10
    secrets = [word for word in world.readers if word.startswith("canary")]
    for mail in mailoutbox:
        whole = str(mail.message())
        assert not [word for word in (*secrets, "Carana", "Border security") if word in whole]


@pytest.mark.turns(days=2)
def test_what_is_hidden_and_what_is_absent_answer_with_the_same_bytes(world: World) -> None:
    client = probe_as(world, "sumora").client
    for aggregate in registry.aggregates():
        hidden, absent = next(iter(world.hidden_from("sumora", aggregate.name)), ""), str(uuid.uuid4())
        assert hidden or aggregate.viewset is None
        for route in routes():
            if f"/{aggregate.collection}/{{pk}}" not in route.template:
                continue
            for filled in fill(
                route, {"{pk}": ["KEY"], "{transition}": ["agree"], "{format}": ["json"], "{number}": ["1"]}
            ):
                answers = [client.get(filled.replace("KEY", key)) for key in (str(hidden), absent)]
                assert answers[0].status_code == answers[1].status_code, filled
                assert plain(answers[0]) == plain(answers[1]), filled


def plain(response: Any) -> str:
    """Return a response without what differs by chance: the request's tokens."""
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
    editing.edit(actor=world.cast.cted, model=Need, pk=draft, values={"title": word})
    for name in ("carana", "unodc", "sumora"):
        assert word.encode() not in probe_as(world, name).client.get(f"/needs/?q={word[:10]}").content


def test_each_kind_of_row_is_in_the_world(world: World) -> None:
    for cases in all_cases():
        assert cases.model._default_manager.exists(), cases.name
        assert cases.name in world.ids or registry.of(cases.model).viewset is None, cases.name
        documents = Document.objects.filter(**{f"{cases.name}__isnull": False}) if cases.model.takes_documents else None
        assert documents is None or documents.exists(), cases.name


@pytest.mark.turns(days=3)
def test_a_kind_without_rows_of_its_own_has_tokens_in_the_texts_of_each_state(world: World) -> None:
    cases = cases_of(Offer)
    world = World(world.cast)
    before = list(Offer.objects.values_list("pk", flat=True))
    add_rows(world, replace(cases, leaks=None))
    rows = Offer.objects.exclude(pk__in=before)
    assert len(rows) == len(cases.rows)
    for row in rows:
        assert CANARY.fullmatch(row.description_en) and CANARY.fullmatch(row.documents.get().title)
    draft = rows.get(status="draft")
    assert world.readers[draft.title_en] == world.readers[draft.reference] == {"unodc"}


def test_the_sweep_sees_what_is_told(world: World) -> None:
    """The sweep itself works: a State's own pages, checked as for a user who may know nothing, are full of leaks."""
    own = probe_as(world, "carana")
    stranger = Probe("nobody", world, own.client)
    for address in ("/needs/", f"/needs/{world.ids['need'][1]}/", f"/releases/{world.ids['release_plan'][0]}/"):
        own.ask("get", address)
        stranger.ask("get", address)
    assert own.leaks == [] and len({leak.split()[1] for leak in stranger.leaks}) == 3
