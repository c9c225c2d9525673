"""Who am I now: the rights a person holds at this moment, worked out in one statement from running appointments."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import cast
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.utils import translation

from accounts.models import User
from entities.groups import COMPACT, DONORS, MEMBERS, STATES
from entities.models import ACTING_ROLES, Appointment, Kind, Organisation, Role

CTED = "cted"
UNOCT = "unoct"


@dataclass(frozen=True)
class Actor:
    """A person together with the appointments that run now. Without any, they see nothing restricted.

    `groups` are ids of auth groups: literals for the visibility query (docs/decisions/0001-audiences.md).
    """

    user: User
    appointments: tuple[Appointment, ...] = ()
    groups: frozenset[int] = frozenset()
    # Ids of organisations this person acts for by appointments that a token does not carry: they give no right here.
    elsewhere: frozenset[UUID] = frozenset()
    # Who really looks, when a coordinator views as somebody else: what they may not see themselves stays hidden.
    viewer: "Actor | None" = None

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
        """Slugs of the organisations this person may act for."""
        return frozenset(a.organisation.slug for a in self.acting_for.values())

    @property
    def is_cted(self) -> bool:
        return CTED in self.offices

    @property
    def is_unoct(self) -> bool:
        return UNOCT in self.offices

    def acts_for(self, organisation_id: UUID | None) -> bool:
        """Whether this person may act in the name of that organisation."""
        return organisation_id in self.acting_for

    def stands_for(self, organisation_id: UUID | None) -> bool:
        """Whether this person acts for that organisation by any appointment: what rules that want two people ask."""
        return self.acts_for(organisation_id) or organisation_id in self.elsewhere

    def appointment_for(self, organisation_ids: Iterable[UUID | None]) -> Appointment | None:
        """Return the appointment used to act for the first of these organisations, or None."""
        return next((self.acting_for[i] for i in organisation_ids if i in self.acting_for), None)

    def providers(self) -> list[Organisation]:
        """Organisations in whose name this person may offer assistance: entities and partners, not States as such."""
        return [
            a.organisation
            for a in self.acting_for.values()
            if a.organisation.in_compact or a.organisation.kind in (Kind.COMPACT_ENTITY, Kind.PARTNER)
        ]

    def states(self) -> list[Organisation]:
        """States this person may act for."""
        return [a.organisation for a in self.acting_for.values() if a.organisation.is_state]


def actor_of(user: User | AnonymousUser, within: Collection[UUID] | None = None) -> Actor:
    """Return who this user is now. One statement; a right that ended yesterday at midnight UTC is not in it.

    `within` are the ids of the appointments a token was issued under: of those that run now, only these give rights.
    """
    if not getattr(user, "pk", None):
        return Actor(user=cast(User, user))  # an anonymous visitor acts as nobody
    rows = (
        Appointment.objects.current()
        .filter(user=cast(User, user))
        .select_related("organisation")
        .annotate(
            working_groups=ArrayAgg(
                "organisation__working_groups__group_id",
                filter=Q(organisation__working_groups__isnull=False),
                default=[],
            )
        )
    )
    groups: set[int] = set()
    appointments = []
    elsewhere: set[UUID] = set()
    for appointment in rows:
        if within is not None and appointment.pk not in within:
            elsewhere |= {appointment.organisation_id} if appointment.role in ACTING_ROLES else set()
            continue
        appointments.append(appointment)
        groups |= {appointment.organisation.group_id, *appointment.working_groups}
        groups |= standing_of(appointment.organisation, appointment.role)
    return Actor(cast(User, user), tuple(appointments), frozenset(groups), frozenset(elsewhere))


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

    The mirror image of `actor_of`; one test holds the two together.
    """
    wanted = set(groups)
    condition = Q(organisation__group_id__in=wanted) | Q(organisation__working_groups__group_id__in=wanted)
    if MEMBERS in wanted:
        condition |= Q(organisation__isnull=False)
    if COMPACT in wanted:
        condition |= Q(organisation__in_compact=True)
    if STATES in wanted:
        condition |= Q(organisation__kind__in=(Kind.MEMBER_STATE, Kind.OBSERVER_STATE))
    if DONORS in wanted:
        condition |= Q(organisation__is_donor=True, role=Role.DONOR_CONTACT)
    return condition


def includes(groups: Iterable[int], organisation: Organisation) -> bool:
    """Return whether the people of an organisation (its donor contacts apart) belong to any of these groups."""
    wanted = set(groups)
    if wanted & {organisation.group_id, *(standing_of(organisation, Role.FOCAL_POINT))}:
        return True
    return organisation.working_groups.filter(group_id__in=wanted).exists()


def post_in_words(appointment: Appointment) -> str:
    """Return organisation and role in English: the audit log does not change with the language of whoever acts."""
    with translation.override("en"):
        return f"{appointment.organisation.short}, {appointment.get_role_display()}"
