"""The status of a need, computed again whenever one of its facts changes."""

from assistance.access.rules import is_released
from assistance.needs.coverage import coverage
from assistance.needs.models import Need
from assistance.needs.states import CONFIRMED_MATCH, NeedFacts, need_status
from assistance.workflow.engine import TransitionContext, save


def refresh_need(need: Need, changed: list[str] | None = None, *, quiet: bool = False) -> None:
    """Compute the need's status from its facts, assign its audience and save it.

    `quiet`: other providers may not learn of an open match, so version and date change only with the status.
    """
    before = need.status
    last = need.verifications.order_by("-at").first()
    need.status = need_status(
        NeedFacts(
            closed=need.closed_at is not None,
            put=need.put_to_state_at is not None,
            agreed=need.agreed_on is not None,
            released=is_released(need),
            matches=tuple(
                (status, verified is not None)
                for status, verified in need.matches.values_list("status", "verified_share")
            ),
            confirmed_share=coverage(need)["confirmed"],
            outcome=last.outcome if last else "",
        )
    )
    save(need, [*(changed or []), "status"], quiet=quiet and need.status == before)


def save_need(context: TransitionContext) -> None:
    """Save what a transition of a need changed, and the status computed from it."""
    refresh_need(context.row, context.changed)


def save_match(context: TransitionContext) -> None:
    """Save what a transition of a match changed, and the status of its need."""
    match = context.row
    save(match, context.changed)
    refresh_need(match.need, quiet=not {context.before, match.status} & set(CONFIRMED_MATCH))
