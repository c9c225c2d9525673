"""Transitions of a need, from the draft to the result of the verification."""

from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.needs.coverage import spread
from assistance.needs.models import Match, Need, Verification
from assistance.needs.states import OPEN_MATCH, CloseReason, MatchStatus, Outcome
from assistance.workflow.engine import TransitionContext, record, require_text, save, transition
from entities.actors import Actor
from web.exceptions import Invalid


def put_to_state(*, actor: Actor, need: object, version: int | None = None) -> Need:
    """Put a draft need to its State. Returns the need; raises NotVisible, Forbidden, Conflict."""
    with transition(actor, Need, need, "put-to-state", version=version) as context:
        context.set(put_to_state_at=timezone.now())
    return context.row


def agree(*, actor: Actor, need: object, version: int | None = None, note: str = "") -> Need:
    """Record the State's agreement, by its focal point or by CTED when it was reached during the visit.

    Returns the need; raises NotVisible, Forbidden, Conflict.
    """
    with transition(actor, Need, need, "agree", version=version) as context:
        context.set(agreed_on=timezone.now().date())
        context.reason = note
    return context.row


def verify(
    *, actor: Actor, need: object, outcome: str, note: str, share: int | None = None, version: int | None = None
) -> Need:
    """Record what CTED or the State found, never the provider. `share`, in per cent, is required with *partly met*.

    Returns the need; raises Invalid for an unknown outcome, a missing note, or a share not below what was delivered.
    """
    if outcome not in Outcome.values:
        raise Invalid({"outcome": [_("Select “met”, “partly met” or “not met”.")]})
    require_text(note=note)
    with transition(actor, Need, need, "verify", version=version) as context:
        delivered = list(
            context.row.matches.filter(status=MatchStatus.DELIVERED, verified_share=None).order_by("created_at", "pk")
        )
        total = sum(match.share for match in delivered)
        met = _share_met(outcome, share, total)
        for match, part in zip(delivered, spread(met, [match.share for match in delivered]), strict=True):
            match.verified_share = part
            save(match, ["verified_share"])
        if outcome == Outcome.MET:
            context.set(met_at=timezone.now())
        Verification.objects.create(
            need=context.row, cycle=context.row.cycle, outcome=outcome, share=met, note=note,
            by=actor.user, organisation=context.appointment.organisation,
        )  # fmt: skip
        context.reason = note
    return context.row


def _share_met(outcome: str, share: int | None, delivered: int) -> int:
    if outcome == Outcome.MET:
        return delivered
    if outcome == Outcome.NOT_MET:
        return 0
    if share is None or not 0 < share < delivered:
        raise Invalid({"share": [_("Enter the share met: between 1 and %(most)d per cent.") % {"most": delivered - 1}]})
    return share


def close(*, actor: Actor, need: object, reason: str, note: str = "", version: int | None = None) -> Need:
    """Close a need without it being met; its open matches are closed with it.

    Returns the need; raises Invalid for an unknown reason.
    """
    if reason not in CloseReason.values:
        raise Invalid({"reason": [_("Select one of the reasons given.")]})
    with transition(actor, Need, need, "close", version=version) as context:
        end(context, reason, note)
    return context.row


def end(context: TransitionContext, reason: str, note: str = "") -> None:
    """Set what closes the need of this transition, and let its open matches lapse."""
    context.set(closed_at=timezone.now(), close_reason=reason)
    context.reason = note or str(CloseReason(reason).label)
    for match in Match.objects.filter(need=context.row, status__in=OPEN_MATCH):
        before, match.status, match.need = match.status, MatchStatus.LAPSED, context.row
        save(match, ["status"])
        record(
            "match_lapsed",
            match,
            actor=context.actor,
            appointment=context.appointment,
            before=before,
            reason=context.reason,
        )
