"""Pending work on visits: a State is asked to release a report."""

from django.utils.translation import pgettext_lazy

from assistance.access import policy
from assistance.visits.models import Visit
from assistance.visits.states import VISIT
from assistance.workflow.naming import only_names
from assistance.workflow.pending_work import MOST, Task
from entities.actors import Actor


def pending_visits(actor: Actor) -> list[Task]:
    """Return the tasks of this actor: visits whose report their State is asked to release."""
    told = [state.pk for state in actor.states() if policy.sees_consents(actor, state.pk)]
    if not told:
        return []
    asked = policy.visible(actor, Visit).filter(state__in=told, consent_asked_at__isnull=False)
    return [
        Task.of(
            visit, pgettext_lazy("task", "Visit report awaiting your decision on release"), VISIT["decline-consent"],
            since=visit.consent_asked_at,
            for_others=pgettext_lazy("task", "Visit report awaiting the decision of the State on release"),
        )
        for visit in only_names(asked).order_by("consent_asked_at")[:MOST]
    ]  # fmt: skip
