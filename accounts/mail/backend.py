"""Mail for the demonstration: every mail becomes one file that a page can show, instead of leaving the machine."""

import datetime as dt
import os
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMail
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{32}\.eml")


class OneFilePerMail(BaseEmailBackend):
    """Writes each mail to a file of its own in settings.EMAIL_FILE_PATH; a reader never sees half a mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Return how many were written; raises OSError if the folder cannot be written to."""
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            name = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex}.eml"
            half = folder / f".{name}"
            half.write_bytes(mail.message().as_bytes())
            os.replace(half, folder / name)
        return len(email_messages)


@dataclass(frozen=True)
class SentMail:
    """One mail of the folder, as a reader wants to see it."""

    name: str
    sender: str
    to: str
    subject: str
    message_id: str
    language: str
    sent_at: dt.datetime
    text: str


def sent_mails(*, most: int = 100) -> list[SentMail]:
    """Return the newest mails of the folder, newest first."""
    names = sorted((f.name for f in _folder().glob("*.eml") if NAME.fullmatch(f.name)), reverse=True)
    return [sent_mail(name) for name in names[:most]]


def sent_mail(name: str) -> SentMail:
    """Return one mail by the name of its file; raises FileNotFoundError, also for names the portal never gave."""
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    mail = message_from_bytes((_folder() / name).read_bytes(), policy=policy.default)
    return SentMail(
        name=name,
        sender=str(mail["From"] or ""),
        to=str(mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        message_id=str(mail["Message-ID"] or ""),
        language=str(mail["Content-Language"] or ""),
        sent_at=dt.datetime.strptime(name[:21], "%Y%m%dT%H%M%S%f").replace(tzinfo=dt.UTC),
        text=_text(mail),
    )


def _text(mail: ParsedMail) -> str:
    body = mail.get_body(preferencelist=("plain",))
    return body.get_content() if body else ""


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)
