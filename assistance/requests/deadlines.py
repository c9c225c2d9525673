"""What is done about requests when it is due, and the days on which something is due, for the dashboard."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assistance.requests import briefing, circulation
from assistance.requests.models import AssistanceRequest
from assistance.requests.states import OPEN_TO_PROVIDERS, RequestStatus
from assistance.workflow.deadlines import Deadline, Period
from assistance.workflow.naming import named_rows
from entities.actors import Actor


def run(now: datetime) -> int:
    """Close requests without a provider, and tell UNOCT that the briefing list is due; return how much was done."""
    return circulation.run_deadlines(now) + briefing.run(now)


def due(actor: Actor, period: Period) -> list[Deadline]:
    """Return the last days for objections and for offers, in a period, of requests this actor sees, soonest first."""

    def objections(rows: QuerySet[AssistanceRequest], first: date, last: date) -> QuerySet[AssistanceRequest]:
        asked = rows.filter(status=RequestStatus.ACKNOWLEDGED, cleared_at=None, objection_until__range=(first, last))
        return asked.order_by("objection_until")

    def offers(rows: QuerySet[AssistanceRequest], first: date, last: date) -> QuerySet[AssistanceRequest]:
        open_ones = rows.filter(status__in=OPEN_TO_PROVIDERS, closes_for_offers__range=(first, last))
        return open_ones.order_by("closes_for_offers")

    days = [period.first, period.last]
    found = [
        Deadline.of(row, row.objection_until, _("Last day for objections to the circulation of a request"))
        for row in named_rows(actor, AssistanceRequest, "objections", objections, days, period.most)
    ]
    found += [
        Deadline.of(row, row.closes_for_offers, _("Last day for offers in response to a request"))
        for row in named_rows(actor, AssistanceRequest, "offers", offers, days, period.most)
    ]
    return sorted(found, key=lambda deadline: deadline.day)[: period.most]
