"""What people change about themselves; page and API call the same function."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.mail.outbox import reschedule
from accounts.models import User


@transaction.atomic
def save_preferences(user: User, changes: dict[str, Any]) -> User:
    """Save these fields of a person; mail that already waits follows a new rhythm or time zone."""
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
    """Return the person, who says that what the directory shows of them is right."""
    user.details_confirmed_at = timezone.now()
    user.save(update_fields=["details_confirmed_at"])
    return user
