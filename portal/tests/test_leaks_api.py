"""The canary sweep over the API with tokens: a token never tells more than its person may know."""

import pytest
from django.test import Client

from assistance.tests.cast import MEMBERS, PASSWORD
from portal.tests.api import token_of
from portal.tests.canaries import READS, Probe, World, addresses, sample
from portal.tests.routes import routes


@pytest.mark.parametrize("name", [*MEMBERS, "former", "nobody", "admin"])
def test_no_token_of_the_api_tells_more_than_its_person_may_know(world: World, name: str) -> None:
    secret = token_of(world.cast.users[name])
    probe = Probe(name, world, Client(), {"Authorization": f"Token {secret}", "Fresh-Proof": PASSWORD})
    for route in routes():
        if not route.template.startswith("/api/"):
            continue
        filled = list(addresses(world, route))
        for address in filled if READS.search(route.template) else sample(filled, 2):
            probe.ask("get", address)
            probe.ask("post", address, data={}, content_type="application/json")
        for method in ("head", "options", "put", "patch", "delete"):
            probe.ask(method, address, **({} if method == "head" else {"content_type": "application/json"}))
    assert probe.leaks == []
    assert probe.asked > 100
