"""Corrections that readers propose of single fields of a row, and that its owner accepts or refuses.

Each kind of record that takes corrections declares them (`Corrections`); what is the same for all kinds is here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assistance.access import audiences, policy, row_security
from assistance.access.models import Restricted
from assistance.workflow.correction_models import ACCEPTED, PROPOSED, REFUSED, ProposedCorrection
from assistance.workflow.engine import record, require_text, transition
from entities.actors import Actor
from entities.models import Appointment
from web.exceptions import Conflict, Forbidden, Invalid
from web.texts import TEXT_MAX
from web.translated_text import columns_in_languages, localized

KNOWN = "_subject_now"  # the attribute of a correction in a list whose row was read at once
PROPOSER = "proposer"  # the own kind of access reason of corrections


@dataclass(frozen=True, kw_only=True)
class Corrections:
    """How one kind of record takes corrections.

    `proposing` returns the appointment by which an actor proposes one of a row, `write` changes the row as proposed.
    `event` is recorded when one is proposed. The other texts are messages: who may not propose, a field that the same
    organization has already proposed to change, one that says so now, and one that was changed since.
    """

    model: type[ProposedCorrection]
    subject: type[Restricted]
    fields: type[TextChoices]
    proposing: Callable[[Actor, Any], Appointment | None]
    write: Callable[[Actor, Any, dict[str, Any]], Any]
    event: str
    not_yours: str | Promise
    already: str | Promise
    unchanged: str | Promise
    changed_since: str | Promise


def proposer(correction: Any) -> set[object]:
    """Return the organization that proposed a correction, as a party of messages."""
    return {correction.proposed_as.organisation_id}


# ── What a field says ────────────────────────────────────────────────────────
def text_of(row: Any, field: str) -> str:
    """Return the present value of a field in text, a translated one in the language of the row."""
    if field in row.translated:
        return str(localized(row, field, row.language).value or "")
    value = getattr(row, field)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def value_of(model: type[Restricted], field: str, text: str) -> Any:
    """Return the value that a text stands for. Raises Invalid at `proposed` for one that the field does not take."""
    column: Any = model._meta.get_field(field)
    if not text.strip():
        if not column.blank:
            raise Invalid({"proposed": [_("This field cannot be empty.")]})
        return None if column.null else ""
    try:
        return column.clean(text.strip(), None)
    except ValidationError as error:
        raise Invalid({"proposed": error.messages}) from None


def check_unchanged(kind: Corrections, correction: Any) -> None:
    """Raise Conflict when the field says something else than when the correction was proposed."""
    if stale(correction) is not None:
        raise Conflict(kind.changed_since)


def subject_now(correction: Any) -> Any:
    """Return the row that is corrected, as `read_subjects` has read it for a list."""
    known = correction.__dict__.get(KNOWN)
    return correction.subject if known is None else known


def read_subjects(corrections: Sequence[Any], names: Iterable[str]) -> None:
    """Read at once, for guards of a list, these columns of the rows that are corrected, besides the fields corrected.

    As values: no text of them is shown, so it does not count as read.
    """
    if not corrections:
        return
    model: Any = corrections[0]._meta.get_field(corrections[0].subject_name).related_model
    keys = {one.subject_id for one in corrections}
    fields = {one.field for one in corrections}
    texts = [column for name in fields & set(model.translated) for column in columns_in_languages(name)]
    columns = dict.fromkeys(["pk", "language", *names, *(fields - set(model.translated)), *texts])
    found = {row.pop("pk"): row for row in model._default_manager.filter(pk__in=keys).values(*columns)}
    for one in corrections:
        one.__dict__[KNOWN] = model(pk=one.subject_id, **found[one.subject_id])


def stale(correction: Any) -> str | None:
    """Return what the field says now, if that is not what it said when the correction was proposed; else None."""
    now = text_of(subject_now(correction), correction.field)
    return now if correction.status == PROPOSED and now != correction.was else None


# ── Transitions ──────────────────────────────────────────────────────────────
def propose(kind: Corrections, *, actor: Actor, subject: object, field: str, proposed: str, why: str) -> Any:
    """Propose to change one field of a row that the actor sees. Returns the correction.

    Raises NotVisible, Forbidden, Conflict (already proposed by the same organization), Invalid.
    """
    model: Any = kind.model
    name = kind.model.subject_name
    with transaction.atomic():
        row = policy.get(actor, kind.subject, subject, lock=True)
        appointment = kind.proposing(actor, row)
        if appointment is None:
            raise Forbidden(kind.not_yours, url=row.get_absolute_url())
        was = _check(kind, row, field, proposed, why)
        with row_security.bypass():
            same = model._default_manager.filter(**{name: row}, field=field, status=PROPOSED)
            if same.filter(proposed_as__organisation=appointment.organisation_id).exists():
                raise Conflict(kind.already)
            correction = model(
                **{name: row}, field=field, was=was, proposed=proposed.strip(), why=why,
                proposed_by=actor.user, proposed_as=appointment,
            )  # fmt: skip
            audiences.assign_audience(correction)
            correction.save(force_insert=True)
            record(kind.event, correction, actor=actor, appointment=appointment)
    return correction


def _check(kind: Corrections, row: Any, field: str, proposed: str, why: str) -> str:
    """Return the present value in text. Raises Invalid for what cannot be proposed."""
    require_text(why=why)
    if field not in kind.fields.values:
        raise Invalid({"field": [_("Select one of the fields given.")]})
    if len(proposed) > TEXT_MAX:
        raise Invalid({"proposed": [_("The text is too long.")]})
    value_of(kind.subject, field, proposed)
    was = text_of(row, field)
    if proposed.strip() == was:
        raise Invalid({"proposed": [kind.unchanged]})
    return was


def accept(kind: Corrections, *, actor: Actor, correction: object, version: int | None, note: str) -> Any:
    """Change the row as proposed. Returns the correction.

    Raises NotVisible, Forbidden, Conflict (answered, or the field has been changed since), Invalid (what editing refuses).
    """
    with transition(actor, kind.model, correction, "accept", version=version) as context:
        row = context.row
        kind.write(actor, row.subject, {row.field: value_of(kind.subject, row.field, row.proposed)})
        context.set(status=ACCEPTED, answer=note)
        context.reason = note
    return context.row


def refuse(kind: Corrections, *, actor: Actor, correction: object, version: int | None, reason: str) -> Any:
    """Leave the row as it is. Returns the correction; raises Invalid without a reason."""
    require_text(reason=reason)
    with transition(actor, kind.model, correction, "refuse", version=version) as context:
        context.set(status=REFUSED, answer=reason)
        context.reason = reason
    return context.row
