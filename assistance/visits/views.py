"""Pages of visits and the sections of their reports."""

from typing import Any

from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.access import policy
from assistance.access.audience_names import names_by_audience
from assistance.consents.models import Consent
from assistance.consents.progress import consent_states
from assistance.consents.summaries import Item, items_of, not_agreed
from assistance.needs.models import Need
from assistance.pages.forms import ActorForm
from assistance.pages.views import (
    ActPage,
    Button,
    Column,
    CreatePage,
    EditPage,
    FormPage,
    ListPage,
    ObjectPage,
    ReleasedPage,
)
from assistance.visits.editing import check_unreleased
from assistance.visits.filters import VisitFilter
from assistance.visits.forms import FORMS, SectionForm, VisitForm
from assistance.visits.models import Section, Visit
from assistance.visits.states import VISIT
from assistance.workflow import editing
from assistance.workflow.engine import check_state
from entities.access import MemberRequest
from entities.models import Organisation
from web.pagination import Page


class VisitList(ListPage):
    model = Visit
    filters = VisitFilter
    template = "assistance/visits/visit_list.html"
    columns = (
        Column(gettext_lazy("Visit"), "reference"),
        Column(gettext_lazy("State")),
        Column(gettext_lazy("Kind")),
        Column(gettext_lazy("Dates"), "dates"),
        Column(gettext_lazy("Stage")),
        Column(gettext_lazy("Consent")),
        Column(gettext_lazy("Updated"), "modified"),
    )
    orders = {
        "dates": ("starts_on", "id"),
        "reference": ("reference", "id"),
        "modified": ("modified_at", "id"),
    }
    default_order = "-dates"

    def rows(self) -> QuerySet[Visit]:
        return policy.visible(self.actor, Visit).select_related("state")

    def extra(self, page: Page) -> dict[str, Any]:
        consents = consent_states(self.actor, page.rows)
        return {"lines": [(visit, consents.get(visit.pk)) for visit in page.rows], "told": bool(consents)}


class VisitPage(ObjectPage):
    model = Visit
    template = "assistance/visits/visit.html"
    related = ("state",)

    def extra(self, row: Visit) -> dict[str, Any]:
        sections = policy.visible(self.actor, Section).filter(visit=row).select_related("visit__state")
        needs = policy.visible(self.actor, Need).filter(visit=row).select_related("section", "theme")
        own = policy.sees_consents(self.actor, row.state_id)
        consents = policy.visible(self.actor, Consent).filter(visit=row).order_by("-given_at", "-id")
        names = names_by_audience(consent.released_to_id for consent in consents)
        return {
            "sections": [Item(section) for section in sections.order_by("number")],
            "needs": needs.order_by("section__number", "reference"),
            "delegation": Organisation.objects.filter(delegations=row).by_name(),
            "own": own,
            "consent": consent_states(self.actor, [row]).get(row.pk),
            "consents": [(consent, names.get(consent.released_to_id, [])) for consent in consents],
            "may_record": policy.may_edit(self.actor, row),
            "history": self.history(row),
        }

    def buttons(self, row: Any) -> list[Button]:
        """Return the available transitions and, if the State has rows to release, links to share form and plan."""
        found = super().buttons(row)
        if policy.acting_as(self.actor, "state", row) and items_of(self.actor, row):
            url = reverse("visit-share", args=[row.pk])
            words = _("Choose sections and needs, who may read them, and until when.")
            found.insert(0, Button(url, _("Release"), words, "primary"))
            plan = _("Each section and need with its own readers and end; saved as a plan, published in one step.")
            found.insert(1, Button(reverse("visit-plan", args=[row.pk]), _("Plan a release"), plan))
        return found


class VisitWrite(FormPage):
    """Shared by the pages that record and edit a visit."""

    form_class = VisitForm

    def context(self, row: Visit | None, form: ActorForm) -> dict[str, Any]:
        back = self.next(row) if row else reverse("visits")
        return {
            "title": _("Edit the visit") if row else _("Record a visit"),
            "lead": _(
                "That a visit takes place, its kind and dates are seen by the State, CTED, UNOCT and the Compact."
            ),
            "submit": _("Save"),
            "keep": f"visit-{row.pk if row else 'new'}",
            "back_url": back,
        }


class VisitCreate(VisitWrite, CreatePage):
    model = Visit

    def perform(self, row: None, form: ActorForm) -> Visit:
        return editing.create(actor=self.actor, model=Visit, values=form.values)


class VisitEdit(VisitWrite, EditPage):
    model = Visit

    def perform(self, row: Visit, form: ActorForm) -> Visit:
        version = form.cleaned_data["version"]
        return editing.edit(actor=self.actor, model=Visit, pk=row.pk, values=form.values, version=version)


class VisitAct(ActPage):
    model = Visit
    template = "assistance/visits/visit_transition.html"
    forms = FORMS

    def get(self, request: MemberRequest, **kwargs: Any) -> HttpResponse:
        row = self.row()
        check_state(self.actor, VISIT[self.kwargs["action"]], row)
        return self.show(row, self.form(row))

    def context(self, row: Visit, form: ActorForm) -> dict[str, Any]:
        sections = [item.row.number for item in items_of(self.actor, row) if isinstance(item.row, Section)]
        needs = policy.visible(self.actor, Need).filter(visit=row, put_to_state_at__isnull=False)
        more = {"sections": sections, "needs": needs, "not_agreed": not_agreed(self.actor, row)}
        return {**super().context(row, form), **more}


class SectionPage(ReleasedPage):
    model = Section
    template = "assistance/visits/section.html"
    related = ("visit__state",)

    def extra(self, row: Section) -> dict[str, Any]:
        needs = policy.visible(self.actor, Need).filter(section=row).select_related("theme")
        consents = policy.visible(self.actor, Consent).filter(sections=row).order_by("-given_at", "-id")
        return {
            "item": Item(row),
            "visit": policy.visible(self.actor, Visit).filter(pk=row.visit_id).first(),
            "needs": needs.order_by("reference"),
            "others": policy.visible(self.actor, Section)
            .filter(visit=row.visit_id)
            .exclude(pk=row.pk)
            .order_by("number"),
            "own": policy.sees_consents(self.actor, row.state_id),
            "consents": consents,
            "may_record": policy.may_edit(self.actor, row),
            "history": self.history(row),
        }


class SectionWrite(FormPage):
    """Shared by the pages that record and edit a section."""

    form_class = SectionForm

    def next(self, row: Section) -> str:
        return f"{reverse('visit', args=[row.visit_id])}#section-{row.number}"


class SectionCreate(SectionWrite, CreatePage):
    model = Section

    def require(self) -> None:
        self.visit = policy.get(self.actor, Visit, self.kwargs["pk"])
        super().require()

    def form(self, row: Any, data: Any = None, files: Any = None) -> SectionForm:
        last = policy.visible(self.actor, Section).filter(visit=self.visit).aggregate(last=Max("number"))["last"]
        return SectionForm(data, files, actor=self.actor, initial={"number": min((last or 0) + 1, 999)})

    def context(self, row: None, form: ActorForm) -> dict[str, Any]:
        return {
            "title": _("Add a section of the report"),
            "lead": _("CTED and the State read it. Others do once the State releases it."),
            "submit": _("Save"),
            "keep": f"section-new-{self.visit.pk}",
            "back_url": reverse("visit", args=[self.visit.pk]),
        }

    def perform(self, row: None, form: ActorForm) -> Section:
        return editing.create(actor=self.actor, model=Section, values={**form.values, "visit": self.visit})


class SectionEdit(SectionWrite, EditPage):
    model = Section

    def get(self, request: MemberRequest, **kwargs: Any) -> HttpResponse:
        row = self.row()
        check_unreleased(row)
        return self.show(row, self.form(row))

    def context(self, row: Section, form: ActorForm) -> dict[str, Any]:
        return {
            "title": _("Edit section %(number)d") % {"number": row.number},
            "submit": _("Save"),
            "keep": f"section-{row.pk}",
            "back_url": self.next(row),
        }

    def perform(self, row: Section, form: ActorForm) -> Section:
        version = form.cleaned_data["version"]
        return editing.edit(actor=self.actor, model=Section, pk=row.pk, values=form.values, version=version)
