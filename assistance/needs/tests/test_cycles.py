"""Cycles of a need: the report a year after it was met, reopening, and the coverage ledger of each cycle."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Channel, Delivery
from assistance.consents import transitions as consents
from assistance.delivery import transitions as delivery
from assistance.needs import cycles, queries
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.coverage import coverage, coverage_by, line_of
from assistance.needs.models import Cycle, Match, Need
from assistance.needs.states import CONFIRMED_MATCH, MatchStatus, NeedStatus
from assistance.requests.tests.requests import met
from assistance.tests.at_once import at_once
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, sign_in, statements, words
from assistance.visits.models import Visit
from assistance.workflow import deadlines
from assistance.workflow.models import Due, Event
from entities.models import Appointment
from portal.tests.api import ApiClients
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=366)


@pytest.fixture(autouse=True)
def _appointed_for_years(cast: Cast) -> None:
    """Let the appointments of all people last beyond the year after which a State is asked."""
    current = Appointment.objects.filter(user__name__in=["carana", "cted", "unodc", "iom", "sumora"])
    current.update(confirm_by=timezone.now().date() + 3 * YEAR)


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def verified(cast: Cast, outcome: str = "met", share: int | None = None) -> Need:
    """Return a need that was delivered by UNODC and verified."""
    need = cast.need("shared")
    cast.match("delivered", need=need)
    needs.verify(actor=cast.cted, need=need.pk, outcome=outcome, share=share, note="Seen at the airport.")
    return again(need)


def later(cast: Cast, **values: Any) -> Visit:
    """Return a visit that ends after today, as a follow-up does."""
    today = timezone.now().date()
    return cast.visit(**{"kind": "follow_up", "starts_on": today, "ends_on": today + timedelta(days=3), **values})


def reopened(cast: Cast) -> Need:
    need = verified(cast)
    return again(cycles.reopen(actor=cast.cted, need=need.pk, visit=later(cast), reason="The system is out of use."))


# ── Reopening ────────────────────────────────────────────────────────────────
def test_a_reopened_need_begins_a_new_cycle(cast: Cast) -> None:
    need = reopened(cast)
    assert (need.status, need.cycle, need.met_at) == (NeedStatus.SHARED, 2, None)
    assert coverage(need) == {"claimed": 0, "confirmed": 0, "verified": 0, "open": 100}
    row = queries.need_rows(cast.cted).get(pk=need.pk)
    assert (row.claimed, row.confirmed, row.verified) == (0, 0, 0)
    over = Cycle.objects.get(need=need)
    assert (over.number, over.status, over.reason) == (1, NeedStatus.MET, "The system is out of use.")
    now, before = cycles.ledgers_of(cast.carana, need)
    assert (now.number, now.lines, now.ended) == (2, (), None)
    assert (before.number, before.ended, before.sums["verified"]) == (1, over, 100)
    assert [(line.agreed, line.delivered, line.verified) for line in before.lines] == [(100, 100, 100)]
    assert [one.note for one in before.outcomes] == ["Seen at the airport."]


def test_the_same_provider_delivers_in_the_next_cycle(cast: Cast) -> None:
    need = reopened(cast)
    match = cast.match("delivered", need=need)
    assert (match.cycle, again(need).status) == (2, NeedStatus.DELIVERED)
    needs.verify(actor=cast.cted, need=need.pk, outcome="partly_met", share=40, note="Half of it works.")
    need = again(need)
    assert (need.status, coverage(need)["verified"], coverage(need)["open"]) == (NeedStatus.PARTLY_MET, 40, 60)
    assert [one.sums["verified"] for one in cycles.ledgers_of(cast.cted, need)] == [40, 100]


def test_proposals_that_wait_go_on_in_the_new_cycle(cast: Cast) -> None:
    need = verified(cast, "partly_met", 40)
    waiting = cast.match("proposed", need=need, who="iom", share=30)
    cycles.reopen(actor=cast.cted, need=need.pk, visit=later(cast), reason="Found again.")
    assert again(waiting).cycle == 2
    assert again(need).status == NeedStatus.UNDER_CONSIDERATION
    matches.accept(actor=cast.carana, match=waiting.pk)
    assert coverage(again(need))["confirmed"] == 30


def test_a_need_superseded_by_a_follow_up_visit_opens_again(cast: Cast) -> None:
    need = cast.need("shared")
    needs.close(actor=cast.cted, need=need.pk, reason="superseded")
    need = again(cycles.reopen(actor=cast.cted, need=need.pk, visit=later(cast), reason="Found again."))
    assert (need.status, need.closed_at, need.close_reason) == (NeedStatus.SHARED, None, "")


@pytest.mark.parametrize("reason", ["no_longer_needed", "withdrawn_by_state"])
def test_a_need_closed_for_another_reason_stays_closed(cast: Cast, reason: str) -> None:
    need = cast.need("shared")
    needs.close(actor=cast.cted, need=need.pk, reason=reason)
    with pytest.raises(Conflict):
        cycles.reopen(actor=cast.cted, need=need.pk, visit=later(cast), reason="Found again.")


def test_a_reopened_need_of_a_withdrawn_consent_waits_for_the_state(cast: Cast) -> None:
    need = verified(cast)
    consents.withdraw(actor=cast.carana, rows=[need])
    cycles.reopen(actor=cast.cted, need=need.pk, visit=later(cast), reason="Found again.")
    assert again(need).status == NeedStatus.AGREED
    with pytest.raises(NotVisible):
        cycles.reopen(actor=cast.unodc, need=need.pk, visit=None, reason="Ours.")


@pytest.mark.turns(3)
@pytest.mark.parametrize("visit", ["earlier", "other State", "hidden", "none", "not a key"])
def test_the_visit_is_a_later_one_to_this_state(cast: Cast, visit: str) -> None:
    need = verified(cast)
    given: Any = {
        "earlier": lambda: cast.visit().pk,
        "other State": lambda: later(cast, state=cast.org("sumora")).pk,
        "hidden": lambda: "00000000-0000-0000-0000-000000000000",
        "none": lambda: None,
        "not a key": lambda: need.pk,
    }[visit]()
    with pytest.raises(Invalid) as error:
        cycles.reopen(actor=cast.cted, need=need.pk, visit=given, reason="Found again.")
    assert set(error.value.errors) == {"visit"}
    assert again(need).cycle == 1


def test_only_cted_reopens(cast: Cast) -> None:
    need, visit = verified(cast), later(cast)
    for who in ("carana", "unodc", "unoct"):
        with pytest.raises((Forbidden, NotVisible)):
            cycles.reopen(actor=getattr(cast, who), need=need.pk, visit=visit, reason="Found again.")
    with pytest.raises(Invalid):
        cycles.reopen(actor=cast.cted, need=need.pk, visit=visit, reason=" ")


def test_the_state_and_former_providers_are_told(cast: Cast) -> None:
    need = reopened(cast)
    told = Delivery.objects.filter(message="need_reopened", channel=Channel.PORTAL, subject=f"need:{need.pk}")
    names = set(told.values_list("recipient__name", flat=True))
    assert {"carana", "unodc", "iom"} <= names and "cted" not in names and "sumora" not in names


@pytest.mark.django_db(transaction=True)
def test_of_two_reopenings_one_wins(cast: Cast) -> None:
    need, visit = verified(cast), later(cast)
    again_by = partial(cycles.reopen, need=need.pk, visit=visit, reason="Found again.")
    assert sorted(at_once(partial(again_by, actor=cast.cted), partial(again_by, actor=cast.cted))) == ["", "Conflict"]
    assert (again(need).cycle, Cycle.objects.filter(need=need).count()) == (2, 1)


# ── The report after a year ──────────────────────────────────────────────────
def test_the_state_is_asked_a_year_after_the_need_was_met(cast: Cast) -> None:
    need = verified(cast)
    due = Due.objects.get(need=need, kind="need_sustain")
    assert (due.owed_by.slug, due.owed_to.slug, due.done_at) == ("carana", "cted", None)
    with pytest.raises(Conflict):
        cycles.report_after_year(actor=cast.carana, need=need.pk, answer="working")
    for days, reminders in ((300, 0), (352, 1), (367, 2), (397, 3), (500, 3)):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            deadlines.run()
            deadlines.run()
            assert Event.objects.filter(due=due, name="due_reminder").count() == reminders, days
    with time_machine.travel(timezone.now() + YEAR, tick=False):
        cycles.report_after_year(actor=cast.carana, need=need.pk, answer="working")
        assert again(due).done_at is not None
        with pytest.raises(Conflict):
            cycles.report_after_year(actor=cast.carana, need=need.pk, answer="partly", note="No.")


def test_nobody_is_asked_about_a_need_that_was_not_met(cast: Cast) -> None:
    assert not Due.objects.filter(need=verified(cast, "not_met"), kind="need_sustain").exists()


def test_reopening_ends_the_question_and_the_next_cycle_asks_anew(cast: Cast) -> None:
    need = reopened(cast)
    assert Due.objects.get(need=need, kind="need_sustain").done_at is not None
    cast.match("delivered", need=need)
    needs.verify(actor=cast.cted, need=need.pk, outcome="met", note="In use.")
    assert Due.objects.filter(need=need, kind="need_sustain", done_at=None).count() == 1


@pytest.mark.parametrize("answer", ["partly", "not_working"])
def test_cted_is_asked_when_not_all_works(cast: Cast, answer: str) -> None:
    need = verified(cast)
    with time_machine.travel(timezone.now() + YEAR, tick=False):
        with pytest.raises(Invalid):
            cycles.report_after_year(actor=cast.carana, need=need.pk, answer=answer)
        cycles.report_after_year(actor=cast.carana, need=need.pk, answer=answer, note="Two of four are out of use.")
        asked = Delivery.objects.filter(message="need_not_sustained", channel=Channel.PORTAL)
        assert [(one.recipient.name, one.needs_action) for one in asked] == [("cted", True)]
        cycles.take_note(actor=cast.cted, need=need.pk, reason="A new visit is planned.")
        assert asked.get().done_at is not None
        with pytest.raises(Conflict):
            cycles.take_note(actor=cast.cted, need=need.pk, reason="Again.")


def test_an_unknown_answer_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid):
        cycles.report_after_year(actor=cast.carana, need=verified(cast).pk, answer="maybe")


def test_the_tasks_of_the_state_and_of_cted(cast: Cast, client: Client) -> None:
    need = verified(cast)
    with time_machine.travel(timezone.now() + YEAR, tick=False):
        sign_in(client, cast, "carana")
        assert "Report due a year after a need was met" in words(client.get(reverse("dashboard")))
        url = reverse("need-transition", args=[need.pk, "report-after-year"])
        assert "Seen at the airport." in words(client.get(url))
        answer = client.post(url, {"answer": "partly", "note": ""})
        assert errors_at(answer, "note")
        assert client.post(url, {"answer": "partly", "note": "Half of it."}).status_code == 302
        sign_in(client, cast, "cted")
        assert "reopen it or take note" in words(client.get(reverse("dashboard")))


# ── Pages and API ────────────────────────────────────────────────────────────
def test_the_page_shows_both_cycles(cast: Cast, client: Client) -> None:
    need = verified(cast)
    visit = later(cast)
    sign_in(client, cast, "cted")
    url = reverse("need-transition", args=[need.pk, "reopen"])
    assert errors_at(client.post(url, {"visit": "", "reason": "Found again."}), "visit")
    assert client.post(url, {"visit": visit.pk, "reason": "Out of use since May."}).status_code == 302
    page = words(client.get(reverse("need", args=[need.pk])))
    assert "Out of use since May." in page and "Cycle 1, ended with the status “Met”" in page
    assert "Cycle 2" in words(client.get(reverse("needs")))
    sign_in(client, cast, "iom")
    assert "Cycle 1, ended with" in words(client.get(reverse("need", args=[need.pk])))


@pytest.mark.turns(days=3)
def test_more_cycles_cost_no_more_statements(cast: Cast, client: Client) -> None:
    need = reopened(cast)
    sign_in(client, cast, "cted")
    url = reverse("need", args=[need.pk])
    before = statements(client, url)
    cast.match("delivered", need=need)
    needs.verify(actor=cast.cted, need=need.pk, outcome="met", note="In use.")
    cycles.reopen(actor=cast.cted, need=need.pk, visit=later(cast), reason="Found a third time.")
    assert statements(client, url) <= before


def test_cycles_over_the_api(cast: Cast, api_clients: ApiClients) -> None:
    need, visit = verified(cast), later(cast)
    assert api_clients.cted.post(f"needs/{need.pk}/reopen/", {"reason": "Again."}).status_code == 422
    answer = api_clients.cted.post(f"needs/{need.pk}/reopen/", {"visit": str(visit.pk), "reason": "Found again."})
    assert (answer.status_code, answer.json()["cycle"], answer.json()["status"]) == (200, 2, "shared")
    for who in ("cted", "carana", "iom"):
        now, before = getattr(api_clients, who).get(f"needs/{need.pk}/cycles/").json()["results"]
        assert (now["number"], now["coverage"]["open"], now["ended_at"], now["visit"]) == (2, 100, None, None)
        assert (before["status"], before["reason"], before["coverage"]["verified"]) == ("met", "Found again.", 100)
        assert [line["provider"] for line in before["lines"]] == ["unodc"]
    assert api_clients.sumora.get(f"needs/{need.pk}/cycles/").status_code == 404
    assert api_clients.cted.post(f"needs/{need.pk}/take-note/", {"reason": "Read."}).status_code == 409


def test_a_request_stays_closed_when_its_need_is_reopened(cast: Cast) -> None:
    row = met(cast)
    need = row.needs.get()
    cycles.reopen(actor=cast.cted, need=need.pk, visit=later(cast), reason="Found again.")
    row = again(row)
    assert (row.status, row.outcome, need.assistance_requests.get().status) == ("closed", "met", "closed")


def test_the_match_of_an_earlier_cycle_shows_the_coverage_of_its_cycle(cast: Cast, client: Client) -> None:
    need = reopened(cast)
    match = need.matches.get()
    sign_in(client, cast, "carana")
    page = words(client.get(match.get_absolute_url()))
    assert "This match belongs to cycle 1 of the need, which has ended." in page
    found = cycles.ledger_of(cast.carana, match)
    assert (found.number, found.sums["verified"], found.sums["open"]) == (1, 100, 0)
    assert coverage(need)["open"] == 100


def test_a_line_has_the_figures_of_the_reports_and_the_outcome(cast: Cast, django_assert_num_queries: Any) -> None:
    need = cast.need("shared")
    match = cast.match("in_delivery", need)
    delivery.report(actor=cast.unodc, match=match.pk, what="A course.", trained_women=18, trained_men=22, expert_days=3)
    delivery.deliver(actor=cast.unodc, match=match.pk, note="The last.", documents="The list.", trained_unknown=2)
    with django_assert_num_queries(5):  # two of them read the matches past the rights of the reports
        (now,) = cycles.ledgers_of(cast.iom, need)  # who sees the match, but not the reports
    (line,) = now.lines
    assert (line.trained, line.figures["trained_women"], line.figures["expert_days"]) == (42, 18, 3)
    assert str(line.outcome) == "Helped"


# ── The ledger ───────────────────────────────────────────────────────────────
PARTS = st.tuples(st.sampled_from(MatchStatus.values), st.integers(1, 100), st.integers(0, 100))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(parts=st.lists(PARTS, max_size=8))
def test_what_is_verified_was_delivered_and_what_was_delivered_was_accepted(parts: list[tuple[str, int, int]]) -> None:
    """Verified ≤ delivered ≤ accepted in each line and in the sums, which stay within the need as acceptance does."""
    rows: list[Match] = []
    for status, share, found in parts:
        verified = min(found, share) if status == MatchStatus.DELIVERED and found % 2 else None
        if status not in CONFIRMED_MATCH or share <= coverage_by(rows)["open"]:  # the guard `share_is_open`
            rows.append(Match(status=status, share=share, verified_share=verified))
    for line in map(line_of, rows):
        assert (line.verified or 0) <= line.delivered <= line.agreed <= 100
    sums = coverage_by(rows)
    assert 0 <= sums["verified"] <= sums["confirmed"] <= 100
    assert sums["confirmed"] + sums["open"] == 100
    assert sums["verified"] <= sums["claimed"] <= sums["confirmed"]
