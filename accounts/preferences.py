"""Changes of a user's own settings, called by pages and API alike."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.mail.outbox import reschedule
from accounts.models import User


@transaction.atomic
def save_preferences(user: User, changes: dict[str, Any]) -> User:
    """Save these fields of a user; waiting mail is rescheduled for a new frequency or time zone."""
    for field, value in changes.items():
        setattr(user, field, value)
    details = {"phone", "spoken"} & set(changes)
    if details:
        user.details_confirmed_at = timezone.now()
    user.save(update_fields=[*changes, *(["details_confirmed_at"] if details else [])])
    if {"mail_rhythm", "time_zone"} & set(changes):
        reschedule(user)
    return user


def confirm_details(user: User) -> User:
    """Return the user, who has confirmed that their details in the directory are right."""
    user.details_confirmed_at = timezone.now()
    user.save(update_fields=["details_confirmed_at"])
    return user
