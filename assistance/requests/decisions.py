"""What decision pages of requests show beside the decision, and what pages of needs show of the request behind them."""

from typing import Any

from assistance.access import audience_names, policy
from assistance.access.audience_words import audience_groups
from assistance.needs.models import Need
from assistance.needs.states import NeedSource
from assistance.requests import queries, rules
from assistance.requests.models import AssistanceRequest
from assistance.requests.questions import thread
from assistance.requests.specificity import REQUIRED, check_of, missing_of
from entities.actors import Actor


def about_request(actor: Actor, row: AssistanceRequest) -> dict[str, Any]:
    """Return the check, the readers allowed, the questions and the offers of a request, as far as the actor sees them."""
    if not rules.is_party(actor, row):
        return {"thread": thread(actor, row)}
    return {
        "is_party": True,
        "sees_contact": True,
        "check": check_of(row),
        "missing": [REQUIRED[name][0] for name in missing_of(row)],
        "allowed_readers": audience_names.names_of(audience_groups(row.audience_allowed))
        if row.audience_allowed
        else [],
        "asked_elsewhere": row.asked_elsewhere.select_related("organisation"),
        "compared": queries.comparison(actor, row),
        "thread": thread(actor, row),
    }


def requests_of_need(actor: Actor, row: Any) -> dict[str, Any]:
    """Return the request from which a need was made, on the page of the need, if the actor sees it."""
    if not isinstance(row, Need) or row.source != NeedSource.REQUEST:
        return {}
    return {"request_of_need": policy.visible(actor, AssistanceRequest).filter(needs=row).first()}
