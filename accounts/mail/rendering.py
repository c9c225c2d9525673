"""Renders messages as mails in the reader's language, without anything that must not be in a mail."""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.utils import make_msgid

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import localize

from accounts.mail.account_messages import ACCOUNT_LOCKED, DIGEST, INVITATION, PASSWORD_RESET
from accounts.mail.messages import get_message, reason_named
from accounts.mail.schedule import zone_of
from accounts.models import Delivery, Digest, User
from accounts.sign_in.lockout import unlock_key


def letter(delivery: Delivery) -> EmailMultiAlternatives:
    """Return the mail of one message for its recipient. Raises UnknownMessage."""
    reader = delivery.recipient
    with _as_read_by(reader):
        secrets = LATE_VALUES.get(delivery.message, _nothing)(reader)
        context = {**_entry(delivery), "values": delivery.values, "zone": reader.time_zone, **secrets}
        return _mail(reader.email, delivery.message, {**delivery.values, **context}, delivery.message_id)


def digest_letter(digest: Digest, deliveries: Sequence[Delivery]) -> EmailMultiAlternatives:
    """Return the digest mail with these messages for its recipient, those with an open action first."""
    reader = digest.recipient
    with _as_read_by(reader):
        context = {
            "count": len(deliveries),
            "counter": localize(len(deliveries)),
            "actions": [_entry(d) for d in deliveries if d.needs_action and d.done_at is None],
            "information": [_entry(d) for d in deliveries if not (d.needs_action and d.done_at is None)],
            "link": _absolute(reverse("inbox")),
            "zone": reader.time_zone,
        }
        return _mail(reader.email, DIGEST, context, digest.message_id)


def send_now(*, to: str, language: str, message: str, values: Mapping[str, object]) -> None:
    """Send a mail to an address at once, for content the outbox must not store, such as an invitation's one-time link.

    `values` may hold "link", an absolute URL. Raises UnknownMessage, and OSError (which includes smtplib's errors) if
    sending fails.
    """
    with translation.override(language), timezone.override(dt.UTC):
        context = {**values, "when": timezone.now(), "zone": "UTC"}
        _mail(to, message, context, make_msgid(domain=settings.MESSAGE_ID_DOMAIN)).send()


@contextmanager
def _as_read_by(reader: User) -> Iterator[None]:
    zone: zoneinfo.ZoneInfo = zone_of(reader)
    with translation.override(reader.language), timezone.override(zone):
        yield


def _entry(delivery: Delivery) -> dict[str, object]:
    return {
        "kind": delivery.text,
        "reference": delivery.values.get("reference", ""),
        "link": _absolute(delivery.path),
        "when": delivery.created_at,
    }


def _mail(to: str, name: str, context: Mapping[str, object], message_id: str) -> EmailMultiAlternatives:
    """Return the mail of the message of this name, in the active language and time zone. Raises UnknownMessage."""
    message = get_message(name)
    subject, own = message.render_subject(context), reason_named(context.get("because"))
    choices = reverse(own.page) if own else f"{reverse('messages')}#{message.name}"
    frame = {
        **context,
        "kind": subject,
        "reason": own.text if own else message.reason,
        "link_text": message.link_text,
        "language": translation.get_language(),
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "preferences": _absolute(reverse("preferences")) if message.offers_preferences else "",
        "rule": message.title if message.group else "",
        "choices": _absolute(choices) if message.group else "",
    }
    mail = EmailMultiAlternatives(
        subject=subject,
        body=_render_text(f"mail/{message.template}.txt", frame),
        to=[to],
        headers=_headers(message_id),
    )
    mail.attach_alternative(render_to_string(f"mail/{message.template}.html", frame), "text/html")
    return mail


def _render_text(template: str, values: Mapping[str, object]) -> str:
    """Return a rendered text template, without HTML escaping."""
    return Engine.get_default().get_template(template).render(Context(dict(values), autoescape=False))


def _headers(message_id: str) -> dict[str, str]:
    return {
        "Message-ID": message_id,
        "List-Id": f"<notifications.{settings.MESSAGE_ID_DOMAIN}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": translation.get_language() or settings.LANGUAGE_CODE,
    }


def _absolute(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path


def _password_reset(user: User) -> dict[str, object]:
    """Return a new one-time link, made while rendering so that it is stored in no table and no queue."""
    key = default_token_generator.make_token(user)
    uid = user_pk_to_url_str(user)
    return {"link": _absolute(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key}))}


def _unlock(user: User) -> dict[str, object]:
    return {"link": _absolute(reverse("unlock", kwargs={"key": unlock_key(user)}))}


def _nothing(user: User) -> dict[str, object]:
    return {}


# Values that may not be stored, by message: computed for the reader at the moment of sending.
LATE_VALUES: Mapping[str, Callable[[User], dict[str, object]]] = {
    PASSWORD_RESET: _password_reset,
    INVITATION: _password_reset,
    ACCOUNT_LOCKED: _unlock,
}
