"""Fixtures shared by the tests of this app."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from assistance.tests.cast import Cast
from assistance.tests.standing import cast, standing_cast

__all__ = ["cast", "standing_cast"]


@pytest.fixture
def sign_in(cast: Cast) -> Callable[[str], Client]:
    """Return a function that takes the name of a cast member and returns a client signed in as them."""

    def client_of(name: str) -> Client:
        client = Client()
        user = User.objects.get(pk=cast.users[name].pk)
        client.force_login(user, backend="accounts.sign_in.backend.AccountBackend")
        return client

    return client_of
