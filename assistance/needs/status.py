"""The status of a need, computed again whenever one of its facts changes."""

from collections.abc import Iterable, Sequence

from assistance import registry
from assistance.access import row_security
from assistance.access.audiences import fetch_anew
from assistance.access.rules import for_many_rows, is_released
from assistance.needs.coverage import coverage_by
from assistance.needs.models import Need
from assistance.needs.states import CONFIRMED_MATCH, NeedFacts, NeedStatus, need_status
from assistance.workflow.engine import TransitionContext, save, save_all

FACTS = ("verifications", "matches")  # the relations of a need from which its status is computed, besides consents


def refresh_need(need: Need, changed: list[str] | None = None, *, quiet: bool = False) -> None:
    """Compute the need's status from its facts, assign its audience and save it.

    `quiet`: other providers may not learn of an open match, so version and date change only with the status.
    """
    before = need.status
    fetch_anew([need], FACTS)
    need.status = _status(need)
    save(need, [*(changed or []), "status"], quiet=quiet and need.status == before)


def refresh_needs(needs: Sequence[Need], changed: Iterable[str] = ()) -> None:
    """Do what `refresh_need` does for several needs, by set."""
    fetch_anew(needs, (*FACTS, *registry.of(Need).reasons_read()))
    with row_security.bypass(), for_many_rows():
        for need in needs:
            need.status = _status(need)
    save_all(needs, [*changed, "status"], fetched=True)


def _status(need: Need) -> NeedStatus:
    found = [one for one in need.verifications.all() if one.cycle == need.cycle]
    last = max(found, key=lambda verification: verification.at, default=None)
    matches = [match for match in need.matches.all() if match.cycle == need.cycle]
    return need_status(
        NeedFacts(
            closed=need.closed_at is not None,
            put=need.put_to_state_at is not None,
            agreed=need.agreed_on is not None,
            released=is_released(need),
            matches=tuple((match.status, match.verified_share is not None) for match in matches),
            confirmed_share=coverage_by(matches)["confirmed"],
            outcome=last.outcome if last else "",
        )
    )


def save_needs(contexts: Sequence[TransitionContext]) -> None:
    """Save what a transition changed in needs, and the statuses computed from it."""
    refresh_needs([context.row for context in contexts], contexts[0].changed)


def save_matches(contexts: Sequence[TransitionContext]) -> None:
    """Save what a transition changed in matches, and the statuses of their needs.

    One that only adds what the parties read, such as feedback, changes neither version nor date for the other readers.
    """
    for context in contexts:
        match = context.row
        save(match, context.changed, quiet=not context.changed)
        is_open = not {context.before, match.status} & set(CONFIRMED_MATCH)
        refresh_need(match.need, quiet=is_open or not context.changed)
