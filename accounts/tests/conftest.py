"""Fixtures: users to notify, and an upper app that decides what they may see."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.mail import breaker, broker, visibility
from accounts.mail.outbox import Recipient, enqueue
from accounts.models import ApiToken, Channel, Delivery, User
from accounts.tokens.scopes import scopes


@pytest.fixture(autouse=True)
def alone(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the URLs of this app alone, and reset what other tests left of broker and mail server."""
    settings.ROOT_URLCONF = "accounts.tests.urls"
    breaker.note_answer()
    monkeypatch.setattr(broker.BrokerBackoff, "until", 0.0)


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Collect what would be sent to the broker, without sending it."""
    heard: list[tuple[str, ...]] = []

    def ring(task: str, *args: str) -> bool:
        heard.append((task, *args))
        return True

    monkeypatch.setattr("accounts.mail.outbox.notify_workers", ring)
    monkeypatch.setattr("accounts.mail.dispatch.notify_workers", ring)
    return heard


class Source:
    """An upper app: it allows every subject unless configured otherwise, and counts its calls."""

    def __init__(self) -> None:
        self.withheld: set[str] = set()
        self.asked = 0

    def may_be_told(self, user: User, subjects: Iterable[str], actor: Any = None) -> set[str]:
        self.asked += 1
        return set(subjects) - self.withheld


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Source:
    upper = Source()
    monkeypatch.setitem(visibility._sources, "work", upper.may_be_told)
    return upper


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("amal@example.org", "correct horse", name="Amal")


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create_user("boris@example.org", "battery staple", name="Boris")


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    client.force_login(person, backend="accounts.sign_in.backend.AccountBackend")
    return client


@pytest.fixture
def api(person: User) -> APIClient:
    _token, secret = ApiToken.issue(user=person, name="test", days=1, scopes=scopes())
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    return client


Tell = Callable[..., Delivery]


@pytest.fixture
def tell(source: Source, rings: list[Any]) -> Iterator[Tell]:
    """Return a function that queues one message for a user and returns its row on the channel asked for."""

    def tell(user: User, channel: Channel = Channel.PORTAL, *, event: UUID | None = None, **changes: Any) -> Delivery:
        event = event or uuid4()
        needs_action = changes.pop("needs_action", False)
        owed = {
            "source": "work", "subject": "need:1", "message": "match_accepted",
            # Those of a row, of a decision over several, and of a person who is named.
            "values": {"reference": "N-2026-0001", "rows": {"need": 2}, "who": "Carana"},
            "path": "/needs/1/",
        } | changes  # fmt: skip
        enqueue(event=event, recipients=[Recipient(user, needs_action)], **owed)
        return Delivery.objects.get(event=event, recipient=user, channel=channel)

    return tell
