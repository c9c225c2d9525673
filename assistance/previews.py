"""How others read what a State releases: somebody of a chosen organisation, as if the release were in force."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from assistance import policy
from assistance.grants import groups_of
from assistance.models import Need, Section
from entities.actors import Actor, standing_of
from entities.models import Appointment, Organisation, Role

Opening = tuple[Section | Need, frozenset[int]]


def reader(actor: Actor, organisation: Organisation, openings: Iterable[Opening] = ()) -> policy.Supposed:
    """Return a reader of an organisation, for whom each of these rows is open to exactly these groups and its owners.

    They hold every group that anybody of the organisation can hold and no right to act; nothing is shown to them that
    `actor` does not see.
    """
    role = Role.DONOR_CONTACT if organisation.is_donor else Role.OBSERVER
    groups = frozenset(
        {organisation.group_id, *standing_of(organisation, role)}
        | set(organisation.working_groups.values_list("group_id", flat=True))
    )
    shown: set[UUID] = set()
    hidden: set[UUID] = set()
    for row, released in openings:
        (shown if groups & (released | groups_of(row.owners)) else hidden).add(row.pk)
    appointment = Appointment(organisation=organisation, role=role, since=timezone.now().date(), user=actor.user)
    return policy.Supposed(
        user=actor.user, appointments=(appointment,), groups=groups, beside=actor,
        shown=frozenset(shown), hidden=frozenset(hidden),
    )  # fmt: skip
