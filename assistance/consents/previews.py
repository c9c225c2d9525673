"""Previews of releases: a row as an organisation or an audience would see it if the release were in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from assistance.access import policy
from assistance.access.audience_names import names_of
from assistance.access.audience_words import STANDING_WORDS, audience_groups
from assistance.access.audiences import groups_of
from entities.actors import Actor, standing_of
from entities.groups import MEMBERS
from entities.models import Appointment, Organisation, Role, WorkingGroup
from web.lists import enumerated

Opening = tuple[Any, frozenset[int]]


@dataclass(frozen=True)
class PreviewAudience:
    """The reader of a preview. `groups` are those held by somebody there, `named` those that a release to them names.

    For an audience there is no organisation: only the groups that all its readers have in common count.
    """

    name: str
    groups: frozenset[int]
    named: frozenset[int]
    organisation: Organisation | None = None


def preview_audience_of(word: str) -> PreviewAudience:
    """Return the audience for a slug of an organisation or working group, or for "compact", "states", "donors".

    Raises Invalid for an unknown name.
    """
    named = audience_groups(word)
    organisation = Organisation.objects.filter(slug=word).first()
    if organisation is None:
        group = STANDING_WORDS.get(word) or WorkingGroup.objects.get(slug=word).group_id
        return PreviewAudience(enumerated(names_of(named)), frozenset({group, MEMBERS}), named)
    held = {organisation.group_id, *standing_of(organisation, _reading_role(organisation))}
    held |= set(organisation.working_groups.values_list("group_id", flat=True))
    return PreviewAudience(organisation.name, frozenset(held), named, organisation)


def _reading_role(organisation: Organisation) -> Role:
    """Return the role with the widest reading rights there that may not act."""
    return Role.DONOR_CONTACT if organisation.is_donor else Role.OBSERVER


def preview_actor(actor: Actor, readers: PreviewAudience, openings: Iterable[Opening] = ()) -> policy.PreviewActor:
    """Return an actor of this audience, who sees each row in `openings` as if released to the groups beside it only.
    It holds every group that anybody there can hold, and no right to act; rows that `actor` does not see are hidden.
    """
    shown: set[UUID] = set()
    hidden: set[UUID] = set()
    for row, released in openings:
        (shown if readers.groups & (released | groups_of(row.owners)) else hidden).add(row.pk)
    place = readers.organisation
    posts: tuple[Appointment, ...] = ()
    if place is not None:
        today = timezone.now().date()
        posts = (Appointment(organisation=place, role=_reading_role(place), since=today, user=actor.user),)
    return policy.PreviewActor(
        user=actor.user, appointments=posts, groups=readers.groups, beside=actor,
        shown=frozenset(shown), hidden=frozenset(hidden),
    )  # fmt: skip
