"""Whether an offer that is open to some groups of States only is open to one State, by the lists of these groups."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from assistance.offers.models import Offer
from assistance.offers.states import Eligibility
from entities.models import Organisation
from entities.state_groups import state_lists
from web.dates import in_words
from web.lists import enumerated


class Fit(TextChoices):
    """Whether a State is in one of the groups; which States are most affected by terrorism no list says."""

    YES = "yes", pgettext_lazy("choice", "Yes")
    NO = "no", pgettext_lazy("choice", "No")
    PROVIDER_DECIDES = "provider_decides", pgettext_lazy("eligibility", "The provider decides")


@dataclass(frozen=True)
class Eligible:
    """Whether an offer is open to a State, and why in words."""

    fit: Fit
    text: str


def eligibility_for(offer: Offer, state: Organisation) -> Eligible | None:
    """Return whether an offer is open to a State by the groups that it names; None where it names none."""
    named = [Eligibility(group) for group in offer.eligibility]
    if not named:
        return None
    lists = {group: state_lists()[group] for group in named if group in state_lists()}
    on = [group for group, one in lists.items() if state.iso3 in one.iso3]
    values = {
        "groups": enumerated(str(group.label) for group in on or named),
        "date": in_words(max(one.as_of for one in lists.values())) if lists else "",
    }
    if on:
        return Eligible(Fit.YES, _("Open to this State by the list of %(date)s: %(groups)s") % values)
    if Eligibility.MOST_AFFECTED in named:
        return Eligible(
            Fit.PROVIDER_DECIDES,
            _("Open only to: %(groups)s. The provider decides whether this State is among them.") % values,
        )
    return Eligible(Fit.NO, _("Open only to: %(groups)s. This State is not on the list of %(date)s.") % values)
