"""Renewal: confirmed by the organisation twice a year, extended or reinstated with UNOCT's approval.

A confirmation moves a date that the query of rights compares with today, so an unconfirmed appointment ends by itself.
"""

import logging
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from entities.actors import Actor
from entities.appointments import notifications
from entities.appointments.rules import (
    TOO_FAR,
    is_coordinator,
    is_near,
    locked,
    may_confirm,
    may_decide,
    may_end,
    wrong_phase,
)
from entities.appointments.termination import stated
from entities.local_days import today_of
from entities.models import Appointment, Phase, Renewal, half_a_year_on
from web.exceptions import Conflict, Forbidden, Invalid

log = logging.getLogger(__name__)


@transaction.atomic
def confirm(*, actor: Actor, appointment: Appointment) -> Appointment:
    """Return the appointment, confirmed for another half year from today.

    Raises NotVisible, Forbidden (another organisation's, or one's own) or Conflict (not running, or lapsed already).
    """
    row = locked(actor, appointment)
    if not may_end(actor, row):
        raise Forbidden(_("Only UNOCT or the focal point of the organization can confirm this."))
    if not may_confirm(actor, row):
        raise Forbidden(_("You cannot confirm your own appointment. Another focal point or UNOCT must confirm it."))
    if row.phase not in (Phase.RUNNING, Phase.COMING):
        raise wrong_phase(row)
    _confirmed(row, actor.user)
    row.save(update_fields=["confirm_by", "confirmed_at", "confirmed_by"])
    return row


@transaction.atomic
def extend(*, actor: Actor, appointment: Appointment, until: date) -> Renewal:
    """Return the organisation's request for a later last day; a coordinator other than the requester decides.

    Raises NotVisible, Forbidden, Invalid (until) or Conflict (not running, no last day, asked already).
    """
    row = _held(actor, appointment)
    if row.phase not in (Phase.RUNNING, Phase.COMING):
        raise wrong_phase(row)
    if row.until is None:
        raise Conflict(_("The appointment has no last day and cannot be extended."))
    if until <= row.until:
        raise Invalid({"until": [_("Enter a date after the current last day.")]})
    if not is_near(until):
        raise Invalid({"until": [TOO_FAR]})
    return _ask(actor, row, until)


@transaction.atomic
def reinstate(*, actor: Actor, appointment: Appointment) -> Renewal:
    """Return the request to reinstate an appointment that was not confirmed in time; UNOCT decides.

    Raises NotVisible, Forbidden or Conflict (not lapsed, asked already).
    """
    row = _held(actor, appointment)
    if row.phase != Phase.LAPSED:
        raise wrong_phase(row)
    return _ask(actor, row, None)


@transaction.atomic
def grant(*, actor: Actor, renewal: Renewal) -> Appointment:
    """Return the appointment with its later last day, or reinstated; either way it counts as confirmed.

    Raises NotVisible, Forbidden (not a coordinator, one's own request or appointment) or Conflict (decided before,
    ended, the day asked for has passed, or the term of the appointment to be reinstated).
    """
    row, open_wish = _decidable(actor, renewal)
    if open_wish.until and open_wish.until < today_of(row.organisation):
        raise Conflict(_("The requested date has passed. Refuse the request; the organization can send a new one."))
    if row.phase == Phase.OVER and not open_wish.until:
        raise wrong_phase(row)
    columns = ["confirm_by", "confirmed_at", "confirmed_by"]
    if open_wish.until:
        row.until = open_wish.until
        columns.append("until")
    _confirmed(row, actor.user)
    row.save(update_fields=columns)
    _decide(open_wish, actor.user, granted=True)
    return row


@transaction.atomic
def refuse(*, actor: Actor, renewal: Renewal, reason: str) -> Appointment:
    """Return the appointment unchanged, with its renewal refused.

    Raises NotVisible, Forbidden, Invalid (no reason) or Conflict (decided before).
    """
    row, open_wish = _decidable(actor, renewal)
    _decide(open_wish, actor.user, granted=False, reason=stated(reason))
    return row


# ── Helpers ──────────────────────────────────────────────────────────────────
def _confirmed(row: Appointment, by: User) -> None:
    row.confirm_by, row.confirmed_at, row.confirmed_by = half_a_year_on(row.since), timezone.now(), by
    notifications.settle(row, notifications.CONFIRM)


def _held(actor: Actor, appointment: Appointment) -> Appointment:
    row = locked(actor, appointment)
    if not may_end(actor, row):
        raise Forbidden(_("Only UNOCT or the focal point of the organization can request this."))
    return row


def _ask(actor: Actor, row: Appointment, until: date | None) -> Renewal:
    try:
        with transaction.atomic():
            wish = Renewal.objects.create(appointment=row, until=until, asked_by=actor.user, asked_at=timezone.now())
    except IntegrityError as error:
        raise Conflict(_("This has already been requested and is awaiting a UNOCT decision.")) from error
    notifications.renewal_asked(wish)
    return wish


def _decidable(actor: Actor, renewal: Renewal) -> tuple[Appointment, Renewal]:
    """Return the appointment, locked, and the renewal, both reloaded. Raises NotVisible, Forbidden, Conflict."""
    row = locked(actor, renewal.appointment)
    wish = Renewal.objects.select_related("asked_by").get(pk=renewal.pk)
    wish.appointment = row
    if not is_coordinator(actor):
        raise Forbidden(_("Only a coordinator of UNOCT can decide."))
    if not may_decide(actor, wish):
        raise Forbidden(
            _("Another coordinator must decide. You cannot decide on your own request or your own appointment.")
        )
    if wish.decided_at:
        raise Conflict(_("The decision has already been taken."))
    return row, wish


def _decide(wish: Renewal, by: User, *, granted: bool, reason: str = "") -> None:
    wish.granted, wish.decided_by, wish.decided_at, wish.reason = granted, by, timezone.now(), reason
    wish.save(update_fields=["granted", "decided_by", "decided_at", "reason"])
    notifications.renewal_decided(wish)
    log.info("Renewal %s %s by %s", wish.pk, "granted" if granted else "refused", by.pk)
