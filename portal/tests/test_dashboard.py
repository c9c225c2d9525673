"""The dashboard shows each role its pending work, and counts nothing the user may not see."""

import pytest
from django.test import Client

from assistance.tests.cast import MEMBERS, Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.mark.parametrize("name", MEMBERS)
def test_everybody_appointed_has_a_dashboard(cast: Cast, client: Client, name: str) -> None:
    cast.match("delivered")
    client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/")
    assert answer.status_code == 200, answer.content
    answer = client.get("/needs/")
    assert answer.status_code == 200, answer.content
