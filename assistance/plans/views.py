"""Pages of plans and their steps: lists, one row each, versions, the document, and the page of a programme."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView, View

from assistance.access import policy
from assistance.consents.queries import consents_of
from assistance.consents.summaries import Item
from assistance.documents.transitions import opens_at_once
from assistance.letters.views import docx_file
from assistance.offers.views import OfferCreate
from assistance.pages import cells as page_cells
from assistance.pages.forms import ActorForm
from assistance.pages.views import (
    RecordCreateView,
    RecordDetailView,
    RecordEditView,
    RecordFormView,
    RecordListView,
    ReleasedDetailView,
    TransitionView,
)
from assistance.plans import decisions, document, editions, help_requests, queries
from assistance.plans.editing import check_draft, check_step_draft
from assistance.plans.filters import PlanFilter, StepFilter
from assistance.plans.forms import PLAN_FORMS, STEP_FORMS, PlanForm, StepForm
from assistance.plans.models import ActionPlan, PlanEdition, PlanStep
from assistance.plans.states import StepStatus
from assistance.requests.decisions import check_as_entered
from assistance.requests.editing import as_entered
from assistance.requests.file_views import language_of
from assistance.requests.forms import WhatForm
from assistance.requests.models import AssistanceRequest
from assistance.requests.views import RequestCreate, new_request
from assistance.workflow.engine import check_state
from audit import log
from entities.access import AppointmentRequiredMixin
from entities.actors import Actor
from entities.collation import by_name
from entities.models import Programme
from entities.programmes import by_role
from web import cells
from web.exceptions import Forbidden, NotVisible
from web.views import Column, Link


# ── Plans ────────────────────────────────────────────────────────────────────
class PlanList(RecordListView):
    model = ActionPlan
    filterset_class = PlanFilter
    title = gettext_lazy("Roadmaps and national action plans")
    lead = gettext_lazy("Plans of States with their steps, limited to those that you can see.")
    create_label = gettext_lazy("Draft a plan")
    create_text = gettext_lazy("Draft a plan, then add its steps and submit it to the State.")
    empty_title = gettext_lazy("No plans yet")
    empty_text = gettext_lazy("Plans appear here for the State, for those who draft them, and for those who take part.")
    columns = (
        Column(pgettext_lazy("label", "Plan"), "title", cells.title, row_heading=True, width="wide", card="title"),
        Column(pgettext_lazy("country", "State"), "state.name", cells.name, sort="state", card="line"),
        Column(pgettext_lazy("label", "Kind"), "get_kind_display", cells.text, card="line"),
        Column(pgettext_lazy("label", "Status"), "status", page_cells.badge, card="foot"),
        Column(pgettext_lazy("label", "Updated"), "modified_at", cells.age, sort="modified", numeric=True),
    )
    orders = {"state": ("state_key", "id"), "modified": ("modified_at", "id")}
    sort_keys = {"state_key": by_name("state__name")}
    default_order = "-modified"

    def get_queryset(self) -> QuerySet[ActionPlan]:
        return super().get_queryset().select_related("state")


class PlanPage(ReleasedDetailView):
    model = ActionPlan
    template_name = "assistance/plans/plan.html"
    related = ("state", "programme", "instrument")
    edit_label = gettext_lazy("Edit title and dates")

    def get_queryset(self) -> QuerySet[ActionPlan]:
        return super().get_queryset().prefetch_related("programme__parts__organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        own = {
            **decisions.about_plan(self.actor, row),
            "item": Item(row),
            "own": policy.sees_consents(self.actor, row.state_id),
            "consents": consents_of(self.actor, row),
            "may_draft": self.may_edit(),
        }
        log.read([step for step, _bar, _waits in own["steps"]])
        return super().get_context_data(**{**own, **kwargs})


class PlanCreate(RecordCreateView):
    model = ActionPlan
    form_class = PlanForm
    title = gettext_lazy("Draft a plan")
    lead = gettext_lazy("The State, CTED, UNOCT and the team of the programme can see it from the beginning.")

    def get_initial(self) -> dict[str, Any]:
        """Return the consultation named in the address, if the reader sees it."""
        key = self.request.GET.get("consultation", "")
        return {**super().get_initial(), **({"consultation": key} if key else {})}


class PlanEdit(RecordEditView):
    model = ActionPlan
    form_class = PlanForm
    title = gettext_lazy("Edit title and dates")

    def check_state(self) -> None:
        check_draft(self.object)


class PlanTransition(TransitionView):
    model = ActionPlan
    forms = PLAN_FORMS

    def check_state(self) -> None:
        check_state(self.actor, self.transition, self.object)


class EditionPage(AppointmentRequiredMixin, TemplateView):
    """A version of a plan as it was agreed, and what differs from the version before it."""

    http_method_names = ["get", "head", "options"]
    template_name = "assistance/plans/edition.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = policy.visible(self.actor, ActionPlan).select_related("state", "programme", "instrument")
        plan = policy.get(self.actor, ActionPlan, self.kwargs["pk"], rows=rows)
        found = list(queries.editions_of(self.actor, plan).filter(number__lte=self.kwargs["number"])[:2])
        if not found or found[0].number != self.kwargs["number"]:
            raise NotVisible
        log.read([plan, *queries.steps_of(self.actor, plan)])
        language = get_language() or plan.language
        edition: PlanEdition = found[0]
        before = found[1] if len(found) > 1 else None
        own = {
            "object": plan,
            "edition": edition,
            "before": before,
            "agreed": editions.header_shown(edition, language),
            "steps": editions.shown(edition, language),
            "differences": editions.compared(before, edition, language) if before else [],
        }
        return super().get_context_data(**{**own, **kwargs})


class PlanDocument(AppointmentRequiredMixin, View):
    """A plan as a document, in the language asked for."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, pk: object) -> HttpResponse:
        rows = policy.visible(self.actor, ActionPlan).select_related("state", "programme", "instrument")
        plan, language = policy.get(self.actor, ActionPlan, pk, rows=rows), language_of(request)
        return docx_file(document.to_docx(self.actor, plan, language), f"{document.file_name(plan, language)}.docx")


# ── Steps ────────────────────────────────────────────────────────────────────
class StepList(RecordListView):
    model = PlanStep
    filterset_class = StepFilter
    title = gettext_lazy("Steps of plans")
    lead = gettext_lazy("Steps of roadmaps and national action plans, limited to those that you can see.")
    empty_title = gettext_lazy("No steps yet")
    empty_text = gettext_lazy(
        "Steps appear here for those who take part in the plan, and for entities that support a step."
    )
    columns = (
        Column(pgettext_lazy("label", "Step"), "title", cells.title, row_heading=True, width="wide", card="title"),
        Column(pgettext_lazy("country", "State"), "state.name", cells.name, sort="state", card="line"),
        Column(pgettext_lazy("label", "Status"), "status", page_cells.badge, card="foot"),
        Column(pgettext_lazy("label", "Due on"), "due", cells.day, sort="due", numeric=True, card="line"),
    )
    orders = {"state": ("state_key", "id"), "due": ("due", "id"), "modified": ("modified_at", "id")}
    sort_keys = {"state_key": by_name("state__name")}
    default_order = "due"

    def get_queryset(self) -> QuerySet[PlanStep]:
        return super().get_queryset().select_related("state")


class StepPage(RecordDetailView):
    model = PlanStep
    template_name = "assistance/plans/step.html"
    related = ("state", "theme", "pillar", "instrument")
    edit_label = gettext_lazy("Edit the step")

    def get_buttons(self) -> list[Link]:
        """Return the available transitions and, for the State, links to a request and to an offer made from the step."""
        found, step = super().get_buttons(), self.object
        if help_requests.may_ask(self.actor, step):
            url = reverse("plan-step-request", args=[step.pk])
            text = gettext_lazy("A draft request is filled in with what is known of this step.")
            found.append(Link(url, gettext_lazy("Request assistance"), text))
        if help_requests.may_offer(self.actor, step):
            url = reverse("plan-step-offer", args=[step.pk])
            text = gettext_lazy("A draft offer to other States, filled in from this step.")
            found.append(Link(url, gettext_lazy("Offer your experience"), text))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{**kwargs, **decisions.about_step(self.actor, self.object)})


class StepFormView(RecordFormView):
    """Shared by the pages that add and edit a step."""

    model = PlanStep
    form_class = StepForm
    plan: ActionPlan

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "plan": self.plan}

    def get_success_url(self) -> str:
        """Return the steps on the page of the plan."""
        return f"{self.plan.get_absolute_url()}#steps"

    def get_back_url(self) -> str:
        return self.get_success_url()


class StepCreate(StepFormView, RecordCreateView):
    """The page that adds a step to a plan."""

    title = pgettext_lazy("button", "Add a step")
    lead = gettext_lazy("The State agrees to the plan with its steps.")

    def get_object(self) -> None:
        """Return None; the plan is in the address. Raises NotVisible."""
        self.plan = policy.get(self.actor, ActionPlan, self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        """Return the number after the last one of the first level."""
        numbers = policy.visible(self.actor, PlanStep).filter(plan=self.plan).values_list("number", flat=True)
        return {"number": str(max((int(number.partition(".")[0]) for number in numbers), default=0) + 1)}

    def get_values(self, form: ActorForm) -> dict[str, Any]:
        return {**super().get_values(form), "plan": self.plan}

    def check_permissions(self) -> None:
        super().check_permissions()
        if policy.acting_as(self.actor, "drafter", self.plan) is None:
            raise Forbidden(who=policy.who_can("drafter", self.plan), url=self.plan.get_absolute_url())


class StepEdit(StepFormView, RecordEditView):
    """The page that edits a step."""

    title = gettext_lazy("Edit the step")

    def get_object(self) -> PlanStep:
        row: PlanStep = super().get_object()
        self.plan = policy.get(self.actor, ActionPlan, row.plan_id)
        return row

    def check_state(self) -> None:
        check_step_draft(self.object)


class StepTransition(TransitionView):
    model = PlanStep
    forms = STEP_FORMS

    def get_object(self) -> PlanStep:
        """Return the step; a file of one whose plan is released is read by others at once, and asks for a proof."""
        row: PlanStep = super().get_object()
        if self.transition.name == "finish":
            self.needs_recent_login = opens_at_once(row)
        return row

    def check_state(self) -> None:
        check_state(self.actor, self.transition, self.object)


class StepRequest(RequestCreate):
    """The first step of a request that is filled in from a step of a plan, for its State."""

    @cached_property
    def step(self) -> PlanStep:
        """The step in the address. Raises NotVisible."""
        rows = policy.visible(self.actor, PlanStep).select_related("state", "instrument", "theme", "pillar")
        return policy.get(self.actor, PlanStep, self.kwargs["pk"], rows=rows)

    def check_permissions(self) -> None:
        if not help_requests.may_ask(self.actor, self.step):
            raise Forbidden(who=policy.who_can("state", self.step), url=self.step.get_absolute_url())
        super().check_permissions()

    def get_initial(self) -> dict[str, Any]:
        known = help_requests.known_of(self.actor, self.step)
        return {**super().get_initial(), **{name: getattr(value, "pk", value) for name, value in known.items()}}

    def get_values(self, form: ActorForm) -> dict[str, Any]:
        """Return what was entered, and for the steps of the form that follow what is known of the step."""
        entered = super().get_values(form)
        return {**help_requests.known_of(self.actor, self.step), **entered, "state": self.step.state}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the check of what is known of the step, with what was entered."""
        context = super().get_context_data(**kwargs)
        check = check_as_entered(self.actor, request_as_known(self.actor, self.step), context.get("form"))
        return {**context, **check, "check_url": reverse("plan-step-request-check", args=[self.step.pk])}

    def form_valid(self, form: ActorForm) -> HttpResponse:
        answer = super().form_valid(form)
        request: AssistanceRequest = self.object
        help_requests.link(self.actor, self.step, request)
        return answer

    def get_back_url(self) -> str:
        return self.step.get_absolute_url()


def request_as_known(actor: Actor, step: PlanStep) -> AssistanceRequest:
    """Return a request with what is known of a step, which is not saved."""
    return as_entered(new_request(), {**help_requests.known_of(actor, step), "state": step.state})


class StepRequestCheck(AppointmentRequiredMixin, View):
    """The check of a request that is being filled in from a step, as a fragment of its page. Saves nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: object) -> HttpResponse:
        rows = policy.visible(self.actor, PlanStep).select_related("state", "instrument", "theme", "pillar")
        step = policy.get(self.actor, PlanStep, pk, rows=rows)
        if not help_requests.may_ask(self.actor, step):
            raise Forbidden(who=policy.who_can("state", step), url=step.get_absolute_url())
        form = WhatForm(data=request.POST, files=request.FILES, actor=self.actor)
        found = check_as_entered(self.actor, request_as_known(self.actor, step), form)
        return TemplateResponse(request, "assistance/requests/check.html", found)


class StepOffer(OfferCreate):
    """An offer that is filled in from a finished step, for its State to show others how it was done."""

    @cached_property
    def step(self) -> PlanStep:
        """The step in the address. Raises NotVisible."""
        return policy.get(self.actor, PlanStep, self.kwargs["pk"])

    def check_permissions(self) -> None:
        if not help_requests.may_offer(self.actor, self.step):
            raise Forbidden(who=policy.who_can("state", self.step), url=self.step.get_absolute_url())
        super().check_permissions()

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), **help_requests.offer_of(self.step)}

    def get_back_url(self) -> str:
        return self.step.get_absolute_url()


# ── Programmes ───────────────────────────────────────────────────────────────
class ProgrammePage(AppointmentRequiredMixin, TemplateView):
    """A programme with its roles, and the roadmaps that the reader sees: a row for each State, a mark for each step."""

    http_method_names = ["get", "head", "options"]
    template_name = "assistance/plans/programme.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Programme.objects.prefetch_related("parts__organisation")
        programme = get_object_or_404(rows, pk=self.kwargs["code"])
        lines = queries.of_programme(self.actor, programme)
        log.read([row for line in lines for row in (line.plan, *line.steps)])
        own = {
            "programme": programme,
            "parts": by_role(programme),
            "lines": lines,
            "statuses": [status for status in StepStatus if status != StepStatus.DROPPED],
        }
        return super().get_context_data(**{**own, **kwargs})
