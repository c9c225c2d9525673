"""What the tests of the work share."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from assistance.tests.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast, freshly appointed."""
    return Cast()


@pytest.fixture
def sign_in(cast: Cast) -> Callable[[str], Client]:
    """Return a function from the name of somebody of the cast to a browser of their own, signed in."""

    def client_of(name: str) -> Client:
        client = Client()
        user = User.objects.get(pk=cast.users[name].pk)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return client_of
