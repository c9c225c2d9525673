"""The list of requests: what concerns its reader comes first, with the same rows and numbers as the list filtered so."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance.pages.views import transition_url
from assistance.requests import queries, transitions
from assistance.requests.list_views import SHOWN
from assistance.requests.models import AssistanceRequest
from assistance.requests.queries import Whose
from assistance.requests.states import REQUEST
from assistance.requests.tests.requests import again, chosen, make, need_of, offered, withdrawn
from assistance.tests.cast import MEMBERS, Cast
from assistance.tests.pages import sign_in, words
from portal.tests.api import ApiClients

pytestmark = pytest.mark.django_db


def parts(client: Client) -> dict[str, Any]:
    """Return the parts with which the list begins, by name."""
    return {part.name: part for part in client.get(reverse("requests")).context["parts"]}


def test_a_state_sees_its_own_requests_first(cast: Cast, client: Client) -> None:
    mine = [make(cast), make(cast, "submitted"), withdrawn(cast)]
    sign_in(client, cast, "carana")
    answer = client.get(reverse("requests"))
    body = answer.content.decode()
    assert body.index("My requests") < body.index("All requests") and "Request assistance" in body
    found = parts(client)["mine"]
    assert {row.pk for row in found.rows} == {row.pk for row in mine} and found.count == 3
    sign_in(client, cast, "observer")
    assert parts(client)["mine"].count == 3 and reverse("assistance-request-add") not in words(answer)
    sign_in(client, cast, "sumora")
    assert "mine" not in parts(client)


def test_a_provider_sees_first_what_is_open_to_it_with_what_it_can_do(cast: Cast, client: Client) -> None:
    row, other = make(cast, "circulated"), make(cast, "circulated", assistance_types=["training", "equipment"])
    make(cast, "submitted"), chosen(cast)
    sign_in(client, cast, "iom")
    found = parts(client)["open"]
    assert {one.pk for one in found.rows} == {row.pk, other.pk} and found.count == 2
    links = {one.pk: [(str(link.label), link.url) for link in one.actions] for one in found.rows}
    ask = ("Ask a question", transition_url(row, REQUEST["ask"]))
    assert links[row.pk] == [ask, ("Offer assistance", reverse("match-propose", args=[need_of(row).pk]))]
    assert links[other.pk][1] == ("Offer assistance", other.get_absolute_url())  # it has several needs
    page = client.get(reverse("requests")).content.decode()
    assert all(url in page for _label, url in links[row.pk])
    assert client.get(links[row.pk][0][1]).status_code == client.get(links[row.pk][1][1]).status_code == 200


def test_what_is_offered_already_is_not_offered_again(cast: Cast, client: Client) -> None:
    row = make(cast, "circulated")
    offered(cast, row, "iom")
    sign_in(client, cast, "iom")
    (one,) = parts(client)["open"].rows
    assert [str(link.label) for link in one.actions] == ["Ask a question"]


def test_unoct_sees_its_queue_by_age(cast: Cast, client: Client) -> None:
    rows = [make(cast, "submitted"), make(cast, "authenticated"), make(cast, "acknowledged")]
    make(cast, "circulated")
    sign_in(client, cast, "unoct")
    found = parts(client)["processed"]
    assert [row.pk for row in found.rows] == [row.pk for row in rows] and found.url == reverse("request-queue")
    assert [row.pk for row in client.get(found.url).context["object_list"]] == [row.pk for row in rows]
    assert list(parts(client)) == ["processed", "open"]


def test_unoct_sees_the_age_of_what_it_processes(cast: Cast, client: Client) -> None:
    row = make(cast, "submitted")
    AssistanceRequest.objects.filter(pk=row.pk).update(submitted_at=timezone.now() - timedelta(days=17))
    sign_in(client, cast, "unoct")
    for url in (reverse("request-queue"), reverse("requests")):
        text = client.get(url).content.decode()
        assert "Age in days" in text and ">17<" in text, url
    sign_in(client, cast, "carana")
    assert "Age in days" not in words(client.get(reverse("requests")))


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", MEMBERS)
def test_page_filter_and_api_count_the_same(cast: Cast, client: Client, api_clients: ApiClients, name: str) -> None:
    for stage in ("draft", "submitted", "circulated", "circulated"):
        make(cast, stage)
    actor = getattr(cast, name)
    sign_in(client, cast, name)
    shown = parts(client)
    for whose in Whose:
        keys = {str(row.pk) for row in queries.of_whose(actor, queries.request_rows(actor), whose)}
        assert set(getattr(api_clients, name).ids("requests", whose=whose.value)) == keys
        listed = client.get(reverse("requests"), {"whose": whose.value}).context["object_list"]
        assert {str(row.pk) for row in listed} == keys
        if whose.value in shown:
            assert shown[whose.value].count == len(keys)
    assert set(shown) <= {whose.value for whose in queries.parts_for(actor)}


def test_a_part_shows_some_and_leads_to_all(cast: Cast, client: Client) -> None:
    rows = [make(cast) for _number in range(SHOWN + 2)]
    sign_in(client, cast, "carana")
    found = parts(client)["mine"]
    assert len(found.rows) == SHOWN and found.count == len(rows)
    assert len(client.get(found.url).context["object_list"]) == len(rows)


def test_a_filtered_list_has_no_parts(cast: Cast, client: Client) -> None:
    make(cast)
    sign_in(client, cast, "carana")
    assert client.get(reverse("requests"), {"status": "draft"}).context["parts"] == []


def test_nothing_of_hidden_requests_is_counted(cast: Cast, client: Client) -> None:
    row = make(cast, "circulated")
    sign_in(client, cast, "iom")
    assert parts(client)["open"].count == 1
    transitions.withdraw(actor=cast.carana, assistance_request=again(row).pk, reason="Solved.")
    assert "open" not in parts(client)
