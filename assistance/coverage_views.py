"""Pages of the coverage map: all States, and one State, as far as a reader may see."""

from django.http import HttpResponse
from django.urls import reverse

from assistance import coverage_map
from assistance.access import policy
from assistance.pages.views import (
    MemberRequest,
    MemberView,
)
from assistance.projects.models import Project
from entities.models import Organisation
from web.exceptions import NotVisible


class StatesMap(MemberView):
    """All States with rows visible to the reader, and their numbers."""

    def get(self, request: MemberRequest) -> HttpResponse:
        return self.render(
            "assistance/states.html", {"lines": coverage_map.overview(self.actor), "statuses": coverage_map.FOUR}
        )


class StatePage(MemberView):
    """One State: assistance requested, planned, ongoing and completed, needs and visits."""

    def get(self, request: MemberRequest, slug: str) -> HttpResponse:
        state = Organisation.objects.states().select_related("region").filter(slug=slug).first()
        if state is None:
            raise NotVisible
        needs = coverage_map.needs_by_status(self.actor, state)
        for line in needs:
            line["url"] = f"{reverse('needs')}?state={state.iso3}&status={line['status']}" if state.iso3 else ""
        context = {
            "state": state,
            "groups": coverage_map.projects_by_status(self.actor, state),
            "needs": needs,
            "needs_count": sum(line["count"] for line in needs),
            "pillars": coverage_map.needs_by_pillar(self.actor, state),
            "visits": coverage_map.visits_to(self.actor, state)[:20],
            "may_create_project": policy.may_create(self.actor, Project),
        }
        return self.render("assistance/state.html", context)
