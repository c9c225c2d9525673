"""Dispatch: mail is leased once, checked again, retried and given up with an error; digests collect messages."""

import datetime as dt
import logging
import smtplib
from typing import Any
from uuid import UUID

import pytest
import time_machine
from celery import current_app
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone

from accounts.mail import breaker, digests, dispatch, outbox
from accounts.models import Channel, Delivery, Digest, User
from accounts.tests.conftest import Source, Tell

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2026, 3, 9, 7, 0, tzinfo=dt.UTC)  # a Monday


class Refusing(BaseEmailBackend):
    """A mail server that answers, and refuses each mail for now."""

    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPDataError(451, "try later")


class RefusingTheAddress(BaseEmailBackend):
    """A mail server that refuses the address with this code."""

    code = 0

    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({email_messages[0].to[0]: (self.code, b"no")})


class Away(BaseEmailBackend):
    """A mail server that refuses connections."""

    tries = 0

    def send_messages(self, email_messages: Any) -> int:
        Away.tries += 1
        raise ConnectionRefusedError("nobody listens")


REFUSING, AWAY = f"{__name__}.Refusing", f"{__name__}.Away"


def again(row: Delivery) -> Delivery:
    return Delivery.objects.get(pk=row.pk)


def test_a_relay_hands_out_ids_and_leases_them(person: User, tell: Tell, rings: list[Any]) -> None:
    rows = [tell(person, Channel.MAIL) for _ in range(3)]
    rings.clear()
    assert dispatch.relay() == 3
    assert [(task, sorted(ids)) for task, *ids in rings] == [
        ("accounts.tasks.send_delivery", sorted(str(row.pk) for row in rows))
    ]
    assert dispatch.relay() == 0, "what is leased is not handed out again"
    assert dispatch.relay(timezone.now() + dispatch.LEASE + dt.timedelta(seconds=1)) == 3, (
        "a lost worker's rows come back"
    )


def test_what_the_broker_refuses_is_free_again_at_once(
    person: User, tell: Tell, monkeypatch: pytest.MonkeyPatch, rings: list[Any]
) -> None:
    for _ in range(5):
        tell(person, Channel.MAIL)
    taken: list[str] = []
    monkeypatch.setattr(dispatch, "BATCH", 2)
    monkeypatch.setattr(dispatch, "notify_workers", lambda task, *pks: len(taken) < 2 and not taken.extend(pks))
    assert dispatch.relay() == 2
    assert Delivery.objects.filter(channel="mail", leased_until=None).count() == 3


def test_a_relay_empties_an_outbox_of_many_batches(person: User, other: User, tell: Tell, rings: list[Any]) -> None:
    for _ in range(3 * dispatch.BATCH):
        tell(person, Channel.MAIL)
    rings.clear()
    assert dispatch.relay() == 3 * dispatch.BATCH and len(rings) == 3
    assert len({pk for _task, *ids in rings for pk in ids}) == 3 * dispatch.BATCH


def test_no_more_is_handed_out_than_is_sent_within_a_lease(
    person: User, tell: Tell, rings: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [tell(person, Channel.MAIL) for _ in range(5)]
    monkeypatch.setattr(dispatch, "IN_HAND", 3)
    rings.clear()
    assert dispatch.relay() == 3 and dispatch.relay() == 0
    dispatch.send(*rings[0][1:])
    assert dispatch.relay() == 2 and len(mail.outbox) == 3
    dispatch.send(*(str(row.pk) for row in rows))
    assert len(mail.outbox) == 5


def test_one_relay_leaves_room_for_digests(
    gathered: list[Delivery], other: User, tell: Tell, rings: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "IN_HAND", 2)
    with time_machine.travel(MORNING, tick=False):
        digests.open_digests()
        for _ in range(3):
            tell(other, Channel.MAIL)
        rings.clear()
        assert dispatch.relay() == 3 and [task for task, *_ids in rings] == [
            dispatch.SEND_DELIVERY,
            dispatch.SEND_DIGEST,
        ]


def test_a_mail_is_sent_once_with_the_id_of_its_row(person: User, tell: Tell) -> None:
    row = tell(person, Channel.MAIL)
    dispatch.send(str(row.pk))
    dispatch.send(str(row.pk))
    assert len(mail.outbox) == 1
    headers = mail.outbox[0].message()
    assert headers["Message-ID"] == row.message_id == f"<delivery-{row.pk}@portal.localhost>"
    assert headers["Auto-Submitted"] == "auto-generated" and headers["List-Id"] == "<notifications.portal.localhost>"
    assert again(row).sent_at and again(row).attempts == 1


def test_a_bell_is_never_mailed(person: User, tell: Tell) -> None:
    tell(person)
    Delivery.objects.filter(channel="mail").delete()
    assert dispatch.relay() == 0 and digests.open_digests() == 0


@pytest.mark.known_leak(51)  # mail to people who had lost access: Gitea CVE-2026-0798
def test_the_right_is_asked_again_when_the_mail_goes_out(person: User, tell: Tell, source: Source) -> None:
    row = tell(person, Channel.MAIL)
    source.withheld = {"need:1"}
    dispatch.send(str(row.pk))
    assert mail.outbox == [] and again(row).suppressed_at and not again(row).sent_at
    assert dispatch.relay() == 0


def test_who_was_deactivated_since_gets_no_mail(person: User, tell: Tell) -> None:
    row = tell(person, Channel.MAIL)
    User.objects.update(is_active=False)
    dispatch.send(str(row.pk))
    assert mail.outbox == [] and again(row).suppressed_at


def test_each_failure_doubles_the_rest_and_the_last_raises_the_alarm(
    person: User, tell: Tell, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    row = tell(person, Channel.MAIL)
    settings.EMAIL_BACKEND = REFUSING
    rests = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(dispatch.MOST_ATTEMPTS - 1):
            dispatch.send(str(row.pk))
            rest = again(row).leased_until - timezone.now()
            rests.append(rest.total_seconds() / 60)
            assert dispatch.relay() == 0, "it rests"
            clock.shift(rest + dt.timedelta(seconds=1))
            assert dispatch.relay() == 1, "it is tried again"
        assert rests == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
        assert not caplog.records or all(r.levelno < logging.ERROR for r in caplog.records)
        dispatch.send(str(row.pk))
    dead = again(row)
    assert dead.dead_at and "try later" in dead.last_error and dead.due_at == row.due_at
    assert [r.levelname for r in caplog.records if "dead letter" in r.getMessage()] == ["ERROR"]
    assert "amal@example.org" not in caplog.text


def test_a_mail_that_kills_its_workers_is_given_up_too(
    person: User, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = tell(person, Channel.MAIL)

    def die(*args: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(dispatch, "letter", die)
    for _ in range(dispatch.MOST_ATTEMPTS):
        with pytest.raises(MemoryError):
            dispatch.send(str(row.pk))
    assert not again(row).dead_at
    dispatch.send(str(row.pk))
    assert again(row).dead_at and "MemoryError" in again(row).last_error


def test_a_worker_that_was_lost_is_named_as_the_reason_and_nothing_else_is(
    person: User, tell: Tell, settings: Any
) -> None:
    row = tell(person, Channel.MAIL)
    settings.EMAIL_BACKEND = REFUSING
    for _ in range(dispatch.MOST_ATTEMPTS - 1):
        dispatch.send(str(row.pk))
    assert dispatch._begin(Delivery, row.pk), "this try is begun, and its worker is killed"
    dispatch.send(str(row.pk))
    assert again(row).dead_at and again(row).last_error == dispatch.UNFINISHED


@pytest.mark.parametrize(
    "address", ["amal", "amal@", "@example.org", "amal@exa mple.org", "a\nb@example.org", "a..b@x.org"]
)
def test_a_malformed_address_fails_once_with_its_reason(person: User, tell: Tell, address: str) -> None:
    row = tell(person, Channel.MAIL)
    with connection.cursor() as cursor:  # the database refuses most of them; those it cannot tell fail at sending
        cursor.execute("ALTER TABLE accounts_user DROP CONSTRAINT user_email_in_normal_form")
    User.objects.filter(pk=person.pk).update(email=address)
    dispatch.send(str(row.pk))
    dead = again(row)
    assert dead.dead_at and dead.attempts == 1 and dead.last_error == dispatch.MALFORMED and mail.outbox == []


@pytest.mark.parametrize(("code", "final"), [(501, True), (553, True), (550, False), (450, False)])
def test_an_address_that_the_server_calls_wrong_fails_once(
    person: User, tell: Tell, settings: Any, monkeypatch: pytest.MonkeyPatch, code: int, final: bool
) -> None:
    row = tell(person, Channel.MAIL)
    monkeypatch.setattr(RefusingTheAddress, "code", code)
    settings.EMAIL_BACKEND = f"{__name__}.RefusingTheAddress"
    dispatch.send(str(row.pk))
    assert bool(again(row).dead_at) is final and str(code) in again(row).last_error
    assert "amal@example.org" not in again(row).last_error


# ── A mail server that is away ───────────────────────────────────────────────
def test_a_server_that_is_away_is_tried_by_one_mail_at_a_time(person: User, tell: Tell, settings: Any) -> None:
    rows = [tell(person, Channel.MAIL) for _ in range(5)]
    settings.EMAIL_BACKEND, Away.tries = AWAY, 0
    assert dispatch.relay() == 5
    for row in rows:
        dispatch.send(str(row.pk))
    assert Away.tries == 1 and dispatch.relay() == 0
    assert sorted(again(row).attempts for row in rows) == [0, 0, 0, 0, 1], "a pause costs no mail a try"
    cache.delete(breaker.OPEN)  # its time is over
    assert dispatch.relay() == 1, "one mail tries"
    dispatch.send(str(rows[1].pk))
    assert Away.tries == 2 and breaker.is_open(), "and it is left alone for longer"
    cache.delete(breaker.OPEN)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    dispatch.send(str(rows[2].pk))
    assert dispatch.relay() == 2, "after a success all others go, but those that rest"


def test_a_mail_that_is_refused_says_nothing_about_the_server(person: User, tell: Tell, settings: Any) -> None:
    settings.EMAIL_BACKEND = REFUSING
    dispatch.send(str(tell(person, Channel.MAIL).pk))
    assert not breaker.is_open() and breaker.allowed(7) == 7


def test_mail_has_a_queue_of_its_own() -> None:
    def queue_of(task: str) -> str:
        return str(current_app.amqp.router.route({}, task)["queue"].name)

    assert queue_of(dispatch.SEND_DELIVERY) == queue_of(dispatch.SEND_DIGEST) == "mail"
    others = ("accounts.tasks.relay", "files.tasks.scan", "assistance.tasks.run_deadlines", "entities.tasks.remind")
    assert {queue_of(task) for task in others} == {"celery"}


def test_a_dead_letter_is_counted_until_somebody_takes_note(person: User, tell: Tell) -> None:
    row = tell(person, Channel.MAIL)
    assert outbox.dead_letters() == 0
    Delivery.objects.filter(pk=row.pk).update(dead_at=timezone.now(), attempts=12)
    assert outbox.dead_letters() == 1
    assert dispatch.acknowledge(Delivery.objects.all()) == 1 and outbox.dead_letters() == 0
    assert dispatch.revive(Delivery.objects.all()) == 1 and again(row).acknowledged_at is None


def test_a_dead_letter_can_be_sent_again(person: User, tell: Tell) -> None:
    row = tell(person, Channel.MAIL)
    Delivery.objects.filter(pk=row.pk).update(dead_at=timezone.now(), attempts=12)
    assert dispatch.revive(Delivery.objects.all()) == 1
    dispatch.send(str(row.pk))
    assert again(row).sent_at and len(mail.outbox) == 1


@pytest.fixture
def gathered(person: User, tell: Tell) -> list[Delivery]:
    """Three mails queued on the Sunday before MORNING for a user with a daily digest, one of them with an action."""
    person.mail_rhythm = "daily"
    person.save()
    rows = []
    for n in (1, 2, 3):
        with time_machine.travel(MORNING - dt.timedelta(hours=10 - n), tick=False):
            owed = {"subject": f"need:{n}", "values": {"reference": f"N-2026-000{n}"}, "needs_action": n == 2}
            rows.append(tell(person, Channel.MAIL, **owed))
    return rows


def run_digests(now: dt.datetime) -> None:
    with time_machine.travel(now, tick=False):
        digests.open_digests()
        for pk in Digest.objects.free(timezone.now()).values_list("pk", flat=True):
            dispatch.send_digest(str(pk))


def test_a_digest_is_one_mail_with_what_asks_first(gathered: list[Delivery]) -> None:
    run_digests(MORNING - dt.timedelta(seconds=1))
    assert mail.outbox == []
    run_digests(MORNING)
    assert len(mail.outbox) == 1
    letter = mail.outbox[0]
    digest = Digest.objects.get()
    assert letter.message()["Message-ID"] == f"<digest-{digest.pk}@portal.localhost>"
    assert digest.period == "daily 2026-03-09" and digest.sent_at
    places = [letter.body.index(f"N-2026-000{n}") for n in (2, 1, 3)]
    assert places == sorted(places)
    assert all(again(row).sent_at for row in gathered)
    run_digests(MORNING + dt.timedelta(minutes=15))
    assert len(mail.outbox) == 1


@pytest.mark.known_leak(55)  # a digest mixed what several may see: IFRC GO 767
def test_a_digest_leaves_out_what_was_withdrawn_and_what_was_done_no_longer_asks(
    gathered: list[Delivery], source: Source
) -> None:
    source.withheld = {"need:1"}
    Delivery.objects.filter(subject="need:2").update(done_at=MORNING)
    run_digests(MORNING)
    body = mail.outbox[0].body
    assert "N-2026-0001" not in body and "N-2026-0002" in body and "Action required" not in body
    assert mail.outbox[0].subject.startswith("2 messages")
    assert again(gathered[0]).suppressed_at and again(gathered[2]).sent_at


def test_a_digest_of_which_nothing_is_left_is_not_sent(gathered: list[Delivery], source: Source) -> None:
    source.withheld = {"need:1", "need:2", "need:3"}
    run_digests(MORNING)
    assert mail.outbox == [] and Digest.objects.get().suppressed_at


def test_a_failed_digest_is_tried_again_under_the_same_id(gathered: list[Delivery], settings: Any) -> None:
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, REFUSING
    run_digests(MORNING)
    settings.EMAIL_BACKEND = backend
    run_digests(MORNING + dt.timedelta(seconds=30))
    assert mail.outbox == []
    run_digests(MORNING + dt.timedelta(minutes=2))
    assert [m.message()["Message-ID"] for m in mail.outbox] == [Digest.objects.get().message_id]


def test_a_digest_that_is_given_up_takes_its_messages_along(gathered: list[Delivery], settings: Any) -> None:
    settings.EMAIL_BACKEND = REFUSING
    for day in range(dispatch.MOST_ATTEMPTS):
        run_digests(MORNING + dt.timedelta(days=day / 4))
    assert Digest.objects.get().dead_at and all(again(row).dead_at for row in gathered)


def test_what_comes_after_the_digest_waits_for_the_next(gathered: list[Delivery], person: User, tell: Tell) -> None:
    run_digests(MORNING)
    with time_machine.travel(MORNING - dt.timedelta(seconds=1), tick=False):
        late = tell(person, Channel.MAIL)  # created before MORNING, committed after the digest was closed
    run_digests(MORNING + dt.timedelta(minutes=15))
    assert len(mail.outbox) == 1 and again(late).due_at == MORNING + dt.timedelta(days=1)
    run_digests(MORNING + dt.timedelta(days=1))
    assert len(mail.outbox) == 2 and len({m.message()["Message-ID"] for m in mail.outbox}) == 2


def test_digests_are_leased_and_handed_out_like_any_mail(gathered: list[Delivery], rings: list[Any]) -> None:
    with time_machine.travel(MORNING, tick=False):
        digests.open_digests()
        rings.clear()
        assert dispatch.relay() == 1 and dispatch.relay() == 0
    assert rings[0][0] == "accounts.tasks.send_digest" and UUID(rings[0][1]) == Digest.objects.get().pk
