"""The outbox: one row per event, user and channel, actions marked as done, withdrawn subjects not shown."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.mail import outbox
from accounts.mail.messages import UnknownMessage
from accounts.mail.outbox import Recipient
from accounts.models import Channel, Delivery, User
from accounts.tests.conftest import Source, Tell

pytestmark = pytest.mark.django_db

OWED = {
    "source": "work", "subject": "need:1", "message": "match_accepted", "values": {"reference": "N-1"}, "path": "/needs/1/",
}  # fmt: skip


def test_an_event_owes_each_person_one_row_on_each_channel_however_often_it_is_told(
    person: User, other: User, rings: list[Any]
) -> None:
    event = uuid4()
    for _again in range(3):
        outbox.enqueue(event=event, recipients=[Recipient(person), Recipient(other), Recipient(person)], **OWED)
    rows = Delivery.objects.filter(event=event).values_list("recipient", "channel")
    assert sorted(rows) == sorted((p.pk, c) for p in (person, other) for c in ("portal", "mail"))


def test_who_is_asked_in_one_part_is_asked(person: User, rings: list[Any]) -> None:
    outbox.enqueue(event=uuid4(), recipients=[Recipient(person), Recipient(person, True), Recipient(person)], **OWED)
    assert set(Delivery.objects.values_list("needs_action", flat=True)) == {True}


def test_people_whose_account_is_closed_are_owed_nothing(person: User, rings: list[Any]) -> None:
    person.is_active = False
    outbox.enqueue(event=uuid4(), recipients=[Recipient(person)], **OWED)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("path", ["", "needs/1/", "//elsewhere.example/", "https://elsewhere.example/"])
def test_a_message_leads_nowhere_but_into_the_portal(person: User, path: str) -> None:
    with pytest.raises(ValueError, match="path of this portal"):
        outbox.enqueue(event=uuid4(), recipients=[Recipient(person)], **OWED | {"path": path})


def test_a_message_that_no_app_has_registered_is_refused(person: User) -> None:
    with pytest.raises(UnknownMessage, match="'unheard_of'"):
        outbox.enqueue(event=uuid4(), recipients=[Recipient(person)], **OWED | {"message": "unheard_of"})
    assert not Delivery.objects.exists()


def test_workers_are_notified_after_the_commit_and_not_without(
    person: User, rings: list[Any], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        outbox.enqueue(event=uuid4(), recipients=[Recipient(person)], **OWED)
        assert rings == []
    assert rings == [("accounts.tasks.relay",)]
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        outbox.enqueue(event=uuid4(), recipients=[Recipient(person)], **OWED)
        transaction.set_rollback(True)
    assert len(rings) == 1
    assert Delivery.objects.count() == 2


def test_mail_waits_for_the_morning_of_who_wants_it_gathered(person: User, tell: Tell) -> None:
    person.mail_rhythm = "daily"
    mail = tell(person, Channel.MAIL)
    assert mail.in_digest and mail.due_at > timezone.now() and mail.due_at.hour == 7
    bell = Delivery.objects.get(event=mail.event, channel=Channel.PORTAL)
    assert bell.due_at <= timezone.now() and not bell.in_digest


def test_a_new_rhythm_moves_what_still_waits(person: User, tell: Tell) -> None:
    person.mail_rhythm = "weekly"
    mail, sent = tell(person, Channel.MAIL), tell(person, Channel.MAIL)
    Delivery.objects.filter(pk=sent.pk).update(sent_at=timezone.now())
    person.mail_rhythm = "at_once"
    outbox.reschedule(person)
    mail.refresh_from_db()
    assert not mail.in_digest and mail.due_at <= timezone.now()
    assert Delivery.objects.get(pk=sent.pk).due_at == sent.due_at


def test_an_action_taken_by_anybody_is_done_for_everybody(person: User, other: User, tell: Tell) -> None:
    mine, theirs = tell(person, needs_action=True), tell(other, needs_action=True)
    another = tell(person, needs_action=True, subject="need:2")
    reminder = tell(person, needs_action=True, message="match_reminder")
    informs = tell(person)
    outbox.settle(source="work", subjects=["need:1"], messages=["match_accepted"])
    done = {row.pk for row in Delivery.objects.filter(channel="portal", done_at__isnull=False)}
    assert done == {mine.pk, theirs.pk}
    outbox.settle(source="work", subjects=["need:1"])
    done = {row.pk for row in Delivery.objects.filter(channel="portal", done_at__isnull=False)}
    assert done == {mine.pk, theirs.pk, reminder.pk}
    assert another.pk not in done and informs.pk not in done
    mails = Delivery.objects.filter(channel="mail", needs_action=True, subject="need:1")
    assert all(mail.done_at for mail in mails)


def test_each_source_is_asked_once_and_what_it_withholds_is_not_shown(person: User, tell: Tell, source: Source) -> None:
    rows = [tell(person, subject=f"need:{n}") for n in (1, 2, 3, 2)]
    source.withheld = {"need:2"}
    assert outbox.visible(person, rows) == [rows[0], rows[2]]
    assert source.asked == 1


def test_nobody_answers_for_a_source_so_nothing_is_told(person: User, tell: Tell) -> None:
    assert outbox.visible(person, [tell(person, source="gone")]) == []


def test_a_closed_account_is_told_nothing(person: User, tell: Tell) -> None:
    row = tell(person)
    person.is_active = False
    assert outbox.visible(person, [row]) == []


def test_health_is_the_age_of_the_oldest_mail_due_and_failures_do_not_make_it_younger(person: User, tell: Tell) -> None:
    assert outbox.oldest_waiting() == 0
    now = timezone.now()
    mail, later = tell(person, Channel.MAIL), tell(person, Channel.MAIL)
    promised = now - dt.timedelta(minutes=7)
    Delivery.objects.filter(pk=mail.pk).update(due_at=promised, leased_until=now + dt.timedelta(hours=1), attempts=5)
    Delivery.objects.filter(pk=later.pk).update(due_at=now + dt.timedelta(days=1))
    assert outbox.oldest_waiting(now) == 420
    Delivery.objects.filter(pk=mail.pk).update(dead_at=now)
    assert (outbox.oldest_waiting(now), outbox.dead_letters()) == (0, 1)
