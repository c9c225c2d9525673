"""End to end without replacements: PostgreSQL, broker, a real worker and mail server; with kill -9 in between."""

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from celery import Celery, current_app
from django.conf import settings as site
from django.db import connection, transaction
from django.utils import timezone

from accounts.mail import broker, dispatch, outbox
from accounts.mail.outbox import Recipient
from accounts.mail.visibility import ACCOUNT
from accounts.models import Channel, Delivery, User
from accounts.tests.smtp import Sink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SECONDS = 40


def owe(*people: User) -> None:
    """Record an event in its own transaction, as a transition does; its source, the account, is always visible."""
    with transaction.atomic():
        outbox.enqueue(
            event=uuid4(), source=ACCOUNT, subject="need:1", message="match_accepted",
            values={"reference": "N-2026-0001"}, path="/needs/1/", recipients=[Recipient(p) for p in people],
        )  # fmt: skip


def until(happened: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, f"{what}: not within {SECONDS} seconds"
        time.sleep(0.1)


class Worker:
    """A real Celery worker in its own process group, on the database and the broker of the test."""

    def __init__(self, sink: Sink, log: Path) -> None:
        database = urlsplit(os.environ["DATABASE_URL"])
        folder = database.path.rpartition("/")[0]
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DATABASE_URL": database._replace(path=f"{folder}/{connection.settings_dict['NAME']}").geturl(),
            "REDIS_URL": site.REDIS_URL,
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        }
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "--app", "portal.celery", "worker", "--concurrency", "1"]
        command += ["--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=site.BASE_DIR, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture(autouse=True)
def empty_broker(settings: Any) -> None:
    """Remove the tasks of other tests from the queue."""
    settings.ROOT_URLCONF = "portal.urls"
    with current_app.connection_for_write() as broker:
        broker.default_channel.client.flushdb()


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[[Sink], Worker]]:
    workers: list[Worker] = []

    def start(sink: Sink) -> Worker:
        workers.append(Worker(sink, tmp_path / "worker.log"))
        workers[-1].start()
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()


def unsent() -> int:
    return Delivery.objects.waiting().filter(channel=Channel.MAIL).count()


@pytest.mark.turns(days=2)
def test_word_reaches_two_people_by_bell_and_by_mail(
    person: User, other: User, start_worker: Callable[[Sink], Worker]
) -> None:
    User.objects.filter(pk=other.pk).update(language="ar")
    with Sink() as sink:
        start_worker(sink)
        owe(person, other)
        until(lambda: not unsent(), "both mails are marked as sent")
        assert {mail["To"]: mail["Content-Language"] for mail in sink.mails} == {
            "amal@example.org": "en", "boris@example.org": "ar",
        }  # fmt: skip
    assert Counter(Delivery.objects.filter(channel=Channel.PORTAL).values_list("recipient", flat=True)) == {
        person.pk: 1, other.pk: 1,
    }  # fmt: skip


@pytest.mark.turns(days=3)
def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing_in_the_portal(
    person: User, start_worker: Callable[[Sink], Worker]
) -> None:
    with Sink(stalls=1) as sink:
        worker = start_worker(sink)
        owe(person)
        assert sink.arrived.acquire(timeout=SECONDS), "the mail server has the mail, the worker does not know it yet"
        worker.kill()
        assert unsent() == 1
        worker.start()
        # The lease of a killed worker ends by time alone; the test does not wait for it, but passes a later time.
        until(
            lambda: dispatch.relay(timezone.now() + dispatch.LEASE + dt.timedelta(seconds=1)), "the row is free again"
        )
        until(lambda: not unsent(), "the mail is marked as sent")
        ids = [mail["Message-ID"] for mail in sink.mails]
    row = Delivery.objects.get(channel=Channel.MAIL)
    assert ids == [row.message_id] * 2, "at most a second copy, and a mailbox knows it by its id"
    assert Delivery.objects.filter(channel=Channel.PORTAL).count() == 1


@pytest.mark.turns(days=4)
def test_two_workers_killed_in_their_batches_lose_nothing_and_repeat_at_most_one_mail_each(
    person: User, start_worker: Callable[[Sink], Worker]
) -> None:
    mails = 4 * dispatch.BATCH
    with Sink() as sink:
        workers = [start_worker(sink) for _ in range(2)]
        for _ in range(mails):
            owe(person)
        for _ in range(dispatch.BATCH):
            assert sink.arrived.acquire(timeout=SECONDS)
        for worker in workers:
            worker.kill()
        assert unsent()
        for worker in workers:
            worker.start()
        until(
            lambda: dispatch.relay(timezone.now() + dispatch.LEASE + dt.timedelta(seconds=1)), "the rows are free again"
        )
        until(lambda: not unsent(), "all mails are marked as sent")
        copies = Counter(mail["Message-ID"] for mail in sink.mails)
    assert set(copies) == {row.message_id for row in Delivery.objects.filter(channel=Channel.MAIL)}
    assert len(copies) == mails and max(copies.values()) <= 2 and sink.connections < mails / 2
    assert sum(copies.values()) - mails <= len(workers)


@pytest.mark.turns(days=3)
def test_an_emptied_broker_loses_nothing(person: User, start_worker: Callable[[Sink], Worker]) -> None:
    owe(person)
    assert dispatch.relay() == 1
    with current_app.connection_for_write() as broker:
        broker.default_channel.client.flushdb()
    with Sink() as sink:
        start_worker(sink)
        until(
            lambda: dispatch.relay(timezone.now() + dispatch.LEASE + dt.timedelta(seconds=1)), "the row is free again"
        )
        until(lambda: not unsent(), "the mail is marked as sent")
        assert len(sink.mails) == 1


@pytest.fixture(params=["no socket", "refused", "silent"])
def lost_broker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Give the portal's queue with a broker that is not there, or that accepts connections and does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = {
            "no socket": f"redis+socket://{tmp_path}/nobody.sock?virtual_host=0",
            "refused": "redis://127.0.0.1:1/0",
            "silent": f"redis://127.0.0.1:{silent.getsockname()[1]}/0",
        }
        queue = Celery("lost", set_as_current=False)
        queue.config_from_object("django.conf:settings", namespace="CELERY")
        queue.conf.broker_url = address[request.param]
        monkeypatch.setattr(broker, "current_app", queue)
        yield
        queue.close()


@pytest.mark.turns(3)
def test_with_the_broker_down_a_request_is_done_at_once_and_the_message_waits(person: User, lost_broker: None) -> None:
    began = time.monotonic()
    for _ in range(5):
        owe(person)
    assert time.monotonic() - began < 4, "the broker is waited for once, not five times"
    assert Delivery.objects.filter(channel=Channel.PORTAL).count() == 5 and unsent() == 5
    assert dispatch.relay() == 0
    assert not Delivery.objects.exclude(leased_until=None).exists(), "nothing is leased to nobody"


@pytest.mark.parametrize("refuse", [True, False])
def test_a_real_mail_server_that_refuses_is_tried_again_later(person: User, settings: Any, refuse: bool) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with Sink(refuse=refuse) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        owe(person)
        row = Delivery.objects.get(channel=Channel.MAIL)
        dispatch.send(str(row.pk))
    row.refresh_from_db()
    assert bool(row.sent_at) is not refuse and row.attempts == 1
    assert ("nobody here" in row.last_error) is refuse and "amal@" not in row.last_error
    assert [mail["Message-ID"] for mail in sink.mails] == ([] if refuse else [row.message_id])
