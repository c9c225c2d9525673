"""Handover: a nominated successor, once approved, takes over the appointment and its open actions."""

from datetime import date, timedelta

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import inbox
from accounts.addresses import same_address
from accounts.mail import outbox
from accounts.models import User
from entities import pending_work
from entities.actors import Actor, actor_of
from entities.appointments import notifications
from entities.appointments.nominees import cleaned, nomination
from entities.appointments.rules import locked, may_end, wrong_phase
from entities.appointments.termination import close
from entities.local_days import today_of
from entities.models import Appointment, Phase
from web.exceptions import Conflict, Forbidden, Invalid

HANDED_OVER = "Handed over to a successor."


def hand_over(
    *,
    actor: Actor,
    appointment: Appointment,
    email: str,
    name: str,
    language: str = "en",
    since: date | None = None,
    until: date | None = None,
    letter: File | None = None,
) -> Appointment:
    """Return the nomination of a successor, same role and organisation; approval ends the predecessor's appointment.

    Raises NotVisible, Forbidden, Invalid (fields of a nomination; the address of the predecessor) or Conflict (it does
    not run, a successor is nominated already, or the successor holds the role).
    """
    with transaction.atomic():
        _handed(actor, appointment, email)
    paper = cleaned(actor, letter)
    with transaction.atomic():
        row = _handed(actor, appointment, email)
        return nomination(
            actor=actor, organisation=row.organisation, role=row.role, email=email, name=name, language=language,
            since=since, until=until, letter=paper, predecessor=row,
        )  # fmt: skip


def _handed(actor: Actor, appointment: Appointment, email: str) -> Appointment:
    """Return the appointment, locked, if this actor may hand it over now and not to its own holder."""
    row = locked(actor, appointment)
    if not may_end(actor, row):
        raise Forbidden(_("Only UNOCT or the focal point of the organization can hand this over."))
    if row.phase not in (Phase.RUNNING, Phase.LAPSED):
        raise wrong_phase(row)
    if same_address(email) == row.user.email:
        raise Invalid({"email": [_("This is the person who hands over. Specify another person.")]})
    if any(one.phase in (Phase.AWAITING, Phase.COMING) for one in row.successors.select_related("user")):
        raise Conflict(_("A successor has already been nominated. Refuse that nomination first."))
    return row


def take_over(row: Appointment, predecessor: Appointment, by: User) -> None:
    """End the predecessor's appointment the day before the successor's begins: at once if that is today or earlier."""
    today = today_of(row.organisation)
    leaver = Appointment.objects.select_related("user").select_for_update(of=("self",)).get(pk=predecessor.pk)
    last = row.since - timedelta(days=1)
    if leaver.ended_at is None:
        if row.since <= today or leaver.since > last:
            close(leaver, by, HANDED_OVER)
            notifications.ended(leaver, by)
        elif leaver.until is None or leaver.until > last:
            leaver.until = last
            leaver.save(update_fields=["until"])
            notifications.shortened(leaver)
    if row.since <= today:
        pass_on(row, leaver)


def pass_on(row: Appointment, leaver: Appointment) -> None:
    """Move the open actions of the predecessor's appointment to the successor.

    Actions that also belong to an appointment the predecessor keeps at the same organisation stay open for both.
    """
    asked = list(inbox.notifications(leaver.user).filter(inbox.ASKED))
    held = [post for post in actor_of(leaver.user).appointments if post.organisation_id == leaver.organisation_id]
    keep = {one.pk for post in held for one in pending_work.asked_of(post, asked)}
    outbox.hand_on(pending_work.asked_of(leaver, asked), to=row.user, keep=keep)
    row.passed_on_at = timezone.now()
    row.save(update_fields=["passed_on_at"])


@transaction.atomic
def pass_on_what_is_due() -> int:
    """Move open actions to successors whose first day has come; return how many. Safe to run twice or concurrently."""
    begun = Appointment.objects.current().filter(predecessor__isnull=False, passed_on_at__isnull=True)
    rows = begun.select_related("user", "organisation", "predecessor__user").select_for_update(
        of=("self",), skip_locked=True
    )
    for row in (found := list(rows)):
        if row.predecessor:
            pass_on(row, row.predecessor)
    return len(found)
