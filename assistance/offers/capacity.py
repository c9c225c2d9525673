"""How much of an offer is committed to matches, and how much is free, as far as a reader may know.

What is committed adds up the matches that the reader sees, so a hidden match changes no number. The others would be told
too little by such a sum: only the provider, CTED and UNOCT, who see the matches of an offer, are told at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.needs.models import RESERVED, Match
from assistance.needs.states import CONFIRMED_MATCH
from assistance.offers.models import Offer
from entities.actors import CTED, UNOCT, Actor
from web.exceptions import Invalid
from web.lists import enumerated

Number = int | Decimal
MOST_NAMED = 20  # matches listed in a warning

LABELS: Mapping[str, str | Promise] = {
    "places": pgettext_lazy("capacity", "Places"),
    "expert_days": pgettext_lazy("capacity", "Expert days"),
    "amount": pgettext_lazy("capacity", "Amount"),
}


@dataclass(frozen=True)
class Capacity:
    """One kind of capacity of an offer: what it states, and what confirmed matches reserve of it."""

    name: str
    total: Number
    committed: Number
    currency: str = ""

    @property
    def label(self) -> str | Promise:
        """The kind of capacity in words."""
        return LABELS[self.name]

    @property
    def free(self) -> Number:
        """What is left; never below nothing."""
        return max(self.total - self.committed, type(self.total)(0))

    @property
    def over(self) -> Number:
        """By how much more is committed than the offer states."""
        return max(self.committed - self.total, type(self.total)(0))

    def in_words(self, number: Number) -> str:
        """Return a number of this kind in the reader's format, an amount with its currency."""
        written = number_format(number, decimal_pos=2 if self.currency else None, use_l10n=True, force_grouping=True)
        return " ".join(filter(None, (written, self.currency)))

    @property
    def words(self) -> dict[str, str]:
        """Total, committed, free and over in words, for pages."""
        return {name: self.in_words(getattr(self, name)) for name in ("total", "committed", "free", "over")}

    @property
    def share(self) -> int:
        """The committed part in per cent, at most 100."""
        return min(100, round(100 * self.committed / self.total)) if self.total else 100


def is_told(actor: Actor, offer: Offer) -> bool:
    """Return whether this actor is told what is committed of an offer."""
    return is_told_by(actor, offer.provider_id)


def is_told_by(actor: Actor, provider: UUID) -> bool:
    """Return whether this actor is told what is committed of the offers of a provider: the provider, CTED and UNOCT are.

    Views as another need it too.
    """
    own = any(one.pk == provider or one.slug in (CTED, UNOCT) for one in actor.organisations)
    return own and (actor.viewer is None or is_told_by(actor.viewer, provider))


def tells_all(actor: Actor) -> bool:
    """Return whether this actor is told what is committed of the offers of every provider: CTED and UNOCT are."""
    own = any(one.slug in (CTED, UNOCT) for one in actor.organisations)
    return own and (actor.viewer is None or tells_all(actor.viewer))


def committed_matches(actor: Actor, offer: Offer) -> QuerySet[Match]:
    """Return the confirmed matches with an offer that this actor sees."""
    return policy.visible(actor, Match).filter(offer=offer, status__in=CONFIRMED_MATCH)


def capacities(actor: Actor, offer: Offer) -> list[Capacity]:
    """Return each kind of capacity that an offer states, or that is committed; none for those who are not told."""
    if not is_told(actor, offer):
        return []
    sums = (
        committed_matches(actor, offer).order_by().aggregate(**{name: Sum(column) for name, column in RESERVED.items()})
    )
    found = []
    for name in RESERVED:
        total, committed = getattr(offer, name), sums[name]
        if total is None and not committed:
            continue
        kind = Decimal if name == "amount" else int
        found.append(Capacity(name, kind(total or 0), kind(committed or 0), offer.currency if kind is Decimal else ""))
    return found


def check_reserves(actor: Actor, offer: Offer | None, reserves: Mapping[str, Number | None]) -> None:
    """Raise Invalid for a reservation (column of a match → number) without an offer, or of more than is free of it."""
    wanted = {name: reserves.get(column) for name, column in RESERVED.items() if reserves.get(column)}
    if not wanted:
        return
    known = {one.name: one for one in capacities(actor, offer)} if offer is not None else {}
    errors: dict[str, list[str]] = {}
    for name, number in wanted.items():
        if offer is None:
            errors[RESERVED[name]] = [_("Capacity can be reserved only in an offer.")]
        elif getattr(offer, name) is None or name not in known:
            errors[RESERVED[name]] = [_("The offer does not state this capacity.")]
        elif number is not None and number > known[name].free:
            errors[RESERVED[name]] = [_("Only %(free)s is free in this offer.") % {"free": known[name].words["free"]}]
    if errors:
        raise Invalid(errors)


def confirm_less(actor: Actor, offer: Offer, values: Mapping[str, object]) -> None:
    """Raise Invalid where a capacity is lowered below what is committed, unless `values` say that it is `confirmed`.

    The errors name the matches. Capacities that stay as they are stored are not asked about.
    """
    if values.get("confirmed"):
        return
    stored = Offer.objects.filter(pk=offer.pk).values(*RESERVED).get()
    errors: dict[str, list[str]] = {}
    for one in capacities(actor, offer):
        if one.over and getattr(offer, one.name) is not None and getattr(offer, one.name) != stored[one.name]:
            column = RESERVED[one.name]
            rows = committed_matches(actor, offer).filter(**{f"{column}__gt": 0}).order_by("created_at", "pk")
            said = _("%(committed)s is committed to these matches: %(matches)s.")
            errors[one.name] = [said % {"committed": one.words["committed"], "matches": enumerated(rows[:MOST_NAMED])}]
    if errors:
        raise Invalid(
            {**errors, "confirmed": [_("Select this to save the lower capacity. The matches stay as they are.")]}
        )
