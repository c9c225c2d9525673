"""A batch: mails go over one connection, and nothing that happens to one of them or to the connection harms another."""

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.mail import breaker, dispatch, hold
from accounts.mail.account_messages import PASSWORD_CHANGED
from accounts.mail.outbox import owe_letter
from accounts.models import Channel, Delivery, User
from accounts.tests.conftest import Source, Tell
from accounts.tests.smtp import Sink

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


@pytest.fixture
def people() -> list[User]:
    return [User.objects.create_user(f"reader{n}@example.org", "correct horse") for n in range(MANY)]


@pytest.fixture
def rows(people: list[User], tell: Tell) -> list[Delivery]:
    """One mail to each of several people, in the order in which a batch sends them."""
    sent_in_order = sorted(people, key=lambda person: person.pk)
    return [tell(person, Channel.MAIL, subject=f"need:{n}") for n, person in enumerate(sent_in_order)]


@pytest.fixture
def smtp(settings: Any) -> Iterator[Any]:
    """Return a function that starts a mail server and has the portal send to it."""
    started: list[Sink] = []

    def start(**options: Any) -> Sink:
        started.append(Sink(**options).__enter__())
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", started[-1].port
        return started[-1]

    yield start
    for sink in started:
        sink.__exit__()


def send(rows: list[Delivery]) -> None:
    dispatch.send(*(str(row.pk) for row in rows))


def again(row: Delivery) -> Delivery:
    return Delivery.objects.get(pk=row.pk)


def copies(sink: Sink) -> Counter[str]:
    return Counter(str(letter["Message-ID"]) for letter in sink.mails)


def once_each(rows: list[Delivery]) -> Counter[str]:
    return Counter(row.message_id for row in rows)


def test_the_mails_of_a_batch_go_over_one_connection(rows: list[Delivery], smtp: Any) -> None:
    sink = smtp()
    send(rows)
    assert copies(sink) == once_each(rows) and sink.connections == 1
    assert all(again(row).sent_at for row in rows)


def test_a_mail_alone_opens_and_closes_its_own(rows: list[Delivery], smtp: Any) -> None:
    sink = smtp()
    for row in rows[:2]:
        send([row])
    assert sink.connections == 2 and copies(sink) == once_each(rows[:2])


@pytest.mark.parametrize("limit", ["most", "closes_after"])
def test_a_server_that_ends_the_connection_gets_the_rest_over_another(
    rows: list[Delivery], smtp: Any, limit: str
) -> None:
    sink = smtp(**{limit: 2})
    send(rows)
    assert copies(sink) == once_each(rows) and sink.connections == 3
    assert all(again(row).sent_at and again(row).attempts == 1 for row in rows) and not breaker.is_open()


def test_a_connection_lost_in_the_middle_loses_nothing_and_doubles_nothing(rows: list[Delivery], smtp: Any) -> None:
    sink = smtp()
    arrived, take = sink.arrived.release, 2

    def lose_the_third() -> None:
        arrived()
        sink.lose = len(sink.kept) == take

    sink.arrived.release = lose_the_third
    send(rows)
    lost = again(rows[take])
    assert lost.is_waiting and lost.attempts == 1 and "SMTPServerDisconnected" in lost.last_error
    others = [row for row in rows if row.pk != lost.pk]
    assert copies(sink) == once_each(others) and sink.connections == 2
    assert not breaker.is_open(), "the server took the next mail over a new connection"
    with time_machine.travel(lost.leased_until + dispatch.FIRST_REST):
        assert dispatch.relay() == 1
        send(rows)
    assert copies(sink) == once_each(rows)


def test_a_server_that_goes_away_in_a_batch_is_tried_once_more_and_left_alone(
    rows: list[Delivery], smtp: Any, settings: Any
) -> None:
    sink = smtp()
    arrived = sink.arrived.release

    def go_away() -> None:
        arrived()
        settings.EMAIL_PORT, sink.lose = 1, True

    sink.arrived.release = go_away
    send(rows)
    assert copies(sink) == once_each(rows[:1]) and breaker.is_open()
    assert [again(row).attempts for row in rows] == [1, 1, 1, *[0] * (MANY - 3)], "a pause costs no mail a try"
    assert all(again(row).leased_until is None for row in rows[3:]), "they are free for a later relay"


def test_a_refused_recipient_is_tried_again_later_and_the_others_get_their_mail(
    rows: list[Delivery], smtp: Any
) -> None:
    sink = smtp(refuse_to=rows[1].recipient.email)
    send(rows)
    refused = again(rows[1])
    assert refused.is_waiting and "nobody here" in refused.last_error and "@" not in refused.last_error
    assert copies(sink) == once_each([rows[0], *rows[2:]]) and sink.connections == 1


def test_a_fault_in_one_mail_is_raised_when_the_others_are_sent(
    rows: list[Delivery], smtp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink, letter = smtp(), dispatch.letter

    def fail(delivery: Delivery) -> Any:
        if delivery.pk == rows[1].pk:
            raise KeyError("reference")
        return letter(delivery)

    monkeypatch.setattr(dispatch, "letter", fail)
    with pytest.raises(KeyError):
        send(rows)
    assert copies(sink) == once_each([rows[0], *rows[2:]])
    assert again(rows[1]).is_waiting and again(rows[1]).last_error.startswith("KeyError")


def test_two_workers_with_the_same_batch_send_each_mail_once(rows: list[Delivery], smtp: Any) -> None:
    sink = smtp()
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        send(rows)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert copies(sink) == once_each(rows) and all(again(row).sent_at for row in rows)


def test_after_its_time_a_batch_leaves_the_rest_to_a_later_relay(
    rows: list[Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dispatch.relay() == MANY
    monkeypatch.setattr(dispatch, "BATCH_SECONDS", 0)
    send(rows)
    assert len(mail.outbox) == 1 and [again(row).attempts for row in rows] == [1, *[0] * (MANY - 1)]
    assert dispatch.relay() == MANY - 1


def test_sending_held_in_the_middle_of_a_batch_ends_it(
    rows: list[Delivery], person: User, smtp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink, compose = smtp(), dispatch.letter

    def hold_sending(delivery: Delivery) -> Any:
        hold.hold("by hand")
        return compose(delivery)

    monkeypatch.setattr(dispatch, "letter", hold_sending)
    send(rows)
    assert copies(sink) == once_each(rows[:1]) and all(again(row).attempts == 0 for row in rows[1:])
    owe_letter(person, PASSWORD_CHANGED)
    assert dispatch.relay() == 1, "a letter about an account goes all the same"


def test_what_is_held_is_free_again_when_its_batch_is_given_back(rows: list[Delivery], person: User) -> None:
    assert dispatch.relay() == MANY
    hold.hold("by hand")
    owe_letter(person, PASSWORD_CHANGED)
    send([*rows, Delivery.objects.get(message=PASSWORD_CHANGED)])
    assert [letter.to for letter in mail.outbox] == [[person.email]]
    assert all(again(row).leased_until is None and again(row).attempts == 0 for row in rows)


def test_the_right_is_asked_once_for_the_mails_of_a_reader_and_anew_after_a_second(
    person: User, tell: Tell, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [tell(person, Channel.MAIL, subject=f"need:{n}") for n in range(4)]
    source.withheld = {"need:1"}
    source.asked = 0
    send(rows[:3])
    assert source.asked == 1 and len(mail.outbox) == 2 and again(rows[1]).suppressed_at
    monkeypatch.setattr(dispatch, "RIGHT_SECONDS", 0)
    send([tell(person, Channel.MAIL, subject=f"need:{n}") for n in range(5, 8)])
    assert source.asked == 4
    User.objects.filter(pk=person.pk).update(is_active=False)
    send(rows[3:])
    assert again(rows[3]).suppressed_at and len(mail.outbox) == 5


def test_a_mail_more_costs_eight_statements(rows: list[Delivery], source: Source) -> None:
    """Two transactions, each with its beginning and end: the attempt and its setting; the row and how it ended."""
    hold.held_since()
    counts = []
    for batch in (rows[:1], rows[1:4]):
        with CaptureQueriesContext(connection) as queries:
            send(batch)
        counts.append(len(queries))
    assert counts == [3 + 8, 3 + 3 * 8], [query["sql"] for query in queries]


def test_a_batch_is_not_begun_while_the_server_is_left_alone(rows: list[Delivery], smtp: Any) -> None:
    sink = smtp()
    cache.set(breaker.OPEN, True, 30)
    assert dispatch.relay(timezone.now()) == 0
    send(rows)
    assert not sink.connections and all(again(row).attempts == 0 for row in rows)
