"""The last days for offers in response to requests, for the dashboard; what is owed about requests is in `clocks.py`."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assistance.requests.models import AssistanceRequest
from assistance.requests.states import OPEN_TO_PROVIDERS
from assistance.workflow.deadlines import Deadline, Period
from assistance.workflow.naming import named_rows
from entities.actors import Actor


def last_days_for_offers(actor: Actor, period: Period) -> list[Deadline]:
    """Return the last days for offers, in a period, of requests that this actor sees, soonest first."""

    def offers(rows: QuerySet[AssistanceRequest], first: date, last: date) -> QuerySet[AssistanceRequest]:
        open_ones = rows.filter(status__in=OPEN_TO_PROVIDERS, closes_for_offers__range=(first, last))
        return open_ones.order_by("closes_for_offers")

    found = named_rows(actor, AssistanceRequest, "offers", offers, [period.first, period.last], period.most)
    text = _("Last day for offers in response to a request")
    return [Deadline.of(row, row.closes_for_offers, text) for row in found]
