"""The journey of a joint project by pages: recorded with a part, measured, reported, accepted, commented on, counted once."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from assistance.projects.models import Period, Project
from assistance.tests.cast import Cast
from portal.tests.journeys import MARKS, Company, company, follow, part
from portal.tests.test_journeys import Person, browser, each_way

__all__ = ["browser"]
pytestmark = MARKS

DAY = timedelta(days=1)
COMMENT = {"en": "Please hold no session in April.", "ar": "يرجى عدم عقد دورات في نيسان."}
WHY = {"en": "Which of the airports?", "ar": "أي المطارات؟"}


@each_way
def test_a_joint_project_is_measured_commented_on_and_counted_once(
    browser: Browser, live_server: LiveServer, language: str, javascript: bool
) -> None:
    cast = Cast()
    with company(browser, live_server, cast, language, javascript) as people:
        record(people.unodc, cast, "Safer borders", "1000")
        people.unodc.page.select_option("[name=partner_0_0]", "iom")
        people.unodc.page.select_option("[name=partner_0_1]", "implementing")
        people.unodc.submit()
        whole = Project.objects.get()
        record(people.iom, cast, "Safer borders at the third airport", "300")
        people.iom.page.select_option("[name=parent]", str(whole.pk))
        people.iom.submit()
        measure(people, whole)
        report_and_accept(people, whole)
        state = people.carana
        state.open(reverse("state", args=["carana"]))
        assert "1000" in "".join(filter(str.isdecimal, part(state, "budgets").locator("li").first.inner_text()))
        state.open(whole.get_absolute_url())
        follow(state, "Comment on the project")
        state.page.fill("[name=text]", COMMENT[language])
        state.submit()
        people.iom.open(whole.get_absolute_url())
        people.iom.sees(COMMENT[language])
        people.unoct.open(whole.get_absolute_url())
        people.unoct.does_not_see(COMMENT[language])


def record(person: Person, cast: Cast, title: str, budget: str) -> None:
    """Fill in the form that records a project in carana."""
    person.open(reverse("project-add"))
    person.page.fill("[name=title]", title)
    person.page.select_option("[name=status]", "ongoing")
    person.page.check(f"[name=states][value='{cast.org('carana').pk}']")
    person.page.fill("[name=budget]", budget)
    person.page.select_option("[name=currency]", "USD")


def measure(people: Company, whole: Project) -> None:
    """Add an indicator, and a period that the partner reports."""
    lead = people.unodc
    lead.open(reverse("project-indicator", args=[whole.pk]))
    lead.page.fill("[name=name]", "Airports that use passenger data")
    lead.page.select_option("[name=unit]", "number")
    lead.page.fill("[name=baseline]", "1")
    lead.page.fill("[name=target]", "6")
    lead.submit()
    lead.open(reverse("project-period", args=[whole.pk]))
    lead.page.select_option("[name=indicator]", index=1)
    lead.page.select_option("[name=organisation]", str(people.cast.org("iom").pk))
    lead.fill_day("starts_on", timezone.now().date() - 90 * DAY)
    lead.fill_day("ends_on", timezone.now().date() - DAY)
    lead.page.fill("[name=target]", "3")
    lead.submit()


def report_and_accept(people: Company, whole: Project) -> None:
    """Report a value, send it back with a reason, report another one and accept it."""
    url = {
        name: reverse("project-transition", args=[whole.pk, f"{name}-period"])
        for name in ("report", "send-back", "accept")
    }
    partner, lead = people.iom, people.unodc
    partner.open(url["report"])
    partner.sees("Airports that use passenger data")
    partner.page.check("[name=period]")
    partner.page.fill("[name=actual]", "5")
    partner.submit()
    lead.open(url["send-back"])
    lead.page.check("[name=period]")
    lead.page.fill("[name=reason]", WHY[lead.language])
    lead.submit()
    partner.open(url["report"])
    partner.page.check("[name=period]")
    partner.page.fill("[name=actual]", "4")
    partner.submit()
    lead.open(url["accept"])
    lead.sees("IOM")
    lead.page.check("[name=period]")
    lead.submit()
    assert (Period.objects.get().status, Period.objects.get().actual) == ("accepted", "4")
