"""Pages of release plans: editing a plan, its effects, and publication by one or two persons."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.access.viewers import viewers_of
from assistance.consents import plans, two_person
from assistance.consents.models import Release, TwoPersonRule
from assistance.consents.plan_forms import FORMS, PlanForm
from assistance.consents.states import ReleaseStatus
from assistance.consents.summaries import difference, items_of, not_agreed, versions
from assistance.needs.models import Need
from assistance.pages.forms import ActorForm, EmptyForm
from assistance.pages.views import ActPage, FormPage, ObjectPage
from assistance.visits.models import Section, Visit
from entities.access import MemberRequest
from entities.models import Organisation
from web.exceptions import Invalid, NotVisible, StaleSave


class PlanPage(FormPage):
    """The editor of a plan: tick rows, choose audience and end, add them; repeat for others; review and publish."""

    form_class = PlanForm
    template = "assistance/consents/plan.html"

    def row(self) -> Visit:
        visit = policy.get(self.actor, Visit, self.kwargs["pk"])
        policy.require(self.actor, "state", visit)
        return visit

    def releases(self, visit: Visit) -> QuerySet[Release]:
        return policy.visible(self.actor, Release).filter(visit=visit).order_by("-modified_at", "-id")

    def draft(self, visit: Visit) -> Release | None:
        """Return the draft plan of the State's people, or None."""
        return self.releases(visit).filter(status=ReleaseStatus.DRAFT).first()

    def form(self, row: Visit, data: Any = None, files: Any = None) -> PlanForm:
        return PlanForm(data, actor=self.actor, instance=row, items=items_of(self.actor, row))

    def post(self, request: MemberRequest, **kwargs: Any) -> HttpResponse:
        if request.POST.get("step") != "take-out":
            return super().post(request, **kwargs)
        visit = self.row()
        draft = self.draft(visit)
        lines = draft.lines.all() if draft else ()
        line = next((line.pk for line in lines if str(line.pk) == request.POST.get("line")), None)
        if draft and line:
            plans.take_out(actor=self.actor, release=draft.pk, line=line)
        return redirect("visit-plan", pk=visit.pk)

    def perform(self, row: Visit, form: Any) -> Visit:
        draft = self.draft(row)
        plans.plan(
            actor=self.actor, release=draft and draft.pk, visit=row.pk,
            needs=[chosen.pk for chosen in form.rows if isinstance(chosen, Need)],
            sections=[chosen.pk for chosen in form.rows if isinstance(chosen, Section)],
            audience=form.words, until=form.cleaned_data["until"], versions=form.versions,
        )  # fmt: skip
        return row

    def stale(self, form: Any, error: StaleSave) -> HttpResponse:
        form.data = form.read_anew(self.request.POST)
        form.add_error("chosen", _("A text was changed while you were reading. Read it again before you plan with it."))
        return self.show(self.row(), form, status=409)

    def context(self, row: Visit, form: ActorForm) -> dict[str, Any]:
        draft = self.draft(row)
        return {
            "draft": draft,
            "difference": difference(self.actor, draft) if draft else None,
            "others": self.releases(row).exclude(pk__in=[draft.pk] if draft else []),
            "versions": versions(self.actor, row),
            "not_agreed": not_agreed(self.actor, row),
            "back_url": reverse("visit", args=[row.pk]),
        }

    def next(self, row: Visit) -> str:
        return reverse("visit-plan", args=[row.pk])

    def done(self, row: Visit) -> str:
        return _("Put in the plan. Nothing is released yet.")


class ReleasePage(ObjectPage):
    model = Release
    template = "assistance/consents/release_plan.html"
    related = ("state", "visit", "proposed_by", "published_by", "note_verbale")

    def extra(self, row: Release) -> dict[str, Any]:
        open_ = row.status in (ReleaseStatus.DRAFT, ReleaseStatus.PROPOSED)
        return {
            "difference": difference(self.actor, row),
            "is_open": open_ and policy.acting_as(self.actor, "state", row) is not None,
            "visit": row.visit_id and policy.visible(self.actor, Visit).filter(pk=row.visit_id).first(),
            "consents": row.consents.order_by("reference"),
            "history": self.history(row),
        }


class ReleaseAct(ActPage):
    model = Release
    forms = FORMS
    template = "assistance/consents/release_plan_transition.html"

    def context(self, row: Release, form: ActorForm) -> dict[str, Any]:
        return {**super().context(row, form), "difference": difference(self.actor, row)}

    def stale(self, form: ActorForm, error: StaleSave) -> HttpResponse:
        form.add_error(None, str(error))
        return self.show(self.row(), form, status=409)

    def done(self, row: Release) -> str:
        if row.status == ReleaseStatus.PROPOSED:
            return _("Put before a colleague. Nothing is released until one of them has confirmed it.")
        return super().done(row)


class TwoPersons(FormPage):
    """The two-person rule of a State: switched on by one focal point, switched off only by two persons."""

    form_class = EmptyForm
    template = "assistance/consents/two_persons.html"
    needs_proof = True
    STEPS = {
        "on": two_person.switch_on,
        "ask-off": two_person.ask_off,
        "agree-off": two_person.agree_off,
        "keep": two_person.keep_on,
    }

    def row(self) -> TwoPersonRule:
        state = Organisation.objects.filter(slug=self.kwargs["slug"]).first()
        if state is None:
            raise NotVisible
        self.state = state
        return two_person.rule_of(self.actor, state)

    def get(self, request: MemberRequest, **kwargs: Any) -> HttpResponse:
        """Show the current setting; reauthentication is required by its changes only."""
        row = self.row()
        return self.show(row, self.form(row))

    def form(self, row: TwoPersonRule, data: Any = None, files: Any = None) -> ActorForm:
        return EmptyForm(data, actor=self.actor)

    def perform(self, row: TwoPersonRule, form: ActorForm) -> TwoPersonRule:
        act = self.STEPS.get(self.request.POST.get("step", ""))
        if act is None:
            raise Invalid({"": [_("Choose one of the buttons.")]})
        return act(actor=self.actor, state=self.state)

    def context(self, row: TwoPersonRule, form: ActorForm) -> dict[str, Any]:
        return {
            "state": self.state,
            "heads": two_person.may_head(self.actor, self.state.pk),
            "acts": self.actor.acts_for(self.state.pk),
            "who": None if row._state.adding else viewers_of(self.actor, row),
            "asked_by_me": row.off_asked_by_id == self.actor.user.pk,
            "back_url": reverse("consents"),
        }

    def next(self, row: TwoPersonRule) -> str:
        return reverse("two-persons", args=[row.state.slug])
