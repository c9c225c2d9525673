"""The briefing list of open requests for UNOCT, and the notice every two months that it is due."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document

from accounts.models import Delivery
from assistance.requests import briefing, transitions
from assistance.requests.briefing import Kept
from assistance.requests.tests.requests import colleague_of, make, met, offered, withdrawn
from assistance.tests.cast import MEMBERS, Cast
from assistance.tests.pages import sign_in, words
from assistance.workflow import deadlines
from assistance.workflow.models import Due
from portal.tests.api import ApiClients
from web.exceptions import Forbidden
from web.periods import add_months

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def notices() -> Any:
    return Delivery.objects.filter(message="request_briefing_due")


# ── The list ──
def test_all_open_requests_by_age(cast: Cast) -> None:
    old, young = make(cast, "circulated"), make(cast, "submitted")
    make(cast), met(cast), withdrawn(cast)
    type(old).objects.filter(pk=old.pk).update(submitted_at=timezone.now() - timedelta(days=40))
    found = briefing.lines(cast.unoct)
    assert [line.row.pk for line in found] == [old.pk, young.pk] and [line.age for line in found] == [40, 0]
    offered(cast, old, "unodc", 60), offered(cast, old, "iom", 40)
    assert [line.offers for line in briefing.lines(cast.unoct)] == [2, 0]


def test_service_times_are_kept_missed_or_run(cast: Cast) -> None:
    row = make(cast, "submitted")

    def kept() -> list[Kept]:
        return [service.kept for service in briefing.lines(cast.unoct)[0].services]

    assert kept() == [Kept.RUNNING]
    Due.objects.filter(assistance_request=row).update(due_at=timezone.now() - timedelta(days=1))
    assert kept() == [Kept.MISSED]
    Due.objects.filter(assistance_request=row).update(due_at=timezone.now() + timedelta(days=1))
    transitions.authenticate(actor=cast.unoct, assistance_request=row.pk, how="By telephone.")
    assert kept() == [Kept.KEPT, Kept.RUNNING]
    assert briefing.totals(briefing.lines(cast.unoct)) == {Kept.KEPT: 1, Kept.RUNNING: 1}


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", MEMBERS)
def test_it_is_for_coordinators(cast: Cast, client: Client, api_clients: ApiClients, name: str) -> None:
    make(cast, "submitted")
    status = 200 if name == "unoct" else 403
    sign_in(client, cast, name)
    for page in ("request-briefing", "request-briefing-file"):
        assert client.get(reverse(page)).status_code == status
    for path in ("briefing", "briefing-list"):
        assert getattr(api_clients, name).get(f"requests/{path}/").status_code == status
    shown = client.get(reverse("requests")).content.decode()
    assert (reverse("request-briefing") in shown) == (name == "unoct")
    if name != "unoct":
        with pytest.raises(Forbidden):
            briefing.lines(getattr(cast, name))


@pytest.mark.turns(3)
@pytest.mark.parametrize("language", LANGUAGES)
def test_page_file_and_api_have_the_same_lines(
    cast: Cast, client: Client, api_clients: ApiClients, language: str
) -> None:
    rows = [make(cast, "circulated"), make(cast, "submitted")]
    sign_in(client, cast, "unoct")
    page = client.get(reverse("request-briefing"))
    assert [line.row.pk for line in page.context["lines"]] == [row.pk for row in rows]
    assert rows[0].reference in words(page)
    sent = api_clients.unoct.get("requests/briefing/").json()["results"]
    assert [one["id"] for one in sent] == [str(row.pk) for row in rows] and sent[0]["state"] == "XCA"
    file = client.get(reverse("request-briefing-file"), {"language": language})
    table = Document(io.BytesIO(file.content)).tables[1]
    assert [rows[n].reference in table.rows[n + 1].cells[0].text for n in (0, 1)] == [True, True]
    assert f"-{language}.docx" in file["Content-Disposition"]


# ── Every two months ──
@pytest.mark.parametrize(
    ("today", "last", "following"),
    [
        (date(2026, 8, 31), None, date(2026, 10, 31)),
        (date(2026, 10, 30), None, date(2026, 10, 31)),
        (date(2026, 10, 31), date(2026, 10, 31), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 2, 27), date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 2, 28), date(2027, 2, 28), date(2027, 4, 30)),
        (date(2027, 5, 1), date(2027, 4, 30), date(2027, 6, 30)),
        (date(2028, 2, 29), date(2028, 2, 29), date(2028, 4, 30)),
    ],
)
def test_two_months_after_31_august(today: date, last: date | None, following: date) -> None:
    first = date(2026, 8, 31)
    assert briefing.last_due(first, today) == last
    assert briefing.next_due(first, today) == following


def test_the_coordinators_are_told_once_for_each_period(cast: Cast) -> None:
    colleague_of(cast, "unoct")
    make(cast, "circulated")
    first = timezone.now().replace(hour=12)
    for months, told in ((0, 0), (1, 0), (2, 1), (2, 1), (3, 1), (4, 2)):
        at = datetime.combine(add_months(first.date(), months), first.time(), UTC)
        with time_machine.travel(at, tick=False):
            for _run in range(3):
                deadlines.run()
        assert notices().values("event").distinct().count() == told, months
    people = set(notices().values_list("recipient__email", flat=True))
    assert people == {cast.users["unoct"].email, "second.unoct@example.org"}
    one_period = notices().filter(event=notices().first().event, recipient=cast.users["unoct"])
    assert sorted(one_period.values_list("channel", flat=True)) == ["mail", "portal"]


def test_of_missed_periods_the_last_is_told(cast: Cast) -> None:
    make(cast, "circulated")
    later = datetime.combine(add_months(timezone.now().date(), 7), timezone.now().time(), UTC)
    assert (briefing.run(later), briefing.run(later)) == (1, 0)
    assert notices().values("event").distinct().count() == 1


def test_nothing_is_due_while_no_request_is_open(cast: Cast) -> None:
    later = timezone.now() + timedelta(days=70)
    make(cast)
    assert briefing.run(later) == 0
    withdrawn(cast)
    assert briefing.run(later) == 0 and not notices().exists()


def test_whoever_is_no_longer_coordinator_is_not_shown_the_notice(cast: Cast) -> None:
    make(cast, "circulated")
    briefing.run(timezone.now() + timedelta(days=70))
    assert briefing.may_be_told(cast.users["unoct"], [briefing.SUBJECT]) == {briefing.SUBJECT}
    assert briefing.may_be_told(cast.users["cted"], [briefing.SUBJECT]) == set()


def test_the_notice_leads_to_the_list(cast: Cast, client: Client) -> None:
    make(cast, "circulated")
    briefing.run(timezone.now() + timedelta(days=70))
    sign_in(client, cast, "unoct")
    notice = notices().filter(channel="portal").get()
    assert notice.path == reverse("request-briefing") and client.get(notice.path).status_code == 200
    assert "Briefing list of open requests due" in words(client.get(reverse("inbox")))
