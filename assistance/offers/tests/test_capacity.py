"""What is committed of an offer: who is told, what a proposal may reserve, and lowering a capacity."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assistance.needs import match_transitions as matches
from assistance.needs.models import Match, Need
from assistance.offers.capacity import capacities
from assistance.offers.models import Offer
from assistance.offers.tests.test_pages import filled
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, sign_in, words
from assistance.workflow import editing
from entities.models import Appointment
from portal.tests.api import ApiClients, fields
from web.exceptions import Invalid


def committed(cast: Cast, offer: Offer, need: Need | None = None, **reserves: Any) -> Match:
    """Return an accepted match of the offer's provider that reserves so much."""
    need = need or cast.need("shared")
    match = matches.propose(actor=cast.unodc, need=need.pk, offer=offer.pk, share=20, **reserves)
    return matches.accept(actor=cast.carana, match=match.pk)


@pytest.mark.parametrize("name", ["unodc", "cted", "unoct"])
def test_provider_and_coordinators_see_what_is_committed_and_free(cast: Cast, client: Client, name: str) -> None:
    offer = cast.offer(places=50, amount=Decimal("1000.00"), currency="EUR")
    committed(cast, offer, reserved_places=20, reserved_amount=Decimal("250.50"))
    sign_in(client, cast, name)
    text = words(client.get(offer.get_absolute_url()))
    assert "20 of 50 committed" in text and "30 free" in text
    assert "250.50 EUR of 1,000.00 EUR committed" in text and "749.50 EUR free" in text


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", ["carana", "iom", "sumora", "partner"])
def test_others_are_told_nothing_of_it(cast: Cast, client: Client, name: str) -> None:
    offer = cast.offer(places=50)
    committed(cast, offer, reserved_places=20)
    sign_in(client, cast, name)
    text = words(client.get(offer.get_absolute_url()))
    assert "50 places" in text and "committed" not in text
    assert capacities(getattr(cast, name), offer) == []


def test_open_matches_commit_nothing(cast: Cast) -> None:
    offer = cast.offer(places=50)
    matches.propose(actor=cast.unodc, need=cast.need("shared").pk, offer=offer.pk, reserved_places=20)
    assert [(one.committed, one.free) for one in capacities(cast.unodc, offer)] == [(0, 50)]


@pytest.mark.parametrize(
    ("values", "reserves", "field"),
    [
        ({"places": 10}, {"reserved_places": 11}, "reserved_places"),
        ({"places": 10}, {"reserved_expert_days": 1}, "reserved_expert_days"),
        ({}, {"reserved_amount": 5}, "reserved_amount"),
    ],
)
def test_a_proposal_reserves_no_more_than_is_free(
    cast: Cast, values: dict[str, Any], reserves: dict[str, Any], field: str
) -> None:
    offer, need = cast.offer(**values), cast.need("shared")
    with pytest.raises(Invalid) as refused:
        matches.propose(actor=cast.unodc, need=need.pk, offer=offer.pk, **reserves)
    assert set(refused.value.errors) == {field}
    assert not Match.objects.exists()


def test_without_an_offer_nothing_is_reserved(cast: Cast, client: Client) -> None:
    need = cast.need("shared")
    sign_in(client, cast, "unodc")
    sent = {"provider": str(cast.org("unodc").pk), "share": "50", "reserved_places": "3"}
    answer = client.post(reverse("match-propose", args=[need.pk]), sent)
    assert answer.status_code == 422 and errors_at(answer, "reserved_places")


def test_the_api_says_what_is_reserved_and_committed(cast: Cast, api_clients: ApiClients) -> None:
    offer, need = cast.offer(places=50), cast.need("shared")
    sent = {"need": str(need.pk), "offer": str(offer.pk), "share": 40, "reserved_places": 12}
    made = api_clients.unodc.post("matches/", sent).json()
    assert (made["reserved_places"], made["reserved_expert_days"], made["reserved_amount"]) == (12, None, None)
    matches.accept(actor=cast.carana, match=made["id"])
    shown = api_clients.unodc.get(f"offers/{offer.pk}/").json()["capacity"]
    assert shown == [{"name": "places", "total": "50", "committed": "12", "free": "38"}]
    assert api_clients.carana.get(f"offers/{offer.pk}/").json()["capacity"] == []


# ── Lowering a capacity ──
def test_a_capacity_below_what_is_committed_is_confirmed_first(cast: Cast, client: Client) -> None:
    offer = cast.offer(places=50)
    match = committed(cast, offer, reserved_places=20)
    sign_in(client, cast, "unodc")
    url = reverse("offer-edit", args=[offer.pk])
    assert 'type="checkbox" name="confirmed"' not in client.get(url).content.decode()
    sent = filled(cast, places="10", version=str(offer.version))
    asked = client.post(url, sent)
    assert asked.status_code == 422
    assert match.reference in errors_at(asked, "places")[0] and errors_at(asked, "confirmed")
    assert 'type="checkbox" name="confirmed"' in asked.content.decode()
    assert client.post(url, {**sent, "confirmed": "on"}).status_code == 302
    offer.refresh_from_db()
    assert offer.places == 10
    assert "Committed beyond what the offer states: 10" in words(client.get(offer.get_absolute_url()))


def test_the_api_asks_to_confirm_it_too(cast: Cast, api_clients: ApiClients) -> None:
    offer = cast.offer(places=50)
    committed(cast, offer, reserved_places=20)
    refused = api_clients.unodc.patch(f"offers/{offer.pk}/", {"places": 10})
    assert refused.status_code == 422 and {"places", "confirmed"} <= fields(refused)
    done = api_clients.unodc.patch(f"offers/{offer.pk}/", {"places": 10, "confirmed": True})
    assert done.status_code == 200 and done.json()["capacity"][0]["free"] == "0"
    again = api_clients.unodc.patch(f"offers/{offer.pk}/", {"title": "Other words"})
    assert again.status_code == 200, "a capacity that stays is not asked about"


# ── Contact, project, eligibility, cost ──
def test_the_page_shows_conditions_cost_contact_and_project(cast: Cast, client: Client) -> None:
    project = cast.project(title="Safer borders")
    post = Appointment.objects.get(user=cast.users["unodc"], organisation__slug="unodc")
    offer = cast.offer(
        eligibility=["ldc", "sids"], cost_to_state="travel", cost_note="Flights only.", conditions="A room is provided.",
        lead_time_days=45, contact_appointment=post, project=project,
    )  # fmt: skip
    sign_in(client, cast, "iom")
    text = words(client.get(offer.get_absolute_url()))
    for part in (
        "Least developed countries", "Small island developing States", "The State pays for travel", "Flights only.",
        "A room is provided.", "45 days from acceptance", "unodc · Focal point", "Safer borders",
    ):  # fmt: skip
        assert part in text, part


def test_a_project_that_the_reader_does_not_see_is_left_out(
    cast: Cast, client: Client, api_clients: ApiClients
) -> None:
    offer = cast.offer(project=cast.project(title="Quiet project", is_restricted=True))
    sign_in(client, cast, "iom")
    assert "Quiet project" not in words(client.get(offer.get_absolute_url()))
    assert api_clients.iom.get(f"offers/{offer.pk}/").json()["project"] is None
    assert api_clients.unodc.get(f"offers/{offer.pk}/").json()["project"] == str(offer.project_id)


def test_a_contact_whose_appointment_has_ended_is_not_shown(cast: Cast, client: Client) -> None:
    post = Appointment.objects.get(user=cast.users["unodc"], organisation__slug="unodc")
    offer = cast.offer(contact_appointment=post)
    other = Appointment.objects.get(user=cast.users["former"])
    Offer.objects.filter(pk=offer.pk).update(contact_appointment=other)
    sign_in(client, cast, "iom")
    assert "Contact person" not in words(client.get(offer.get_absolute_url()))


def test_contact_and_project_belong_to_the_provider(cast: Cast) -> None:
    offer = cast.offer()
    others: dict[str, Any] = {
        "contact_appointment": Appointment.objects.get(user=cast.users["iom"]),
        "project": cast.project(who="iom"),
    }
    for field, value in others.items():
        with pytest.raises(Invalid) as refused:
            editing.edit(actor=cast.unodc, model=Offer, pk=offer.pk, values={field: value})
        assert set(refused.value.errors) == {field}


def test_offers_are_found_by_the_groups_of_states_and_the_cost(cast: Cast, api_clients: ApiClients) -> None:
    small = cast.offer(eligibility=["sids"], cost_to_state="none")
    cast.offer(eligibility=["ldc"], cost_to_state="full")
    assert api_clients.carana.ids("offers", eligibility="sids") == [str(small.pk)]
    assert api_clients.carana.ids("offers", cost_to_state="none") == [str(small.pk)]


def test_states_that_received_it_are_shown_with_needs_that_are_seen(cast: Cast, client: Client) -> None:
    offer = cast.offer()
    match = committed(cast, offer)
    Match.objects.filter(pk=match.pk).update(status="delivered", verified_share=20)
    sign_in(client, cast, "iom")
    assert "States that received this assistance" in words(client.get(offer.get_absolute_url()))
    sign_in(client, cast, "sumora")
    text = words(client.get(offer.get_absolute_url()))
    assert "States that received" not in text and match.reference not in text
