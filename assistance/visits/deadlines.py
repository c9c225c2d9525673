"""Deadlines of visits: the State's answer to a request for its consent, and the days on which visits begin."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.visits.models import Visit
from assistance.workflow.clocks import Clock, Rung
from assistance.workflow.deadlines import Deadline, Period
from assistance.workflow.naming import named_rows
from entities.actors import CTED, Actor

CONSENT_ANSWER = "consent_answer"

# A request that is not answered stays open: consent is never given by silence. A release answers it too
# (`consents.transitions`); whether a State was asked for its consent is known to that State and CTED alone.
VISIT_CLOCKS = (
    Clock(
        kind=CONSENT_ANSWER,
        label=_("Decision on the release of a visit report"),
        owed_by=lambda visit: visit.state_id,
        owed_to=lambda visit: CTED,
        starts=("consent_asked",),
        answered_by=("consent_declined", "visit_cancelled"),
        days=60,
        rungs=(Rung(-30), Rung(-7)),
        is_private=True,
        since=lambda visit: visit.consent_asked_at,
        running=Q(consent_asked_at__isnull=False),
    ),
)


def coming_visits(actor: Actor, period: Period) -> list[Deadline]:
    """Return the first days, in a period, of visits that this actor sees, soonest first."""

    def beginning(visits: QuerySet[Visit], first: date, last: date) -> QuerySet[Visit]:
        return visits.filter(starts_on__range=(first, last)).order_by("starts_on", "pk")

    found = named_rows(actor, Visit, "beginning", beginning, [period.first, period.last], period.most)
    return [Deadline.of(visit, visit.starts_on, pgettext_lazy("deadline", "Visit begins")) for visit in found]
