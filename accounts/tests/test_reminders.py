"""Reminders: one mail a day for each organization, whoever of it gets it and however many schedulers run."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from accounts.mail import digests, dispatch
from accounts.mail.outbox import Recipient, enqueue
from accounts.models import Delivery, Digest, ReminderDay, User
from accounts.tests.conftest import Source
from accounts.tests.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATER = dt.timedelta(minutes=30)


def remind(user: User, key: str = "org") -> Delivery:
    """Queue a reminder for this user in the name of an organization; return its mail."""
    event = uuid4()
    enqueue(
        event=event, source="work", subject="need:1", message="match_accepted", values={"reference": "N-2026-0001"},
        path="/needs/1/", recipients=[Recipient(user, needs_action=True, reminded=key)],
    )  # fmt: skip
    return Delivery.objects.get(event=event, channel="mail")


def test_a_reminder_waits_for_the_others_and_is_in_the_portal_at_once(
    person: User, source: Source, rings: list[Any]
) -> None:
    row = remind(person)
    assert row.in_digest and row.due_at > timezone.now() and row.once_a_day == "org"
    bell = Delivery.objects.get(recipient=person, channel="portal")
    assert bell.due_at <= timezone.now() and not bell.once_a_day
    assert digests.open_digests() == 0
    remind(person)
    assert digests.open_digests(timezone.now() + LATER) == 1
    assert Digest.objects.get().deliveries.count() == 2


def test_of_two_people_of_an_organization_one_gets_mail_that_day_and_the_other_the_next(
    person: User, other: User, source: Source, rings: list[Any]
) -> None:
    remind(person)
    remind(other)
    now = timezone.now() + LATER
    assert sum(at_once(*[lambda: digests.open_digests(now)] * 4)) == 1
    first = Digest.objects.get()
    left = Delivery.objects.get(channel="mail", digest=None)
    assert left.recipient != first.recipient and left.due_at > now and left.sent_at is None
    assert digests.open_digests(now + dt.timedelta(hours=1)) == 0
    assert digests.open_digests(left.due_at + dt.timedelta(days=1)) == 1
    assert {one.recipient for one in Digest.objects.all()} == {person, other}
    assert ReminderDay.objects.count() == 2


def test_two_organizations_do_not_hold_each_other_up(
    person: User, other: User, source: Source, rings: list[Any]
) -> None:
    remind(person, "one")
    remind(other, "two")
    remind(person, "three")
    assert digests.open_digests(timezone.now() + LATER) == 2
    assert not Delivery.objects.filter(channel="mail", digest=None).exists()


def test_what_has_been_answered_is_withheld_before_and_after_it_was_collected(
    person: User, source: Source, rings: list[Any]
) -> None:
    before, after = remind(person), remind(person)
    Delivery.objects.filter(pk=before.pk).update(done_at=timezone.now())
    assert digests.open_digests(timezone.now() + LATER) == 1
    Delivery.objects.filter(pk=after.pk).update(done_at=timezone.now())
    digest = Digest.objects.get()
    dispatch.send_digest(str(digest.pk))
    for row in (before, after, digest):
        row.refresh_from_db()
    assert before.suppressed_at and before.digest is None
    assert after.suppressed_at and after.digest == digest and digest.suppressed_at and not mail.outbox


def test_what_was_noted_of_reminders_is_deleted_after_a_month(person: User) -> None:
    today = timezone.now().date()
    for days in (0, 29, 31):
        ReminderDay.objects.create(key="org", day=today - dt.timedelta(days=days), recipient=person)
    assert digests.tidy() == 1 and ReminderDay.objects.count() == 2
