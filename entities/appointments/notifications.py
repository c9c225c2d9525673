"""Notifications about appointments; their texts name no person or organisation, shown only in the portal."""

import uuid
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from accounts.mail import outbox
from accounts.mail.account_messages import INVITATION
from accounts.mail.outbox import Recipient
from accounts.models import Channel, User
from entities.actors import UNOCT, Actor, actor_of
from entities.appointments.rules import is_coordinator, parties, visible_appointments
from entities.delegation import recipients
from entities.models import Appointment, AppointmentQuerySet, Organisation, Renewal, Role

SOURCE = "entities"
NOMINATED, DECIDE, CONFIRM = "nomination_made", "renewal_asked", "appointment_confirm"  # messages with an action
WAITING = "nominations"  # subject of the weekly reminder, which is not about a single appointment


def subject_of(row: Appointment) -> str:
    """Return the subject by which the outbox identifies this appointment."""
    return f"appointment:{row.pk}"


def _invited(person: User) -> str:
    return f"user:{person.pk}"


def may_be_told(user: User, subjects: Iterable[str], actor: Actor | None = None) -> set[str]:
    """Return those of the subjects this user may see now: appointments they may read, and their own.

    The subject of an invitation is theirs as long as an appointment of theirs runs or is to begin. `actor` is the user
    limited by a token, if there is one: its own appointments are those the token was issued under.
    """
    subjects = set(subjects)
    keys = {UUID(key) for kind, _colon, key in (one.partition(":") for one in subjects) if kind == "appointment"}
    own = Q(user=user) if actor is None else Q(pk__in=[appointment.pk for appointment in actor.appointments])
    actor = actor or actor_of(user)
    rows = visible_appointments(actor).filter(pk__in=keys) | Appointment.objects.filter(own, pk__in=keys)
    told = {f"appointment:{pk}" for pk in rows.values_list("pk", flat=True)}
    if is_coordinator(actor):
        told |= {WAITING} & subjects
    invited = {_invited(user)} & subjects
    return told | (invited if invited and user.appointments.promised().exists() else set())


def coordinators() -> AppointmentQuerySet:
    """Return the running appointments of UNOCT's coordinators."""
    return _told().filter(organisation__slug=UNOCT, role=Role.COORDINATOR)


def focal_points(organisation: Organisation) -> AppointmentQuerySet:
    """Return the running appointments of the focal points of an organisation."""
    return _told().filter(organisation=organisation, role=Role.FOCAL_POINT)


def _told() -> AppointmentQuerySet:
    return Appointment.objects.current().with_cover().select_related("user")


# ── Events ───────────────────────────────────────────────────────────────────
def nominated(row: Appointment) -> None:
    """Notify the coordinators who may approve the nomination."""
    _ask_coordinators(NOMINATED, row, parties(row))


def decided(row: Appointment, by: User) -> None:
    """Notify the nominator of the decision, and an approved user of the new right."""
    settle(row, NOMINATED)
    if row.nominated_by and row.nominated_by != by:
        tell("nomination_decided", row, [Recipient(row.nominated_by)])
    if row.approved_at and row.user.has_usable_password():
        tell("appointment_begun", row, [Recipient(row.user)], path=reverse("my-appointments"))


def ended(row: Appointment, by: User) -> None:
    """Notify the user and the focal points of the organisation of the end."""
    if row.user != by:
        tell("appointment_ended", row, [Recipient(row.user)], path=reverse("my-appointments"))
    others = focal_points(row.organisation).exclude(user__in=[by.pk, row.user_id])
    tell("appointment_ended", row, recipients(others))


def vacant(row: Appointment, by: User) -> None:
    """Notify focal points and UNOCT that the successor is gone, so nobody follows when this appointment ends."""
    others = [*focal_points(row.organisation).exclude(user=by), *coordinators().exclude(user=by)]
    tell("post_vacant", row, recipients(others))


def renewal_asked(renewal: Renewal) -> None:
    """Notify the coordinators who may decide on the renewal."""
    row = renewal.appointment
    _ask_coordinators(DECIDE, row, {renewal.asked_by_id, row.user_id})


def renewal_decided(renewal: Renewal) -> None:
    """Notify the requester of the decision, and the user whose appointment it is."""
    row = renewal.appointment
    settle(row, DECIDE)
    if renewal.asked_by != row.user:
        tell("renewal_decided", row, [Recipient(renewal.asked_by)])
    tell("renewal_decided", row, [Recipient(row.user)], path=reverse("my-appointments"))


def renewal_fell_away(renewal: Renewal, by: User | None) -> None:
    """Notify the requester that the renewal was dropped; the user is notified that the appointment ended."""
    row = renewal.appointment
    if renewal.asked_by not in (by, row.user):
        tell("renewal_decided", row, [Recipient(renewal.asked_by)])


def shortened(row: Appointment) -> None:
    """Notify the user that their last day is now earlier, because a successor begins after it."""
    tell("renewal_decided", row, [Recipient(row.user)], path=reverse("my-appointments"))


def deputy_named(row: Appointment) -> None:
    """Notify the deputy that they get the mail of somebody who is away."""
    if row.deputy:
        tell("deputy_named", row, [Recipient(row.deputy)])


def send_invitation(person: User) -> None:
    """Queue the invitation mail with the one-time link; the link is made when the mail is sent."""
    outbox.enqueue(
        event=uuid.uuid4(),
        source=SOURCE,
        subject=_invited(person),
        message=INVITATION,
        values={},
        path="/",
        recipients=[Recipient(person)],
        channels=(Channel.MAIL,),
    )


# ── Helpers ──────────────────────────────────────────────────────────────────
def tell(
    message: str, row: Appointment, people: Iterable[Recipient], *, event: UUID | None = None, path: str = ""
) -> None:
    """Queue a message about an appointment to these users; a repeated call with the same `event` adds nothing."""
    outbox.enqueue(
        event=event or uuid.uuid4(),
        source=SOURCE,
        subject=subject_of(row),
        message=message,
        values={},
        path=path or reverse("designation", args=[row.pk]),
        recipients=people,
    )


def settle(row: Appointment, *messages: str) -> None:
    """Mark open actions about this appointment as done; those of all messages unless some are named."""
    outbox.settle(source=SOURCE, subjects=[subject_of(row)], messages=messages or None)


def _ask_coordinators(message: str, row: Appointment, but: set[UUID | None]) -> None:
    others = [one for one in coordinators() if one.user_id not in but]
    tell(message, row, recipients(others, asked=[one.pk for one in others]))
