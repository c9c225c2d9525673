"""Reports of providers: periods and numbers that cannot be right, the first and the final one, the quarterly deadline."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delivery
from assistance.consents import transitions as consents
from assistance.delivery import reports
from assistance.delivery import transitions as delivery
from assistance.delivery.models import Report
from assistance.documents import transitions as documents
from assistance.needs import transitions as needs
from assistance.needs.models import Match, Need
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, sign_in, words
from assistance.workflow import deadlines
from assistance.workflow.models import Due, Event
from files.tests import samples
from portal.tests.api import ApiClients
from web.exceptions import Conflict, Forbidden, Invalid
from web.periods import add_months


def refused(cast: Cast, match: Match, **values: Any) -> set[str]:
    """Return the fields at which a report with these values is refused; assert that nothing was kept of it."""
    before = Report.objects.count()
    with pytest.raises(Invalid) as caught:
        delivery.report(actor=cast.unodc, match=match.pk, **{"what": "A course.", **values})
    assert Report.objects.count() == before
    return set(caught.value.errors)


# ── What is refused ──────────────────────────────────────────────────────────
def test_a_number_below_zero_or_beyond_all_measure_is_refused_at_its_field(cast: Cast) -> None:
    match = cast.match("accepted")
    assert refused(cast, match, trained_women=-1) == {"trained_women"}
    assert refused(cast, match, trained_men=10**9, confirm_large=True) == {"trained_men"}
    assert refused(cast, match, expert_days=-5, places_used=10**30) == {"expert_days", "places_used"}


def test_a_very_large_number_has_to_be_confirmed(cast: Cast) -> None:
    match = cast.match("accepted")
    assert refused(cast, match, trained_unknown=1_000_000) == {"trained_unknown"}
    assert refused(cast, match, trained_unknown=10_000) == {"trained_unknown"}
    delivery.report(actor=cast.unodc, match=match.pk, what="Online course.", trained_unknown=9_999)
    delivery.report(
        actor=cast.unodc, match=match.pk, what="Online course.", trained_unknown=1_000_000, confirm_large=True
    )
    assert reports.figures_of(match).trained == 1_009_999


def test_a_period_ends_after_it_begins_and_not_in_the_future(cast: Cast) -> None:
    match, today = cast.match("accepted"), timezone.now().date()
    assert refused(cast, match, period_to=today + timedelta(days=1)) == {"period_to"}
    assert refused(cast, match, period_from=today, period_to=today - timedelta(days=1)) == {"period_to"}
    assert refused(cast, match, what="  ") == {"what"}
    delivery.report(actor=cast.unodc, match=match.pk, what="A visit.", period_from=today, period_to=today)


def test_an_ended_match_takes_no_report(cast: Cast, api_clients: ApiClients) -> None:
    match = cast.match("in_delivery")
    delivery.could_not_help(actor=cast.unodc, match=match.pk, reason="No staff.")
    with pytest.raises(Conflict, match="Ended without delivery"):
        delivery.report(actor=cast.unodc, match=match.pk, what="A course.")
    for path in ("report", "reports"):
        assert api_clients.unodc.post(f"matches/{match.pk}/{path}/", {"what": "A course."}).status_code == 409


@pytest.mark.parametrize("name", ["carana", "cted", "unoct", "iom", "observer"])
def test_nobody_reports_for_the_provider(cast: Cast, name: str) -> None:
    match = cast.match("accepted")
    with pytest.raises(Forbidden):
        delivery.report(actor=getattr(cast, name), match=match.pk, what="A course.")


# ── The first and the final report ───────────────────────────────────────────
def test_a_first_report_starts_the_delivery_and_is_told_once(cast: Cast) -> None:
    match = cast.match("accepted")
    delivery.report(actor=cast.unodc, match=match.pk, what="A first visit.", trained_women=3, languages=["ar", "fr"])
    match.refresh_from_db()
    assert match.status == "in_delivery" and match.need.status == "in_delivery"
    assert list(Event.objects.filter(match=match).values_list("name", flat=True))[-2:] == [
        "match_started", "match_reported",
    ]  # fmt: skip
    told = Delivery.objects.filter(subject=f"match:{match.pk}", channel="portal")
    assert set(told.filter(message="match_reported").values_list("recipient__name", flat=True)) == {"carana", "cted"}
    assert not told.filter(message="match_started").exists()


def test_a_report_changes_no_version_and_no_date_that_others_see(cast: Cast) -> None:
    match = cast.match("in_delivery")
    before = (match.version, match.modified_at, match.need.version, match.need.modified_at)
    delivery.report(actor=cast.unodc, match=match.pk, what="A course.")
    match = Match.objects.select_related("need").get(pk=match.pk)
    assert (match.version, match.modified_at, match.need.version, match.need.modified_at) == before


def test_a_report_is_not_counted_twice(cast: Cast) -> None:
    match = cast.match("in_delivery")
    today = timezone.now().date()
    of_the_month = {
        "period_from": today - timedelta(days=30),
        "period_to": today - timedelta(days=2),
        "trained_women": 9,
    }
    delivery.report(actor=cast.unodc, match=match.pk, what="A course.", **of_the_month)
    assert refused(cast, match, **of_the_month) == {"period_from"}  # a second tab, or the page sent again
    assert refused(cast, match, period_from=today - timedelta(days=3), period_to=today) == {"period_from"}
    same_day = {"period_from": today - timedelta(days=2), "period_to": today}
    delivery.report(actor=cast.unodc, match=match.pk, what="A visit.", **same_day)
    delivery.report(actor=cast.unodc, match=match.pk, what="A second visit.", period_from=today, period_to=today)
    assert refused(cast, match, what="A second visit.", period_from=today, period_to=today) == {"what"}
    assert reports.figures_of(match).trained_women == 9 and match.reports.count() == 3


def test_the_next_period_begins_where_the_last_one_ended(cast: Cast) -> None:
    match, today = cast.match("accepted"), timezone.now().date()
    assert reports.default_period(match) == (today, today)
    earlier = today - timedelta(days=30)
    delivery.report(
        actor=cast.unodc, match=match.pk, what="A course.", period_from=earlier, period_to=today - timedelta(days=10)
    )
    assert reports.default_period(match) == (today - timedelta(days=9), today)


def test_delivery_needs_a_final_report_with_a_number_or_a_document(cast: Cast) -> None:
    match = cast.match("in_delivery", need=cast.need("shared", priority="low"))
    with pytest.raises(Invalid) as caught:
        delivery.deliver(actor=cast.unodc, match=match.pk, note="Held.")
    assert set(caught.value.errors) == {"trained_women"}
    delivery.report(actor=cast.unodc, match=match.pk, what="Two courses.", trained_men=4)
    with pytest.raises(Invalid):
        delivery.deliver(actor=cast.unodc, match=match.pk, note="Held.")  # a report, but no final one
    with pytest.raises(Invalid):
        delivery.report(actor=cast.unodc, match=match.pk, what="Two courses.", is_final=True)
    delivery.report(actor=cast.unodc, match=match.pk, what="Two courses, in full.", trained_men=4, is_final=True)
    delivery.deliver(actor=cast.unodc, match=match.pk)
    match.refresh_from_db()
    assert match.status == "delivered" and match.delivered_note == "Two courses, in full." and match.outcome == "helped"
    assert Report.objects.filter(match=match, is_final=True).count() == 1


def test_one_body_reports_the_delivery_and_its_figures(cast: Cast, api_clients: ApiClients) -> None:
    match = cast.match("accepted", need=cast.need("shared", priority="medium"))
    answer = api_clients.unodc.post(f"matches/{match.pk}/deliver/", {"note": "Held.", "expert_days": 12})
    assert answer.status_code == 200 and answer.json()["status"] == "delivered"
    assert answer.json()["figures"]["expert_days"] == 12 and answer.json()["outcome"] == "helped"
    report = Report.objects.get()
    assert (report.what, report.is_final, report.expert_days) == ("Held.", True, 12)


def test_for_a_need_of_high_priority_a_document_is_named_or_attached(cast: Cast) -> None:
    match, other = (cast.match("in_delivery") for _each in range(2))
    for one in (match, other):
        with pytest.raises(Invalid) as caught:
            delivery.deliver(actor=cast.unodc, match=one.pk, note="Held.", trained_women=20)
        assert set(caught.value.errors) == {"documents"} and not Report.objects.exists()
    documents.attach(actor=cast.unodc, parent=match, file=samples.note())
    assert delivery.deliver(actor=cast.unodc, match=match.pk, note="Held.").status == "delivered"
    delivery.deliver(actor=cast.unodc, match=other.pk, note="Held.", trained_women=20, documents="List of participants")


def test_an_old_delivery_without_a_report_stays_readable(cast: Cast, client: Client) -> None:
    match = cast.match("in_delivery")
    Match.objects.filter(pk=match.pk).update(status="delivered", delivered_note="Two courses in May.")
    sign_in(client, cast, "iom")
    assert "Two courses in May." in words(client.get(reverse("match", args=[match.pk])))


# ── Pages and API ────────────────────────────────────────────────────────────
def test_a_provider_reports_on_a_page_and_corrects_a_slip_there(cast: Cast, client: Client) -> None:
    match = cast.match("accepted")
    sign_in(client, cast, "unodc")
    url = reverse("match-transition", args=[match.pk, "report"])
    sent = {"what": "Two courses in Port Carana.", "trained_women": "1000000", "trained_men": "22"}
    answer = client.post(url, sent)
    assert answer.status_code == 422 and "unusually large" in errors_at(answer, "trained_women")[0]
    assert "Two courses in Port Carana." in answer.content.decode()
    for wrong in ("-1", "1000000000", "many"):
        answer = client.post(url, {**sent, "trained_women": wrong, "confirm_large": "on"})
        assert answer.status_code == 422 and errors_at(answer, "trained_women"), wrong
    assert client.post(url, {**sent, "trained_women": "18"}).status_code == 302
    text = words(client.get(reverse("match", args=[match.pk])))
    assert "Two courses in Port Carana." in text and "Women trained" in text and "18" in text and "22" in text


def test_the_delivery_form_asks_for_figures_only_without_a_final_report(cast: Cast, client: Client) -> None:
    match = cast.match("in_delivery")
    sign_in(client, cast, "unodc")
    url = reverse("match-transition", args=[match.pk, "deliver"])
    assert "trained_women" in client.get(url).context["form"].fields
    delivery.report(
        actor=cast.unodc, match=match.pk, what="All done.", trained_women=5, documents="List.", is_final=True
    )
    assert "trained_women" not in client.get(url).context["form"].fields
    assert client.post(url, {"note": ""}).status_code == 302


def test_the_same_by_the_api(cast: Cast, api_clients: ApiClients) -> None:
    match, path = cast.match("accepted"), "matches/{}/reports/"
    body = {"what": "A course.", "trained_women": 18, "trained_men": 22, "languages": ["zh", "ar"]}
    answer = api_clients.unodc.post(path.format(match.pk), {**body, "trained_women": 1_000_000})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "trained_women"
    answer = api_clients.unodc.post(path.format(match.pk), {**body, "trained_women": 1_000_000, "confirm_large": True})
    assert answer.status_code == 201 and answer.json()["languages"] == ["zh", "ar"]
    assert api_clients.unodc.post(path.format(match.pk), body).status_code == 201
    assert api_clients.carana.post(path.format(match.pk), body).status_code == 403
    for name in ("unodc", "carana", "observer", "cted", "unoct"):
        shown = getattr(api_clients, name).get(path.format(match.pk)).json()["results"]
        assert [row["trained_men"] for row in shown] == [22, 22], name
    assert api_clients.iom.get(path.format(match.pk)).status_code == 403
    assert api_clients.sumora.get(path.format(match.pk)).status_code == 404


def test_the_sums_stand_beside_the_verification(cast: Cast, client: Client) -> None:
    match = cast.match("in_delivery")
    delivery.report(actor=cast.unodc, match=match.pk, what="A course.", trained_women=1234)
    delivery.deliver(actor=cast.unodc, match=match.pk, note="Held.", trained_men=1, documents="List.")
    sign_in(client, cast, "cted")
    text = words(client.get(reverse("need-transition", args=[match.need_id, "verify"])))
    assert "1,235" in text and "Women: 1,234" in text


# ── The quarterly deadline ───────────────────────────────────────────────────
def due(match: Match) -> Due:
    return Due.objects.get(match=match, kind="match_report", done_at=None)


def test_a_report_is_due_every_three_months_and_each_starts_the_next(cast: Cast) -> None:
    began = timezone.now() - timedelta(days=80)
    with time_machine.travel(began, tick=False):
        match = cast.match("in_delivery")
    assert due(match).due_on == add_months(began.date(), 3)
    assert (due(match).owed_by.slug, due(match).owed_to.slug) == ("unodc", "carana")
    later = began + timedelta(days=95)
    with time_machine.travel(later, tick=False):
        deadlines.run()
        assert due(match).is_overdue
        asked = Delivery.objects.filter(message="due_reminder", recipient=cast.users["unodc"])
        assert asked.exists()
        delivery.report(actor=cast.unodc, match=match.pk, what="Late, but here.")
        assert due(match).due_on == add_months(later.date(), 3)
        delivery.deliver(actor=cast.unodc, match=match.pk, note="Held.", documents="List.")
    assert not Due.objects.filter(match=match, kind="match_report", done_at=None).exists()


@pytest.mark.parametrize("ends", ["could_not_help", "closed"])
def test_nothing_is_due_once_it_is_over(cast: Cast, ends: str) -> None:
    match = cast.match("in_delivery")
    assert due(match)
    if ends == "closed":
        needs.close(actor=cast.carana, need=match.need_id, reason="no_longer_needed")
    else:
        delivery.could_not_help(actor=cast.unodc, match=match.pk, reason="No staff.")
    assert not Due.objects.filter(match=match, kind="match_report", done_at=None).exists()


def test_deliveries_that_ran_before_get_a_deadline(cast: Cast) -> None:
    match = cast.match("in_delivery")
    Due.objects.filter(match=match).delete()
    deadlines.run()
    assert due(match).owed_by.slug == "unodc"


def test_my_deliveries_show_the_report_due_first_at_the_top(cast: Cast, client: Client) -> None:
    accepted = cast.match("accepted", need=cast.need("shared", title="Accepted only"))
    with time_machine.travel(timezone.now() - timedelta(days=100), tick=False):
        late = cast.match("in_delivery", need=cast.need("shared", title="Long in delivery"))
    early = cast.match("in_delivery", need=cast.need("shared", title="Just begun"))
    cast.match("in_delivery", need=cast.need("shared", title="Of another"), who="iom")
    cast.match("delivered", need=cast.need("shared", title="Done already"))
    sign_in(client, cast, "unodc")
    answer = client.get(reverse("deliveries"))
    assert [row.pk for row in answer.context["object_list"]] == [late.pk, early.pk, accepted.pk]
    assert [row.due_on for row in answer.context["object_list"]] == [due(late).due_on, due(early).due_on, None]
    assert words(answer).count("Overdue") == 1 and "Of another" not in words(answer)
    assert reverse("deliveries") in client.get(reverse("matches")).content.decode()
    assert reverse("deliveries") in client.get("/").content.decode()
    task = next(row for row in client.get("/").context["tasks"] if row.subject == f"match:{late.pk}")
    assert str(task.text) in ("Quarterly report due", "Assistance in progress")
    sign_in(client, cast, "sumora")
    assert not client.get(reverse("deliveries")).context["object_list"]


def test_a_report_is_not_owed_while_the_state_releases_the_need_to_nobody(cast: Cast) -> None:
    match = cast.match("in_delivery")
    due = Due.objects.get(match=match, kind="match_report", done_at=None)
    consents.withdraw(actor=cast.carana, rows=[match.need])
    due.refresh_from_db()
    assert (due.due_at, due.done_at) == (None, None) and due.left > timedelta(days=80)
    consents.release(actor=cast.carana, rows=[Need.objects.get(pk=match.need_id)], audience="compact")
    due.refresh_from_db()
    assert due.due_at is not None and not due.is_overdue
