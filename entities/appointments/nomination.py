"""Nomination by the organisation, approval by UNOCT, and invitation by mail.

Nobody registers themselves or approves their own nominee: an organisation's focal point or UNOCT nominates, another
coordinator of UNOCT approves, and after the approval a new user gets a one-time link to set a password.
"""

import logging
from datetime import date

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from entities.actors import Actor
from entities.appointments import notifications
from entities.appointments.handover import take_over
from entities.appointments.nominees import add, check_terms, cleaned, close_terms, nomination
from entities.appointments.rules import (
    TRANSITIONS,
    is_coordinator,
    locked,
    may_approve,
    may_end,
    nominable,
    wrong_phase,
)
from entities.local_days import today_of
from entities.models import Appointment, Organisation, Phase, half_a_year_on
from web.exceptions import Conflict, Forbidden

log = logging.getLogger(__name__)


def nominate(
    *,
    actor: Actor,
    organisation: Organisation,
    role: str,
    email: str,
    name: str = "",
    language: str = "en",
    since: date | None = None,
    until: date | None = None,
    letter: File | None = None,
) -> Appointment:
    """Return a new appointment that awaits approval; the e-mail address identifies the user, whatever the name.

    An organisation attaches its letter of nomination; UNOCT itself need not. Raises Forbidden, Invalid (fields role,
    email, name, since, until, letter) or Conflict when the user already holds that role there.
    """
    if not nominable(actor).filter(pk=organisation.pk).exists():
        raise Forbidden(_("You can nominate people for your own organization only."))
    paper = cleaned(actor, letter)
    with transaction.atomic():
        return nomination(
            actor=actor, organisation=organisation, role=role, email=email, name=name, language=language,
            since=since, until=until, letter=paper,
        )  # fmt: skip


@transaction.atomic
def approve(*, actor: Actor, appointment: Appointment) -> Appointment:
    """Return the approved appointment, which gives rights at once; a user without a password gets the invitation.

    A successor takes over from the predecessor. Raises NotVisible, Forbidden (not a coordinator, one's own nomination,
    oneself, one's own successor) or Conflict (not awaiting).
    """
    row = locked(actor, appointment)
    if not is_coordinator(actor):
        raise Forbidden(_("Only a coordinator of UNOCT can approve."))
    if not may_approve(actor, row):
        raise Forbidden(
            _(
                "Another coordinator must approve. You cannot approve a nomination that you made, or your "
                "own appointment."
            )
        )
    if row.phase != Phase.AWAITING:
        raise wrong_phase(row)
    if not row.user.is_active:
        raise Conflict(_("The account of the person is not active."), TRANSITIONS[Phase.CLOSED])
    row.approved_by, row.approved_at, row.confirm_by = actor.user, timezone.now(), half_a_year_on(row.since)
    row.save(update_fields=["approved_by", "approved_at", "confirm_by"])
    if row.predecessor:
        take_over(row, row.predecessor, actor.user)
    if not row.user.has_usable_password():
        notifications.send_invitation(row.user)
    notifications.decided(row, actor.user)
    log.info("Appointment %s approved by %s", row.pk, actor.user.pk)
    return row


@transaction.atomic
def invite(*, actor: Actor, appointment: Appointment) -> None:
    """Send the invitation again, with a new link, to a user who has not set a password yet.

    Raises NotVisible, Forbidden or Conflict (not approved, or the user has a password).
    """
    row = locked(actor, appointment)
    if not may_end(actor, row):
        raise Forbidden
    if row.phase not in (Phase.RUNNING, Phase.COMING):
        raise wrong_phase(row)
    if row.user.has_usable_password():
        raise Conflict(_("The person has already accepted the invitation."), TRANSITIONS[row.phase])
    notifications.send_invitation(row.user)


@transaction.atomic
def appoint(
    *,
    user: User,
    organisation: Organisation,
    role: str,
    since: date | None = None,
    until: date | None = None,
    approved_by: User | None = None,
    confirm_by: date | None = None,
) -> Appointment:
    """Return an appointment that is approved from the start; it replaces an expired or lapsed one.

    For the two cases in which nobody could nominate: a site without coordinators, and demonstration data, which set the
    confirmation date themselves. No page and no API call uses it. Raises Invalid or Conflict.
    """
    since = since or today_of(organisation)
    check_terms(organisation, role, since, until, past_allowed=True)
    close_terms(user, organisation, role, (Phase.OVER, Phase.LAPSED), "Appointed anew.", by=None)
    return add(
        user=user,
        organisation=organisation,
        role=role,
        since=since,
        until=until,
        approved_by=approved_by,
        approved_at=timezone.now(),
        confirm_by=confirm_by or half_a_year_on(),
    )
