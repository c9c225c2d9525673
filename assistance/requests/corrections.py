"""Corrections of requests: CTED proposes one from the submission on, the State accepts or refuses it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.matters import Matter
from assistance.access.rules import AccessReason, ReasonKind, office, state
from assistance.consents.models import TwoPersonRule
from assistance.requests.editing import CORRECTED, check_correctable
from assistance.requests.models import AssistanceRequest, RequestCorrection
from assistance.requests.states import CORRECTABLE, RequestCorrectedField
from assistance.workflow import corrections, editing
from assistance.workflow.corrections import PROPOSER
from assistance.workflow.naming import titled
from entities.actors import CTED, UNOCT, Actor
from entities.models import Appointment


# ── Who sees and answers them ────────────────────────────────────────────────
def access_reasons(correction: RequestCorrection) -> Iterator[AccessReason]:
    """Yield the access reasons of a correction: the State, the organization that proposed it, and UNOCT."""
    yield state(correction.assistance_request.state)
    yield AccessReason(correction.proposed_as.organisation.group_id, PROPOSER)
    yield AccessReason(office(UNOCT), ReasonKind.UNOCT)


REASON_TEXTS: dict[str, Callable[[RequestCorrection, Sequence[AccessReason]], str]] = {
    PROPOSER: lambda correction, reasons: _("Proposed the correction"),
}


def owner(actor: Actor, correction: RequestCorrection) -> Iterable[UUID | None]:
    """Return the State of the request."""
    return [correction.assistance_request.state_id]


def asked(correction: RequestCorrection) -> set[object]:
    """Return the State of the request, as a party of messages."""
    return {correction.assistance_request.state_id}


def name_of(correction: RequestCorrection) -> Matter:
    """Return a correction in words: the title of its request, and the field."""
    return titled(correction.assistance_request, correction.get_field_display())


def proposing(actor: Actor, row: AssistanceRequest) -> Appointment | None:
    """Return the appointment by which this actor proposes corrections of a request: one at CTED; else None."""
    if actor.viewer is not None or row.status not in CORRECTABLE:
        return None
    own = (one for one in actor.acting_for.values() if one.organisation.slug == CTED)
    return next(own, None)


def _write(actor: Actor, row: AssistanceRequest, values: dict[str, Any]) -> None:
    editing.edit(actor=actor, model=AssistanceRequest, pk=row.pk, values=values, spec=CORRECTED)


OF_REQUESTS = corrections.Corrections(
    model=RequestCorrection,
    subject=AssistanceRequest,
    fields=RequestCorrectedField,
    proposing=proposing,
    write=_write,
    event="request_correction_proposed",
    not_yours=gettext_lazy(
        "Only CTED proposes corrections of a request, while it is submitted and not yet circulated."
    ),
    already=gettext_lazy("A correction of this field is already proposed. The State will answer."),
    unchanged=gettext_lazy("This is what the request says now."),
    changed_since=gettext_lazy(
        "The request has been changed since. Compare the entries, and refuse the correction if it no longer applies."
    ),
)


# ── Guards ───────────────────────────────────────────────────────────────────
def field_is_unchanged(correction: RequestCorrection) -> None:
    """Raise Conflict when the field says something else than when the correction was proposed."""
    corrections.check_unchanged(OF_REQUESTS, correction)


def may_be_written(correction: RequestCorrection) -> None:
    """Raise Conflict when one person of the State cannot change the text of the request now."""
    check_correctable(corrections.subject_now(correction), correction.__dict__.get("two_persons"))


def read_requests(rows: Sequence[RequestCorrection]) -> None:
    """Read at once what guards of these corrections ask of their requests."""
    corrections.read_subjects(rows, ("status", "state_id", "proposed_by_id"))


def facts() -> dict[str, Any]:
    """Return the annotation of lists that guards ask: whether the State of the request asks for two persons."""
    rules = TwoPersonRule.objects.filter(state=OuterRef("assistance_request__state"), is_on=True)
    return {"two_persons": Exists(rules)}


# ── Transitions ──────────────────────────────────────────────────────────────
def propose(*, actor: Actor, assistance_request: object, field: str, proposed: str, why: str) -> RequestCorrection:
    """Propose to change one field of a submitted request. Returns the correction.

    Raises NotVisible, Forbidden (all but CTED, and once it is circulated), Conflict (already proposed), Invalid.
    """
    made: RequestCorrection = corrections.propose(
        OF_REQUESTS, actor=actor, subject=assistance_request, field=field, proposed=proposed, why=why
    )
    return made


def accept(
    *, actor: Actor, request_correction: object, version: int | None = None, note: str = ""
) -> RequestCorrection:
    """Change the request as proposed, in the name of the State. Returns the correction.

    Raises NotVisible, Forbidden, Conflict (answered, changed since, circulated, or two persons are needed), Invalid.
    """
    row: RequestCorrection = corrections.accept(
        OF_REQUESTS, actor=actor, correction=request_correction, version=version, note=note
    )
    return row


def refuse(*, actor: Actor, request_correction: object, reason: str, version: int | None = None) -> RequestCorrection:
    """Leave the request as it is. Returns the correction; raises Invalid without a reason."""
    row: RequestCorrection = corrections.refuse(
        OF_REQUESTS, actor=actor, correction=request_correction, version=version, reason=reason
    )
    return row
