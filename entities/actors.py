"""The actor: the rights a user has at this moment, computed in one statement from running appointments."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import cast
from uuid import UUID, uuid4

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import translation

from accounts.models import User
from entities import reference_versions
from entities.groups import COMPACT, DONORS, MEMBERS, STATES
from entities.models import ACTING_ROLES, Appointment, AppointmentQuerySet, Kind, Organisation, Role, WorkingGroup
from web.conditions import among
from web.statements import Statements

CTED = "cted"
UNOCT = "unoct"


@dataclass(frozen=True)
class Actor:
    """A user together with the appointments that run now; without any, they see nothing restricted."""

    user: User
    appointments: tuple[Appointment, ...] = ()
    groups: frozenset[int] = frozenset()
    # Ids of organisations of the user's appointments that the token does not include: they give no right here.
    elsewhere: frozenset[UUID] = frozenset()
    # The coordinator who views the portal as this user: what the coordinator may not see stays hidden.
    viewer: "Actor | None" = None
    # The version of the reference lists now (entities/reference_versions.py).
    version: UUID | None = None

    @cached_property
    def organisations(self) -> tuple[Organisation, ...]:
        """The organisations this person is appointed at, in order of appointment, each once."""
        return tuple({a.organisation_id: a.organisation for a in self.appointments}.values())

    @cached_property
    def acting_for(self) -> dict[UUID, Appointment]:
        """Organisation id → the appointment by which this person may act for it (observers only read)."""
        return {a.organisation_id: a for a in reversed(self.appointments) if a.role in ACTING_ROLES}

    @cached_property
    def offices(self) -> frozenset[str]:
        """Slugs of the organisations this user may act for."""
        return frozenset(a.organisation.slug for a in self.acting_for.values())

    @property
    def is_cted(self) -> bool:
        return CTED in self.offices

    @property
    def is_unoct(self) -> bool:
        return UNOCT in self.offices

    def acts_for(self, organisation_id: UUID | None) -> bool:
        """Whether this user may act in the name of that organisation."""
        return organisation_id in self.acting_for

    def stands_for(self, organisation_id: UUID | None) -> bool:
        """Whether this user acts for that organisation by any appointment, included in the token or not.

        For rules that require two different people.
        """
        return self.acts_for(organisation_id) or organisation_id in self.elsewhere

    def appointment_for(self, organisation_ids: Iterable[UUID | None]) -> Appointment | None:
        """Return the appointment used to act for the first of these organisations, or None."""
        return next((self.acting_for[i] for i in organisation_ids if i in self.acting_for), None)

    def providers(self) -> list[Organisation]:
        """Organisations in whose name this user may offer assistance and lead projects."""
        return [a.organisation for a in self.acting_for.values() if a.organisation.may_provide]

    def states(self) -> list[Organisation]:
        """States this user may act for."""
        return [a.organisation for a in self.acting_for.values() if a.organisation.is_state]


def actor_of(user: User | AnonymousUser, within: Collection[UUID] | None = None) -> Actor:
    """Return the actor of this user now, in one statement; a right that ended at the last midnight is excluded.

    A process that has not read the organisations since they changed reads them too.

    `within` are the ids of the appointments a token was issued under: of those that run now, only these give rights.
    """
    if not getattr(user, "pk", None):
        return Actor(user=cast(User, user))  # an anonymous visitor has an actor without rights
    groups: set[int] = set()
    appointments = []
    elsewhere: set[UUID] = set()
    version = None
    for appointment in STATEMENTS.rows("standing", _standing, [user.pk], [uuid4()]):
        version = appointment.version
        appointment.organisation = reference_versions.organisations(version)[appointment.organisation_id]
        if not appointment.is_in_term:
            continue
        if within is not None and appointment.pk not in within:
            elsewhere |= {appointment.organisation_id} if appointment.role in ACTING_ROLES else set()
            continue
        appointments.append(appointment)
        groups |= reference_versions.groups(version)[appointment.organisation_id]
        groups |= standing_of(appointment.organisation, appointment.role)
    return Actor(cast(User, user), tuple(appointments), frozenset(groups), frozenset(elsewhere), version=version)


STATEMENTS = Statements()


def _standing(user: UUID) -> AppointmentQuerySet:
    """Return the appointments of a user that have been approved and not ended, with the version of the lists."""
    rows = Appointment.objects.filter(user=user, user__is_active=True, ended_at__isnull=True, approved_at__isnull=False)
    return rows.annotate(version=reference_versions.current())


def standing_of(organisation: Organisation, role: str) -> set[int]:
    """Return the standing groups an appointment at this organisation belongs to. Source: domain rules, section 2."""
    names = {MEMBERS}
    if organisation.in_compact:
        names.add(COMPACT)
    if organisation.is_state:
        names.add(STATES)
    if organisation.is_donor and role == Role.DONOR_CONTACT:
        names.add(DONORS)
    return names


def appointments_in(groups: Iterable[int]) -> Q:
    """Return a condition on Appointment: those whose holder belongs to any of these groups.

    The inverse of `actor_of`; one test checks that the two agree. Its SQL is the same for the same standing groups,
    whatever the others.
    """
    wanted = sorted(set(groups))
    members = WorkingGroup.members.through.objects.filter(among("workinggroup__group_id", wanted, "integer"))
    condition = Q(among("organisation__group_id", wanted, "integer"))
    condition |= Q(organisation__in=members.values("organisation"))
    if MEMBERS in wanted:
        condition |= Q(organisation__isnull=False)
    if COMPACT in wanted:
        condition |= Q(organisation__in_compact=True)
    if STATES in wanted:
        condition |= Q(organisation__kind__in=(Kind.MEMBER_STATE, Kind.OBSERVER_STATE))
    if DONORS in wanted:
        condition |= Q(organisation__is_donor=True, role=Role.DONOR_CONTACT)
    return condition


def organisations_in(groups: Iterable[int]) -> Q:
    """Return a condition on Organisation: those whose users, other than donor contacts, belong to any of these groups."""
    wanted = set(groups)
    condition = Q(group_id__in=wanted) | Q(working_groups__group_id__in=wanted)
    if MEMBERS in wanted:
        condition |= Q(pk__isnull=False)
    if COMPACT in wanted:
        condition |= Q(in_compact=True)
    if STATES in wanted:
        condition |= Q(kind__in=(Kind.MEMBER_STATE, Kind.OBSERVER_STATE))
    return condition


def people_in(groups: Iterable[int], version: UUID | None) -> list[tuple[UUID, UUID, str]]:
    """Return organization, user and role of the running appointments whose holder belongs to any of these groups.

    The same as by `appointments_in`, in a third of its time, with the organizations that the process keeps.
    """
    wanted, own = frozenset(groups), reference_versions.groups(version)
    at = {
        pk: one
        for pk, one in reference_versions.organisations(version).items()
        if wanted & own[pk] or wanted & standing_of(one, Role.DONOR_CONTACT)
    }
    rows = STATEMENTS.rows("people", _people, [[one.group_id for one in at.values()]], [[0]]) if at else []
    kinds = {(pk, role) for pk, _user, role in rows}
    belongs = {(pk, role): wanted & own[pk] or wanted & standing_of(at[pk], role) for pk, role in kinds}
    return [row for row in rows if belongs[row[0], row[2]]]


def _people(groups: list[int]) -> QuerySet[Appointment, tuple[UUID, UUID, str]]:
    at = Appointment.objects.current().filter(among("organisation__group_id", groups, "integer"))
    return at.values_list("organisation", "user", "role").order_by().distinct()


def includes(groups: Iterable[int], organisation: Organisation) -> bool:
    """Return whether the users of an organisation (other than its donor contacts) belong to any of these groups."""
    wanted = set(groups)
    if wanted & {organisation.group_id, *(standing_of(organisation, Role.FOCAL_POINT))}:
        return True
    return organisation.working_groups.filter(group_id__in=wanted).exists()


def post_in_words(appointment: Appointment) -> str:
    """Return organisation and role in English, because the audit log must not depend on the language of the user."""
    with translation.override("en"):
        return f"{appointment.organisation.short}, {appointment.get_role_display()}"
