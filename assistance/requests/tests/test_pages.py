"""The pages of requests: the five steps, the procedure, the thread, the comparison and the queue."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance.consents import two_person
from assistance.consents.models import TwoPersonRule
from assistance.pages.views import transition_url
from assistance.requests import choosing, transitions
from assistance.requests.forms import step_name
from assistance.requests.models import AssistanceRequest
from assistance.requests.states import REQUEST
from assistance.requests.tests.requests import (
    a_year_old,
    again,
    asked,
    chosen,
    make,
    need_of,
    offered,
    proposed,
    refusal,
    returned,
    with_offer,
)
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in
from files.tests import samples

pytestmark = pytest.mark.django_db


def page(client: Client, row: AssistanceRequest) -> str:
    answer = client.get(row.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def step(row: AssistanceRequest, name: str) -> str:
    return reverse(step_name(name), args=[row.pk])


def decide(client: Client, row: AssistanceRequest, name: str, **values: Any) -> Any:
    return client.post(transition_url(row, REQUEST[name]), {"version": again(row).version, **values})


def test_a_state_asks_in_five_steps_each_saved(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "carana")
    what = {
        "language": "en", "title": "Passenger data at four airports", "description": "No data.", "theme": "border",
        "assistance_types": ["training", "ict"], "deliverable": "A unit of twelve analysts who work in shifts.",
    }  # fmt: skip
    answer = client.post(reverse("assistance-request-add"), what)
    row = AssistanceRequest.objects.get()
    assert answer["Location"] == step(row, "for-whom") and row.state.slug == "carana" and row.pillar_id == "II"
    whom = {"beneficiary": "Passenger Information Unit", "contact_name": "Amal", "contact_phone": "1", "version": 1}
    answer = client.post(step(row, "for-whom"), whom)
    assert answer["Location"] == step(row, "how-much") and again(row).beneficiary == "Passenger Information Unit"
    much = {
        "quantity": "12", "unit": "people", "wanted_by_day": "30", "wanted_by_month": "6",
        "wanted_by_year": str(timezone.now().year + 1), "baseline": "0 of 4", "target": "4 of 4", "version": 2,
    }  # fmt: skip
    answer = client.post(step(row, "how-much"), much)
    assert answer["Location"] == step(row, "tried") and again(row).quantity == 12
    tried = {"earlier_help": "IOM 2024.", "asked_0_organisation": "iom", "asked_0_outcome": "pending", "version": 3}
    answer = client.post(step(row, "tried"), tried)
    assert answer["Location"] == step(row, "note") and row.asked_elsewhere.get().organisation == cast.org("iom")
    note = {
        "note_verbale": samples.note(), "note_number": "NV/1", "audience_allowed": ["compact"], "until_choice": "",
        "human_rights": "not_considered", "gender": "not_considered", "version": 4,
    }  # fmt: skip
    answer = client.post(step(row, "note"), note)
    assert answer["Location"] == row.get_absolute_url()
    row = again(row)
    assert row.note_verbale is not None and row.audience_allowed == ["compact"]
    assert "How specific" in page(client, row) and "Submit request" in page(client, row)


def test_a_step_keeps_what_the_others_have(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "carana")
    row = make(cast)
    client.post(step(row, "how-much"), {"quantity": "3", "unit": "sites", "version": row.version})
    stored = again(row)
    assert (stored.quantity, stored.title, stored.contact_name) == (3, row.title, row.contact_name)


def test_the_second_of_two_tabs_is_shown_both_texts(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "carana")
    row = make(cast)
    client.post(step(row, "how-much"), {"quantity": "3", "unit": "sites", "version": row.version})
    answer = client.post(step(row, "how-much"), {"quantity": "5", "unit": "sites", "version": row.version})
    assert answer.status_code == 409 and "5" in answer.content.decode() and again(row).quantity == 3


def test_what_is_missing_is_said_at_the_row_of_who_was_asked(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "carana")
    row = make(cast)
    answer = client.post(step(row, "tried"), {"asked_0_outcome": "pending", "version": row.version})
    assert answer.status_code == 422 and "Select an organization, or enter its name." in answer.content.decode()
    answer = client.post(step(row, "tried"), {"asked_0_name": "A regional body", "version": row.version})
    assert answer.status_code == 422 and "Select what came of it." in answer.content.decode()


@pytest.mark.parametrize("who", ["sumora", "cted", "unoct", "iom", "observer"])
def test_only_the_state_edits(cast: Cast, client: Client, who: str) -> None:
    row = make(cast)
    sign_in(client, cast, who)
    assert client.get(step(row, "what")).status_code == (403 if who == "observer" else 404)
    assert client.get(f"{row.get_absolute_url()}edit/nothing/").status_code == 404


def test_the_state_sees_when_unoct_acts(cast: Cast, client: Client) -> None:
    row = make(cast, "submitted")
    sign_in(client, cast, "carana")
    assert "UNOCT authenticates it by" in page(client, row)
    with time_machine.travel(timezone.now() + timedelta(days=14)):
        sign_in(client, cast, "carana")
        assert "Overdue" in client.get(reverse("requests")).content.decode()


def test_the_queue_is_for_coordinators(cast: Cast, client: Client) -> None:
    row = make(cast, "submitted")
    make(cast, "circulated", title="Already circulated")
    sign_in(client, cast, "unoct")
    body = client.get(reverse("request-queue")).content.decode()
    assert row.title in body and "Already circulated" not in body
    assert reverse("request-queue") in client.get(reverse("requests")).content.decode()
    for who in ("carana", "cted", "iom"):
        sign_in(client, cast, who)
        assert client.get(reverse("request-queue")).status_code == 403


@pytest.mark.turns(days=3)
def test_the_whole_procedure_by_pages(cast: Cast, client: Client) -> None:
    row = make(cast)
    sign_in(client, cast, "carana")
    assert decide(client, row, "submit").status_code == 302
    sign_in(client, cast, "unoct")
    other = make(cast, "submitted", note_number="", note_to_follow=True)
    assert decide(client, other, "authenticate").status_code == 422, "neither the State nor UNOCT says which note"
    assert decide(client, row, "authenticate", how="By telephone.").status_code == 302
    assert decide(client, row, "acknowledge").status_code == 302
    sign_in(client, cast, "carana")
    assert decide(client, row, "no-objection").status_code == 302
    sign_in(client, cast, "unoct")
    body = client.get(transition_url(row, REQUEST["circulate"])).content.decode()
    assert 'value="compact"' in body and "Only recipients that the State has allowed." in body
    soon = timezone.now().date() + timedelta(days=40)
    day = {
        "closes_for_offers_day": soon.day,
        "closes_for_offers_month": soon.month,
        "closes_for_offers_year": soon.year,
    }
    wide = decide(client, row, "circulate", audience=["compact", "sumora"], priority="high", **day)
    assert wide.status_code == 422 and not row.needs.exists()
    assert decide(client, row, "circulate", audience=["compact"], priority="high", **day).status_code == 302
    assert need_of(row).priority == "high" and again(row).closes_for_offers == soon
    sign_in(client, cast, "iom")
    assert "Offer assistance" in page(client, again(row)) and "Ask a question" in page(client, again(row))
    assert decide(client, row, "ask", text="Which systems do you use?").status_code == 302
    sign_in(client, cast, "carana")
    question = row.questions.get()
    assert decide(client, row, "answer", question=question.pk, answer="One national system.").status_code == 302
    sign_in(client, cast, "unodc")
    body = page(client, again(row))
    thread = body.partition('id="questions"')[2].partition("</section>")[0]
    assert "One national system." in thread and "A provider" in thread and "IOM" not in thread


@pytest.mark.turns(days=3)
def test_the_state_compares_and_chooses(cast: Cast, client: Client) -> None:
    row = make(cast, "circulated")
    first, second = offered(cast, row, "unodc", 60), offered(cast, row, "iom", 40)
    sign_in(client, cast, "carana")
    body = client.get(reverse("assistance-request-comparison", args=[row.pk])).content.decode()
    assert "UNODC" in body and "IOM" in body and "60%" in body
    assert "2 offers: choose by" in client.get(reverse("requests")).content.decode()
    answer = decide(client, row, "choose", matches=[first.pk, second.pk])
    assert answer.status_code == 302 and {again(one).status for one in (first, second)} == {"accepted"}
    assert "Notified:" in client.get(answer["Location"]).content.decode()


def test_after_a_choice_those_who_were_declined_are_named_too(cast: Cast, client: Client) -> None:
    row = make(cast, "circulated")
    chosen_one, other = offered(cast, row, "unodc", 60), offered(cast, row, "iom", 60)
    sign_in(client, cast, "carana")
    answer = decide(client, row, "choose", matches=[chosen_one.pk], decline_others="on")
    assert again(other).status == "declined"
    assert "Notified: 4 people (CTED · IOM · UNOCT · UNODC)." in client.get(answer["Location"]).content.decode()


@pytest.mark.turns(3)
@pytest.mark.parametrize("who", ["unodc", "iom", "cted", "unoct"])
def test_only_the_state_compares(cast: Cast, client: Client, who: str) -> None:
    row = with_offer(cast)
    sign_in(client, cast, who)
    assert client.get(reverse("assistance-request-comparison", args=[row.pk])).status_code == 403


def test_another_provider_does_not_see_who_offered(cast: Cast, client: Client) -> None:
    row = with_offer(cast)
    sign_in(client, cast, "iom")
    assert "UNODC" not in page(client, row).partition("<main")[2].partition('class="panel who-sees"')[0]


def test_the_contact_is_for_the_chosen_provider(cast: Cast, client: Client) -> None:
    row = chosen(cast)
    for who, is_shown in (("unodc", True), ("iom", False), ("carana", True), ("unoct", True)):
        sign_in(client, cast, who)
        assert (row.contact_phone in page(client, row)) is is_shown, who


def test_the_note_verbale_is_for_state_unoct_and_cted(cast: Cast, client: Client) -> None:
    row = make(cast)
    sign_in(client, cast, "carana")
    decide(client, row, "attach-note", note_verbale=samples.note())
    decide(client, row, "submit")
    for who, status in (("carana", 200), ("unoct", 200), ("cted", 200), ("iom", 404), ("sumora", 404)):
        sign_in(client, cast, who)
        assert client.get(reverse("assistance-request-note", args=[row.pk])).status_code == status, who


def test_a_returned_request_says_what_is_unclear(cast: Cast, client: Client) -> None:
    row = returned(cast)
    sign_in(client, cast, "carana")
    body = page(client, row)
    assert "Which airports?" in body and "Parts to be changed" in body and "Edit the request" in body


@pytest.mark.turns(3)
@pytest.mark.parametrize(
    ("make_row", "who", "text"),
    [
        (proposed, "carana", "Request awaiting confirmation by a colleague"),
        (returned, "carana", "Request returned to you for clarification"),
        (lambda cast: make(cast, "acknowledged"), "carana", "Request to be circulated: you may object"),
        (asked, "carana", "Question about your request"),
        (with_offer, "carana", "Offers for your request awaiting your choice"),
        (a_year_old, "carana", "Has the need been met? A year has passed"),
        (lambda cast: make(cast, "submitted"), "unoct", "Request to be authenticated"),
        (lambda cast: make(cast, "authenticated"), "unoct", "Request to be acknowledged"),
        (lambda cast: make(cast, "cleared"), "unoct", "Request to be circulated"),
        (refusal, "unoct", "Refusal of a request to be confirmed"),
    ],
)
def test_who_has_to_act_finds_it_among_their_tasks(
    cast: Cast, client: Client, make_row: Any, who: str, text: str
) -> None:
    make_row(cast)
    sign_in(client, cast, who)
    body = client.get("/").content.decode()
    is_own = make_row not in (proposed, refusal)  # those wait for a second person
    assert (text in body) is is_own


def test_the_need_leads_to_the_request(cast: Cast, client: Client) -> None:
    row = make(cast, "circulated")
    sign_in(client, cast, "iom")
    body = client.get(need_of(row).get_absolute_url()).content.decode()
    assert "Request of the State" in body and row.get_absolute_url() in body


def test_the_second_person_sees_what_was_chosen(cast: Cast, client: Client) -> None:
    row = make(cast, "circulated")
    first, _second = offered(cast, row, "unodc", 60), offered(cast, row, "iom", 40)
    two_person.switch_on(actor=cast.carana, state=cast.org("carana"))
    before = again(row).version
    choosing.choose(actor=cast.carana, assistance_request=row.pk, matches=[first], decline_others=True)
    assert again(row).version == before, "other readers do not notice"
    sign_in(client, cast, "observer")
    body = page(client, row)
    assert "A second person of your State has to confirm." in body and "are then declined" in body
    assert body.count("Chosen, to be confirmed") == 1
    sign_in(client, cast, "unoct")
    assert "Chosen, to be confirmed" not in page(client, row)


def test_unoct_and_cted_do_not_read_what_is_between_the_people_of_the_state(cast: Cast, client: Client) -> None:
    two_person.switch_on(actor=cast.carana, state=cast.org("carana"))
    row = make(cast)
    transitions.submit(actor=cast.carana, assistance_request=row.pk)
    transitions.take_back(actor=cast.carana, assistance_request=row.pk, reason="The minister is against it.")
    TwoPersonRule.objects.update(is_on=False)
    transitions.submit(actor=cast.carana, assistance_request=row.pk)
    transitions.send_back(actor=cast.unoct, assistance_request=row.pk, parts=["title"], reason="Which airports?")
    TwoPersonRule.objects.update(is_on=True)
    transitions.submit(actor=cast.carana, assistance_request=row.pk)
    for who in ("unoct", "cted"):
        sign_in(client, cast, who)
        body = page(client, row)
        assert "minister" not in body and "colleague" not in body and "Returned for clarification" in body, who
    sign_in(client, cast, "carana")
    assert "The minister is against it." in page(client, row)


def test_another_open_request_on_the_theme_is_pointed_out(cast: Cast, client: Client) -> None:
    first, second = make(cast, "submitted"), make(cast, title="Another one")
    sign_in(client, cast, "carana")
    assert first.reference in page(client, second)
    sign_in(client, cast, "unoct")
    assert second.reference not in page(client, first)


def test_an_unknown_recipient_does_not_hide_the_page(cast: Cast, client: Client) -> None:
    row = make(cast, "submitted")
    AssistanceRequest.objects.filter(pk=row.pk).update(audience_allowed=["gone-since"])
    sign_in(client, cast, "carana")
    assert "How specific" in page(client, row)
