"""The journeys of a visit report, an assessment and a round of consultations by pages, up to the refusals they lead to."""

from datetime import timedelta

import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from assistance.assessments.models import Assessment, AssessmentLine
from assistance.consultations.models import Round
from assistance.consultations.tests import rounds
from assistance.recommendations.models import Recommendation, Response
from assistance.recommendations.tests.test_rating import met
from assistance.tests.cast import Cast
from assistance.visits.models import Visit
from portal.tests.journeys import MARKS, Company, company, follow, part
from portal.tests.test_journeys import browser, each_way

__all__ = ["browser"]
pytestmark = MARKS

DAY = timedelta(days=1)
ACTION = {"en": "A unit was set up at the airport.", "ar": "أُنشئت وحدة في المطار."}
WHY = {"en": "No unit was found.", "ar": "لم توجد أي وحدة."}


@each_way
def test_a_report_is_replied_to_rated_and_reopens_a_need(
    browser: Browser, live_server: LiveServer, language: str, javascript: bool
) -> None:
    cast = Cast()
    with time_machine.travel(timezone.now() - 60 * DAY, tick=False):
        need = met(cast)
        visit = cast.section(
            cast.visit(starts_on=timezone.now().date() - 9 * DAY, ends_on=timezone.now().date() - 8 * DAY)
        ).visit
    with company(browser, live_server, cast, language, javascript) as people:
        recommend_and_send(people, visit, str(need.pk))
        reply(people, visit)
        rate_and_reopen(people, visit)
        iom = people.iom
        assert iom.open(Recommendation.objects.get().get_absolute_url()).status == 404
    need.refresh_from_db()
    assert need.cycle == 2


def recommend_and_send(people: Company, visit: Visit, need: str) -> None:
    """Record a recommendation, send the draft, take observations, adopt, and send the final report."""
    cted, state = people.cted, people.carana
    cted.open(reverse("recommendation-add", args=[visit.pk]))
    cted.page.select_option("[name=section]", index=1)
    cted.page.fill("[name=title]", "Screening of passengers")
    cted.page.fill("[name=text]", "Receive advance passenger information.")
    cted.page.select_option("[name=theme]", "border")
    cted.page.select_option("[name=priority]", "high")
    cted.page.check(f"[name=needs][value='{need}']")
    cted.submit()
    cted.open(reverse("visit-transition", args=[visit.pk, "send-draft"]))
    cted.submit()
    state.open(reverse("visit-transition", args=[visit.pk, "observe"]))
    state.page.fill("[name=text]", "Twelve posts, not ten.")
    state.submit()
    for step in ("adopt", "send-final"):
        cted.open(reverse("visit-transition", args=[visit.pk, step]))
        cted.submit()


def reply(people: Company, visit: Visit) -> None:
    """Fill in the row of the reply, which nobody else sees before it is sent."""
    state, row = people.carana, Recommendation.objects.get()
    state.open(reverse("visit-reply", args=[visit.pk]))
    form = state.page.locator("#recommendation-1 form")
    form.locator("select[name$=said]").select_option("under_way")
    form.locator("textarea[name$=action]").fill(ACTION[state.language])
    with state.page.expect_navigation():
        form.locator(".actions button[type=submit]").click()
    people.cted.open(row.get_absolute_url())
    people.cted.does_not_see(ACTION[state.language])
    state.open(reverse("visit-transition", args=[visit.pk, "reply"]))
    state.submit()
    assert Response.objects.get().status == "sent"
    people.cted.open(row.get_absolute_url())
    people.cted.sees(ACTION[state.language])


def rate_and_reopen(people: Company, visit: Visit) -> None:
    """Rate the recommendation on a later visit; the portal proposes to reopen the need, and CTED confirms."""
    cted, row, today = people.cted, Recommendation.objects.get(), timezone.now().date()
    later = people.cast.visit(kind="follow_up", follows=visit, starts_on=today - 2 * DAY, ends_on=today - DAY)
    cted.open(reverse("recommendation-transition", args=[row.pk, "rate"]))
    if cted.page.locator("input[type=radio][name=rated]").count():
        cted.page.check("[name=rated][value=not]")
    else:
        cted.page.select_option("[name=rated]", "not")
    cted.page.fill("[name=why]", WHY[cted.language])
    cted.page.select_option("[name=basis]", str(later.pk))
    cted.submit()
    cted.open(row.get_absolute_url())
    part(cted, "proposals").locator("a.btn").first.click()
    cted.page.fill("[name=reason]", WHY[cted.language])
    if cted.page.locator("select[name=visit]").count():
        cted.page.select_option("[name=visit]", str(later.pk))
    cted.submit()
    people.carana.open(row.get_absolute_url())
    people.carana.sees(WHY[cted.language])


@each_way
def test_an_assessment_is_known_to_the_compact_and_read_by_its_parties(
    browser: Browser, live_server: LiveServer, language: str, javascript: bool
) -> None:
    cast = Cast()
    with company(browser, live_server, cast, language, javascript) as people:
        entity = people.unodc
        entity.open(reverse("assessment-add"))
        entity.page.select_option("[name=state]", label="Carana")
        entity.page.select_option("[name=kind]", "audit")
        entity.page.fill("[name=title]", "Audit of aviation security")
        entity.page.fill("[name=summary]", "Words for the State alone.")
        entity.page.check("[name=themes][value=border]")
        entity.fill_day("starts_on", timezone.now().date() - 9 * DAY)
        entity.fill_day("ends_on", timezone.now().date() - 2 * DAY)
        entity.submit()
        row, line = Assessment.objects.get(), AssessmentLine.objects.get()
        people.carana.open(row.get_absolute_url())
        people.carana.sees("Words for the State alone.")
        assert people.iom.open(row.get_absolute_url()).status == 404
        people.iom.open(line.get_absolute_url())
        people.iom.sees("UNODC")
        people.iom.does_not_see("Words for the State alone.")


@each_way
def test_a_round_without_a_target_is_not_closed_and_with_one_it_is(
    browser: Browser, live_server: LiveServer, language: str, javascript: bool
) -> None:
    cast = Cast()
    row = rounds.filled(cast, parameters=[rounds.parameter(target="", target_by=None)])
    with company(browser, live_server, cast, language, javascript) as people:
        cted = people.cted
        cted.open(reverse("round-transition", args=[row.pk, "close"]))
        cted.sees("Airports connected")
        cted.open(f"{row.get_absolute_url()}#parameters")
        follow(cted, "Edit the priority")
        cted.page.fill("[name=target]", "4")
        cted.fill_day("target_by", timezone.now().date() + 400 * DAY)
        cted.submit()
        cted.open(reverse("round-transition", args=[row.pk, "close"]))
        cted.submit()
        assert Round.objects.get().status == "closed"
        people.carana.open(row.get_absolute_url())
        people.carana.press("Comment on the round")
        people.carana.page.fill("[name=text]", ACTION[language])
        people.carana.submit()
        cted.open(row.get_absolute_url())
        cted.sees(ACTION[language])
