"""Names of audiences: the organisations, working groups and standing groups of a release, as shown to readers."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistance.access.models import Audience, AudienceGrant
from entities.actors import UNOCT
from entities.groups import COMPACT, DONORS, MEMBERS, STATES
from entities.models import Organisation, WorkingGroup

STANDING: dict[int, str | Promise] = {
    COMPACT: _("UNOCT and Compact focal points"),
    STATES: _("All Member State focal points"),
    DONORS: _("Donor contacts"),
    MEMBERS: _("All users of the portal"),
}


def names_of(groups: Iterable[int]) -> list[str]:
    """Return the names of these groups: standing groups first, then organisations and working groups. Two queries."""
    wanted = frozenset(groups)
    return _Names(wanted).of(wanted)


def names_by_audience(audiences: Iterable[UUID | None]) -> dict[UUID | None, list[str]]:
    """Return audience id → the names in it. Runs three queries, whatever the number of audiences."""
    grants = AudienceGrant.objects.filter(content_object__in={pk for pk in audiences if pk})
    groups: dict[UUID | None, set[int]] = {}
    for audience, group in grants.values_list("content_object", "group"):
        groups.setdefault(audience, set()).add(group)
    names = _Names(frozenset().union(*groups.values()))
    return {audience: names.of(members) for audience, members in groups.items()}


def names_in(audience: Audience | None) -> list[str]:
    """Return the names of the groups of one audience; an empty list for None (nothing was released)."""
    return names_by_audience([audience.pk]).get(audience.pk, []) if audience else []


class _Names:
    """The names of some groups, fetched once."""

    def __init__(self, groups: frozenset[int]) -> None:
        organisations = list(Organisation.objects.filter(group_id__in=groups).by_name())
        self.unoct = next((o.group_id for o in organisations if o.slug == UNOCT), None)
        self.names: dict[int, str | Promise] = {pk: name for pk, name in STANDING.items() if pk in groups}
        self.names |= {o.group_id: o.name for o in organisations}
        self.names |= {w.group_id: w.name for w in WorkingGroup.objects.filter(group_id__in=groups)}

    def of(self, groups: Iterable[int]) -> list[str]:
        wanted = set(groups)
        if COMPACT in wanted:
            wanted.discard(self.unoct or 0)  # shown as part of the Compact
        return [str(name) for group, name in self.names.items() if group in wanted]
