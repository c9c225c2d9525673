"""The verbs of appointments: nominate, approve, end, and the invitation by which a new person comes in.

Nobody registers themselves and nobody lets in their own candidate: an organisation's focal point or UNOCT nominates,
another coordinator of UNOCT approves, and with the approval a new person gets a one-time link to set a password.
"""

import logging
import uuid
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.letters import INVITATION
from accounts.models import Channel, User
from accounts.outbox import Recipient, enqueue
from accounts.sources import ACCOUNT
from entities.actors import CTED, UNOCT, Actor
from entities.errors import Conflict, Forbidden, Invalid, NotVisible, Text
from entities.models import Appointment, AppointmentQuerySet, Kind, Organisation, OrganisationQuerySet, Phase, Role

log = logging.getLogger(__name__)

APPROVE, END = _("Approve"), _("End with a reason")
STEPS: dict[Phase, tuple[Text, ...]] = {
    Phase.AWAITING: (APPROVE, END),
    Phase.COMING: (END,),
    Phase.RUNNING: (END,),
    Phase.CLOSED: (END,),
    Phase.OVER: (END,),
    Phase.ENDED: (),
}


# ── Who may ──────────────────────────────────────────────────────────────────
def is_coordinator(actor: Actor) -> bool:
    """Return whether this person coordinates for UNOCT, and so appoints and ends for every organisation."""
    return any(a.role == Role.COORDINATOR and a.organisation.slug == UNOCT for a in actor.appointments)


def headed_by(actor: Actor) -> set[UUID]:
    """Return the organisations whose focal point this person is."""
    return {a.organisation_id for a in actor.appointments if a.role == Role.FOCAL_POINT}


def nominable(actor: Actor) -> OrganisationQuerySet:
    """Return the organisations this person may nominate people of."""
    if is_coordinator(actor):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=headed_by(actor))


def visible_appointments(actor: Actor) -> AppointmentQuerySet:
    """Return the appointments this person may read as records: all for a coordinator, else those of their offices."""
    rows = Appointment.objects.select_related("user", "organisation", "nominated_by", "approved_by", "ended_by")
    if is_coordinator(actor):
        return rows
    return rows.filter(organisation__in=set(actor.acting_for))


def awaiting(actor: Actor) -> AppointmentQuerySet:
    """Return the nominations that wait for this person's approval."""
    if not is_coordinator(actor):
        return Appointment.objects.none()
    own = Q(nominated_by=actor.user) | Q(user=actor.user)
    return visible_appointments(actor).in_phase(Phase.AWAITING).exclude(own)


def may_approve(actor: Actor, appointment: Appointment) -> bool:
    """Return whether this person may let it in: a coordinator, but neither its nominator nor the person themselves."""
    return is_coordinator(actor) and actor.user.pk not in (appointment.nominated_by_id, appointment.user_id)


def may_end(actor: Actor, appointment: Appointment) -> bool:
    """Return whether this person may end it: a coordinator, or the focal point of that organisation."""
    return is_coordinator(actor) or appointment.organisation_id in headed_by(actor)


def roles_at(organisation: Organisation) -> list[Role]:
    """Return the roles a person can hold there. Source: domain rules, section 2."""
    roles = [Role.PARTNER_CONTACT] if organisation.kind == Kind.PARTNER else [Role.FOCAL_POINT, Role.ALTERNATE]
    roles += [Role.ASSESSOR] if organisation.slug == CTED else []
    roles += [Role.COORDINATOR] if organisation.slug == UNOCT else []
    roles += [Role.DONOR_CONTACT] if organisation.is_donor else []
    return [*roles, Role.OBSERVER]


# ── The verbs ────────────────────────────────────────────────────────────────
@transaction.atomic
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
) -> Appointment:
    """Return a new appointment that awaits approval. Whoever has the e-mail address is meant; a new one needs a name.

    Raises Forbidden, Invalid (fields organisation, role, email, name, until) or Conflict when the person already
    holds that role there.
    """
    if not nominable(actor).filter(pk=organisation.pk).exists():
        raise Forbidden(_("You may nominate people for your own organisation only."))
    since = since or timezone.now().date()
    _check_terms(organisation, role, since, until)
    person = _person(email, name, language)
    _close_what_is_over(actor, person, organisation, role)
    return _add(user=person, organisation=organisation, role=role, since=since, until=until, nominated_by=actor.user)


@transaction.atomic
def approve(*, actor: Actor, appointment: Appointment) -> Appointment:
    """Return it approved; somebody who has no password yet gets the invitation. From now on the right exists.

    Raises NotVisible, Forbidden (not a coordinator, one's own nomination, oneself) or Conflict (not awaiting).
    """
    row = _locked(actor, appointment)
    if not is_coordinator(actor):
        raise Forbidden(_("Only a coordinator of UNOCT approves."))
    if not may_approve(actor, row):
        raise Forbidden(_("Another coordinator must approve: nobody approves their own nomination or themselves."))
    if row.phase != Phase.AWAITING:
        raise Conflict(_wrong_phase(row), STEPS[row.phase])
    if not row.user.is_active:
        raise Conflict(_("The account of this person is not active."), STEPS[Phase.CLOSED])
    row.approved_by, row.approved_at = actor.user, timezone.now()
    row.save(update_fields=["approved_by", "approved_at"])
    if not row.user.has_usable_password():
        send_invitation(row.user)
    log.info("Appointment %s approved by %s", row.pk, actor.user.pk)
    return row


@transaction.atomic
def end(*, actor: Actor, appointment: Appointment, reason: str) -> Appointment:
    """Return it ended, for good and from the next request on; one that awaits approval is refused by it.

    Raises NotVisible, Forbidden, Invalid (no reason) or Conflict (ended before).
    """
    row = _locked(actor, appointment)
    if not may_end(actor, row):
        raise Forbidden(_("Only UNOCT or the focal point of the organisation may end this."))
    return _end(row, actor.user, reason)


@transaction.atomic
def end_by_administrator(*, administrator: User, appointment: Appointment, reason: str) -> Appointment:
    """Return it ended by whoever runs the site, who need not be appointed: taking a right away cannot wait.

    Raises Forbidden, Invalid (no reason) or Conflict (ended before).
    """
    if not (administrator.is_active and administrator.is_superuser):
        raise Forbidden
    row = (
        Appointment.objects.select_related("user", "organisation")
        .select_for_update(of=("self",))
        .get(pk=appointment.pk)
    )
    return _end(row, administrator, reason)


@transaction.atomic
def invite(*, actor: Actor, appointment: Appointment) -> None:
    """Send the invitation again, with a fresh link, to a person who has not set a password yet.

    Raises NotVisible, Forbidden or Conflict (not approved, or the person has a password).
    """
    row = _locked(actor, appointment)
    if not may_end(actor, row):
        raise Forbidden
    if row.phase not in (Phase.RUNNING, Phase.COMING):
        raise Conflict(_wrong_phase(row), STEPS[row.phase])
    if row.user.has_usable_password():
        raise Conflict(_("This person has already come in."), STEPS[row.phase])
    send_invitation(row.user)


def appoint(
    *,
    user: User,
    organisation: Organisation,
    role: str,
    since: date | None = None,
    until: date | None = None,
    approved_by: User | None = None,
) -> Appointment:
    """Return an appointment that is approved from the start.

    For the two cases in which nobody could nominate: the first coordinator of an empty site, and demonstration data.
    No page and no API call leads here. Raises Invalid or Conflict.
    """
    since = since or timezone.now().date()
    _check_terms(organisation, role, since, until, past_allowed=True)
    return _add(
        user=user,
        organisation=organisation,
        role=role,
        since=since,
        until=until,
        approved_by=approved_by,
        approved_at=timezone.now(),
    )


def send_invitation(person: User) -> None:
    """Owe the person the letter with the one-time link; the link itself is made when the letter is sent."""
    enqueue(
        event=uuid.uuid4(),
        source=ACCOUNT,
        subject=f"user:{person.pk}",
        message=INVITATION,
        values={},
        path="/",
        recipients=[Recipient(person)],
        channels=(Channel.MAIL,),
    )


# ── Steps of the verbs ───────────────────────────────────────────────────────
def _locked(actor: Actor, appointment: Appointment) -> Appointment:
    """Return the row as it stands now, held until the transaction ends. Raises NotVisible."""
    seen = visible_appointments(actor).select_related(None).select_related("user", "organisation")
    row = seen.select_for_update(of=("self",)).filter(pk=appointment.pk).first()
    if row is None:
        raise NotVisible
    return row


def _check_terms(
    organisation: Organisation, role: str, since: date, until: date | None, past_allowed: bool = False
) -> None:
    errors: dict[str, list[Text]] = {}
    if role not in roles_at(organisation):
        errors["role"] = [_("This organisation has no such role.")]
    if until and until < since:
        errors["until"] = [_("The last day cannot be before the first.")]
    elif until and until < timezone.now().date() and not past_allowed:
        errors["until"] = [_("This day has passed.")]
    if errors:
        raise Invalid(errors)


def _person(email: str, name: str, language: str) -> User:
    """Return whoever has this address, or a new person without a password. Raises Invalid."""
    email, name = email.strip().lower(), " ".join(name.replace("\x00", "").split())
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid({"email": error.messages}) from error
    known = User.objects.filter(email__iexact=email).first()
    if known:
        return known
    if not name:
        raise Invalid({"name": [_("The portal does not know this address yet: give the name of the person.")]})
    try:
        with transaction.atomic():
            return User.objects.create_user(email, name=name[:150], language=language)
    except IntegrityError:
        return User.objects.get(email__iexact=email)


def _close_what_is_over(actor: Actor, person: User, organisation: Organisation, role: str) -> None:
    """Close a term that ran out, so that the same person can be nominated for the next one."""
    terms = Appointment.objects.filter(user=person, organisation=organisation, role=role).in_phase(Phase.OVER)
    for row in terms.select_for_update(of=("self",)):
        _close(row, actor.user, "Term over; nominated again.")


def _end(row: Appointment, by: User, reason: str) -> Appointment:
    if row.ended_at:
        raise Conflict(_wrong_phase(row), STEPS[Phase.ENDED])
    reason = " ".join(reason.replace("\x00", "").split())
    if not reason:
        raise Invalid({"reason": [_("Say why it ends; the person and the organisation will ask.")]})
    longest = Appointment._meta.get_field("end_reason").max_length or 0
    if len(reason) > longest:
        raise Invalid({"reason": [_("This is too long; %(most)d characters at most.") % {"most": longest}]})
    _close(row, by, reason)
    log.info("Appointment %s ended by %s", row.pk, by.pk)
    return row


def _add(**values: object) -> Appointment:
    try:
        with transaction.atomic():
            return Appointment.objects.create(**values)
    except IntegrityError as error:
        raise Conflict(_("This person already holds this role there, or has been nominated for it.")) from error


def _close(row: Appointment, by: User, reason: str) -> None:
    row.ended_at, row.ended_by, row.end_reason = timezone.now(), by, reason
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])


def _wrong_phase(row: Appointment) -> Text:
    return _("This cannot be done now: the appointment is “%(phase)s”.") % {"phase": row.phase.label}
