"""The status of a request, computed again whenever its needs or their matches change."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from assistance.access import row_security
from assistance.needs.models import Cycle, Need
from assistance.needs.states import NeedSource
from assistance.requests.models import AssistanceRequest
from assistance.requests.rules import awaits_feedback, matches_of
from assistance.requests.states import QUIET_EVENTS, RequestFacts, RequestStatus, request_status
from assistance.workflow.engine import TransitionContext, record, save
from assistance.workflow.notifications import settle

COMPUTED = ["status", "outcome", "closed_at"]

_choosing: ContextVar[bool] = ContextVar("choosing", default=False)


@contextmanager
def choosing() -> Iterator[None]:
    """Let the event of the State's choice alone say that a provider was found, not also that of the status."""
    token = _choosing.set(True)
    try:
        yield
    finally:
        _choosing.reset(token)


def facts_of(row: AssistanceRequest) -> RequestFacts:
    """Return the facts from which the status is computed, whoever reads them. Two statements."""
    with row_security.bypass():
        # A request is about the first cycle of its needs: one that a later visit reopens leaves it as it is.
        ended = Cycle.objects.filter(need=OuterRef("pk"), number=1).values("status")
        needs = (
            row.needs.order_by("pk")
            .values_list(Coalesce(Subquery(ended), F("status")))
            .annotate(share=Sum("matches__verified_share", filter=Q(matches__cycle=1)))
        )
        matches = matches_of(row).values_list("status", flat=True)
        return RequestFacts(
            recorded=row.recorded,
            outcome=row.decided_outcome,
            needs=tuple((status, share or 0) for status, share in needs),
            matches=tuple(matches),
        )


def computed(row: AssistanceRequest) -> dict[str, Any]:
    """Return the values of the computed columns."""
    status, outcome = request_status(facts_of(row))
    closed_at = (row.closed_at or timezone.now()) if status == RequestStatus.CLOSED else None
    return {"status": status, "outcome": outcome, "closed_at": closed_at}


def follow_needs(needs: Sequence[Need]) -> None:
    """Compute status and audience of the requests from which these needs were made; one may be closed by it.

    Needs are always locked before the requests that they were made of.
    """
    keys = [need.pk for need in needs if need.source == NeedSource.REQUEST]
    if not keys:
        return
    with row_security.bypass():
        of_needs = AssistanceRequest.needs.through.objects.filter(need__in=keys).values("assistancerequest")
        for row in AssistanceRequest.objects.filter(pk__in=of_needs).order_by("pk").select_for_update():
            refresh(row)


def save_requests(contexts: Sequence[TransitionContext]) -> None:
    """Save what a transition changed; what is between the people of the State leaves version and date as they are."""
    for context in contexts:
        save(context.row, context.changed, quiet=context.event in QUIET_EVENTS)


def refresh(row: AssistanceRequest) -> None:
    """Save the computed status of a locked request. Readers may not learn of an offer: only a new status is a change."""
    before = row.status
    for name, value in computed(row).items():
        setattr(row, name, value)
    save(row, COMPUTED, quiet=row.status == before)
    if before == RequestStatus.OFFERS_IN != row.status:
        settle([row], ("request_choice_overdue",))
    if before == RequestStatus.CLOSED and not awaits_feedback(row):
        settle([row], ("request_closed",))
    if event := _event_of(before, row):
        record(event, row, actor=None, before=before)


def _event_of(before: str, row: AssistanceRequest) -> str:
    """Return the event of a move of the computed status: into and out of waiting for a choice, and the closure; or ""."""
    if row.status == before:
        return ""
    if row.status == RequestStatus.CLOSED:
        return "" if row.decided_outcome else "request_closed"
    if row.status == RequestStatus.OFFERS_IN:
        return "request_offers_received"
    if before != RequestStatus.OFFERS_IN:
        return ""
    if row.status == RequestStatus.CIRCULATED:
        return "request_offers_gone"
    return "" if _choosing.get() else "request_provider_confirmed"
