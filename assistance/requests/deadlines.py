"""What is done about requests on a day, and the last days for offers, for the dashboard; `clocks.py` has what is owed."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assistance.requests import briefing, circulation
from assistance.requests.models import AssistanceRequest
from assistance.requests.states import OPEN_TO_PROVIDERS
from assistance.workflow.deadlines import Deadline, Period
from assistance.workflow.naming import named_rows
from entities.actors import Actor


def run(now: datetime) -> int:
    """Close requests without a provider, and tell UNOCT that the briefing list is due; return how much was done."""
    return circulation.run_deadlines(now) + briefing.run(now)


def last_days_for_offers(actor: Actor, period: Period) -> list[Deadline]:
    """Return the last days for offers, in a period, of requests that this actor sees, soonest first."""

    def offers(rows: QuerySet[AssistanceRequest], first: date, last: date) -> QuerySet[AssistanceRequest]:
        open_ones = rows.filter(status__in=OPEN_TO_PROVIDERS, closes_for_offers__range=(first, last))
        return open_ones.order_by("closes_for_offers")

    found = named_rows(actor, AssistanceRequest, "offers", offers, [period.first, period.last], period.most)
    text = _("Last day for offers in response to a request")
    return [Deadline.of(row, row.closes_for_offers, text) for row in found]
