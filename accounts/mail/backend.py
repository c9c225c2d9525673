"""Mail backend for the demonstration: writes each mail to a file that a page can show, and sends nothing."""

import datetime as dt
import os
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMail
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

NAME = re.compile(r"\d{8}T\d{12}-[0-9a-f]{32}\.eml")


class OneFilePerMail(BaseEmailBackend):
    """Writes each mail to its own file in settings.EMAIL_FILE_PATH, atomically."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Return how many mails were written; raises OSError if the folder is not writable."""
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
    """One mail of the folder, with the fields shown to a reader."""

    name: str
    sender: str
    to: str
    subject: str
    message_id: str
    language: str
    sent_at: dt.datetime
    text: str


def sent_mails(to: str, *, most: int = 100) -> list[SentMail]:
    """Return the newest mails to this address, newest first, at most `most`."""
    names = sorted((f.name for f in _folder().glob("*.eml") if NAME.fullmatch(f.name)), reverse=True)
    return list(islice((mail for name in names if (mail := _read(name)).to == to), most))


def sent_mail(name: str, to: str) -> SentMail:
    """Return the mail to this address in the file of this name.

    Raises FileNotFoundError, also for the mail of somebody else and for names the backend never writes.
    """
    if not NAME.fullmatch(name) or (mail := _read(name)).to != to:
        raise FileNotFoundError(name)
    return mail


def _read(name: str) -> SentMail:
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
