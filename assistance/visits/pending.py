"""Pending work on visits: a State is asked to release a report."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.visits.models import Visit
from assistance.visits.states import VISIT
from assistance.workflow.naming import named_rows
from assistance.workflow.pending_work import MOST, Task
from entities.actors import Actor
from web.conditions import among


def pending_visits(actor: Actor) -> list[Task]:
    """Return the tasks of this actor: visits whose report their State is asked to release."""
    told = [state.pk for state in actor.states() if policy.sees_consents(actor, state.pk)]
    if not told:
        return []

    def asked(visits: QuerySet[Visit], states: list[UUID]) -> QuerySet[Visit]:
        of_them = visits.filter(among("state", states, "uuid"), consent_asked_at__isnull=False, cancelled_on=None)
        return of_them.order_by("consent_asked_at")

    return [
        Task.of(
            visit, pgettext_lazy("task", "Visit report awaiting your decision on release"), VISIT["decline-consent"],
            since=visit.consent_asked_at,
            for_others=pgettext_lazy("task", "Visit report awaiting the decision of the State on release"),
        )
        for visit in named_rows(actor, Visit, "asked", asked, [told], MOST)
    ]  # fmt: skip
