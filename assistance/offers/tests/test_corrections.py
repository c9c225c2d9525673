"""Corrections of offers: proposed by readers, answered by the provider, seen by these two alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delivery
from assistance.needs import offer_withdrawal
from assistance.offers import corrections
from assistance.offers.models import Correction, Offer
from assistance.tests.cast import MEMBERS, Cast
from assistance.tests.pages import errors_at, sign_in, words
from assistance.workflow import editing
from assistance.workflow.models import Event
from assistance.workflow.pending_work import tasks
from portal.tests.api import ApiClients, fields
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible, StaleSave

pytestmark = pytest.mark.django_db


def proposed(cast: Cast, offer: Offer, who: str = "carana", **values: Any) -> Correction:
    """Return a correction of the title, or of what `values` say."""
    filled = {"field": "title", "proposed": "Training at sea borders", "why": "It is about ports.", **values}
    return corrections.propose(actor=getattr(cast, who), offer=offer.pk, **filled)


# ── Proposing ──
def test_nothing_changes_before_the_provider_accepts(cast: Cast) -> None:
    offer = cast.offer()
    version = offer.version
    correction = proposed(cast, offer)
    offer.refresh_from_db()
    assert (offer.title, offer.version) == ("Training at borders", version)
    assert (correction.was, correction.proposed_as.organisation.slug) == ("Training at borders", "carana")
    assert Delivery.objects.filter(recipient=cast.users["unodc"], message="correction_proposed").exists()
    assert [task.reference for task in tasks(cast.unodc)] == [correction.reference]


@pytest.mark.turns(4)
@pytest.mark.parametrize("name", MEMBERS)
def test_provider_and_proposer_see_it_and_nobody_else(cast: Cast, client: Client, name: str) -> None:
    offer = cast.offer()
    correction = proposed(cast, offer)
    seen = name in ("unodc", "carana", "observer")
    sign_in(client, cast, name)
    assert client.get(correction.get_absolute_url()).status_code == (200 if seen else 404)
    page = words(client.get(offer.get_absolute_url()))
    assert ("Proposed corrections" in page) == seen and "Training at sea borders" not in page


@pytest.mark.parametrize("name", ["cted", "unoct"])
def test_the_coordinators_see_what_they_propose(cast: Cast, api_clients: ApiClients, name: str) -> None:
    offer = cast.offer()
    proposed(cast, offer)
    own = proposed(cast, offer, who=name)
    found = getattr(api_clients, name).get(f"offers/{offer.pk}/corrections/").json()
    assert [row["id"] for row in found] == [str(own.pk)]


@pytest.mark.parametrize("name", ["unodc", "observer"])
def test_the_provider_edits_and_observers_only_read(cast: Cast, client: Client, name: str) -> None:
    offer = cast.offer()
    with pytest.raises(Forbidden):
        proposed(cast, offer, who=name)
    sign_in(client, cast, name)
    assert client.get(reverse("offer-correct", args=[offer.pk])).status_code == 403
    assert "Propose a correction" not in words(client.get(offer.get_absolute_url()))


def test_a_hidden_offer_cannot_be_corrected(cast: Cast, api_clients: ApiClients) -> None:
    offer = cast.offer(published=False)
    with pytest.raises(NotVisible):
        proposed(cast, offer)
    assert api_clients.carana.get(f"offers/{offer.pk}/corrections/").status_code == 404
    assert api_clients.carana.post(f"offers/{offer.pk}/corrections/", {"field": "title"}).status_code == 404


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({"proposed": "Training at borders"}, "proposed"),
        ({"proposed": " "}, "proposed"),
        ({"proposed": "x" * 301}, "proposed"),
        ({"field": "closes_on", "proposed": "soon"}, "proposed"),
        ({"field": "lead_time_days", "proposed": "-1"}, "proposed"),
        ({"field": "lead_time_days", "proposed": "many"}, "proposed"),
        ({"field": "places", "proposed": "9"}, "field"),
        ({"field": "status", "proposed": "draft"}, "field"),
        ({"why": " "}, "why"),
    ],
)
def test_what_cannot_be_written_is_refused_at_once(cast: Cast, values: dict[str, str], at: str) -> None:
    offer = cast.offer()
    with pytest.raises(Invalid) as refused:
        proposed(cast, offer, **values)
    assert set(refused.value.errors) == {at}
    assert not Correction.objects.exists()


def test_an_organization_proposes_one_change_of_a_field_at_a_time(cast: Cast) -> None:
    offer = cast.offer()
    first = proposed(cast, offer)
    with pytest.raises(Conflict):
        proposed(cast, offer, proposed="Other words")
    proposed(cast, offer, who="iom", proposed="Other words")
    proposed(cast, offer, field="conditions", proposed="A room.")
    corrections.refuse(actor=cast.unodc, correction=first.pk, reason="No.")
    proposed(cast, offer, proposed="Other words")


# ── Answering ──
def test_accepting_edits_the_offer_as_its_provider_would(cast: Cast) -> None:
    offer = cast.offer()
    correction = proposed(cast, offer)
    corrections.accept(actor=cast.unodc, correction=correction.pk, note="Thank you.")
    before, version = offer.title, offer.version
    offer.refresh_from_db()
    correction.refresh_from_db()
    assert (before, offer.title, offer.version) == ("Training at borders", "Training at sea borders", version + 1)
    assert (correction.status, correction.answer) == ("accepted", "Thank you.")
    edited = Event.objects.get(offer=offer, name="offer_edited")
    assert edited.actor == cast.users["unodc"]
    assert Delivery.objects.filter(recipient=cast.users["carana"], message="correction_accepted").exists()
    assert not tasks(cast.unodc)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("closes_on", "2099-01-31", date(2099, 1, 31)),
        ("closes_on", "", None),
        ("lead_time_days", "30", 30),
        ("conditions", "A room is provided.", "A room is provided."),
        ("conditions", "", ""),
    ],
)
def test_values_are_written_in_their_type(cast: Cast, field: str, text: str, value: Any) -> None:
    offer = cast.offer(closes_on=timezone.now().date() + timedelta(days=9), conditions="Two rooms.", lead_time_days=5)
    corrections.accept(actor=cast.unodc, correction=proposed(cast, offer, field=field, proposed=text).pk)
    offer.refresh_from_db()
    assert getattr(offer, field) == value


def test_what_editing_refuses_is_not_accepted(cast: Cast) -> None:
    today = timezone.now().date()
    offer = cast.offer(opens_on=today)
    correction = proposed(cast, offer, field="closes_on", proposed=(today - timedelta(days=1)).isoformat())
    with pytest.raises(Invalid):
        corrections.accept(actor=cast.unodc, correction=correction.pk)
    correction.refresh_from_db()
    assert correction.status == "proposed"


def test_a_correction_of_what_has_changed_meanwhile_is_not_accepted(cast: Cast, client: Client) -> None:
    offer = cast.offer()
    correction = proposed(cast, offer)
    editing.edit(actor=cast.unodc, model=Offer, pk=offer.pk, values={"title": "Training at airports"})
    with pytest.raises(Conflict):
        corrections.accept(actor=cast.unodc, correction=correction.pk)
    sign_in(client, cast, "unodc")
    page = client.get(correction.get_absolute_url())
    assert "The offer has been changed since" in words(page) and "Training at airports" in words(page)
    assert [str(button.label) for button in page.context["buttons"]] == ["Refuse correction"]
    offer.refresh_from_db()
    assert offer.title == "Training at airports"


def test_only_the_provider_answers_once(cast: Cast, api_clients: ApiClients) -> None:
    correction = proposed(cast, cast.offer())
    assert api_clients.carana.post(f"corrections/{correction.pk}/accept/").status_code == 403
    assert api_clients.iom.post(f"corrections/{correction.pk}/accept/").status_code == 404
    assert fields(api_clients.unodc.post(f"corrections/{correction.pk}/refuse/", {"reason": ""})) == {"reason"}
    with pytest.raises(StaleSave):
        corrections.refuse(actor=cast.unodc, correction=correction.pk, reason="No.", version=7)
    done = api_clients.unodc.post(
        f"corrections/{correction.pk}/refuse/", {"reason": "It is about land borders."}
    ).json()
    assert (done["status"], done["answer"], done["transitions"]) == ("refused", "It is about land borders.", [])
    assert api_clients.unodc.post(f"corrections/{correction.pk}/accept/").status_code == 409


def test_corrections_of_a_withdrawn_offer_change_nothing(cast: Cast) -> None:
    offer = cast.offer()
    correction = proposed(cast, offer)
    offer_withdrawal.withdraw(actor=cast.unodc, offer=offer.pk)
    with pytest.raises(Conflict):
        corrections.accept(actor=cast.unodc, correction=correction.pk)
    assert corrections.refuse(actor=cast.unodc, correction=correction.pk, reason="Withdrawn.").status == "refused"


# ── As its users do it ──
def test_a_state_proposes_and_the_provider_accepts_on_pages(cast: Cast, client: Client) -> None:
    offer = cast.offer(conditions="A room.")
    sign_in(client, cast, "carana")
    url = reverse("offer-correct", args=[offer.pk])
    page = words(client.get(url))
    assert "Nothing changes before" in page and "A room." in page and offer.title in page
    sent = {"field": "conditions", "proposed": "A room and an interpreter.", "why": ""}
    assert errors_at(client.post(url, sent), "why")
    assert client.post(url, {**sent, "why": "Said by telephone."}).status_code == 302
    correction = Correction.objects.get()
    sign_in(client, cast, "unodc")
    page = words(client.get(correction.get_absolute_url()))
    assert "A room and an interpreter." in page and "Said by telephone." in page and "Carana" in page
    step = reverse("correction-transition", args=[correction.pk, "accept"])
    assert "A room and an interpreter." in words(client.get(step))
    assert client.post(step, {}).status_code == 302
    offer.refresh_from_db()
    assert offer.conditions == "A room and an interpreter."


def test_the_same_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    offer = cast.offer()
    body = {"field": "lead_time_days", "proposed": "75", "why": "It took longer."}
    made = api_clients.carana.post(f"offers/{offer.pk}/corrections/", body)
    assert made.status_code == 201 and made.json()["was"] == ""
    (listed,) = api_clients.unodc.get(f"offers/{offer.pk}/corrections/").json()
    assert listed["id"] == made.json()["id"] and listed["transitions"] == ["accept", "refuse"]
    assert api_clients.unodc.ids("corrections", offer=str(offer.pk), status="proposed") == [listed["id"]]
    assert api_clients.iom.get(f"offers/{offer.pk}/corrections/").json() == []
    assert api_clients.unodc.post(f"corrections/{listed['id']}/accept/").json()["status"] == "accepted"
    assert api_clients.carana.get(f"offers/{offer.pk}/").json()["lead_time_days"] == 75
