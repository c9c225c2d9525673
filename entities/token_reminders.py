"""Warnings before an API token ends, so that a program does not stop without anybody knowing why.

Each has an event id made from the token and the threshold, so a second run, or a second scheduler, queues nothing twice.
"""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.mail import outbox
from accounts.mail.outbox import Recipient
from accounts.models import ApiToken, Delivery, User

SOURCE, MESSAGE = "tokens", "token_ends"
NAMES = UUID("5d0f2a0e-6b0d-4c39-9a53-2f3f0a9e8b11")
BEFORE = (timedelta(days=1), timedelta(days=7))  # the nearest threshold that has passed is the one that is sent


def run() -> int:
    """Warn the owners of tokens that end soon; return how many warnings were queued. Safe to run twice."""
    due = {_event(token): token for token in _ending() if not token.is_dead}
    told = set(Delivery.objects.filter(event__in=due).values_list("event", flat=True))
    new = {event: token for event, token in due.items() if event not in told}
    for event, token in new.items():
        outbox.enqueue(
            event=event, source=SOURCE, subject=f"token:{token.uid}", message=MESSAGE, values={},
            path=reverse("tokens"), recipients=[Recipient(token.user)],
        )  # fmt: skip
    return len(new)


def _ending() -> Iterable[ApiToken]:
    """Return the tokens that end within the longest threshold, unless they were made for no longer than that."""
    now = timezone.now()
    soon = ApiToken.objects.filter(expiry__gt=now, expiry__lte=now + BEFORE[-1])
    return soon.filter(expiry__gt=F("created") + BEFORE[-1]).select_related("user")


def _event(token: ApiToken) -> UUID:
    left = (token.expiry or timezone.now()) - timezone.now()
    before = next(span for span in BEFORE if left <= span)
    return uuid.uuid5(NAMES, f"{token.uid} {before.days}")


def may_be_told(user: User, subjects: Iterable[str], actor: object = None) -> set[str]:
    """Return those of the subjects that are tokens of this user that still work."""
    wanted = {subject: key for subject in subjects if (key := subject.removeprefix("token:")) != subject}
    own = ApiToken.objects.filter(user=user, uid__in=wanted.values()).select_related("user")
    alive = {str(token.uid) for token in own if not token.is_dead}
    return {subject for subject, key in wanted.items() if key in alive}
