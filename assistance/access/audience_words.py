"""The keywords that name the audience of a release: standing groups, organisations and working groups."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from assistance.access import rules
from entities.actors import UNOCT
from entities.groups import COMPACT, DONORS, STATES
from entities.models import Organisation, WorkingGroup
from web.exceptions import Invalid
from web.lists import enumerated

STANDING_WORDS = {"compact": COMPACT, "states": STATES, "donors": DONORS}


def audience_groups(words: str | Sequence[str]) -> frozenset[int]:
    """Return the groups named by "compact", "states", "donors", or slugs of organisations and working groups.

    Raises Invalid, listing the unknown names, when a name is unknown or none is given.
    """
    names = [words] if isinstance(words, str) else [str(word) for word in words]
    groups = {STANDING_WORDS[name] for name in names if name in STANDING_WORDS}
    if "compact" in names:
        groups.add(rules.office(UNOCT))
    slugs = {name for name in names if name not in STANDING_WORDS}
    known = dict(Organisation.objects.filter(slug__in=slugs).values_list("slug", "group_id"))
    known |= dict(WorkingGroup.objects.filter(slug__in=slugs).values_list("slug", "group_id"))
    if unknown := sorted(slugs - set(known)):
        raise Invalid({"audience": [_("Unknown values: %(names)s.") % {"names": enumerated(unknown)}]})
    if not names:
        raise Invalid({"audience": [_("Specify at least one organization or working group.")]})
    return frozenset(groups | set(known.values()))
