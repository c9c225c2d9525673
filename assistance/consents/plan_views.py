"""Pages of release plans: editing a plan, its effects, and publication by one or two persons."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.access import policy
from assistance.access.viewers import viewers_of
from assistance.consents import plans, two_person
from assistance.consents.models import ReleasePlan, TwoPersonRule
from assistance.consents.plan_forms import FORMS, PlanForm
from assistance.consents.states import ReleasePlanStatus
from assistance.consents.summaries import difference, items_of, not_agreed, versions
from assistance.pages.forms import ActorForm, EmptyForm
from assistance.pages.views import RecordDetailView, RecordFormView, TransitionView
from assistance.visits.models import Visit
from entities.models import Organisation
from web.exceptions import Invalid, NotVisible, StaleSave


class PlanEditor(RecordFormView):
    """The editor of a plan: tick rows, choose audience and end, add them; repeat for others; review and publish."""

    model = Visit
    form_class = PlanForm
    template_name = "assistance/consents/plan.html"
    success_message = gettext_lazy("Added to the plan. It has not been released yet.")

    def get_object(self) -> Visit:
        visit: Visit = policy.get(self.actor, Visit, self.kwargs["pk"])
        policy.require(self.actor, "state", visit)
        return visit

    def plans(self) -> QuerySet[ReleasePlan]:
        """Return the plans of the visit, the latest first."""
        return policy.visible(self.actor, ReleasePlan).filter(visit=self.object).order_by("-modified_at", "-id")

    def draft(self) -> ReleasePlan | None:
        """Return the draft plan of the State's people, or None."""
        return self.plans().filter(status=ReleasePlanStatus.DRAFT).first()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "items": items_of(self.actor, self.object)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("step") != "take-out":
            return super().post(request, *args, **kwargs)
        self.object = self.get_object()
        draft = self.draft()
        lines = draft.lines.all() if draft else ()
        line = next((line.pk for line in lines if str(line.pk) == request.POST.get("line")), None)
        if draft and line:
            plans.take_out(actor=self.actor, release_plan=draft.pk, line=line)
        return redirect(self.get_success_url())

    def form_valid(self, form: Any) -> HttpResponse:
        draft = self.draft()
        plans.plan(
            actor=self.actor, release_plan=draft and draft.pk, visit=self.object.pk,
            rows=form.rows,
            audience=form.audience, until=form.cleaned_data["until"], versions=form.versions,
        )  # fmt: skip
        return super().form_valid(form)

    def form_stale(self, form: Any, error: StaleSave) -> HttpResponse:
        form.data = form.read_anew(self.request.POST)
        form.add_error(
            "chosen", _("A text has changed since you opened the page. Read it again before you add it to the plan.")
        )
        return self.form_invalid(form, status=409)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft, visit = self.draft(), self.object
        own = {
            "draft": draft,
            "difference": difference(self.actor, draft) if draft else None,
            "others": self.plans().exclude(pk__in=[draft.pk] if draft else []),
            "versions": versions(self.actor, visit),
            "not_agreed": not_agreed(self.actor, visit),
            "back_url": visit.get_absolute_url(),
        }
        return super().get_context_data(**{**own, **kwargs})

    def get_success_url(self) -> str:
        """Return this page again: a plan is made in several steps."""
        return reverse("visit-plan", args=[self.object.pk])


class PlanPage(RecordDetailView):
    model = ReleasePlan
    template_name = "assistance/consents/release_plan.html"
    related = ("state", "visit", "proposed_by", "published_by", "note_verbale")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan = self.object
        is_open = plan.status in (ReleasePlanStatus.DRAFT, ReleasePlanStatus.PROPOSED)
        own = {
            "difference": difference(self.actor, plan),
            "is_open": is_open and policy.acting_as(self.actor, "state", plan) is not None,
            "visit": plan.visit_id and policy.visible(self.actor, Visit).filter(pk=plan.visit_id).first(),
            "consents": plan.consents.order_by("reference"),
        }
        return super().get_context_data(**{**own, **kwargs})


class PlanTransition(TransitionView):
    model = ReleasePlan
    forms = FORMS

    def form_stale(self, form: ActorForm, error: StaleSave) -> HttpResponse:
        form.add_error(None, str(error))
        self.object = self.get_object()
        return self.form_invalid(form, status=409)

    def get_success_message(self) -> str:
        if self.object.status == ReleasePlanStatus.PROPOSED:
            return _(
                "Sent to a colleague for confirmation. The release takes effect only after a colleague confirms it."
            )
        return super().get_success_message()


class TwoPersons(RecordFormView):
    """The two-person rule of a State: switched on by one focal point, switched off only by two persons."""

    model = TwoPersonRule
    form_class = EmptyForm
    template_name = "assistance/consents/two_persons.html"
    FUNCTIONS = {
        "on": two_person.switch_on,
        "ask-off": two_person.ask_off,
        "agree-off": two_person.agree_off,
        "keep": two_person.keep_on,
    }

    def get_object(self) -> TwoPersonRule:
        state = Organisation.objects.filter(slug=self.kwargs["slug"]).first()
        if state is None:
            raise NotVisible
        self.state = state
        self.needs_recent_login = self.request.method == "POST"  # to see the present setting, none is needed
        return two_person.rule_of(self.actor, state)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": None}

    def form_valid(self, form: ActorForm) -> HttpResponse:
        function = self.FUNCTIONS.get(self.request.POST.get("step", ""))
        if function is None:
            raise Invalid({"": [_("Choose one of the buttons.")]})
        self.object = function(actor=self.actor, state=self.state)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rule = self.object
        own = {
            "state": self.state,
            "heads": two_person.may_head(self.actor, self.state.pk),
            "acts": self.actor.acts_for(self.state.pk),
            "who": None if rule._state.adding else viewers_of(self.actor, rule),
            "asked_by_me": rule.off_asked_by_id == self.actor.user.pk,
            "back_url": reverse("consents"),
        }
        return super().get_context_data(**{**own, **kwargs})

    def get_success_url(self) -> str:
        """Return this page again, with the new setting."""
        return reverse("two-persons", args=[self.state.slug])
