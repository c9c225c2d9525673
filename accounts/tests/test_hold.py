"""After a restore no mail is sent until a person says what becomes of the mail that waited."""

from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.mail import dispatch, hold
from accounts.mail.account_messages import PASSWORD_RESET
from accounts.mail.outbox import owe_letter
from accounts.models import Channel, Delivery, Sending, User
from accounts.tests.conftest import Tell

pytestmark = pytest.mark.django_db


def run(command: str, *options: str) -> str:
    out = StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue()


def restore() -> None:
    """Leave the database as one that was restored from another: it holds that one's identity."""
    hold.held_since()
    Sending.objects.update(database="7000000000000000000/16384/00000001")


def test_a_database_is_recognised(person: User, tell: Tell) -> None:
    tell(person, Channel.MAIL)
    assert hold.held_since() is None and hold.held_since() is None
    assert Sending.objects.get().database.count("/") == 2
    assert dispatch.relay() == 1


@pytest.mark.parametrize("part", [0, 1, 2], ids=["cluster", "database", "timeline"])
def test_another_cluster_database_or_timeline_is_a_restore(part: int) -> None:
    hold.held_since()
    parts = Sending.objects.get().database.split("/")
    parts[part] = "1"
    Sending.objects.update(database="/".join(parts))
    assert hold.held_since() is not None and Sending.objects.get().reason == hold.RESTORED


def test_after_a_restore_nothing_is_handed_out_and_what_is_in_the_queue_is_not_sent(person: User, tell: Tell) -> None:
    row = tell(person, Channel.MAIL)
    restore()
    assert dispatch.relay() == 0
    dispatch.send(str(row.pk))
    row.refresh_from_db()
    assert mail.outbox == [] and row.is_waiting and row.attempts == 0
    assert Delivery.objects.filter(channel=Channel.PORTAL, recipient=person).exists(), "the bell is not held"


def test_who_asks_for_a_new_password_meanwhile_gets_the_letter(person: User, tell: Tell) -> None:
    owe_letter(person, PASSWORD_RESET)
    restore()
    dispatch.relay()
    tell(person, Channel.MAIL)
    owe_letter(person, PASSWORD_RESET)
    assert dispatch.relay() == 1
    late = Delivery.objects.filter(message=PASSWORD_RESET).latest("created_at")
    dispatch.send(str(late.pk))
    assert len(mail.outbox) == 1


def test_releasing_sends_what_waited_or_withholds_it(person: User, tell: Tell) -> None:
    waited = tell(person, Channel.MAIL)
    restore()
    dispatch.relay()
    later = tell(person, Channel.MAIL)
    assert "1 mails withheld, 1 wait" in run("release_sending", "--withhold")
    waited.refresh_from_db()
    assert waited.suppressed_at and dispatch.relay() == 1
    dispatch.send(str(later.pk))
    assert len(mail.outbox) == 1
    run("hold_sending", "--reason", "trying")
    again = tell(person, Channel.MAIL)
    assert dispatch.relay() == 0
    assert "0 mails withheld" in run("release_sending", "--send")
    assert dispatch.relay() == 1 and hold.held_since() is None
    assert not Delivery.objects.get(pk=again.pk).suppressed_at


def test_what_becomes_of_the_mail_has_to_be_said() -> None:
    with pytest.raises(CommandError, match="required"):
        call_command("release_sending")


def test_a_hold_keeps_its_beginning(person: User, caplog: Any) -> None:
    began = hold.hold("first")
    assert hold.hold("second") == began <= timezone.now()
    assert Sending.objects.get().reason == "first" and "Sending is held: first" in caplog.text
