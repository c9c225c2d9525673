"""Rendering: every registered message as a mail, in the reader's language and time, without confidential content."""

import re
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.utils.translation import override

from accounts.mail.messages import UnknownMessage, registered_messages
from accounts.mail.rendering import letter, send_now
from accounts.models import Channel, User
from accounts.tests.conftest import Tell

LANGUAGES = [code for code, _name in settings.LANGUAGES]
MESSAGES = sorted(message.name for message in registered_messages())
# Messages about the reader's own account: no reference, and no preferences about them.
OWN = ("invitation", "password_reset", "password_changed", "factor_changed", "account_locked")
# An appointment or a rule of a State has no reference number for the subject.
UNNUMBERED = {
    "appointment_begun", "appointment_confirm", "appointment_ended", "deputy_named", "expired_together",
    "membership_decided", "membership_proposed", "membership_widened", "nomination_decided", "nomination_made",
    "nominations_waiting", "post_vacant", "released_together", "request_briefing_due",
    "renewal_asked", "renewal_decided", "token_ends",
    "two_person_changed", "two_person_off_asked", "withdrawn_together",
}  # fmt: skip
ORDINARY = [m for m in MESSAGES if m not in ("digest", *OWN)]
ESCAPED = re.compile(r"&(#\w+|amp|lt|gt|quot);")

pytestmark = pytest.mark.django_db


def test_every_message_is_about_something_the_account_or_the_digest() -> None:
    assert len(ORDINARY) >= 20 and {"digest", *OWN} < set(MESSAGES) and set(ORDINARY) > UNNUMBERED
    assert {m.name for m in registered_messages() if not m.offers_preferences} == set(OWN)


@pytest.mark.turns(12)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("message", ORDINARY)
def test_a_letter_says_kind_reference_link_reason_and_how_to_change_it(
    message: str, language: str, person: User, tell: Tell
) -> None:
    person.language = language
    person.save()
    made = letter(tell(person, Channel.MAIL, message=message, path="/needs/1/?from=mail&to=me"))
    twin = str(made.alternatives[0][0])
    for text in (made.body, twin):
        assert "N-2026-0001" in text
        assert "http://localhost:8000/needs/1/" in text
        assert "http://localhost:8000/me/" in text
        assert "{" not in text and "%" not in text.replace('style="margin:0', "")
    assert ("N-2026-0001" in made.subject) == (message not in UNNUMBERED) and "\n" not in made.subject
    assert not ESCAPED.search(made.subject + made.body) and "/needs/1/?from=mail&to=me\n" in made.body
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in twin
    assert made.message()["Content-Language"] == language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("message", OWN)
def test_a_letter_about_the_account_says_kind_link_and_reason(
    message: str, language: str, person: User, tell: Tell
) -> None:
    person.language = language
    person.save()
    made = letter(tell(person, Channel.MAIL, message=message, values={}, path="/security/?from=mail&to=me"))
    twin = str(made.alternatives[0][0])
    for text in (made.body, twin):
        assert re.search("/security/|/unlock/|/password/reset/key/", text)
        assert "http://localhost:8000/me/" not in text, "one cannot choose to get it less often"
        assert "{" not in text and "%" not in text.replace('style="margin:0', "")
    assert made.body.startswith(f"{made.subject}\n") and "\n" not in made.subject
    assert not ESCAPED.search(made.subject + made.body)


def test_the_bell_says_what_the_mail_says(person: User, tell: Tell) -> None:
    for message in (m for m in MESSAGES if m != "digest"):
        row = tell(person, Channel.MAIL, message=message)
        assert row.text == letter(row).subject


@pytest.mark.turns(3)
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_line_that_names_the_matter_begins_with_the_event_and_has_no_code(
    language: str, person: User, tell: Tell
) -> None:
    with override(language):
        for message in (m for m in MESSAGES if m != "digest"):
            text = tell(person, Channel.PORTAL, message=message).event_text
            assert "N-2026-0001" not in text and "%" not in text, text
            assert text[0].isalnum() and text[0] == text[0].upper(), text


def test_a_message_that_no_app_has_registered_is_an_error() -> None:
    with pytest.raises(UnknownMessage, match="'unheard_of'"):
        send_now(to="new@example.org", language="en", message="unheard_of", values={})


def test_a_letter_is_dated_in_the_time_of_its_reader(person: User, tell: Tell) -> None:
    person.time_zone = "Asia/Tokyo"
    person.save()
    with time_machine.travel("2026-03-07T20:30:00Z", tick=False):
        made = letter(tell(person, Channel.MAIL))
    assert re.search(r"8 March 2026.*5:30", made.body) and "(Asia/Tokyo)" in made.body


def test_values_cannot_break_out_of_header_or_markup(person: User, tell: Tell) -> None:
    made = letter(tell(person, Channel.MAIL, values={"reference": "N-1\r\nBcc: all@example.org <b>&"}))
    assert "\n" not in made.subject and "<b>&" in made.body
    assert "&lt;b&gt;&amp;" in str(made.alternatives[0][0])
    assert made.message()["Bcc"] is None


def test_a_letter_that_must_not_be_kept_is_sent_at_once() -> None:
    link = "http://localhost:8000/welcome/one-time/"
    send_now(to="new@example.org", language="fr", message="invitation", values={"link": link})
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"] and link in sent.body
    assert 'lang="fr"' in str(sent.alternatives[0][0]) and sent.message()["Message-ID"]


def test_a_failure_to_send_at_once_is_told(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(OSError, match="refused"):
        send_now(to="new@example.org", language="en", message="invitation", values={"link": "x"})
