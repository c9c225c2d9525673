"""Impersonation ("view as"): a coordinator of UNOCT sees the pages as another user does, read-only, to give help.

It lasts a quarter of an hour, with a banner on every page and an entry in the audit log; and it never shows more than
the coordinator may read anyway: what the other user sees and the coordinator does not stays hidden (policy.visible).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from audit import log
from audit.kinds import Kind
from entities.actors import Actor, actor_of
from entities.appointments import is_coordinator
from entities.models import Appointment
from web.exceptions import Forbidden, Invalid

LASTS = timedelta(minutes=15)
KEY = "viewing"


@dataclass(frozen=True)
class Viewing:
    """Whom a coordinator views the portal as, and until when."""

    appointment: Appointment
    ends_at: datetime


def may_view_as(actor: Actor, appointment: Appointment) -> bool:
    """Return whether this user may view the portal as the holder: a coordinator, another user's running appointment."""
    return is_coordinator(actor) and actor.viewer is None and appointment.user_id != actor.user.pk


def start(*, actor: Actor, appointment: Appointment, reason: str, session: Any) -> Viewing:
    """View the portal as this appointment's holder from the next request on; returns whom and until when.

    Raises Forbidden (not a coordinator, oneself, not running) or Invalid (no reason).
    """
    if not may_view_as(actor, appointment) or not Appointment.objects.current().filter(pk=appointment.pk).exists():
        raise Forbidden(
            _(
                "Only a coordinator of UNOCT can view the portal as another user, and only as a user with an "
                "appointment in force."
            )
        )
    if not reason.strip():
        raise Invalid({"reason": [_("Enter a reason.")]})
    viewing = Viewing(appointment, timezone.now() + LASTS)
    _record(appointment, f"until {viewing.ends_at:%Y-%m-%d %H:%M} UTC: {reason.strip()}")
    session[KEY] = {"appointment": str(appointment.pk), "ends_at": viewing.ends_at.isoformat()}
    return viewing


def end(viewing: Viewing | None, session: Any) -> None:
    """End the impersonation from the next request on; the end by timeout is known from the entry of the start."""
    if viewing is not None:
        _record(viewing.appointment, "ended")
    session.pop(KEY, None)


def _record(appointment: Appointment, detail: str) -> None:
    subjects = [f"appointment:{appointment.pk}"]
    log.record(Kind.VIEW_AS, subjects=subjects, references=[str(appointment)], detail=detail)


def seen_by(actor: Actor, session: Any) -> tuple[Actor, Viewing | None]:
    """Return the actor whose view this request gets, and the impersonation, if there is one.

    Computed anew each time: when the time is over, or either appointment has ended, users see their own view again.
    """
    kept = session.get(KEY)
    if not kept:
        return actor, None
    ends_at = parse_datetime(kept["ends_at"])
    row = Appointment.objects.current().select_related("user", "organisation").filter(pk=UUID(kept["appointment"]))
    appointment = row.first()
    if ends_at is None or ends_at <= timezone.now() or appointment is None or not may_view_as(actor, appointment):
        session.pop(KEY)
        return actor, None
    other = actor_of(appointment.user, within=[appointment.pk])
    return replace(other, viewer=actor), Viewing(appointment, ends_at)
