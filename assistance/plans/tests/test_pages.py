"""The pages of plans and steps, their document, their spreadsheet, and what a request takes from a step."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document

from assistance.consultations.tests import rounds
from assistance.plans import document, queries, transitions
from assistance.plans.models import PlanStep
from assistance.plans.tests import made
from assistance.requests.models import AssistanceRequest
from assistance.spreadsheets import transitions as spreadsheets
from assistance.spreadsheets.tests.sheets import changed, downloaded, upload
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from assistance.workflow import editing
from assistance.workflow.pending_work import tasks
from portal.tests.api import ApiClients
from portal.tests.conftest import api_clients
from web.exceptions import Forbidden, Invalid

pytestmark = pytest.mark.django_db
__all__ = ["api_clients"]


def browser_of(cast: Cast, name: str) -> Client:
    client = Client()
    sign_in(client, cast, name)
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return words(answer)


def test_the_page_of_a_plan_shows_steps_progress_and_versions(cast: Cast) -> None:
    plan = made.agreed(cast)
    made.finished(cast, plan.steps.get())
    text = page(browser_of(cast, "carana"), plan.get_absolute_url())
    for part in (
        "Connect the third airport",
        "0 of 1 step verified, 1 reported as finished",
        "Version 1",
        "Civil Aviation",
    ):
        assert part in text


@pytest.mark.turns(days=3)
def test_a_page_of_many_steps_costs_as_many_statements_as_one_of_few(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    plan = made.roadmap(cast)
    first = made.step(cast, plan, number="1", supporters=[cast.org("iom")])
    browser = browser_of(cast, "carana")
    browser.get(plan.get_absolute_url())
    with django_assert_max_num_queries(200) as few:
        browser.get(plan.get_absolute_url())
    copies = []
    for number in range(2, 401):
        copy = PlanStep.objects.get(pk=first.pk)
        copy.pk, copy.reference, copy.number, copy.place = None, f"LS-{number:04d}", str(number), f"{number:03d}"
        copy._state.adding = True
        copies.append(copy)
    PlanStep.objects.bulk_create(copies)
    with django_assert_max_num_queries(len(few)) as many:
        text = browser.get(plan.get_absolute_url()).content.decode()
    assert len(many) == len(few) and text.count('id="step-') == 400


def test_a_step_is_reported_and_verified_on_its_pages(cast: Cast) -> None:
    step = made.going_on(cast, priority="high")
    browser = browser_of(cast, "carana")
    finish = reverse("plan-step-transition", args=[step.pk, "finish"])
    answer = browser.post(finish, {"evidence": "Sends data since May.", "version": step.version})
    assert "priority of this step is high" in answer.content.decode()
    answer = browser.post(finish, {"evidence": "Sends data since May.", "version": step.version, "file": made.file()})
    assert answer.status_code == 302
    step.refresh_from_db()
    assert step.status == "finished" and step.documents.count() == 1
    verify = reverse("plan-step-transition", args=[step.pk, "verify"])
    assert "Sends data since May." in page(browser_of(cast, "cted"), verify)
    assert browser_of(cast, "cted").post(verify, {"version": step.version}).status_code == 302


def test_the_form_of_a_step_shows_errors_of_obligations_and_costs_at_their_fields(cast: Cast) -> None:
    plan = made.roadmap(cast)
    sent = made.step_form(cast, obligation_0_provision="para. 12", cost_1_what="Gateway", cost_1_amount="12")
    client = browser_of(cast, "cted")
    answer = client.post(reverse("plan-step-add", args=[plan.pk]), sent)
    form = answer.context["form"]
    assert set(form.errors) == {"obligation_0_instrument"}
    sent["obligation_0_instrument"] = str(rounds.instrument().pk)
    answer = client.post(reverse("plan-step-add", args=[plan.pk]), sent)
    assert set(answer.context["form"].errors) == {"cost_1_currency"}
    sent["cost_1_currency"] = "EUR"
    assert client.post(reverse("plan-step-add", args=[plan.pk]), sent).status_code == 302
    step = plan.steps.get()
    assert (step.costs.get().what, step.obligations.get().provision) == ("Gateway", "para. 12")
    shown = client.get(reverse("plan-step-edit", args=[step.pk])).context["form"]
    assert shown["cost_0_what"].value() == "Gateway" and "cost_2_what" in shown.fields


def test_a_request_is_filled_in_from_a_step(cast: Cast) -> None:
    step = made.going_on(cast, help_types=["training"])
    browser = browser_of(cast, "carana")
    address = reverse("plan-step-request", args=[step.pk])
    form = browser.get(address).context["form"]
    assert form.initial["title"] == step.title and form.initial["theme"] == step.theme_id
    sent = {name: form.initial.get(name, "") for name in form.fields if name != "version"}
    sent |= {"instrument": str(step.instrument.pk), "pillar": step.pillar_id or "", "title": "A better title"}
    answer = browser.post(address, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    row = AssistanceRequest.objects.get()
    assert (row.title, row.beneficiary, row.contact_email) == (
        "A better title", "Civil Aviation Authority", cast.carana.user.email,
    )  # fmt: skip
    assert list(step.requests.all()) == [row]
    assert browser_of(cast, "cted").get(address).status_code == 403


def test_a_state_offers_the_experience_of_a_verified_step(cast: Cast) -> None:
    step = made.verified(cast)
    client = browser_of(cast, "carana")
    form = client.get(reverse("plan-step-offer", args=[step.pk])).context["form"]
    assert form.initial["title"] == step.title and form.initial["themes"] == [step.theme_id]
    other = made.going_on(cast)
    assert client.get(reverse("plan-step-offer", args=[other.pk])).status_code == 403


def test_the_document_holds_the_steps_in_the_language_asked_for(cast: Cast) -> None:
    plan = made.agreed(cast)
    content = document.to_docx(cast.carana, plan, "ar")
    file = Document(io.BytesIO(content))
    texts = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    assert "Connect the third airport" in texts and "bidiVisual" in file.tables[1]._tbl.xml


def test_the_programme_shows_its_roadmaps_to_those_who_see_them(cast: Cast) -> None:
    plan = made.agreed(cast)
    address = reverse("programme", args=[plan.programme_id])
    assert plan.title in page(browser_of(cast, "unodc"), address)
    assert plan.title not in page(browser_of(cast, "iom"), address)


def test_the_state_agrees_beside_the_text_and_what_differs(cast: Cast) -> None:
    plan = made.roadmap(cast)
    step = made.step(cast, plan, costs=[{"what": "Gateway", "amount": made.AMOUNT, "currency": "EUR"}])
    made.put(cast, plan)
    client, url = browser_of(cast, "carana"), reverse("action-plan-transition", args=[plan.pk, "agree"])
    text = page(client, url)
    assert "Extend the contract with the carrier gateway" in text and "120 EUR" in text
    assert "What differs" not in text
    transitions.agree(actor=cast.carana, action_plan=plan.pk)
    transitions.revise(actor=cast.cted, action_plan=plan.pk, reason="More time.")
    editing.edit(actor=cast.cted, model=PlanStep, pk=step.pk, values={"title": "Connect two airports"})
    made.put(cast, plan)
    text = page(client, url)
    assert "What differs from version 1" in text and "Connect the third airport → Connect two airports" in text


def test_versions_are_compared(cast: Cast) -> None:
    plan = made.agreed(cast)
    transitions.revise(actor=cast.cted, action_plan=plan.pk, reason="A new step.")
    made.step(cast, plan, number="2", title="Staff the unit")
    made.agreed(cast, plan)
    client = browser_of(cast, "carana")
    text = page(client, reverse("action-plan-edition", args=[plan.pk, 2]))
    assert "What differs from version 1" in text and "Staff the unit" in text
    assert client.get(reverse("action-plan-edition", args=[plan.pk, 3])).status_code == 404


def test_whoever_reads_a_plan_by_a_consent_reads_no_earlier_version(cast: Cast) -> None:
    plan = made.released(cast, ["iom"])
    client = browser_of(cast, "iom")
    assert "Agreed versions" not in page(client, plan.get_absolute_url())
    assert client.get(reverse("action-plan-edition", args=[plan.pk, 1])).status_code == 404
    assert "Agreed versions" in page(browser_of(cast, "unodc"), plan.get_absolute_url())


def test_a_supporting_entity_reads_the_agreed_text_until_the_new_one_is_agreed(
    cast: Cast, api_clients: ApiClients
) -> None:
    plan = made.national(cast)
    step = made.step(
        cast,
        plan,
        supporters=[cast.org("iom")],
        indicator="Airports",
        unit="number",
        costs=[{"what": "Gateway", "amount": made.AMOUNT, "currency": "EUR"}],
    )
    made.agreed(cast, plan)
    transitions.revise(actor=cast.unoct, action_plan=plan.pk, reason="It takes longer.")
    both = [cast.org("iom"), cast.org("unodc")]
    values = {
        "title": "Draft title",
        "recommendation": "Draft text",
        "indicator": "Draft airports",
        "due": step.due + timedelta(days=30),
        "costs": [],
    }
    editing.edit(actor=cast.unoct, model=PlanStep, pk=step.pk, values={**values, "supporters": both})
    reports = reverse("plan-step-transition", args=[step.pk, "report"])
    for address in (step.get_absolute_url(), reports, reverse("inbox")):
        text = page(browser_of(cast, "iom"), address)
        assert "Connect the third airport" in text and "Draft" not in text, address
    assert "120 EUR" in page(browser_of(cast, "iom"), step.get_absolute_url())
    seen = [api_clients.iom.get(f"steps/{step.pk}/").json(), *api_clients.iom.get("steps/").json()["results"]]
    for one in seen:
        assert (one["title"], one["due"], one["supporters"]) == (step.title, str(step.due), ["iom"])
    assert seen[0]["costs"][0]["amount"] == "120.00"
    assert "Draft title" in page(browser_of(cast, "unoct"), step.get_absolute_url())
    made.agreed(cast, plan)
    assert "Draft title" in page(browser_of(cast, "iom"), step.get_absolute_url())


# ── The spreadsheet of steps ─────────────────────────────────────────────────
def test_the_spreadsheet_of_steps_comes_back_with_a_change_and_a_new_step(cast: Cast) -> None:
    plan = made.roadmap(cast)
    step = made.step(cast, plan)
    content = downloaded(cast.cted, plan, "plan-steps")
    with pytest.raises(Invalid) as caught:
        spreadsheets.receive(actor=cast.cted, file=upload(content))
    assert "nothing to apply" in str(caught.value.errors["file"])
    cells = {"F6": "Connect two airports"}  # D number, E language, F action
    row = spreadsheets.receive(actor=cast.cted, file=upload(changed(content, cells)))
    spreadsheets.apply(actor=cast.cted, spreadsheet=row.pk)
    step.refresh_from_db()
    assert step.title == "Connect two airports" and step.version == 2
    with pytest.raises(Forbidden):
        downloaded(cast.carana, plan, "plan-steps")


def test_a_step_that_cannot_be_applied_is_refused_in_the_preview(cast: Cast) -> None:
    plan = made.roadmap(cast)
    step = made.step(cast, plan, indicator="Airports", unit="number", baseline="2", target="4")
    content = downloaded(cast.cted, plan, "plan-steps")
    row = spreadsheets.receive(
        actor=cast.cted, file=upload(changed(content, {"F6": "Connect two airports", "P6": "1"}))
    )
    shown = page(browser_of(cast, "cted"), row.get_absolute_url())
    assert "The target is worse than the baseline" in shown
    step.refresh_from_db()
    assert (step.title, step.version, step.target) == ("Connect the third airport", 1, "4")


def test_the_tasks_of_a_state_hold_plans_and_steps(cast: Cast) -> None:
    made.put(cast)
    step = made.going_on(cast, due=timezone.now().date() + timedelta(days=9))
    found = {str(task.text) for task in tasks(cast.carana)}
    assert {"Plan awaiting your agreement", "Step of a plan to be finished"} <= found
    made.finished(cast, step)
    assert "Step reported as finished, to be verified" in {str(task.text) for task in tasks(cast.cted)}
    assert queries.progress_of([step]).of == 1
