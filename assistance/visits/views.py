"""Pages of visits and the sections of their reports."""

from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from assistance.access import policy
from assistance.access.audience_names import names_by_audience
from assistance.consents.models import Consent
from assistance.consents.progress import consent_states
from assistance.consents.queries import consents_of
from assistance.consents.summaries import Item, items_of, not_agreed
from assistance.letters import drafting as letters
from assistance.needs.models import Need
from assistance.pages import cells as page_cells
from assistance.pages.forms import ActorForm
from assistance.pages.views import (
    DecisionView,
    RecordCreateView,
    RecordDetailView,
    RecordEditView,
    RecordFormView,
    RecordListView,
    ReleasedDetailView,
    TransitionView,
)
from assistance.recommendations import queries as reports
from assistance.visits.editing import check_unreleased
from assistance.visits.filters import VisitFilter
from assistance.visits.forms import FORMS, SectionForm, VisitForm
from assistance.visits.models import Section, Visit
from assistance.visits.states import VisitKind, VisitStage
from assistance.workflow.engine import check_state
from entities.actors import Actor
from entities.collation import by_name
from entities.models import Organisation
from web import cells
from web.exceptions import NotVisible
from web.sorting import by_rank
from web.views import Column, Link


class VisitList(RecordListView):
    model = Visit
    filterset_class = VisitFilter
    title = gettext_lazy("Assessment visits")
    lead = gettext_lazy(
        "Visits of the Counter-Terrorism Committee to States. The reports can be read by CTED, the "
        "State, and the recipients to which the State releases them."
    )
    create_label = gettext_lazy("Record a visit")
    create_text = gettext_lazy("Record a visit, then the sections of its report and the needs identified.")
    empty_title = gettext_lazy("No visits yet")
    empty_text = gettext_lazy(
        "Visits recorded by CTED appear here for the State, UNOCT and the entities of the Compact."
    )
    columns = (
        Column(
            pgettext_lazy("country", "State"), "state.name", "assistance/visits/cells/visit.html", sort="state", row_heading=True,
            width="wide", card="title",
        ),
        Column(pgettext_lazy("label", "Type"), "get_kind_display", sort="kind", card="line"),
        Column(pgettext_lazy("label", "Dates"), template="assistance/visits/cells/dates.html", sort="dates", card="line"),
        Column(pgettext_lazy("label", "Stage"), "stage_shown", page_cells.style, card="foot"),
        Column(pgettext_lazy("label", "Consent"), "consent_state", page_cells.style, card="foot"),
        Column(pgettext_lazy("label", "Updated"), "modified_at", cells.age, sort="modified", numeric=True),
    )  # fmt: skip
    orders = {
        "dates": ("starts_on", "id"),
        "state": ("state_key", "id"),
        "kind": ("kind_key", "id"),
        "modified": ("modified_at", "id"),
    }
    sort_keys = {"state_key": by_name("state__name"), "kind_key": by_rank("kind", VisitKind)}
    default_order = "-dates"

    def get_queryset(self) -> QuerySet[Visit]:
        return super().get_queryset().select_related("state")

    def get_links(self) -> list[Link]:
        reads_consents = self.actor.is_cted or self.actor.states
        return [
            *super().get_links(),
            Link(reverse("recommendations"), pgettext("page", "Recommendations")),
            Link(reverse("consultations"), _("Capacity consultations")),
            *([Link(reverse("consents"), pgettext("page", "Consents"))] if reads_consents else []),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        consents = consent_states(self.actor, context["object_list"])
        for visit in context["object_list"]:
            visit.consent_state = consents.get(visit.pk)
            visit.stage_shown = stage_of(self.actor, visit)
        return context


class VisitPage(RecordDetailView):
    model = Visit
    template_name = "assistance/visits/visit.html"
    related = ("state",)
    edit_label = gettext_lazy("Edit the visit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visit = self.object
        sections = policy.visible(self.actor, Section).filter(visit=visit).select_related("visit__state")
        needs = policy.visible(self.actor, Need).filter(visit=visit).select_related("section", "theme")
        consents = policy.visible(self.actor, Consent).filter(visit=visit).order_by("-given_at", "-id")
        names = names_by_audience(consent.released_to_id for consent in consents)
        own = {
            "sections": [Item(section) for section in sections.order_by("number")],
            "needs": needs.order_by("section__number", "reference"),
            "delegation": Organisation.objects.filter(delegations=visit).by_name(),
            "own": policy.sees_consents(self.actor, visit.state_id),
            "consent": consent_states(self.actor, [visit]).get(visit.pk),
            "stage": stage_of(self.actor, visit),
            "follows": policy.visible(self.actor, Visit).filter(pk=visit.follows_id).select_related("state").first(),
            **self.get_report(),
            "consents": [(consent, names.get(consent.released_to_id, [])) for consent in consents],
            "may_record": policy.may_edit(self.actor, visit) and visit.cancelled_on is None,
        }
        return super().get_context_data(**{**own, **kwargs})

    def get_report(self) -> dict[str, Any]:
        """Return the recommendations that the reader sees, and what was said of the report."""
        visit = self.object
        lines = reports.lines_of(self.actor, [visit])
        told = policy.sees_consents(self.actor, visit.state_id)
        replies = (
            told and policy.acting_as(self.actor, "state", visit) and visit.final_sent_on and not visit.cancelled_on
        )
        return {
            "lines": lines,
            "observations": reports.observations_of(self.actor, visit),
            "review": reports.review_of(self.actor, visit),
            "steps": reports.road(visit, visit.stage) if told else [],
            "reply_url": reverse("visit-reply", args=[visit.pk]) if replies else "",
            **letters.context_of(self.actor, visit),
        }

    def get_buttons(self) -> list[Link]:
        """Return the available transitions and, if the State has rows to release, a link to their release."""
        return [*release_links(self.actor, self.object), *super().get_buttons()]


class VisitCreate(RecordCreateView):
    """The page that records a visit; from the page of an earlier one, as the visit that follows it up."""

    model = Visit
    form_class = VisitForm
    title = gettext_lazy("Record a visit")
    lead = gettext_lazy(
        "The visit, its type and its dates are visible to the State, CTED, UNOCT and the entities of the Compact."
    )

    def get_initial(self) -> dict[str, Any]:
        """Return the State and kind of a visit that follows up on the one named in the address."""
        try:
            earlier = policy.get(self.actor, Visit, self.request.GET.get("follows", ""))
        except NotVisible:
            return super().get_initial()
        return {**super().get_initial(), "follows": earlier.pk, "state": earlier.state_id, "kind": VisitKind.FOLLOW_UP}


class VisitEdit(RecordEditView):
    model = Visit
    form_class = VisitForm
    title = gettext_lazy("Edit the visit")
    lead = gettext_lazy(
        "The visit, its type and its dates are visible to the State, CTED, UNOCT and the entities of the Compact."
    )


class VisitTransition(TransitionView):
    model = Visit
    forms = FORMS

    def check_state(self) -> None:
        check_state(self.actor, self.transition, self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sent = reports.sent_with_final(self.actor, self.object) if self.transition.name == "send-final" else ()
        return super().get_context_data(**{**about_needs(self.actor, self.object), "needs_sent": sent, **kwargs})


class VisitDecision(DecisionView):
    """The page on which CTED or the State chooses what to do about the release of a visit."""

    model = Visit

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**{**about_needs(self.actor, self.object), **kwargs})
        return {**context, "choices": [*release_links(self.actor, self.object), *context["choices"]]}


def stage_of(actor: Actor, visit: Visit) -> VisitStage:
    """Return the stage of a visit as this actor is told."""
    return visit.stage if policy.sees_consents(actor, visit.state_id) else visit.stage_for_others


def about_needs(actor: Actor, visit: Visit) -> dict[str, Any]:
    """Return the needs of a visit that were put to its State, and those it has not agreed."""
    needs = policy.visible(actor, Need).filter(visit=visit, put_to_state_at__isnull=False)
    return {"needs": needs, "not_agreed": not_agreed(actor, visit)}


def release_links(actor: Actor, visit: Visit) -> list[Link]:
    """Return the link to the release of a visit, if the actor acts for its State and there is something to release."""
    if not policy.acting_as(actor, "state", visit) or not items_of(actor, visit):
        return []
    words = _("Select sections and needs, their readers and the end date.")
    return [Link(reverse("visit-share", args=[visit.pk]), _("Release sections and needs"), words, "primary")]


class SectionPage(ReleasedDetailView):
    model = Section
    template_name = "assistance/visits/section.html"
    related = ("visit__state",)
    edit_label = gettext_lazy("Edit the text")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        section = self.object
        needs = policy.visible(self.actor, Need).filter(section=section).select_related("theme")
        others = policy.visible(self.actor, Section).filter(visit=section.visit_id).exclude(pk=section.pk)
        own = {
            "item": Item(section),
            "visit": policy.visible(self.actor, Visit).filter(pk=section.visit_id).first(),
            "needs": needs.order_by("reference"),
            "others": others.order_by("number"),
            "own": policy.sees_consents(self.actor, section.state_id),
            "consents": consents_of(self.actor, section),
            "may_record": policy.may_edit(self.actor, section) and section.visit.cancelled_on is None,
        }
        return super().get_context_data(**{**own, **kwargs})


class SectionFormView(RecordFormView):
    """Shared by the pages that record and edit a section."""

    model = Section
    form_class = SectionForm

    def get_success_url(self) -> str:
        """Return the place of the section on the page of its visit."""
        return f"{reverse('visit', args=[self.object.visit_id])}#section-{self.object.number}"


class SectionCreate(SectionFormView, RecordCreateView):
    """The page that adds a section to a visit."""

    title = gettext_lazy("Add a report section")
    lead = gettext_lazy("CTED and the State can read it. Other readers can read it once the State releases it.")

    def get_object(self) -> None:
        """Return None; the visit is in the address. Raises NotVisible."""
        self.visit = policy.get(self.actor, Visit, self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        last = policy.visible(self.actor, Section).filter(visit=self.visit).aggregate(last=Max("number"))["last"]
        return {"number": min((last or 0) + 1, 999)}

    def get_values(self, form: ActorForm) -> dict[str, Any]:
        return {**super().get_values(form), "visit": self.visit}

    def get_back_url(self) -> str:
        return self.visit.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"keep": f"section-new-{self.visit.pk}", **kwargs})


class SectionEdit(SectionFormView, RecordEditView):
    """The page that edits a section."""

    def check_state(self) -> None:
        check_unreleased(self.object)

    def get_back_url(self) -> str:
        return self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{"title": _("Edit section %(number)d") % {"number": self.object.number}, **kwargs}
        )
