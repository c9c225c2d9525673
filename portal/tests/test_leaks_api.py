"""The canary sweep over the API with tokens: a token never reveals more than its user may know.

In every run a quarter of them requests each route, each about other rows of it; the other quarters do so on the days
after, and in some days all is requested (portal/tests/sampling.py). test_leaks_whole requests all in one run.
"""

import pytest
from django.test import Client

from assistance.tests.cast import COMPACT, MEMBERS, OUTSIDERS, OWNERS, PASSWORD
from assistance.tests.world import World
from portal.tests.api import token_of
from portal.tests.leak_world import READS, Probe, addresses
from portal.tests.routes import routes
from portal.tests.sampling import sample

NAMES = (*MEMBERS, *OUTSIDERS)
DAYS = 4  # each route is requested by a quarter of them, on the days after by the others


@pytest.fixture
def world(standing_world: World, db: None) -> World:
    return standing_world


@pytest.mark.turns(6)
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_token_of_the_api_tells_more_than_its_person_may_know(world: World, name: str) -> None:
    secret = token_of(world.cast.users[name])
    probe = Probe(name, world, Client(), {"Authorization": f"Token {secret}", "Fresh-Proof": PASSWORD})
    for collection in ("needs", "sections", "offers"):
        probe.ask("get", f"/api/v1/{collection}/")  # on any day whoever may see rows is told some
    for turn, route in enumerate(routes(), NAMES.index(name)):
        if not route.template.startswith("/api/"):
            continue
        filled = list(addresses(world, route))
        for address in sample(filled, 3 if READS.search(route.template) else 6, turn, DAYS):
            probe.ask("get", address)
            probe.ask("post", address, data={}, content_type="application/json")
        for method in sample(("head", "options", "put", "patch", "delete"), 3, turn, DAYS):
            probe.ask(method, address, **({} if method == "head" else {"content_type": "application/json"}))
    assert probe.leaks == []
    assert probe.asked > 40
    assert len(probe.told) > (5 if name in COMPACT | OWNERS else -1), "who is told nothing proves nothing"
