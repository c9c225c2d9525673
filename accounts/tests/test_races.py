"""Concurrency: relays, workers and schedulers do nothing twice, and a slow mail server blocks nobody else."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.mail import digests, dispatch, outbox, rendering
from accounts.models import Channel, Delivery, Digest, User
from accounts.tests.conftest import Tell
from accounts.tests.smtp import Sink
from accounts.tests.test_dispatch import MORNING

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Return a function that runs jobs in parallel threads, each with its own connection, and returns the results."""
    start, given = threading.Barrier(len(jobs)), []

    def run(job: Callable[[], Any]) -> None:
        try:
            start.wait()
            given.append(job())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(given) == len(jobs)
    return given


def test_relays_at_the_same_moment_hand_out_each_mail_once(person: User, tell: Tell, rings: list[Any]) -> None:
    for _ in range(30):
        tell(person, Channel.MAIL)
    rings.clear()
    assert sum(at_once(*[dispatch.relay] * 4)) == 30
    handed = [pk for _task, *ids in rings for pk in ids]
    assert len(set(handed)) == len(handed) == 30


def test_of_two_who_use_a_one_time_link_at_once_one_finds_it_spent(person: User) -> None:
    link = str(rendering.LATE_VALUES["password_reset"](person)["link"]).removeprefix("http://localhost:8000")
    chosen = [f"a much longer phrase {number}" for number in range(3)]

    def use(password: str) -> Callable[[], tuple[str, int]]:
        client = Client()
        form = client.get(link, follow=True).request["PATH_INFO"]
        return lambda: (password, client.post(form, {"password1": password, "password2": password}).status_code)

    given = at_once(*map(use, chosen))
    ((taken, _status),) = [each for each in given if each[1] == 302]
    person.refresh_from_db()
    assert person.check_password(taken)
    assert sorted(status for _password, status in given) == [200, 200, 302]


def test_schedulers_at_the_same_moment_open_one_digest(person: User, tell: Tell) -> None:
    person.mail_rhythm = "daily"
    person.save()
    for _ in range(5):
        tell(person, Channel.MAIL)
    Delivery.objects.update(due_at=MORNING)
    assert sum(at_once(*[lambda: digests.open_digests(MORNING)] * 4)) == 1
    assert Digest.objects.get().deliveries.count() == 5
    assert set(Delivery.objects.filter(channel="mail").values_list("due_at", flat=True)) == {MORNING}


def test_a_slow_mail_server_holds_up_neither_a_second_worker_nor_the_portal(
    person: User, tell: Tell, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    mail = tell(person, Channel.MAIL, needs_action=True)
    waiting = tell(person, Channel.MAIL, subject="need:2")
    with Sink(stalls=1) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        slow = threading.Thread(target=lambda: (dispatch.send(str(mail.pk)), connection.close()))
        slow.start()
        assert sink.arrived.acquire(timeout=20)
        began = time.monotonic()
        dispatch.send(str(mail.pk))
        outbox.settle(source="work", subjects=["need:1"])
        person.mail_rhythm = "daily"
        outbox.reschedule(person)
        assert time.monotonic() - began < 1
        sink.closing.set()
        slow.join(20)
        assert len(sink.mails) == 1
    assert Delivery.objects.get(pk=mail.pk).sent_at
    assert Delivery.objects.get(pk=waiting.pk).in_digest
    assert Delivery.objects.get(event=mail.event, channel="portal").done_at


def test_an_event_told_twice_at_the_same_moment_is_owed_once(person: User, tell: Tell) -> None:
    with time_machine.travel(timezone.now(), tick=True):
        event = tell(person).event
    again = [lambda: tell(person, event=event)] * 4
    at_once(*again)
    assert Delivery.objects.filter(event=event).count() == 2
