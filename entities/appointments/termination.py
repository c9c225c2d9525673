"""Ending an appointment early: at once, permanently, with a reason."""

import logging

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from entities.actors import Actor
from entities.appointments import notifications
from entities.appointments.rules import locked, may_end, wrong_phase
from entities.models import Appointment, Phase
from web.exceptions import Forbidden, Invalid
from web.texts import normal_line

log = logging.getLogger(__name__)

LONGEST_REASON = Appointment._meta.get_field("end_reason").max_length or 0


@transaction.atomic
def end(*, actor: Actor, appointment: Appointment, reason: str) -> Appointment:
    """Return the appointment, ended permanently from the next request on; a nomination is refused by it.

    Raises NotVisible, Forbidden, Invalid (no reason) or Conflict (ended before).
    """
    row = locked(actor, appointment)
    if not may_end(actor, row):
        raise Forbidden(_("Only UNOCT or the focal point of the organization can end this."))
    return _end(row, actor.user, reason)


@transaction.atomic
def end_by_administrator(*, administrator: User, appointment: Appointment, reason: str) -> Appointment:
    """Return the appointment, ended by a site administrator, who needs no appointment: revocation must not wait.

    Raises Forbidden, Invalid (no reason) or Conflict (ended before).
    """
    if not (administrator.is_active and administrator.is_superuser):
        raise Forbidden
    rows = Appointment.objects.select_related("user", "organisation").select_for_update(of=("self",))
    return _end(rows.get(pk=appointment.pk), administrator, reason)


def _end(row: Appointment, by: User, reason: str) -> Appointment:
    if row.ended_at:
        raise wrong_phase(row)
    reason, to_come = stated(reason), row.phase == Phase.COMING
    close(row, by, reason)
    log.info("Appointment %s ended by %s", row.pk, by.pk)
    if row.approved_at:
        notifications.ended(row, by)
        if to_come and row.predecessor and not row.predecessor.ended_at:
            notifications.vacant(row.predecessor, by)
    else:
        notifications.decided(row, by)
    return row


def stated(reason: str) -> str:
    """Return the reason on one line. Raises Invalid when it is empty or too long."""
    reason = " ".join(normal_line(reason.replace("\x00", "")).split())
    if not reason:
        raise Invalid({"reason": [_("Enter a reason. The person and the organization will need it.")]})
    if len(reason) > LONGEST_REASON:
        text = ngettext(
            "The text is too long. Use at most %(most)d character.",
            "The text is too long. Use at most %(most)d characters.",
            LONGEST_REASON,
        )
        raise Invalid({"reason": [text % {"most": LONGEST_REASON}]})
    return reason


def close(row: Appointment, by: User | None, reason: str) -> None:
    """End the row, locked by the caller, together with its open renewals and actions and the link of an invitation."""
    row.ended_at, row.ended_by, row.end_reason = timezone.now(), by, reason
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    notifications.settle(row)
    for wish in row.renewals.filter(decided_at__isnull=True).select_related("asked_by"):
        wish.decided_at, wish.granted, wish.decided_by, wish.reason = row.ended_at, False, by, reason
        wish.save(update_fields=["decided_at", "granted", "decided_by", "reason"])
        notifications.renewal_fell_away(wish, by)
    if not row.user.has_usable_password() and not row.user.appointments.promised().exists():
        _withdraw_link(row.user)


def _withdraw_link(person: User) -> None:
    """Invalidate the invitation link of a user without a password: the link depends on the (unusable) password.

    Only as long as there is no password: one set at this very moment stays.
    """
    User.objects.filter(pk=person.pk, password=person.password).update(password=make_password(None))
