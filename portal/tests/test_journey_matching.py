"""The journey of offers and matches by pages: two offers are merged, a match is disputed, and a met need is reopened."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Match, Need
from assistance.tests.cast import Cast
from portal.tests.journeys import MARKS, Company, company, part
from portal.tests.test_journey_delivery import end_and_dispute
from portal.tests.test_journeys import browser, each_way

__all__ = ["browser"]
pytestmark = MARKS


@each_way
def test_offers_are_merged_an_end_is_disputed_and_a_met_need_reopened(
    browser: Browser, live_server: LiveServer, language: str, javascript: bool
) -> None:
    cast = Cast()
    today = timezone.now().date()
    disputed, met = cast.match("accepted", who="iom"), cast.match("delivered")
    needs.verify(actor=cast.cted, need=met.need_id, outcome="met", note="Seen at the airport.")
    cast.visit(kind="follow_up", starts_on=today, ends_on=today + timedelta(days=3))
    with company(browser, live_server, cast, language, javascript) as people:
        merge(people)
        end_and_dispute(people.iom, people.carana, disputed)
        reopen(people, met)


def merge(people: Company) -> None:
    """Merge two offers: the page of the need shows its one match, and the old address leads to the offer that stays."""
    cast = people.cast
    ended, stays = cast.offer(title="Courses, old"), cast.offer(title="Courses, new")
    need = cast.need("shared", title="Analysis of passenger data")
    match = matches.propose(actor=cast.unodc, need=need.pk, offer=ended.pk)
    provider, state = people.unodc, people.carana
    provider.open(f"/offers/{ended.pk}/")
    provider.press("Merge offer")
    expect(part(provider, "moving")).to_contain_text(match.reference)
    provider.confirm(into=str(stays.pk))
    provider.sees(provider.says("offer status", "Merged"))
    state.open(f"/needs/{need.pk}/")
    lines = state.page.locator("main table:has(tfoot) tbody tr")
    expect(lines).to_have_count(1)
    lines.get_by_role("link", name=match.reference).click()
    state.sees("Courses, new")
    state.does_not_see("Courses, old")
    state.open(f"/offers/{ended.pk}/")
    state.sees(state.says("", "This offer was merged. Its matches go on with another offer"))
    state.page.locator("main .notice a", has_text="Courses, new").click()
    expect(state.page.locator("main h1")).to_contain_text("Courses, new")


def reopen(people: Company, match: Match) -> None:
    """Reopen a met need that a follow-up visit has found again: its second cycle is open, and the first stays below."""
    cted, state, path = people.cted, people.carana, f"/needs/{match.need_id}/"
    cted.open(path)
    cted.press("Reopen need")
    cted.confirm(reason="The system is out of use.")
    assert Need.objects.get(pk=match.need_id).cycle == 2
    state.open(path)
    state.sees("The system is out of use.")
    cycle = state.page.locator("main dl.facts dt", has_text=state.says("of a need", "Cycle")).first
    expect(cycle.locator("xpath=following-sibling::dd[1]")).to_have_text("2")
    first = part(state, "cycle-1")
    expect(first.locator("summary")).to_contain_text(
        state.says("", "Cycle %(number)s, ended with the status “%(status)s”")
        % {"number": 1, "status": state.says("need status", "Met")}
    )
    first.locator("summary").click()
    expect(first.get_by_role("link", name=match.reference)).to_be_visible()
    expect(first).to_contain_text("Seen at the airport.")
