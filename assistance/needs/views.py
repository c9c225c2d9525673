"""Pages of needs."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.access import policy
from assistance.consents.queries import consents_of
from assistance.needs import queries
from assistance.needs.coverage import coverage as coverage_of
from assistance.needs.filters import NeedFilter
from assistance.needs.forms import FORMS, NeedForm, initial_for
from assistance.needs.models import Match, Need
from assistance.pages.forms import ActorForm
from assistance.pages.views import ActPage, Column, CreatePage, EditPage, FormPage, ListPage, ReleasedPage
from assistance.visits.models import Section, Visit
from assistance.workflow import editing
from web.exceptions import NotVisible


class NeedList(ListPage):
    model = Need
    filters = NeedFilter
    template = "assistance/needs/need_list.html"
    columns = (
        Column(gettext_lazy("Reference"), "reference"),
        Column(gettext_lazy("Need")),
        Column(gettext_lazy("State")),
        Column(gettext_lazy("Theme")),
        Column(gettext_lazy("Priority")),
        Column(gettext_lazy("Status")),
        Column(gettext_lazy("Coverage")),
        Column(gettext_lazy("Updated"), "modified"),
    )
    orders = {"modified": ("modified_at", "id"), "reference": ("reference", "id")}

    def rows(self) -> QuerySet[Need]:
        return queries.need_rows(self.actor)


class NeedPage(ReleasedPage):
    model = Need
    template = "assistance/needs/need.html"
    related = ("state", "pillar", "theme", "instrument")

    def extra(self, row: Need) -> dict[str, Any]:
        coverage = coverage_of(row)
        may_propose = coverage["open"] > 0 and queries.may_propose(self.actor, row)
        matches = policy.visible(self.actor, Match).filter(need=row).select_related("provider", "offer")
        section = row.section_id and policy.visible(self.actor, Section).filter(pk=row.section_id).first()
        return {
            "ledger": coverage,
            "steps": queries.need_steps(row),
            "matches": matches.order_by("created_at"),
            "ranked": queries.ranked_offers(self.actor, row) if may_propose else [],
            "may_propose": may_propose,
            "section": section,
            "visit": row.visit_id and policy.visible(self.actor, Visit).filter(pk=row.visit_id).first(),
            "consents": consents_of(self.actor, need=row),
            "history": self.history(row),
            "projects": queries.projects_of(self.actor, row),
            "verifications": row.verifications.select_related("organisation"),
            "own": [organisation.pk for organisation in self.actor.providers()],
        }


class NeedWrite(FormPage):
    """Shared by the pages that record and edit a need."""

    form_class = NeedForm

    def context(self, row: Need | None, form: ActorForm) -> dict[str, Any]:
        title = _("Edit the need") if row else _("Record a need")
        return {"title": title, "submit": _("Save"), "keep": f"need-{row.pk if row else 'new'}", "row": row}


class NeedCreate(NeedWrite, CreatePage):
    model = Need

    def form(self, row: Any, data: Any = None, files: Any = None) -> NeedForm:
        return NeedForm(data, files, actor=self.actor, initial=self.origin())

    def origin(self) -> dict[str, Any]:
        """Return the visit and section from whose page the reader came to record a need, if they see them."""
        try:
            visit = policy.get(self.actor, Visit, self.request.GET["visit"])
            section = policy.visible(self.actor, Section).filter(visit=visit, number=self.request.GET.get("section", 0))
        except (KeyError, NotVisible):
            return {}
        except ValueError:
            return initial_for(visit, None)
        return initial_for(visit, section.first())

    def perform(self, row: None, form: ActorForm) -> Need:
        return editing.create(actor=self.actor, model=Need, values=form.values)


class NeedEdit(NeedWrite, EditPage):
    model = Need

    def perform(self, row: Need, form: ActorForm) -> Need:
        version = form.cleaned_data["version"]
        return editing.edit(actor=self.actor, model=Need, pk=row.pk, values=form.values, version=version)


class NeedAct(ActPage):
    model = Need
    forms = FORMS
