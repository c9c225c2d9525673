"""What the decision pages of needs and matches show beside the decision, and what comes next in each status."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.needs.coverage import coverage
from assistance.needs.deadlines import MATCH_ANSWER
from assistance.needs.models import Match, Need
from assistance.needs.queries import HINTS
from assistance.needs.states import MatchStatus, NeedStatus
from assistance.needs.suggestions import score_of
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.visits.models import Section, Visit
from assistance.workflow.dues import days_due
from entities.actors import Actor


def about_need(actor: Actor, need: Need) -> dict[str, Any]:
    """Return the source of a need and what providers claim to have delivered, as far as the actor sees them."""
    matches = policy.visible(actor, Match).filter(
        need=need, status=MatchStatus.DELIVERED, verified_share=None, cycle=need.cycle
    )
    return {
        "section": need.section_id and policy.visible(actor, Section).filter(pk=need.section_id).first(),
        "visit": need.visit_id and policy.visible(actor, Visit).filter(pk=need.visit_id).first(),
        "claims": matches.select_related("provider").order_by("created_at"),
        "ledger": coverage(need),
        "found": [one for one in need.verifications.select_related("organisation") if one.cycle == need.cycle],
    }


def about_match(actor: Actor, match: Match) -> dict[str, Any]:
    """Return the offer of a match, how it fits, and what would stay open of the need."""
    # The offer may have been paused or restricted since, and so be hidden from the reader.
    offers = policy.visible(actor, Offer).select_related("provider").prefetch_related("themes")
    offer = offers.filter(pk=match.offer_id).first() if match.offer_id else None
    project = policy.visible(actor, Project).filter(pk=match.project_id).first() if match.project_id else None
    row = offer or project
    now = coverage(match.need)["open"]
    return {
        "need": match.need,
        "offer": offer,
        "project": project,
        "score": score_of(actor, match.need, row) if row else None,
        "open_now": now,
        "open_after": max(0, now - match.share),
        "fits": match.share <= now,
        "suggested": match.status == MatchStatus.SUGGESTED,
        "due": days_due(actor, [match], MATCH_ANSWER).get(match.pk),
    }


def next_for_need(need: Need) -> str | Promise:
    """Return what moves a need on, and who can do it."""
    status = {NeedStatus.MATCHED_IN_PART: NeedStatus.MATCHED}.get(NeedStatus(need.status), NeedStatus(need.status))
    return HINTS[status]() if status in HINTS else ""


NEXT_FOR_MATCH: dict[str, Callable[[], str]] = {
    MatchStatus.SUGGESTED: lambda: _("The provider accepts or declines."),
    MatchStatus.PROPOSED: lambda: _("The State accepts or declines the proposal."),
    MatchStatus.ACCEPTED: lambda: _("The provider starts delivery."),
    MatchStatus.IN_DELIVERY: lambda: _("The provider reports delivery."),
    MatchStatus.DELIVERED: lambda: _("CTED or the State verifies the assistance."),
}


def next_for_match(match: Match) -> str | Promise:
    """Return what moves a match on, and who can do it."""
    return NEXT_FOR_MATCH[match.status]() if match.status in NEXT_FOR_MATCH else ""
