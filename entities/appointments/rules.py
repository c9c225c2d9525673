"""Who may do what with which appointment, and which transitions are legal in which phase; read-only."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entities.actors import CTED, UNOCT, Actor
from entities.models import (
    Appointment,
    AppointmentQuerySet,
    Kind,
    Organisation,
    OrganisationQuerySet,
    Phase,
    Renewal,
    Role,
)
from web.exceptions import Conflict, NotVisible, Text

APPROVE, END = pgettext_lazy("button", "Approve appointment"), _("End with a reason")
EXTEND, HAND_OVER = pgettext_lazy("button", "Extend appointment"), _("Hand over to a successor")
CONFIRM, REINSTATE = pgettext_lazy("button", "Confirm appointment"), _("Ask UNOCT to reinstate the appointment")
TOO_FAR = _("Enter a date between 1 year ago and 10 years from now.")
LETTER_MISSING = _("Attach the letter in which your organization nominates the person.")
TRANSITIONS: dict[Phase, tuple[Text, ...]] = {
    Phase.AWAITING: (APPROVE, END),
    Phase.COMING: (CONFIRM, EXTEND, END),
    Phase.RUNNING: (CONFIRM, EXTEND, HAND_OVER, END),
    Phase.LAPSED: (REINSTATE, HAND_OVER, END),
    Phase.CLOSED: (END,),
    Phase.OVER: (END,),
    Phase.ENDED: (),
}


def is_coordinator(actor: Actor) -> bool:
    """Return whether this user is a coordinator of UNOCT, who approves and ends for every organisation."""
    return any(a.role == Role.COORDINATOR and a.organisation.slug == UNOCT for a in actor.appointments)


def needs_letter(actor: Actor) -> bool:
    """Return whether this actor's nominations need a letter: all but those of UNOCT, which receives the letters."""
    return not is_coordinator(actor)


def headed_by(actor: Actor) -> set[UUID]:
    """Return the organisations whose focal point this user is."""
    return {a.organisation_id for a in actor.appointments if a.role == Role.FOCAL_POINT}


def may_nominate(actor: Actor) -> bool:
    """Return whether this user may nominate somebody: coordinators of UNOCT and focal points."""
    return is_coordinator(actor) or bool(headed_by(actor))


def nominable(actor: Actor) -> OrganisationQuerySet:
    """Return the organisations this user may nominate people of."""
    if is_coordinator(actor):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=headed_by(actor))


def visible_appointments(actor: Actor) -> AppointmentQuerySet:
    """Return the appointments this user may read as records: all for coordinators, else of their organisations."""
    rows = Appointment.objects.select_related(
        "user", "organisation", "nominated_by", "approved_by", "ended_by", "predecessor"
    )
    if is_coordinator(actor):
        return rows
    return rows.filter(organisation__in=set(actor.acting_for))


def awaiting(actor: Actor) -> AppointmentQuerySet:
    """Return the nominations that wait for this user's approval."""
    if not is_coordinator(actor):
        return Appointment.objects.none()
    own = Q(nominated_by=actor.user) | Q(user=actor.user) | Q(predecessor__user=actor.user)  # `parties` in SQL
    return visible_appointments(actor).in_phase(Phase.AWAITING).exclude(own)


def undecided(actor: Actor) -> QuerySet[Renewal]:
    """Return the renewals that wait for this user's decision."""
    rows = Renewal.objects.filter(decided_at__isnull=True)
    if not is_coordinator(actor):
        return rows.none()
    return rows.exclude(Q(asked_by=actor.user) | Q(appointment__user=actor.user))


def to_confirm(actor: Actor) -> AppointmentQuerySet:
    """Return what this user may confirm: running appointments of their organisation, except their own."""
    rows = visible_appointments(actor).current().exclude(user=actor.user)
    return rows if is_coordinator(actor) else rows.filter(organisation__in=headed_by(actor))


def parties(appointment: Appointment) -> set[UUID | None]:
    """Return the people involved in a nomination, who neither approve it nor are asked to."""
    leaver = appointment.predecessor.user_id if appointment.predecessor else None
    return {appointment.nominated_by_id, appointment.user_id, leaver}


def may_approve(actor: Actor, appointment: Appointment) -> bool:
    """Return whether this user may approve it: a coordinator, but not nominator, nominee or predecessor."""
    return is_coordinator(actor) and actor.user.pk not in parties(appointment)


def may_end(actor: Actor, appointment: Appointment) -> bool:
    """Return whether this user may end it: a coordinator, or the focal point of that organisation."""
    return is_coordinator(actor) or appointment.organisation_id in headed_by(actor)


def may_confirm(actor: Actor, appointment: Appointment) -> bool:
    """Return whether this user may confirm it: whoever may end it, except the holder."""
    return may_end(actor, appointment) and appointment.user_id != actor.user.pk


def may_decide(actor: Actor, renewal: Renewal) -> bool:
    """Return whether this user may grant or refuse a renewal: a coordinator, but not its requester or holder."""
    return is_coordinator(actor) and actor.user.pk not in (renewal.asked_by_id, renewal.appointment.user_id)


def transitions(actor: Actor, row: Appointment, open_wish: Renewal | None) -> list[str]:
    """Return the transitions legal for this user now, by name; "decide" is to grant or refuse the open renewal."""
    phase, heads = row.phase, may_end(actor, row)
    running = phase in (Phase.RUNNING, Phase.COMING)
    legal = {
        "approve": phase == Phase.AWAITING and may_approve(actor, row),
        "decide": open_wish is not None and may_decide(actor, open_wish),
        "confirm": running and may_confirm(actor, row),
        "extend": running and heads and open_wish is None and row.until is not None,
        "reinstate": phase == Phase.LAPSED and heads and open_wish is None,
        "hand-over": phase in (Phase.RUNNING, Phase.LAPSED) and heads,
        "end": heads and row.ended_at is None,
    }
    return [name for name, is_legal in legal.items() if is_legal]


def roles_at(organisation: Organisation) -> list[Role]:
    """Return the roles a person can hold there. Source: domain rules, section 2."""
    roles = [Role.PARTNER_CONTACT] if organisation.kind == Kind.PARTNER else [Role.FOCAL_POINT, Role.ALTERNATE]
    roles += [Role.ASSESSOR] if organisation.slug == CTED else []
    roles += [Role.COORDINATOR] if organisation.slug == UNOCT else []
    roles += [Role.DONOR_CONTACT] if organisation.is_donor else []
    return [*roles, Role.OBSERVER]


def is_near(day: date) -> bool:
    """Return whether a date is plausible; obviously mistyped dates are refused, as date arithmetic would overflow."""
    today = timezone.now().date()
    return today - timedelta(days=366) <= day <= today + timedelta(days=3653)


def locked(actor: Actor, appointment: Appointment) -> Appointment:
    """Return the row, reloaded and locked until the transaction ends. Raises NotVisible."""
    seen = visible_appointments(actor).select_related(None).select_related("user", "organisation", "predecessor")
    row = seen.select_for_update(of=("self",)).filter(pk=appointment.pk).first()
    if row is None:
        raise NotVisible
    return row


def wrong_phase(row: Appointment) -> Conflict:
    """Return the error for a transition that does not fit the phase, with those that do."""
    text = _("This action is not possible. Current status of the appointment: “%(phase)s”.") % {
        "phase": row.phase.label
    }
    return Conflict(text, TRANSITIONS[row.phase])
