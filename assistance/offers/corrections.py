"""Corrections of offers: who sees, proposes and answers them, and what an accepted one writes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.matters import Matter
from assistance.access import audiences, policy, row_security
from assistance.access.rules import AccessReason, ReasonKind
from assistance.offers.models import Correction, Offer
from assistance.offers.states import ENDED, CorrectedField, CorrectionStatus
from assistance.workflow import editing
from assistance.workflow.engine import record, require_text, transition
from assistance.workflow.naming import titled
from entities.actors import Actor
from entities.models import Appointment
from web.exceptions import Conflict, Forbidden, Invalid
from web.texts import TEXT_MAX
from web.translated_text import localized

PROPOSER = "proposer"  # the own kind of access reason of corrections


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


def proposer(correction: Correction) -> set[object]:
    """Return the organization that proposed the correction, as a party of messages."""
    return {correction.proposed_as.organisation_id}


def name_of(correction: Correction) -> Matter:
    """Return a correction in words: the title of its offer, and the field."""
    return titled(correction.offer, correction.get_field_display())


def proposing(actor: Actor, offer: Offer) -> Appointment | None:
    """Return the appointment by which this actor proposes corrections of an offer; None for its provider and observers."""
    if actor.viewer is not None or actor.acts_for(offer.provider_id) or offer.status in ENDED:
        return None
    return next(iter(actor.acting_for.values()), None)


# ── What a field says ────────────────────────────────────────────────────────
def text_of(offer: Offer, field: str) -> str:
    """Return the present value of a field in text, a translated one in the language of the offer."""
    if field in Offer.translated:
        return str(localized(offer, field, offer.language).value or "")
    value = getattr(offer, field)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def value_of(field: str, text: str) -> Any:
    """Return the value that a text stands for. Raises Invalid at `proposed` for one that the field does not take."""
    column: Any = Offer._meta.get_field(field)
    if not text.strip():
        if not column.blank:
            raise Invalid({"proposed": [_("This field cannot be empty.")]})
        return None if column.null else ""
    try:
        return column.clean(text.strip(), None)
    except ValidationError as error:
        raise Invalid({"proposed": error.messages}) from None


def field_is_unchanged(correction: Correction) -> None:
    """Raise Conflict when the field says something else than when the correction was proposed."""
    if text_of(correction.offer, correction.field) != correction.was:
        raise Conflict(
            _(
                "The offer has been changed since. Compare the entries; change the offer yourself, or refuse the correction."
            )
        )


# ── Transitions ──────────────────────────────────────────────────────────────
def propose(*, actor: Actor, offer: object, field: str, proposed: str, why: str) -> Correction:
    """Propose to change one field of an offer that the actor sees. Returns the correction.

    Raises NotVisible, Forbidden (provider, observer), Conflict (already proposed by the same organization), Invalid.
    """
    with transaction.atomic():
        row = policy.get(actor, Offer, offer, lock=True)
        appointment = proposing(actor, row)
        if appointment is None:
            raise Forbidden(_("You cannot propose a correction of this offer."), url=row.get_absolute_url())
        was = _check(row, field, proposed, why)
        with row_security.bypass():
            same = Correction.objects.filter(offer=row, field=field, status=CorrectionStatus.PROPOSED)
            if same.filter(proposed_as__organisation=appointment.organisation_id).exists():
                raise Conflict(
                    _("Your organization has already proposed a correction of this field. The provider will answer.")
                )
            correction = Correction(
                offer=row, field=field, was=was, proposed=proposed.strip(), why=why,
                proposed_by=actor.user, proposed_as=appointment,
            )  # fmt: skip
            audiences.assign_audience(correction)
            correction.save(force_insert=True)
            record("correction_proposed", correction, actor=actor, appointment=appointment)
    return correction


def _check(offer: Offer, field: str, proposed: str, why: str) -> str:
    """Return the present value in text. Raises Invalid for what cannot be proposed."""
    require_text(why=why)
    if field not in CorrectedField.values:
        raise Invalid({"field": [_("Select one of the fields given.")]})
    if len(proposed) > TEXT_MAX:
        raise Invalid({"proposed": [_("The text is too long.")]})
    value_of(field, proposed)
    was = text_of(offer, field)
    if proposed.strip() == was:
        raise Invalid({"proposed": [_("This is what the offer says now.")]})
    return was


def accept(*, actor: Actor, correction: object, version: int | None = None, note: str = "") -> Correction:
    """Change the offer as proposed, as if its provider had edited it. Returns the correction.

    Raises NotVisible, Forbidden, Conflict (answered, or the field has been changed since), Invalid (what editing refuses).
    """
    with transition(actor, Correction, correction, "accept", version=version) as context:
        row = context.row
        values = {row.field: value_of(row.field, row.proposed)}
        editing.edit(actor=actor, model=Offer, pk=row.offer_id, values=values)
        context.set(status=CorrectionStatus.ACCEPTED, answer=note)
        context.reason = note
    return context.row


def refuse(*, actor: Actor, correction: object, reason: str, version: int | None = None) -> Correction:
    """Leave the offer as it is. Returns the correction; raises Invalid without a reason."""
    require_text(reason=reason)
    with transition(actor, Correction, correction, "refuse", version=version) as context:
        context.set(status=CorrectionStatus.REFUSED, answer=reason)
        context.reason = reason
    return context.row
