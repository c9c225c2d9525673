"""Revocation: eight ways to end a right × six kinds of credential, against a live server; refused on the next request.

Each credential reads a row before, one writes to it; after the right has ended, by a transition or at midnight (UTC),
each is refused. Nothing runs in between: no task, no sign-out, no cache that has to expire.
"""

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.mail import outbox
from accounts.models import ApiToken, Delivery
from assistance.consents import transitions as consents
from assistance.needs.models import Need
from assistance.tests.cast import Cast
from assistance.workflow import announcements
from entities import appointments
from entities.actors import actor_of
from entities.models import Appointment, WorkingGroup
from portal.tests.figures import Figures
from portal.tests.leak_world import BACKEND

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NAME = "unodc"  # whose right ends
OPEN = {200, 201, 302}
AGAIN = 409  # a second proposal conflicts; shown only to users who may propose


@dataclass
class Live:
    """The server under test, called over a real socket, without following redirects."""

    address: str
    asked: int = 0
    successes: list[str] = field(default_factory=list)

    def get(self, path: str, **headers: str) -> int:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, body: dict[str, Any], **headers: str) -> int:
        return self.ask("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})

    def ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> int:
        host = urlsplit(self.address)
        link = http.client.HTTPConnection(host.hostname or "", host.port, timeout=30)
        link.request(method, path, body, headers)
        answer = link.getresponse()
        answer.read()
        link.close()
        self.asked += 1
        entrance = answer.status == 302 and "/account/" in (answer.getheader("Location") or "")
        return 401 if entrance else answer.status


def cookie(client: Client) -> str:
    return f"session={client.cookies['session'].value}"


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name], backend=BACKEND)
    return client


@dataclass
class Credentials:
    """Six ways by which one user reaches the same need; a mail is sent if the right exists at that moment."""

    live: Live
    ways: dict[str, Callable[[], int]]

    def statuses(self) -> dict[str, int]:
        return {name: ask() for name, ask in self.ways.items()}


def credentials(live: Live, cast: Cast, need: Need) -> Credentials:
    """Return the six: a browser, the API in that browser, read token, write token, notification, mail to be sent."""
    page, row = f"/needs/{need.pk}/", f"/api/v1/needs/{need.pk}/"
    proposals, proposal = "/api/v1/matches/", {"need": str(need.pk), "share": 10}
    browser = cookie(signed_in(cast, NAME))
    running = [row.pk for row in actor_of(cast.users[NAME]).appointments]
    tokens = [
        ApiToken.issue(user=cast.users[NAME], name=scope, days=1, scopes=[scope], appointments=running)[1]
        for scope in ("needs:read", "matches:write")
    ]
    announcements.announce_waiting()
    notice = Delivery.objects.filter(recipient=cast.users[NAME], channel="portal", path=page)[0]
    mail = Delivery.objects.filter(recipient=cast.users[NAME], channel="mail", path=page)[0]
    return Credentials(
        live,
        {
            "a browser": lambda: live.get(page, Cookie=browser),
            "the API in a browser": lambda: live.get(row, Cookie=browser),
            "a token to read": lambda: live.get(row, Authorization=f"Token {tokens[0]}"),
            "a token to write": lambda: live.post(proposals, proposal, Authorization=f"Token {tokens[1]}"),
            "a notice under the bell": lambda: live.get(f"/inbox/{notice.pk}/open/", Cookie=browser),
            "a mail that waits": lambda: 200 if outbox.visible(mail.recipient, [mail]) else 404,
        },
    )


# ── The eight ways ───────────────────────────────────────────────────────────
def shared(cast: Cast, audience: Any, until: date | None = None) -> Need:
    return cast.need("shared", audience=audience, until=until)


def theirs(cast: Cast) -> Appointment:
    return Appointment.objects.get(user=cast.users[NAME])


def end_appointment(cast: Cast, need: Need) -> None:
    appointments.end(actor=cast.unoct, appointment=theirs(cast), reason="Left the service.")


def close_account(cast: Cast, need: Need) -> None:
    cast.users[NAME].is_active = False
    cast.users[NAME].save(update_fields=["is_active"])


def leave_working_group(cast: Cast, need: Need) -> None:
    WorkingGroup.objects.get(slug="wg").members.clear()


def withdraw(cast: Cast, need: Need) -> None:
    consents.withdraw(actor=cast.carana, rows=[need], reason="Reconsidered.")


def narrow(cast: Cast, need: Need) -> None:
    consents.release(actor=cast.carana, rows=[need], audience=["iom", "unoct"])


VERBS: dict[str, Callable[[Cast, Need], None]] = {
    "the appointment is ended": end_appointment,
    "the account is closed": close_account,
    "the working group is left": leave_working_group,
    "the consent is withdrawn": withdraw,
    "the consent is narrowed": narrow,
}


def last_day_of_term(cast: Cast, today: date) -> Need:
    Appointment.objects.filter(user=cast.users[NAME]).update(until=today)
    return shared(cast, "compact")


def last_day_to_confirm(cast: Cast, today: date) -> Need:
    Appointment.objects.filter(user=cast.users[NAME]).update(confirm_by=today)
    return shared(cast, "compact")


def last_day_of_consent(cast: Cast, today: date) -> Need:
    return shared(cast, "compact", today)


CLOCKS: dict[str, Callable[[Cast, date], Need]] = {
    "the term is over": last_day_of_term,
    "nobody confirmed it": last_day_to_confirm,
    "the consent has ended": last_day_of_consent,
}


@pytest.fixture
def stage(cast: Cast, live_server: Any) -> Iterator[tuple[Cast, Live]]:
    """Return the cast and a live server; the group of the cast's entity is one that a State can name."""
    group = WorkingGroup.objects.establish(slug="wg", name_en="Working group")
    group.members.add(cast.org(NAME))
    return cast, Live(live_server.url)


def hold(live: Live, held: Credentials, way: str, figures: Figures) -> None:
    """Use each credential after the right has ended, and check that it is refused."""
    late = {name: status for name, status in held.statuses().items() if status in OPEN | {AGAIN}}
    figures.count("revocation, way × credential", len(held.ways))
    figures.count("revocation, later successes", len(late))
    assert not late, f"{way}: {late}"


@pytest.mark.turns(3)
@pytest.mark.parametrize("way", VERBS)
def test_the_next_request_after_a_verb_is_refused(stage: tuple[Cast, Live], way: str, figures: Figures) -> None:
    cast, live = stage
    need = shared(cast, ["wg", "unoct"] if "group" in way else ["unodc", "unoct"])
    held = credentials(live, cast, need)
    assert set(held.statuses().values()) <= OPEN, held.statuses()
    VERBS[way](cast, need)
    hold(live, held, way, figures)


@pytest.mark.turns(days=2)
@pytest.mark.parametrize("way", CLOCKS)
def test_midnight_utc_ends_it_to_the_second(stage: tuple[Cast, Live], way: str, figures: Figures) -> None:
    cast, live = stage
    midnight = datetime.combine(timezone.now().date() + timedelta(days=1), time(), UTC)
    with clock(midnight - timedelta(minutes=5)):
        need = CLOCKS[way](cast, (midnight - timedelta(days=1)).date())
        held = credentials(live, cast, need)
    with clock(midnight - timedelta(milliseconds=1)):
        assert set(held.statuses().values()) <= OPEN, held.statuses()
    with clock(midnight):
        hold(live, held, way, figures)


@contextmanager
def clock(moment: datetime) -> Iterator[None]:
    """Stop the clock at this moment, in the server's threads too."""
    with time_machine.travel(moment, tick=False):
        yield
