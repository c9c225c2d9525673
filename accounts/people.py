"""What people change about themselves; page and API call the same function."""

from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.outbox import reschedule


@transaction.atomic
def save_preferences(user: User, changes: dict[str, Any]) -> User:
    """Save these fields of a person; mail that already waits follows a new rhythm or time zone."""
    for field, value in changes.items():
        setattr(user, field, value)
    user.save(update_fields=list(changes))
    if {"mail_rhythm", "time_zone"} & set(changes):
        reschedule(user)
    return user
