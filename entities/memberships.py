"""Who belongs to an audience: what lets people see more takes two people, is logged and told to the States concerned.

Proposed by an administrator of the site or a coordinator of UNOCT, confirmed by another of them. The admin shows these
fields read-only.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.mail import outbox
from accounts.mail.outbox import Recipient
from accounts.models import User
from audit import log
from audit.kinds import Kind
from entities.actors import Actor, actor_of, standing_of
from entities.appointments import notifications
from entities.appointments.rules import is_coordinator
from entities.appointments.termination import stated
from entities.delegation import recipients
from entities.groups import COMPACT, DONORS
from entities.models import Appointment, Belongs, MembershipChange, Organisation, Role, WorkingGroup
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible

SOURCE = "memberships"
PROPOSED, DECIDED, WIDENED = "membership_proposed", "membership_decided", "membership_widened"


@dataclass(frozen=True)
class Gain:
    """What an organisation's people would see in addition: how many rows of which kind, and of which States."""

    people: int
    rows: tuple[tuple[str, int], ...]
    states: frozenset[UUID]


Gained = Callable[[frozenset[int], frozenset[int]], tuple[tuple[tuple[str, int], ...], frozenset[UUID]]]
_gained: list[str] = []


def register_gains(function: str) -> None:
    """Register the function of an upper app, by its dotted path, that counts what a group opens beyond other groups."""
    _gained.append(function)


# ── Who ──────────────────────────────────────────────────────────────────────
def may_keep(actor: Actor) -> bool:
    """Return whether this user proposes and decides: an administrator of the site, or a coordinator of UNOCT."""
    return actor.user.is_active and (actor.user.is_superuser or is_coordinator(actor))


def may_decide(actor: Actor, change: MembershipChange) -> bool:
    """Return whether this user may confirm or reject the change: whoever keeps memberships, except its proposer."""
    return may_keep(actor) and change.proposed_by_id != actor.user.pk


def visible(actor: Actor) -> models.QuerySet[MembershipChange]:
    """Return the changes this user may read: all for those who keep them, else those their State was told of."""
    rows = MembershipChange.objects.select_related("organisation", "working_group", "proposed_by", "decided_by")
    if may_keep(actor):
        return rows
    return rows.filter(states_told__in=set(actor.acting_for)).distinct()


def find(actor: Actor, key: UUID) -> MembershipChange:
    """Return one change. Raises NotVisible."""
    change = visible(actor).filter(pk=key).first()
    if change is None:
        raise NotVisible
    return change


# ── What would change ────────────────────────────────────────────────────────
def gain_of(change: MembershipChange) -> Gain:
    """Return what the organisation's people would see in addition, as of now."""
    organisation = change.organisation
    people = Appointment.objects.current().filter(organisation=organisation)
    if change.to == Belongs.DONORS:
        people = people.filter(role=Role.DONOR_CONTACT)
    held = {organisation.group_id, *standing_of(organisation, Role.DONOR_CONTACT)}
    held |= set(organisation.working_groups.values_list("group_id", flat=True))
    found = [import_string(path)(frozenset({_group(change)}), frozenset(held)) for path in _gained]
    rows = tuple(line for lines, _states in found for line in lines)
    states = frozenset().union(*(states for _lines, states in found))
    return Gain(people.values("user").distinct().count(), rows, states)


def _group(change: MembershipChange) -> int:
    if change.working_group:
        return change.working_group.group_id
    return COMPACT if change.to == Belongs.COMPACT else DONORS


def belongs(organisation: Organisation, to: str, group: WorkingGroup | None) -> bool:
    """Return whether the organisation belongs there now."""
    if group is not None:
        return group.members.filter(pk=organisation.pk).exists()
    return bool(getattr(Organisation.objects.get(pk=organisation.pk), to))


# ── Steps ────────────────────────────────────────────────────────────────────
@transaction.atomic
def propose(
    *, actor: Actor, organisation: Organisation, to: str, group: WorkingGroup | None, adds: bool, reason: str
) -> MembershipChange:
    """Return the change: one that adds waits for another person, one that takes away is done.

    Raises Forbidden, Invalid (reason, organisation) or Conflict (proposed already).
    """
    if not may_keep(actor):
        raise Forbidden
    if belongs(organisation, to, group) == adds:
        text = _("The organization is already a member.") if adds else _("The organization is not a member.")
        raise Invalid({"organisation": [text]})
    values = {"organisation": organisation, "to": to, "working_group": group, "adds": adds, "reason": stated(reason)}
    try:
        with transaction.atomic():
            change = MembershipChange.objects.create(**values, proposed_by=actor.user, proposed_at=timezone.now())
    except IntegrityError as error:
        raise Conflict(_("This has already been proposed and is awaiting the decision of another person.")) from error
    if adds:
        _log(change, "proposed")
        _ask_others(change)
    else:
        _decide(change, actor.user, confirmed=True)
        _apply(change)
        _log(change, "ended")
    return change


@transaction.atomic
def confirm(*, actor: Actor, change: MembershipChange) -> MembershipChange:
    """Return the change, carried out: the people of the organisation see more from now on, and the States are told.

    Raises NotVisible, Forbidden (the proposer) or Conflict (decided already, or belongs there already).
    """
    row = _open(actor, change)
    if belongs(row.organisation, row.to, row.working_group):
        raise Conflict(_("The organization is already a member. Refuse the proposal."))
    gain = gain_of(row)
    _decide(row, actor.user, confirmed=True)
    _apply(row)
    row.states_told.set(Organisation.objects.filter(pk__in=gain.states))
    _log(row, "confirmed", gain.states)
    _tell_states(row)
    _tell_proposer(row)
    return row


@transaction.atomic
def reject(*, actor: Actor, change: MembershipChange, reason: str) -> MembershipChange:
    """Return the change, rejected. Raises NotVisible, Forbidden, Invalid (no reason) or Conflict (decided already)."""
    row = _open(actor, change, by_proposer=True)
    _decide(row, actor.user, confirmed=False, refusal=stated(reason))
    _log(row, "rejected")
    _tell_proposer(row)
    return row


def _open(actor: Actor, change: MembershipChange, *, by_proposer: bool = False) -> MembershipChange:
    """Return the change, reloaded and locked. Whoever proposed it may withdraw it, but not confirm it."""
    if not may_keep(actor):
        raise NotVisible
    row = MembershipChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if not row.is_open:
        raise Conflict(_("The decision has already been taken."))
    if not (by_proposer or may_decide(actor, row)):
        raise Forbidden(_("Another person must decide. You cannot confirm your own proposal."))
    return row


def _decide(row: MembershipChange, by: User, *, confirmed: bool, refusal: str = "") -> None:
    row.confirmed, row.decided_by, row.decided_at, row.refusal = confirmed, by, timezone.now(), refusal
    row.save(update_fields=["confirmed", "decided_by", "decided_at", "refusal"])
    outbox.settle(source=SOURCE, subjects=[_subject(row)])


def _apply(row: MembershipChange) -> None:
    if row.working_group:
        (row.working_group.members.add if row.adds else row.working_group.members.remove)(row.organisation)
        return
    organisation = Organisation.objects.select_for_update().get(pk=row.organisation_id)
    setattr(organisation, row.to, row.adds)
    organisation.save(update_fields=[row.to])


def _log(row: MembershipChange, step: str, states: Iterable[UUID] = ()) -> None:
    subjects = [f"membership:{row.pk}", f"organisation:{row.organisation_id}"]
    log.record(Kind.MEMBERSHIP, subjects=subjects, states=states, detail=f"{step}: {row}")


# ── Messages ─────────────────────────────────────────────────────────────────
def _subject(row: MembershipChange) -> str:
    return f"membership:{row.pk}"


def _tell_of(message: str, row: MembershipChange, people: Iterable[Recipient]) -> None:
    outbox.enqueue(
        event=uuid.uuid4(), source=SOURCE, subject=_subject(row), message=message, values={},
        path=reverse("membership", args=[row.pk]), recipients=people,
    )  # fmt: skip


def _ask_others(row: MembershipChange) -> None:
    """Ask the coordinators and administrators who did not propose it."""
    others = list(notifications.coordinators().exclude(user=row.proposed_by))
    roots = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=row.proposed_by_id)
    asked = recipients(others, asked=[one.pk for one in others])
    _tell_of(PROPOSED, row, [*asked, *(Recipient(user, needs_action=True) for user in roots)])


def _tell_proposer(row: MembershipChange) -> None:
    if row.proposed_by_id != row.decided_by_id:
        _tell_of(DECIDED, row, [Recipient(row.proposed_by)])


def _tell_states(row: MembershipChange) -> None:
    """Notify the focal points of the States of which the organisation's people now see more."""
    told = [one for state in row.states_told.all() for one in notifications.focal_points(state)]
    _tell_of(WIDENED, row, recipients(told))


def may_be_told(user: User, subjects: Iterable[str], actor: Actor | None = None) -> set[str]:
    """Return those of the subjects this user may read now."""
    keys = {subject: UUID(subject.partition(":")[2]) for subject in subjects if subject.startswith("membership:")}
    seen = set(visible(actor or actor_of(user)).filter(pk__in=keys.values()).values_list("pk", flat=True))
    return {subject for subject, key in keys.items() if key in seen}
