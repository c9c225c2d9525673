"""Pages of the coverage map: all States, and one State, as far as a reader may see."""

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from assistance import coverage_map
from assistance.access import policy
from assistance.dashboard import by_pillar
from assistance.needs.queries import count_needs
from assistance.projects.models import Project
from assistance.projects.outlines import outlines
from assistance.projects.sums import budgets_in
from assistance.workflow.follow_choices import choices_about_state
from entities.access import AppointmentRequiredMixin
from entities.models import Organisation
from entities.organisation_parts import parts_of
from entities.views.who_is_who import facts_of
from web.exceptions import NotVisible


class StatesMap(AppointmentRequiredMixin, TemplateView):
    """All States with rows visible to the reader, and their numbers."""

    template_name = "assistance/states.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {"lines": coverage_map.overview(self.actor), "statuses": coverage_map.FOUR}
        return super().get_context_data(**{**own, **kwargs})


class StatePage(AppointmentRequiredMixin, TemplateView):
    """One State: assistance requested, planned, ongoing and completed, needs and visits, and what it provides to others."""

    template_name = "assistance/state.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = (
            Organisation.objects.states().select_related("region__parent__parent").filter(slug=kwargs["slug"]).first()
        )
        if state is None:
            raise NotVisible
        counts = count_needs(self.actor, state=state)
        needs = counts.by_status
        for line in needs:
            line["url"] = f"{reverse('needs')}?state={state.iso3}&status={line['status']}" if state.iso3 else ""
        groups = coverage_map.projects_by_status(self.actor, state)
        shown = {group.status for group in groups}
        own = {
            **facts_of(state),
            "state": state,
            "groups": groups,
            "without": [status.label for status in coverage_map.FOUR if status not in shown],
            "needs": needs,
            "needs_count": sum(line["count"] for line in needs),
            "pillars": by_pillar(counts.by_pillar),
            "following": choices_about_state(self.actor, state) if self.actor.viewer is None else [],
            "visits": coverage_map.visits_to(self.actor, state)[:20],
            "outlines": outlines(self.actor, state),
            "budgets": budgets_in(self.actor, state),
            "parts": parts_of(self.actor, state),
            "may_create_project": policy.may_create(self.actor, Project),
        }
        return super().get_context_data(**{**own, **kwargs})
