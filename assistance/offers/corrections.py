"""Corrections of offers: who sees, proposes and answers them, and what an accepted one writes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.matters import Matter
from assistance.access.rules import AccessReason, ReasonKind
from assistance.offers.models import Correction, Offer
from assistance.offers.states import ENDED, CorrectedField
from assistance.workflow import corrections, editing
from assistance.workflow.corrections import PROPOSER
from assistance.workflow.naming import titled
from entities.actors import Actor
from entities.models import Appointment


# ── Who sees and answers them ────────────────────────────────────────────────
def access_reasons(correction: Correction) -> Iterator[AccessReason]:
    """Yield the access reasons of a correction: the provider of the offer, and the organization that proposed it."""
    yield AccessReason(correction.offer.provider.group_id, ReasonKind.PROVIDER)
    yield AccessReason(correction.proposed_as.organisation.group_id, PROPOSER)


REASON_TEXTS: dict[str, Callable[[Correction, Sequence[AccessReason]], str]] = {
    PROPOSER: lambda correction, reasons: _("Proposed the correction"),
}


def owner(actor: Actor, correction: Correction) -> Iterable[UUID | None]:
    """Return the provider of the offer."""
    return [correction.offer.provider_id]


def asked(correction: Correction) -> set[object]:
    """Return the provider of the offer, as a party of messages."""
    return {correction.offer.provider_id}


def name_of(correction: Correction) -> Matter:
    """Return a correction in words: the title of its offer, and the field."""
    return titled(correction.offer, correction.get_field_display())


def proposing(actor: Actor, offer: Offer) -> Appointment | None:
    """Return the appointment by which this actor proposes corrections of an offer; None for its provider and observers."""
    if actor.viewer is not None or actor.acts_for(offer.provider_id) or offer.status in ENDED:
        return None
    return next(iter(actor.acting_for.values()), None)


def _write(actor: Actor, offer: Offer, values: dict[str, Any]) -> None:
    editing.edit(actor=actor, model=Offer, pk=offer.pk, values=values)


OF_OFFERS = corrections.Corrections(
    model=Correction,
    subject=Offer,
    fields=CorrectedField,
    proposing=proposing,
    write=_write,
    event="correction_proposed",
    not_yours=gettext_lazy("You cannot propose a correction of this offer."),
    already=gettext_lazy(
        "Your organization has already proposed a correction of this field. The provider will answer."
    ),
    unchanged=gettext_lazy("This is what the offer says now."),
    changed_since=gettext_lazy(
        "The offer has been changed since. Compare the entries; change the offer yourself, or refuse the correction."
    ),
)


def field_is_unchanged(correction: Correction) -> None:
    """Raise Conflict when the field says something else than when the correction was proposed."""
    corrections.check_unchanged(OF_OFFERS, correction)


# ── Transitions ──────────────────────────────────────────────────────────────
def propose(*, actor: Actor, offer: object, field: str, proposed: str, why: str) -> Correction:
    """Propose to change one field of an offer that the actor sees. Returns the correction.

    Raises NotVisible, Forbidden (provider, observer), Conflict (already proposed by the same organization), Invalid.
    """
    made: Correction = corrections.propose(
        OF_OFFERS, actor=actor, subject=offer, field=field, proposed=proposed, why=why
    )
    return made


def accept(*, actor: Actor, correction: object, version: int | None = None, note: str = "") -> Correction:
    """Change the offer as proposed, as if its provider had edited it. Returns the correction.

    Raises NotVisible, Forbidden, Conflict (answered, or the field has been changed since), Invalid (what editing refuses).
    """
    row: Correction = corrections.accept(OF_OFFERS, actor=actor, correction=correction, version=version, note=note)
    return row


def refuse(*, actor: Actor, correction: object, reason: str, version: int | None = None) -> Correction:
    """Leave the offer as it is. Returns the correction; raises Invalid without a reason."""
    row: Correction = corrections.refuse(OF_OFFERS, actor=actor, correction=correction, version=version, reason=reason)
    return row
