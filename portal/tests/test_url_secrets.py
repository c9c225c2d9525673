"""Unusual URLs are answered like any other unknown URL, and never with an internal error."""

import pytest
from django.test import Client

from assistance.tests.cast import Cast
from portal.tests.leak_world import BACKEND

pytestmark = pytest.mark.django_db
NAMELESS = ("/account/oidc/%00/login/", "/needs/%00/", "/api/v1/needs/%00/", "/admin/entities/appointment/%00/change/")


@pytest.mark.parametrize("who", ["anonymous", "carana", "admin"])
@pytest.mark.parametrize("address", NAMELESS)
def test_nothing_has_a_nul_in_its_name(client: Client, cast: Cast, address: str, who: str) -> None:
    if who != "anonymous":
        client.force_login(cast.users[who], backend=BACKEND)
    assert client.get(address).status_code == 404


def test_a_filter_of_the_administration_is_told_of_a_nul(client: Client, cast: Cast) -> None:
    client.force_login(cast.users["admin"], backend=BACKEND)
    answer = client.get("/admin/entities/appointment/?role__exact=%00")
    assert answer.status_code == 400 and b"Traceback" not in answer.content
