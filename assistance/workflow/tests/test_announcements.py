"""Messages about decisions over several rows: one for each person, about the rows that they see, queued by a worker."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts import inbox
from accounts.mail import outbox
from accounts.models import Delivery
from assistance.consents import plans
from assistance.consents import transitions as consents
from assistance.consents.deadlines import run_consents
from assistance.needs.models import Need
from assistance.pages.outcomes import outcome
from assistance.tests.cast import Cast
from assistance.tests.pages import sign_in, words
from assistance.tests.reports import reported_visit, second
from assistance.workflow import announcements
from assistance.workflow.models import Batch, Event
from portal import health


def agreed(cast: Cast, number: int) -> list[Need]:
    return [cast.need("agreed") for _each in range(number)]


def told(cast: Cast, name: str, *messages: str) -> list[Delivery]:
    rows = Delivery.objects.filter(recipient=cast.users[name], channel="portal", message__in=messages)
    return list(rows.order_by("message"))


RELEASED = ("need_shared", "section_released", "released_together")


def test_a_release_of_several_rows_is_one_message_for_each_person(cast: Cast) -> None:
    consents.release(actor=cast.carana, rows=agreed(cast, 3))
    assert not told(cast, "unodc", *RELEASED), "the request does not write to hundreds of people"
    assert announcements.announce_waiting() == 1
    (message,) = told(cast, "unodc", *RELEASED)
    assert message.text == "Released to you: 3 needs" and not message.needs_action
    assert Delivery.objects.filter(recipient=cast.users["unodc"], channel="mail", event=message.event).count() == 1
    assert not told(cast, "carana", *RELEASED), "whoever decided is not told"
    assert not told(cast, "sumora", *RELEASED) and not told(cast, "partner", *RELEASED)
    assert announcements.announce_waiting() == 0
    assert len(told(cast, "unodc", *RELEASED)) == 1


def test_each_person_is_told_of_the_rows_that_they_see_whatever_their_kind(cast: Cast) -> None:
    visit = reported_visit(cast)
    need = visit.needs.get()
    plan = plans.plan(actor=cast.carana, visit=visit.pk, rows=[second(visit)])
    plan = plans.plan(actor=cast.carana, release_plan=plan.pk, rows=[need], audience=["searcct", "unodc"])
    plans.publish(actor=cast.carana, release_plan=plan.pk)
    assert announcements.announce_waiting() == 1, "two consents are one decision"
    (of_partner,) = told(cast, "partner", *RELEASED)
    assert of_partner.subject == f"need:{need.pk}" and of_partner.path == need.get_absolute_url()
    (of_iom,) = told(cast, "iom", *RELEASED)
    assert of_iom.message == "section_released"
    (of_unodc,) = told(cast, "unodc", *RELEASED)
    assert of_unodc.text == "Released to you: 1 section of a visit report · 1 need"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "أُتيح لكم: احتياجان (2)"),
        ("es", "Se ha difundido a usted: 2 necesidades"),
        ("fr", "Diffusé auprès de vous\u00a0: 2 besoins"),
        ("ru", "Вам открыт доступ: 2 потребности"),
        ("zh-hans", "已授权您查阅：2项援助需要"),
    ],
)
def test_the_number_is_counted_in_the_language_of_the_reader(cast: Cast, language: str, text: str) -> None:
    consents.release(actor=cast.carana, rows=agreed(cast, 2))
    announcements.announce_waiting()
    with translation.override(language):
        assert told(cast, "unodc", *RELEASED)[0].text == text


def test_a_release_takes_as_many_statements_for_twelve_needs_as_for_two(cast: Cast) -> None:
    consents.release(actor=cast.carana, rows=agreed(cast, 1))  # what is kept in the process is kept from now on
    announcements.announce_waiting()
    numbers = []
    for number in (2, 12):
        rows = agreed(cast, number)
        for row in rows:  # each of another visit
            Need.objects.filter(pk=row.pk).update(visit=cast.visit())
        for act in (consents.release, consents.withdraw):
            with CaptureQueriesContext(connection) as statements:
                act(actor=cast.carana, rows=rows)
            with CaptureQueriesContext(connection) as telling:
                announcements.announce_waiting()
            numbers.append((len(statements), len(telling)))
    assert numbers[:2] == numbers[2:]
    assert max(numbers) <= (36, 30)


def test_a_release_by_set_is_the_same_as_one_by_one(cast: Cast) -> None:
    together, alone = agreed(cast, 2), agreed(cast, 1)
    consents.release(actor=cast.carana, rows=together)
    consents.release(actor=cast.carana, rows=alone)
    rows = list(Need.objects.filter(pk__in=[row.pk for row in (*together, *alone)]))
    assert len({(row.status, row.version, row.audience_id, row.owners_id) for row in rows}) == 1
    assert all(row.modified_at >= row.created_at and row.status == "shared" for row in rows)
    assert [Event.objects.filter(need=row, name="need_shared").count() for row in rows] == [1, 1, 1]


def test_what_is_withdrawn_is_told_to_cted_and_the_state_only(cast: Cast) -> None:
    rows = agreed(cast, 2)
    consents.release(actor=cast.carana, rows=rows)
    announcements.announce_waiting()
    consents.withdraw(actor=cast.carana, rows=rows)
    announcements.announce_waiting()
    (message,) = told(cast, "cted", "consent_withdrawn", "withdrawn_together")
    assert message.text == "Consent withdrawn by the State: 2 needs"
    assert not told(cast, "unodc", "consent_withdrawn", "withdrawn_together")
    before = told(cast, "unodc", *RELEASED)
    assert outbox.visible(cast.users["unodc"], before) == [], "the earlier message is withheld with its rows"


def test_the_end_of_releases_is_told_together_and_once(cast: Cast) -> None:
    today = timezone.now().date()
    rows = agreed(cast, 2)
    consents.release(actor=cast.carana, rows=rows, until=today)
    announcements.announce_waiting()
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert run_consents(timezone.now()) == 2
        assert run_consents(timezone.now()) == 0
        announcements.announce_waiting()
        (message,) = told(cast, "cted", "consent_expired", "expired_together")
        assert message.text == "Consent expired: 2 needs"
    assert set(Need.objects.filter(pk__in=[row.pk for row in rows]).values_list("status", flat=True)) == {"agreed"}


def test_the_page_of_a_decision_lists_what_its_reader_sees(client: Client, cast: Cast) -> None:
    rows = agreed(cast, 2)
    consents.release(actor=cast.carana, rows=rows)
    announcements.announce_waiting()
    page = told(cast, "unodc", *RELEASED)[0].path
    sign_in(client, cast, "unodc")
    text = words(client.get(page))
    assert "Released to you: 2 needs" in text and all(row.reference in text for row in rows)
    consents.withdraw(actor=cast.carana, rows=rows[:1])
    text = words(client.get(page))
    assert "Released to you: 1 need" in text and rows[0].reference not in text
    for name in ("sumora", "partner"):
        sign_in(client, cast, name)
        absent = client.get(reverse("batch", args=["00000000-0000-0000-0000-000000000000"]))
        hidden = client.get(page)
        assert hidden.status_code == absent.status_code == 404
        assert words(hidden) == words(absent)


def test_the_inbox_names_the_state_and_opens_the_decision(client: Client, cast: Cast) -> None:
    consents.release(actor=cast.carana, rows=agreed(cast, 2))
    announcements.announce_waiting()
    sign_in(client, cast, "unodc")
    text = words(client.get(reverse("inbox")))
    assert "Carana" in text and "Released to you: 2 needs" in text
    message = told(cast, "unodc", *RELEASED)[0]
    assert client.get(reverse("inbox-open", args=[message.pk])).url == message.path  # type: ignore[attr-defined]
    assert inbox.bell(cast.users["unodc"]).information == 0


def test_the_page_after_a_release_says_who_is_told_before_and_after_the_worker(cast: Cast) -> None:
    rows = agreed(cast, 2)
    consents.release(actor=cast.carana, rows=rows)
    before = outcome(cast.carana, rows[0], "Done.", about=rows)
    announcements.announce_waiting()
    assert before == outcome(cast.carana, rows[0], "Done.", about=rows)
    assert "Notified: 4 people" in before


def test_health_counts_decisions_that_nobody_was_told_of(cast: Cast) -> None:
    consents.release(actor=cast.carana, rows=agreed(cast, 1))
    with time_machine.travel(timezone.now() + timedelta(seconds=health.LATE + 5), tick=False):
        assert "mail_late" in health.examine().problems
        announcements.announce_waiting()
        Delivery.objects.update(sent_at=timezone.now())
        assert "mail_late" not in health.examine().problems


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_tells_of_a_decision(cast: Cast) -> None:
    for _each in range(3):
        consents.release(actor=cast.carana, rows=agreed(cast, 1))
    found: list[int] = []

    def work() -> None:
        found.append(announcements.announce_waiting())
        connections.close_all()

    threads = [threading.Thread(target=work) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) == 3 and not Batch.objects.filter(announced_at=None).exists()
    assert len(told(cast, "unodc", *RELEASED)) == 3


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_cut_off_leaves_the_decision_for_the_next(cast: Cast, monkeypatch: Any) -> None:
    consents.release(actor=cast.carana, rows=agreed(cast, 2))

    def cut_off(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Batch, "save", cut_off)  # after its messages were written, before the transaction ends
    with pytest.raises(KeyboardInterrupt):
        announcements.announce_waiting()
    monkeypatch.undo()
    assert not told(cast, "unodc", *RELEASED)
    assert announcements.announce_waiting() == 1
    assert len(told(cast, "unodc", *RELEASED)) == 1
