"""Pages of needs."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assistance.access import policy
from assistance.consents.queries import consents_of
from assistance.needs import cells as need_cells
from assistance.needs import queries
from assistance.needs.coverage import open_share
from assistance.needs.cycles import ledgers_of, visits_of
from assistance.needs.dismissals import reads_reasons
from assistance.needs.filters import NeedFilter
from assistance.needs.forms import FORMS, NeedForm, initial_for
from assistance.needs.models import Need
from assistance.needs.suggestion_views import suggestion_context
from assistance.pages import cells as page_cells
from assistance.pages.views import (
    RecordCreateView,
    RecordEditView,
    RecordListView,
    ReleasedDetailView,
    TransitionView,
)
from assistance.visits.models import Section, Visit
from entities.collation import by_name, by_text
from web import cells
from web.exceptions import NotVisible
from web.views import Column, Link


class NeedList(RecordListView):
    model = Need
    filterset_class = NeedFilter
    title = pgettext_lazy("page", "Needs")
    lead = gettext_lazy("Technical assistance needed by States, limited to the needs that you can see.")
    create_label = gettext_lazy("Record a need")
    empty_title = gettext_lazy("No needs yet")
    empty_text = gettext_lazy(
        "Needs appear here when a State releases them to you, or when CTED sends them to your State."
    )
    columns = (
        Column(pgettext_lazy("label", "Need"), "title", cells.title, sort="title", row_heading=True, width="wide", card="title"),
        Column(pgettext_lazy("country", "State"), "state.name", cells.name, sort="state", card="line"),
        Column(pgettext_lazy("label", "Theme"), "theme.name", cells.short, sort="theme", width="short"),
        Column(pgettext_lazy("label", "Priority"), "priority", page_cells.badge, sort="priority", card="line"),
        Column(pgettext_lazy("label", "Status"), "status", need_cells.status, sort="status", card="line"),
        Column(pgettext_lazy("label", "Coverage"), template=need_cells.coverage, card="foot"),
        Column(
            gettext_lazy("Required by"), "deadline", need_cells.needed_by, sort="deadline",
            numeric=True, card="labelled",
        ),
        Column(pgettext_lazy("label", "Updated"), "modified_at", cells.age, sort="modified", numeric=True),
    )  # fmt: skip
    orders = {
        "modified": ("modified_at", "id"),
        "title": ("title_key", "id"),
        "state": ("state_key", "id"),
        "theme": ("theme_key", "id"),
        "priority": ("priority_key", "id"),
        "status": ("status_key", "id"),
        "deadline": ("deadline_key", "id"),
    }
    sort_keys = {
        **Need.sort_keys,
        "title_key": by_text("title"),
        "state_key": by_name("state__name"),
        "theme_key": by_name("theme__name"),
    }

    def get_queryset(self) -> QuerySet[Need]:
        return queries.need_rows(self.actor)

    def get_links(self) -> list[Link]:
        """Return the links beside the heading: for CTED and UNOCT also to why suggestions are set aside."""
        more = [Link(reverse("dismissal-reasons"), _("Why suggestions are set aside"))]
        return [*super().get_links(), *(more if reads_reasons(self.actor) else [])]


class NeedPage(ReleasedDetailView):
    model = Need
    template_name = "assistance/needs/need.html"
    related = ("state", "pillar", "theme", "instrument")
    edit_label = gettext_lazy("Edit the text")

    def get_object(self, queryset: QuerySet[Need] | None = None) -> Need:
        need: Need = super().get_object(queryset)
        self.may_propose = open_share(need) > 0 and queries.may_propose(self.actor, need)
        return need

    def get_buttons(self) -> list[Link]:
        """Return the available transitions and, while something of the need is open, a link to propose help."""
        if not self.may_propose:
            return super().get_buttons()
        label, consequence = (
            (_("Suggest a provider"), _("The provider is asked first, then the State."))
            if self.actor.is_cted
            else (_("Propose an offer"), _("The State’s focal points will be asked to accept or decline."))
        )
        url = reverse("match-propose", args=[self.object.pk])
        return [Link(url, label, consequence, "primary"), *super().get_buttons()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        need, may_propose = self.object, self.may_propose
        cycles = ledgers_of(self.actor, need)
        found = visits_of(self.actor, cycles)
        section = need.section_id and policy.visible(self.actor, Section).filter(pk=need.section_id).first()
        own = {
            "cycles": cycles,
            "visit_found": found.get(cycles[1].ended.visit_id) if len(cycles) > 1 and cycles[1].ended else None,
            "steps": queries.need_steps(need, self.events),
            **(suggestion_context(self.actor, need) if may_propose else {}),
            "may_propose": may_propose,
            "section": section,
            "visit": need.visit_id
            and policy.visible(self.actor, Visit).select_related("state").filter(pk=need.visit_id).first(),
            "consents": consents_of(self.actor, need),
            "projects": queries.projects_of(self.actor, need),
        }
        return super().get_context_data(**{**own, **kwargs})


class NeedCreate(RecordCreateView):
    model = Need
    form_class = NeedForm
    title = gettext_lazy("Record a need")

    def get_initial(self) -> dict[str, Any]:
        """Return the visit and section from whose page the reader came to record a need, if they see them."""
        try:
            visit = policy.get(self.actor, Visit, self.request.GET["visit"])
            section = policy.visible(self.actor, Section).filter(visit=visit, number=self.request.GET.get("section", 0))
        except (KeyError, NotVisible):
            return {}
        except ValueError:
            return initial_for(visit, None)
        return initial_for(visit, section.first())


class NeedEdit(RecordEditView):
    model = Need
    form_class = NeedForm
    title = gettext_lazy("Edit the need")


class NeedTransition(TransitionView):
    model = Need
    forms = FORMS
