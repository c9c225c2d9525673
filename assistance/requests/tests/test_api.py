"""Requests over the API: the whole procedure, the check, the thread, the comparison, and what others do not see."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assistance.consents import transitions as consents
from assistance.needs import match_transitions
from assistance.needs import transitions as needs
from assistance.requests import answers
from assistance.requests.models import AssistanceRequest
from assistance.requests.tests.requests import again, asked, chosen, make, need_of, offered, with_offer
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from portal.tests.api import ApiClients

pytestmark = pytest.mark.django_db

BODY = {
    "title": "Passenger data", "theme": "border", "assistance_types": ["training"],
    "beneficiary": "Passenger Information Unit", "deliverable": "A unit.", "contact_name": "Amal",
    "contact_phone": "1", "note_to_follow": True, "audience_allowed": "compact",
}  # fmt: skip


def act(client: Any, row: Any, step: str, **values: Any) -> dict[str, Any]:
    answer = client.post(f"requests/{row['id'] if isinstance(row, dict) else row.pk}/{step}/", values)
    assert answer.status_code == 200, (step, answer.content)
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.turns(days=3)
def test_the_whole_procedure_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    answer = api_clients.carana.post("requests/", BODY)
    assert answer.status_code == 201
    row = answer.json()
    assert (row["status"], row["state"], row["pillar"], row["waits_for"]["who"]) == ("draft", "XCA", "II", "state")
    assert row["specificity"]["missing"] == [] and row["specificity"]["of"] == 10
    assert act(api_clients.carana, row, "submit")["status"] == "submitted"
    assert act(api_clients.unoct, row, "authenticate", how="By telephone.")["waits_for"]["who"] == "unoct"
    assert act(api_clients.unoct, row, "acknowledge")["objection_until"]
    act(api_clients.carana, row, "no-objection")
    found = act(api_clients.unoct, row, "circulate", audience=["unodc", "iom"])
    assert found["status"] == "circulated"
    act(api_clients.iom, row, "ask", text="Which systems?")
    (question,) = api_clients.carana.get(f"requests/{row['id']}/questions/").json()["results"]
    assert question["asked_by"] == "iom"
    act(api_clients.carana, row, "answer", question=question["id"], answer="One.")
    (need,) = api_clients.unodc.get(f"requests/{row['id']}/").json()["needs"]
    match = api_clients.unodc.post("matches/", {"need": need}).json()
    (line,) = api_clients.carana.get(f"requests/{row['id']}/comparison/").json()["results"]
    assert (line["match"], line["provider"], line["share"], line["past_work"]) == (match["id"], "unodc", 100, 0)
    found = act(api_clients.carana, row, "choose", matches=[match["id"]])
    assert found["status"] == "provider_chosen"
    assert act(api_clients.carana, row, "withdraw", reason="Solved.")["outcome"] == "withdrawn"
    assert api_clients.unodc.get(f"requests/{row['id']}/").status_code == 404


def test_the_check_saves_nothing(cast: Cast, api_clients: ApiClients) -> None:
    answer = api_clients.carana.post("requests/check/", {**BODY, "quantity": 12, "unit": "people"})
    found = answer.json()
    assert answer.status_code == 200 and {line["name"] for line in found["lines"] if line["is_met"]} == {
        "institution", "quantity", "contact",
    }  # fmt: skip
    assert found["missing"] == [] and not AssistanceRequest.objects.exists()
    assert api_clients.carana.post("requests/check/", {}).json()["missing"][0] == "theme"
    assert api_clients.iom.post("requests/check/", {"title": "x"}).status_code == 403


def test_others_do_not_see_what_is_between_the_parties(cast: Cast, api_clients: ApiClients) -> None:
    row = asked(cast)
    shown = api_clients.unodc.get(f"requests/{row.pk}/").json()
    assert shown["contact_name"] == "" and shown["note_number"] == "" and shown["audience_allowed"] == []
    assert shown["specificity"] is None and shown["submitted_at"] is None
    assert [one["asked_by"] for one in shown["questions"]] == [None]
    assert {event["event"] for event in shown["history"]} == {"request_circulated"}
    assert api_clients.iom.get(f"requests/{row.pk}/").json()["questions"][0]["asked_by"] == "iom"
    own = api_clients.carana.get(f"requests/{row.pk}/").json()
    assert own["contact_name"] == "Amal Idris" and own["note_number"] == "NV/2026/17"


def test_the_chosen_provider_sees_the_contact(cast: Cast, api_clients: ApiClients) -> None:
    row = chosen(cast)
    for path in (f"requests/{row.pk}/", "requests/"):
        shown = api_clients.unodc.get(path).json()
        found = shown["results"][0] if "results" in shown else shown
        assert found["contact_name"] == "Amal Idris", path
        other = api_clients.iom.get(path).json()
        assert (other["results"][0] if "results" in other else other)["contact_name"] == "", path


def test_the_comparison_names_project_lead_time_and_what_is_reserved(
    cast: Cast, client: Client, api_clients: ApiClients
) -> None:
    row = make(cast, "circulated")
    offer = cast.offer(
        who="iom", places=100, expert_days=20, lead_time_days=45, cost_to_state="travel", cost_note="Flights only.",
        conditions="A training room.",
    )  # fmt: skip
    match_transitions.propose(actor=cast.iom, need=need_of(row).pk, offer=offer.pk, share=40, reserved_places=24)
    project = cast.project(title="Safer airports", planned_start=date(2026, 3, 1))
    match_transitions.propose(actor=cast.unodc, need=need_of(row).pk, project=project.pk, share=60)
    by_project, by_offer = api_clients.carana.get(f"requests/{row.pk}/comparison/").json()["results"]
    assert (by_project["project"], by_project["offer"], by_offer["project"]) == (str(project.pk), None, None)
    assert [by_offer[name] for name in ("lead_time_days", "reserved_places", "reserved_expert_days", "places")] == [
        45, 24, None, 100,
    ]  # fmt: skip
    sign_in(client, cast, "carana")
    for url in (row.get_absolute_url(), reverse("assistance-request-comparison", args=[row.pk])):
        text = words(client.get(url))
        for part in ("Safer airports", "45 days after the acceptance", "24 places", "Offer as a whole: 100 places"):
            assert part in text, (url, part)
        assert "Flights only." in text and "A training room." in text and "without an offer on record" not in text
    (first, _second) = answers.sheet_of(cast.carana, again(row)).answered
    lines = {line.organisation.slug: answers.cells_of(line)[0] for line in (first, _second)}
    assert lines["unodc"][3] == "Training: Safer airports" and "2026" in lines["unodc"][5]
    given = api_clients.carana.get(f"requests/{row.pk}/answers/").json()["results"]
    assert {one["offers"][0]["project"] for one in given if one["offers"]} == {str(project.pk), None}


def test_a_project_that_the_state_does_not_see_is_not_named(
    cast: Cast, client: Client, api_clients: ApiClients
) -> None:
    row, project = make(cast, "circulated"), cast.project(title="Quiet project", is_restricted=True)
    match_transitions.propose(actor=cast.unodc, need=need_of(row).pk, project=project.pk)
    (line,) = api_clients.carana.get(f"requests/{row.pk}/comparison/").json()["results"]
    (given,) = answers.sheet_of(cast.carana, again(row)).answered
    sign_in(client, cast, "carana")
    text = words(client.get(row.get_absolute_url()))
    assert line["project"] is None and "Quiet project" not in text and "without an offer on record" in text
    assert answers.cells_of(given)[0][3] == "Training"


@pytest.mark.parametrize("who", ["unodc", "iom", "cted", "unoct"])
def test_the_comparison_is_for_the_state(cast: Cast, api_clients: ApiClients, who: str) -> None:
    row = with_offer(cast)
    assert getattr(api_clients, who).get(f"requests/{row.pk}/comparison/").status_code == 403


def test_a_choice_beyond_what_is_open_accepts_nothing(cast: Cast, api_clients: ApiClients) -> None:
    row = make(cast, "circulated")
    matches = [offered(cast, row, who, 60) for who in ("unodc", "iom")]
    answer = api_clients.carana.post(f"requests/{row.pk}/choose/", {"matches": [str(one.pk) for one in matches]})
    assert answer.status_code == 409 and {again(one).status for one in matches} == {"proposed"}


def test_a_match_that_is_hidden_counts_as_absent(cast: Cast, api_clients: ApiClients) -> None:
    row, need = with_offer(cast), cast.need("put", state=cast.org("sumora"))
    needs.agree(actor=cast.sumora, need=need.pk)
    consents.release(actor=cast.sumora, rows=[need])
    other = match_transitions.propose(actor=cast.iom, need=need.pk)
    answer = api_clients.carana.post(f"requests/{row.pk}/choose/", {"matches": [str(other.pk)]})
    absent = api_clients.carana.post(f"requests/{row.pk}/choose/", {"matches": [str(row.pk)]})
    assert (answer.status_code, answer.content) == (absent.status_code, absent.content) == (422, absent.content)


def test_the_filters_of_the_list(cast: Cast, api_clients: ApiClients) -> None:
    first, second = make(cast), make(cast, "circulated", title="Prosecutors")
    for query, expected in (
        ({"status": "draft"}, [first]),
        ({"theme": "border"}, [second, first]),
        ({"state": "XCA", "q": "prosecutors"}, [second]),
        ({"state": "XSU"}, []),
    ):
        assert api_clients.carana.ids("requests", **query) == [str(row.pk) for row in expected], query
    assert need_of(second).state.slug == "carana"
