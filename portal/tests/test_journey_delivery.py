"""The journey of a match whose State does not answer, by pages: ended, disputed, reported, delivered, and feedback given."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from assistance.delivery.models import Feedback, Report
from assistance.needs.coverage import open_share
from assistance.needs.models import Match, Need
from assistance.tests.cast import Cast
from portal.tests.test_journeys import CHROMIUM, Person, browser, each_way

__all__ = ["browser"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@each_way
def test_a_match_is_ended_disputed_and_delivered_by_pages(
    browser: Browser, live_server: LiveServer, language: str, javascript: bool
) -> None:
    """Let IOM end a match of Carana as not reachable, which Carana disputes; then the assistance is given."""
    cast = Cast()
    for user in cast.users.values():
        user.language = language
        user.save(update_fields=["language"])
    match = cast.match("accepted", who="iom")
    people: dict[str, Any] = {
        name: Person(browser, live_server, f"{name}@example.org", language, javascript)
        for name in ("iom", "carana", "cted")
    }
    end_and_dispute(people["iom"], people["carana"], match)
    report_and_deliver(people["iom"], match)
    verify_and_give_feedback(people["cted"], people["carana"], people["iom"], match)
    for name, person in people.items():
        unexpected = [line for line in person.problems if "409" not in line and "422" not in line]
        assert not unexpected, (name, unexpected)
        person.context.close()


def end_and_dispute(provider: Person, state: Person, match: Match) -> None:
    log_contact(provider, match, days_ago=12)
    provider.open(f"/matches/{match.pk}/not-reachable/")
    assert provider.page.locator("main textarea[name=reason]").count() == 0, "one contact is not enough"
    log_contact(provider, match, days_ago=1)
    provider.open(f"/matches/{match.pk}/")
    provider.press("End: State not reachable")
    provider.confirm(reason="Nobody has answered us.")
    match.refresh_from_db()
    assert (match.status, match.outcome, open_share(match.need)) == ("ended", "not_reachable", 100)
    state.open("/")
    state.sees(match.reference)
    state.open(f"/matches/{match.pk}/")
    state.sees("Nobody has answered us.")
    state.press("Dispute the end")
    state.confirm(reason="We moved. Write to the new address.")
    match.refresh_from_db()
    assert (match.status, open_share(Need.objects.get(pk=match.need_id))) == ("accepted", 0)
    state.open(f"/matches/{match.pk}/message/")
    state.confirm(text="Our new address is on the site of the Mission.")
    provider.open(f"/matches/{match.pk}/")
    provider.sees("Our new address is on the site of the Mission.")


def log_contact(provider: Person, match: Match, *, days_ago: int) -> None:
    provider.open(f"/matches/{match.pk}/contact/")
    provider.fill_day("on", timezone.now().date() - timedelta(days=days_ago))
    provider.page.select_option("[name=how]", "call")
    provider.confirm(purpose="Agree on dates", result=f"No answer, {days_ago}.")
    provider.sees(f"No answer, {days_ago}.")


def report_and_deliver(provider: Person, match: Match) -> None:
    provider.open("/deliveries/")
    provider.sees(match.reference)
    provider.page.locator(f"main a[href='/matches/{match.pk}/report/']").first.click()
    provider.page.fill("[name=what]", "A first course for analysts.")
    provider.page.fill("[name=trained_women]", "1000000")
    provider.page.fill("[name=trained_men]", "22")
    provider.submit()
    assert not Report.objects.exists(), "so large a number is asked about"
    provider.page.fill("[name=trained_women]", "18")
    provider.submit()
    provider.sees("A first course for analysts.")
    provider.open(f"/matches/{match.pk}/deliver/")
    provider.confirm(note="Both courses were held.", expert_days="12", documents="Two attendance lists.")
    match.refresh_from_db()
    assert match.status == "delivered" and Report.objects.filter(is_final=True).count() == 1


def verify_and_give_feedback(cted: Person, state: Person, provider: Person, match: Match) -> None:
    cted.open(f"/needs/{match.need_id}/verify/")
    cted.sees("Both courses were held.")
    cted.page.check("[name=outcome][value=met]")
    cted.page.fill("[name=note]", "Seen on site.")
    cted.submit()
    state.open("/")
    state.sees(match.reference)
    state.open(f"/matches/{match.pk}/feedback/")
    for name, value in (("useful", "4"), ("on_time", "no"), ("would_ask_again", "yes")):
        state.page.check(f"[name={name}][value='{value}']")
    state.confirm(words="Good trainers, a month late.")
    assert Feedback.objects.get().useful == 4
    provider.open(f"/matches/{match.pk}/")
    provider.sees("Good trainers, a month late.")
