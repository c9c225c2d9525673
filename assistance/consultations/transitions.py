"""Transitions of consultations and rounds, and the need that CTED makes of a finding."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from assistance.consultations.models import Round, RoundComment, RoundFinding
from assistance.consultations.states import COMMENT_DAYS, NEED_PROPOSED, RoundStatus
from assistance.needs import of_findings
from assistance.needs.models import Need
from assistance.needs.states import NeedSource
from assistance.workflow.comments import check_comment
from assistance.workflow.engine import transition
from entities.actors import Actor
from entities.local_days import today_of
from entities.models import Pillar
from web.exceptions import Invalid


def close(*, actor: Actor, round: object, version: int | None = None) -> Round:  # noqa: A002 - the name of the model
    """Close a round: the State is asked for its comments within 30 days. Returns the round."""
    with transition(actor, Round, round, "close", version=version) as context:
        until = today_of(context.row.state) + timedelta(days=COMMENT_DAYS)
        context.set(status=RoundStatus.CLOSED, comments_until=until)
    return context.row


def comment(*, actor: Actor, round: object, text: str, version: int | None = None) -> Round:  # noqa: A002
    """Comment on a round that was closed, for its State. Returns the round.

    Raises Invalid without a text or for one that is too long.
    """
    check_comment(text)
    with transition(actor, Round, round, "comment", version=version) as context:
        RoundComment.objects.create(round=context.row, text=text, by=actor.user)
    return context.row


def propose_need(
    *,
    actor: Actor,
    round: object,  # noqa: A002
    finding: object,
    title: str,
    assistance_type: str,
    priority: str,
    priority_reason: str = "",
    pillar: Pillar | None = None,
    version: int | None = None,
) -> Round:
    """Draft a need from a finding with a gap, for CTED. Returns the round.

    The need has the theme, the gap and the language of the finding; of a theme without a pillar, `pillar` is that of the
    need. Raises Invalid for a finding of another round or without a gap, Conflict for one that has a need.
    """
    with transition(actor, Round, round, "propose-need", version=version) as context:
        row = context.row
        found = _gap(row, getattr(finding, "pk", finding))
        values = {
            "source": NeedSource.CONSULTATION,
            "title": title,
            "description": f"{found.current_state}\n\n{found.gap}",
            "instrument": found.instrument,
            "assistance_type": assistance_type,
            "priority": priority,
            "priority_reason": priority_reason,
        }
        of_findings.draft(actor, row, found, pillar, values)
    return context.row


def _gap(row: Round, key: Any) -> RoundFinding:
    found = row.findings.select_related("theme__pillar", "instrument").filter(pk=key).first()
    if found is None or not found.gap:
        raise Invalid({"finding": [_("Select a finding of this round that names a gap.")]})
    return found


def follow_needs(needs: Sequence[Need]) -> None:
    """Mark the request to CTED as done once the needs made of the findings of a round are no longer drafts."""
    of_findings.follow(needs, RoundFinding, "round", NEED_PROPOSED)
