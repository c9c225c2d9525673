"""Pages of release plans: editing a plan, its effects, and publication by one or two persons."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.access.viewers import viewers_of
from assistance.consents import two_person
from assistance.consents.models import ReleasePlan, TwoPersonRule
from assistance.consents.plan_forms import FORMS
from assistance.consents.states import ReleasePlanStatus
from assistance.consents.summaries import difference
from assistance.pages.forms import ActorForm, EmptyForm
from assistance.pages.outcomes import outcome
from assistance.pages.views import RecordDetailView, RecordFormView, TransitionView
from assistance.visits.models import Visit
from entities.models import Organisation
from web.exceptions import Invalid, NotVisible, StaleSave
from web.phrases import sentences


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
            done = _(
                "Sent to a colleague for confirmation. The release takes effect only after a colleague confirms it."
            )
            return outcome(self.actor, self.object, done)
        if self.object.status != ReleasePlanStatus.PUBLISHED:
            return super().get_success_message()
        effect = difference(self.actor, self.object)
        return outcome(
            self.actor, self.object, sentences(*effect.releases), about=[change.row for change in effect.lines]
        )

    def get_success_url(self) -> str:
        """Return the page of the visit after a release, else that of the plan."""
        published = self.object.status == ReleasePlanStatus.PUBLISHED
        return (self.object.visit or self.object).get_absolute_url() if published else self.object.get_absolute_url()


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
