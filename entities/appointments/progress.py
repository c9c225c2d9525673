"""The progress of a nomination and how long it has waited, as shown to the organisation, UNOCT and the user."""

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from entities.models import Appointment, Phase
from web.dates import in_words

OLD = timedelta(days=7)  # nominations older than this are marked, and UNOCT is reminded every week
ON_THE_WAY = (Phase.AWAITING, Phase.COMING, Phase.RUNNING)


def is_let_in(person: User) -> bool:
    """Return whether UNOCT approved an appointment of this user that nobody has ended."""
    return Appointment.objects.filter(user=person, approved_at__isnull=False, ended_at__isnull=True).exists()


def days_since(moment: datetime) -> int:
    """Return the number of whole days since then."""
    return max(0, (timezone.now() - moment).days)


def is_old(moment: datetime) -> bool:
    """Return whether something has waited since then for longer than `OLD`."""
    return timezone.now() - moment > OLD


def progress_steps(row: Appointment, *, has_factor: bool | None = None) -> list[dict[str, Any]]:
    """Return the steps from nomination to a running appointment for the stepper: done, here, to come.

    Empty once the appointment is ended, expired or lapsed. "Here" is the awaited step, with who has to take it. Whether
    the user has a second factor is queried unless it is given: a list of one user's appointments queries it once.
    """
    if row.phase not in ON_THE_WAY:
        return []
    begun = row.phase == Phase.RUNNING
    come_in = row.user.has_usable_password()
    if has_factor is None:
        has_factor = is_mfa_enabled(row.user)
    steps: list[tuple[str, bool, str]] = [
        (pgettext("appointment step", "Nominated"), True, ""),
        (
            _("Approved by UNOCT"),
            bool(row.approved_at),
            _("Awaiting approval by a coordinator of UNOCT who did not make the nomination."),
        ),
        (_("Invitation accepted"), come_in, _("Invited. The person sets a password with the link in the email.")),
        (_("Second factor set up"), come_in and has_factor, _("The person sets it up after signing in.")),
        (pgettext("appointment status", "In force"), begun, _("Starts on %(day)s.") % {"day": in_words(row.since)}),
    ]
    if not settings.SECOND_FACTOR_REQUIRED:  # the demonstration
        del steps[3]
    if not row.approved_at:  # before approval nobody learns whether the address is known
        steps = [(label, done and place < 2, hint) for place, (label, done, hint) in enumerate(steps)]
    here = next((place for place, (_label, done, _hint) in enumerate(steps) if not done), len(steps) - 1)
    return [
        {
            "label": label,
            "state": "here" if place == here else "done" if done else "todo",
            "hint": hint if place == here and not done else "",
        }
        for place, (label, done, hint) in enumerate(steps)
    ]


def name_for(row: Appointment, *, coordinates: bool) -> str:
    """Return the name shown to this reader: before approval, only UNOCT sees the name of the existing user."""
    return row.user.name if row.approved_at or coordinates else row.named_as


def other_name(row: Appointment, *, coordinates: bool) -> str:
    """Return, for UNOCT, the name given by the organisation, where it differs from the user's name."""
    differs = row.named_as and row.named_as.casefold() != row.user.name.casefold()
    return row.named_as if coordinates and differs else ""
