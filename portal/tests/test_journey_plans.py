"""The journey of a roadmap by pages: drafted, commented on, agreed, reported, verified, and a request made of a step."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from assistance.consultations.tests import rounds
from assistance.plans.models import ActionPlan
from assistance.requests.models import AssistanceRequest
from assistance.tests.cast import Cast
from portal.tests.journeys import MARKS, Company, attach, company, follow, part
from portal.tests.test_journeys import browser, each_way

__all__ = ["browser"]
pytestmark = MARKS

COMMENT = {"en": "Name the unit that is responsible.", "ar": "يرجى ذكر الوحدة المسؤولة."}


@each_way
def test_a_roadmap_is_drafted_agreed_reported_and_verified(
    browser: Browser, live_server: LiveServer, language: str, javascript: bool
) -> None:
    cast = Cast()
    consultation = rounds.consultation(cast)
    rounds.closed(cast, rounds.opened(cast, consultation))
    with company(browser, live_server, cast, language, javascript) as people:
        plan = draft(people, consultation)
        comment_and_agree(people, plan)
        report_and_verify(people, plan)
        ask_for_help(people, plan)


def draft(people: Company, consultation: object) -> ActionPlan:
    """Draft a roadmap from the page of its consultation, add two steps and submit it."""
    cted = people.cted
    cted.open(consultation.get_absolute_url())  # type: ignore[attr-defined]
    follow(cted, "Draft a roadmap")
    cted.page.fill("[name=title]", "Passenger information")
    cted.fill_day("starts_on", timezone.now().date())
    cted.fill_day("ends_on", timezone.now().date() + timedelta(days=700))
    cted.submit()
    plan = ActionPlan.objects.get()
    for title, priority in (("Connect the third airport", "high"), ("Staff the unit", "medium")):
        follow(cted, "Add a step", "button")
        cted.page.fill("[name=title]", title)
        cted.page.fill(
            "[name=recommendation]", "Extend the contract to the third airport, with a unit that works in shifts."
        )
        cted.page.select_option("[name=theme]", "border")
        cted.page.select_option("[name=parameter]", index=1)
        cted.page.fill("[name=responsible_body]", "Passenger Information Unit, Ministry of the Interior")
        cted.page.check(f"[name=supporters][value='{people.cast.org('unodc').pk}']")
        cted.fill_day("due", timezone.now().date() + timedelta(days=200))
        cted.page.select_option("[name=priority]", priority)
        cted.submit()
    cted.press("Submit to the State")
    cted.submit()
    plan.refresh_from_db()
    assert plan.status == "with_state"
    return plan


def comment_and_agree(people: Company, plan: ActionPlan) -> None:
    """Comment on a step, return the plan, submit it again and agree."""
    state, step = people.carana, plan.steps.get(number="2")
    state.open(step.get_absolute_url())
    state.press("Comment on the step")
    state.page.fill("[name=text]", COMMENT[state.language])
    state.submit()
    state.open(plan.get_absolute_url())
    state.press("Return with comments", "")
    state.submit()
    people.cted.open(plan.get_absolute_url())
    people.cted.sees(COMMENT[state.language])
    people.cted.press("Submit to the State")
    people.cted.submit()
    state.open(plan.get_absolute_url())
    state.press("Agree to the plan")
    state.sees("Connect the third airport")
    state.submit()
    plan.refresh_from_db()
    assert plan.status == "agreed" and plan.editions.count() == 1


def report_and_verify(people: Company, plan: ActionPlan) -> None:
    """Report a step of high priority as finished: refused without a file; a supporting entity may not verify it."""
    state, step = people.carana, plan.steps.get(number="1")
    state.open(step.get_absolute_url())
    state.press("Report as finished", "")
    state.page.fill("[name=evidence]", "Sends data since May.")
    state.submit()
    state.sees(state.says("", "Attach a file as evidence: the priority of this step is high."))
    attach(state, "file")
    state.submit()
    step.refresh_from_db()
    assert step.status == "finished"
    people.unodc.open(step.get_absolute_url())
    assert not people.unodc.page.locator("a[href$='/verify/']").count()
    people.cted.open(step.get_absolute_url())
    people.cted.press("Verify the step")
    people.cted.sees("Sends data since May.")
    people.cted.submit()
    step.refresh_from_db()
    assert step.status == "verified"


def ask_for_help(people: Company, plan: ActionPlan) -> None:
    """Request assistance from the other step: what is known of it stands in the request."""
    state, step = people.carana, plan.steps.get(number="2")
    state.open(step.get_absolute_url())
    follow(state, "Request assistance")
    assert state.page.input_value("[name=title]") == "Staff the unit"
    state.submit()
    row = AssistanceRequest.objects.get()
    assert row.beneficiary.startswith("Passenger Information Unit") and row.instrument == plan.instrument
    state.open(step.get_absolute_url())
    assert part(state, "recommendation").count() and state.page.locator(f"a[href='{row.get_absolute_url()}']").count()
