"""The dashboard shows each role its pending work, and counts nothing the user may not see."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delivery, User
from assistance.consents import transitions as consents
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


def opened(cast: Cast, client: Client, name: str, address: str = "/") -> Any:
    client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(address)


def test_what_is_due_first_stands_first_named_by_its_title_with_respond_beside_it(cast: Cast, client: Client) -> None:
    today = timezone.now().date()
    late = cast.need("put", title="Late-title", deadline=today - timedelta(days=3))
    later = cast.need("put", title="Later-title", deadline=today + timedelta(days=9))
    never = cast.need("put", title="Never-title")
    answer = opened(cast, client, "carana")
    tasks = answer.context["tasks"]
    assert [task.reference for task in tasks] == [late.reference, later.reference, never.reference]
    body = answer.content.decode()
    assert "Overdue by 3 days" in body and "In 9 days" in body and body.count(">Respond<") == 3
    row = body[body.index("Late-title") :]
    assert row.index("Carana") < row.index("High") < row.index(late.reference), "the code stands last"
    assert reverse("need-decide", args=[late.pk]) in body
    assert reverse("need-transition", args=[late.pk, "agree"]) not in body, "the button is never the answer itself"


def test_messages_about_one_matter_are_one_row_and_read_together(cast: Cast, client: Client) -> None:
    match = cast.match("delivered")
    title = match.need.title
    answer = opened(cast, client, "unoct", "/inbox/")
    (entry,) = [entry for entry in answer.context["informs"] if entry.first.subject == f"match:{match.pk}"]
    assert entry.more >= 2 and entry.matter.title == title and entry.is_new
    body = answer.content.decode()
    assert f"{entry.more} more messages about this" in body and title in body
    assert body.count(reverse("inbox-open", args=[entry.first.pk])) == 1
    client.get(reverse("inbox-open", args=[entry.first.pk]))
    again = client.get("/inbox/").context["informs"]
    assert not next(e for e in again if e.first.subject == entry.first.subject).is_new
    assert all(e.first.subject != entry.first.subject for e in client.get("/").context["news"])


def test_nothing_hidden_is_named(cast: Cast, client: Client) -> None:
    match = cast.match("delivered")
    opened(cast, client, "unoct", "/inbox/")
    consents.withdraw(actor=cast.carana, rows=[match.need])
    body = opened(cast, client, "unoct", "/inbox/").content.decode() + client.get("/").content.decode()
    assert match.need.title not in body


@pytest.mark.parametrize("address", ["/", "/inbox/"])
def test_names_cost_the_same_for_one_matter_and_for_many(cast: Cast, client: Client, address: str) -> None:
    def cost() -> int:
        opened(cast, client, "carana", address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    day = timezone.now().date() + timedelta(days=9)
    cast.need("put", deadline=day)
    cast.match()
    one = cost()
    for _number in range(3):
        cast.need("put", deadline=day)
        cast.match()
    assert cost() == one


def test_what_came_since_the_last_sign_in_is_listed_though_it_was_read(cast: Cast, client: Client) -> None:
    cast.match("delivered")
    person = cast.users["carana"]
    Delivery.objects.filter(recipient=person).update(read_at=timezone.now())
    answer = opened(cast, client, "carana")
    assert answer.context["news"] == [] and "Recent notifications" in answer.content.decode()
    User.objects.filter(pk=person.pk).update(last_visit_at=timezone.now() - timedelta(days=1))
    answer = opened(cast, client, "carana")
    assert answer.context["news"] and "New since your last sign-in" in answer.content.decode()
    User.objects.filter(pk=person.pk).update(last_visit_at=timezone.now() + timedelta(minutes=1))
    assert opened(cast, client, "carana").context["news"] == []


def test_the_days_of_deadlines_are_marked_in_their_month_and_lead_to_the_records(cast: Cast, client: Client) -> None:
    day = timezone.now().date() + timedelta(days=40)
    one = cast.need("agreed", title="One-title", deadline=day)
    body = opened(cast, client, "carana").content.decode()
    month = body[body.index('<table class="month">') : body.index("</table>", body.index('<table class="month">'))]
    assert f"{day:%B %Y}" in month and month.count("month-due") == 1
    assert f'href="{one.get_absolute_url()}" title="One-title">{day.day}<' in month
    cast.need("agreed", title="Two-title", deadline=day)
    body = opened(cast, client, "carana").content.decode()
    assert f'href="#due-{day}" title="One-title; Two-title">{day.day}<' in body and body.count(f'id="due-{day}"') == 1
    assert "2 deadlines" in body
