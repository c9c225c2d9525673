"""Corrections of requests: CTED proposes them from the submission on, the State answers, UNOCT reads them."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Delivery
from assistance.consents import two_person
from assistance.consents.models import TwoPersonRule
from assistance.requests import circulation, corrections, transitions
from assistance.requests.models import AssistanceRequest, RequestCorrection
from assistance.requests.tests.requests import again, make, returned, with_offer
from assistance.tests.cast import MEMBERS, Cast
from assistance.tests.pages import errors_at, sign_in, words
from assistance.workflow import editing
from assistance.workflow.models import Event
from assistance.workflow.pending_work import tasks
from portal.tests.api import ApiClients, fields
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible, StaleSave

pytestmark = pytest.mark.django_db


def proposed(cast: Cast, row: AssistanceRequest, who: str = "cted", **values: Any) -> RequestCorrection:
    """Return a correction of the title, or of what `values` say."""
    filled = {"field": "title", "proposed": "Passenger data at five airports", "why": "There are five.", **values}
    return corrections.propose(actor=getattr(cast, who), assistance_request=row.pk, **filled)


# ── Proposing ──
@pytest.mark.parametrize("stage", ["submitted", "authenticated", "acknowledged", "cleared"])
def test_nothing_changes_before_the_state_accepts(cast: Cast, stage: str) -> None:
    row = make(cast, stage)
    correction = proposed(cast, row)
    assert (again(row).title, again(row).version, correction.was) == (row.title, row.version, row.title)
    assert [task.reference for task in tasks(cast.carana) if task.url.startswith("/request-corrections/")]
    told = Delivery.objects.filter(message="request_correction_proposed").values_list("recipient", flat=True)
    assert set(told) >= {cast.users["carana"].pk, cast.users["unoct"].pk} and cast.users["iom"].pk not in told


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", MEMBERS)
def test_state_cted_and_unoct_see_it_and_nobody_else(cast: Cast, client: Client, name: str) -> None:
    row = make(cast, "cleared")
    correction = proposed(cast, row)
    circulation.circulate(actor=cast.unoct, assistance_request=row.pk)  # now the audience reads the request
    seen = name in ("carana", "observer", "cted", "unoct")
    sign_in(client, cast, name)
    assert client.get(correction.get_absolute_url()).status_code == (200 if seen else 404)
    page = client.get(row.get_absolute_url())
    assert page.status_code == (404 if name in ("sumora", "partner") else 200)
    assert ("Proposed corrections" in words(page)) == seen and "five airports" not in words(page)


def test_readers_of_the_request_see_no_correction_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    row = make(cast, "cleared")
    correction = proposed(cast, row)
    circulation.circulate(actor=cast.unoct, assistance_request=row.pk)
    assert api_clients.iom.get(f"requests/{row.pk}/corrections/").json() == []
    hidden, absent = (api_clients.iom.get(f"request-corrections/{pk}/") for pk in (correction.pk, row.pk))
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert [one["id"] for one in api_clients.unoct.get(f"requests/{row.pk}/corrections/").json()] == [
        str(correction.pk)
    ]


@pytest.mark.parametrize("name", ["carana", "unoct", "observer"])
def test_only_cted_proposes(cast: Cast, client: Client, name: str) -> None:
    row = make(cast, "submitted")
    with pytest.raises(Forbidden):
        proposed(cast, row, who=name)
    sign_in(client, cast, name)
    assert client.get(reverse("assistance-request-correct", args=[row.pk])).status_code == 403
    assert "Propose a correction" not in words(client.get(row.get_absolute_url()))


def test_drafts_are_hidden_from_cted_and_circulated_requests_stay(cast: Cast) -> None:
    with pytest.raises(NotVisible):
        proposed(cast, make(cast))
    with pytest.raises(Forbidden):
        proposed(cast, with_offer(cast))


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({"proposed": "Passenger data at four airports"}, "proposed"),
        ({"proposed": " "}, "proposed"),
        ({"proposed": "x" * 301}, "proposed"),
        ({"field": "wanted_by", "proposed": "soon"}, "proposed"),
        ({"field": "quantity", "proposed": "0"}, "proposed"),
        ({"field": "quantity", "proposed": "many"}, "proposed"),
        ({"field": "note_number", "proposed": "9"}, "field"),
        ({"field": "status", "proposed": "draft"}, "field"),
        ({"why": " "}, "why"),
    ],
)
def test_what_cannot_be_written_is_refused_at_once(cast: Cast, values: dict[str, str], at: str) -> None:
    row = make(cast, "submitted")
    with pytest.raises(Invalid) as refused:
        proposed(cast, row, **values)
    assert set(refused.value.errors) == {at}
    assert not RequestCorrection.objects.exists()


def test_one_change_of_a_field_is_proposed_at_a_time(cast: Cast) -> None:
    row = make(cast, "submitted")
    first = proposed(cast, row)
    with pytest.raises(Conflict):
        proposed(cast, row, proposed="Other words")
    corrections.refuse(actor=cast.carana, request_correction=first.pk, reason="No.")
    proposed(cast, row, proposed="Other words")


# ── Answering ──
def test_accepting_changes_the_request_in_its_status(cast: Cast) -> None:
    row = make(cast, "acknowledged")
    correction = proposed(cast, row)
    corrections.accept(actor=cast.carana, request_correction=correction.pk, note="Thank you.")
    now = again(row)
    assert (now.title, now.status, now.version) == ("Passenger data at five airports", row.status, row.version + 1)
    assert again(correction).status == "accepted" and not tasks(cast.carana)[1:]
    assert Event.objects.get(assistance_request=row, name="request_corrected").actor == cast.users["carana"]
    told = Delivery.objects.filter(message="request_correction_accepted").values_list("recipient", flat=True)
    assert set(told) == {cast.users["cted"].pk, cast.users["unoct"].pk}
    circulation_ready = transitions.no_objection(actor=cast.carana, assistance_request=row.pk)
    circulation.circulate(actor=cast.unoct, assistance_request=circulation_ready.pk)
    assert again(row).needs.get().title == "Passenger data at five airports"


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("wanted_by", "2099-01-31", date(2099, 1, 31)),
        ("quantity", "12", 12),
        ("quantity", "", None),
        ("conditions", "A room is provided.", "A room is provided."),
    ],
)
def test_values_are_written_in_their_type(cast: Cast, field: str, text: str, value: Any) -> None:
    row = make(cast, "submitted", quantity=5, unit="people")
    correction = proposed(cast, row, field=field, proposed=text)
    corrections.accept(actor=cast.carana, request_correction=correction.pk)
    assert getattr(again(row), field) == value


def test_what_was_changed_meanwhile_is_not_overwritten(cast: Cast, client: Client) -> None:
    row = returned(cast)
    correction = proposed(cast, row)
    editing.edit(actor=cast.carana, model=AssistanceRequest, pk=row.pk, values={"title": "Passenger data by sea"})
    with pytest.raises(Conflict):
        corrections.accept(actor=cast.carana, request_correction=correction.pk)
    sign_in(client, cast, "carana")
    page = client.get(correction.get_absolute_url())
    assert "The request has been changed since" in words(page) and "Passenger data by sea" in words(page)
    assert [str(button.label) for button in page.context["buttons"]] == ["Refuse correction"]
    assert again(row).title == "Passenger data by sea"


def test_after_the_circulation_a_correction_can_only_be_refused(cast: Cast) -> None:
    row = make(cast, "cleared")
    correction = proposed(cast, row)
    circulation.circulate(actor=cast.unoct, assistance_request=row.pk)
    assert not [task for task in tasks(cast.carana) if task.url.startswith("/request-corrections/")]
    with pytest.raises(Conflict):
        corrections.accept(actor=cast.carana, request_correction=correction.pk)
    assert again(row).title == row.title
    done = corrections.refuse(actor=cast.carana, request_correction=correction.pk, reason="It is circulated.")
    assert done.status == "refused"


def test_one_person_does_not_change_what_two_have_submitted(cast: Cast, api_clients: ApiClients) -> None:
    row = make(cast, "submitted")
    correction = proposed(cast, row)
    two_person.switch_on(actor=cast.carana, state=row.state)
    TwoPersonRule.objects.update(is_on=True)
    with pytest.raises(Conflict):
        corrections.accept(actor=cast.carana, request_correction=correction.pk)
    (listed,) = api_clients.carana.get("request-corrections/").json()["results"]
    assert listed["transitions"] == ["refuse"] and again(row).title == row.title


def test_only_the_state_answers_once(cast: Cast, api_clients: ApiClients) -> None:
    correction = proposed(cast, make(cast, "submitted"))
    path = f"request-corrections/{correction.pk}"
    assert api_clients.cted.post(f"{path}/accept/").status_code == 403
    assert api_clients.unoct.post(f"{path}/accept/").status_code == 403
    assert api_clients.iom.post(f"{path}/accept/").status_code == 404
    assert fields(api_clients.carana.post(f"{path}/refuse/", {"reason": ""})) == {"reason"}
    with pytest.raises(StaleSave):
        corrections.refuse(actor=cast.carana, request_correction=correction.pk, reason="No.", version=7)
    done = api_clients.carana.post(f"{path}/refuse/", {"reason": "Four are right."}).json()
    assert (done["status"], done["answer"], done["transitions"]) == ("refused", "Four are right.", [])
    assert api_clients.carana.post(f"{path}/accept/").status_code == 409


# ── As its users do it ──
def test_cted_proposes_and_the_state_accepts_on_pages(cast: Cast, client: Client) -> None:
    row = make(cast, "submitted", conditions="A room.")
    sign_in(client, cast, "cted")
    url = reverse("assistance-request-correct", args=[row.pk])
    assert url in client.get(row.get_absolute_url()).content.decode()
    page = words(client.get(url))
    assert "Nothing changes before" in page and "A room." in page and row.title in page
    sent = {"field": "conditions", "proposed": "A room and an interpreter.", "why": ""}
    assert errors_at(client.post(url, sent), "why")
    assert client.post(url, {**sent, "why": "Said by telephone."}).status_code == 302
    correction = RequestCorrection.objects.get()
    sign_in(client, cast, "carana")
    page = words(client.get(correction.get_absolute_url()))
    assert "A room and an interpreter." in page and "Said by telephone." in page and "Carana" in page
    step = reverse("request-correction-transition", args=[correction.pk, "accept"])
    assert "A room and an interpreter." in words(client.get(step))
    assert client.post(step, {}).status_code == 302
    assert again(row).conditions == "A room and an interpreter."


def test_the_same_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    row = make(cast, "submitted")
    body = {"field": "quantity", "proposed": "12", "why": "Said by telephone."}
    made = api_clients.cted.post(f"requests/{row.pk}/corrections/", body)
    assert made.status_code == 201 and made.json()["was"] == "" and made.json()["request"] == str(row.pk)
    assert api_clients.carana.ids("request-corrections", request=str(row.pk), status="proposed") == [made.json()["id"]]
    answer = api_clients.carana.post(f"request-corrections/{made.json()['id']}/accept/")
    assert answer.json()["status"] == "accepted"
    assert api_clients.carana.get(f"requests/{row.pk}/").json()["quantity"] == 12


def test_cted_is_led_to_suggesting_a_provider(cast: Cast, client: Client) -> None:
    row = make(cast, "circulated", assistance_types=["training", "equipment"])
    sign_in(client, cast, "cted")
    page = client.get(row.get_absolute_url())
    found = [button.url for button in page.context["buttons"] if str(button.label) == "Suggest a provider"]
    assert found == [reverse("match-propose", args=[need.pk]) for need in page.context["needs"]] and len(found) == 2
    values = {"provider": cast.org("iom").pk, "share": 100, "message": ""}
    assert client.post(found[0], values).status_code == 302
    (task,) = [task for task in tasks(cast.iom) if task.url.startswith("/matches/")]
    sign_in(client, cast, "iom")
    assert client.get(task.url).status_code == 200
