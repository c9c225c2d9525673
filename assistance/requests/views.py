"""Pages of requests."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import View

from assistance.access import policy
from assistance.letters import drafting
from assistance.needs.queries import may_propose
from assistance.pages.forms import ActorForm
from assistance.pages.outcomes import changed, outcome
from assistance.pages.views import (
    RecordCreateView,
    RecordDetailView,
    RecordEditView,
    TransitionView,
)
from assistance.requests import answers, corrections, queries, rules, transitions
from assistance.requests.decisions import check_as_entered, procedure
from assistance.requests.forms import STEPS, WhatForm, check_name, step_name
from assistance.requests.models import AssistanceRequest, RequestCorrection
from assistance.requests.questions import thread
from assistance.requests.states import AFTER_CIRCULATION
from assistance.requests.transition_forms import FORMS
from audit import log
from entities.access import AppointmentRequiredMixin
from files import serving
from web.exceptions import Forbidden, NotVisible
from web.views import Link


class RequestPage(RecordDetailView):
    model = AssistanceRequest
    template_name = "assistance/requests/request.html"
    related = ("state", "theme", "pillar", "instrument", "note_verbale", "submitted_by", "authenticated_by")
    edit_label = gettext_lazy("Edit the request")

    def get_edit_link(self) -> Link | None:
        if not self.may_edit():
            return None
        return Link(reverse(step_name("what"), args=[self.object.pk]), self.edit_label)

    @cached_property
    def needs(self) -> list[Any]:
        """The needs that were made of the request, as far as the reader sees them."""
        return list(queries.needs_seen(self.actor, self.object).select_related("state"))

    def get_buttons(self) -> list[Link]:
        """Return the available transitions; for providers first to offer help, for the State to compare the offers."""
        found = super().get_buttons()
        row = self.object
        if row.status in AFTER_CIRCULATION and not self.actor.is_cted:
            found = [
                Link(
                    reverse("match-propose", args=[need.pk]), _("Offer assistance"),
                    need.get_assistance_type_display() if len(self.needs) > 1 else _("The State will be asked to choose."),
                    "primary",
                )
                for need in self.needs
                if may_propose(self.actor, need)
            ] + found  # fmt: skip
        if row.status in AFTER_CIRCULATION and self.actor.is_cted:
            found += [
                Link(
                    reverse("match-propose", args=[need.pk]), _("Suggest a provider"),
                    need.get_assistance_type_display() if len(self.needs) > 1
                    else _("The provider is asked first, then the State."),
                )
                for need in self.needs
                if may_propose(self.actor, need)
            ]  # fmt: skip
        if corrections.proposing(self.actor, row):
            url = reverse("assistance-request-correct", args=[row.pk])
            found.append(Link(url, _("Propose a correction"), _("The State decides. Nothing changes before.")))
        if row.status in AFTER_CIRCULATION and rules.is_of_state(self.actor, row):
            url = reverse("assistance-request-comparison", args=[row.pk])
            found.append(Link(url, _("Compare the offers"), _("All offers side by side, on one page to print.")))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, is_party = self.object, rules.is_party(self.actor, self.object)
        own = {
            "is_party": is_party,
            "sees_contact": rules.sees_contact(self.actor, row),
            "steps": queries.steps(self.actor, row),
            "needs": self.needs,
            "thread": thread(self.actor, row),
            "compared": queries.comparison(self.actor, row),
            "answers": answers.sheet_of(self.actor, row) if answers.may_see(self.actor, row) else None,
            "asked_elsewhere": row.asked_elsewhere.select_related("organisation"),
            "corrections": policy.visible(self.actor, RequestCorrection)
            .filter(assistance_request=row)
            .select_related("proposed_as__organisation")
            .order_by("-modified_at", "-id"),
            **drafting.context_of(self.actor, row),
            **(procedure(self.actor, row) if is_party else {}),
        }
        return super().get_context_data(**{**own, **kwargs})


# ── The form, step by step ───────────────────────────────────────────────────
class RequestCreate(RecordCreateView):
    model = AssistanceRequest
    form_class = WhatForm
    template_name = "assistance/requests/form.html"
    title = gettext_lazy("Request assistance")
    submit = gettext_lazy("Save and continue")
    success_message = gettext_lazy("Saved as a draft. You can leave and continue later.")

    def get_success_url(self) -> str:
        return reverse(step_name("for-whom"), args=[self.object.pk])

    def get_back_url(self) -> str:
        return reverse("requests")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form")
        own = {
            "form_steps": form_steps("what", None),
            "check_url": reverse("request-check"),
            **check_as_entered(self.actor, new_request(), form),
        }
        return super().get_context_data(**{**own, **kwargs})


def new_request() -> AssistanceRequest:
    """Return a draft of which nothing is entered yet, which is not saved."""
    return AssistanceRequest(language=get_language() or settings.LANGUAGE_CODE)


class RequestEdit(RecordEditView):
    """One step of the form: what is entered is saved, and the next step follows."""

    model = AssistanceRequest
    template_name = "assistance/requests/form.html"
    submit = gettext_lazy("Save and continue")
    step: str = ""

    def get_form_class(self) -> type[ActorForm]:
        return STEPS[self.step][1]

    def form_valid(self, form: ActorForm) -> HttpResponse:
        note = form.cleaned_data.pop("note_verbale", None)
        answer = super().form_valid(form)
        if note is not None:
            transitions.attach_note(actor=self.actor, assistance_request=self.object.pk, note_verbale=note)
        return answer

    def get_success_url(self) -> str:
        """Return the next step, or after the last one the page of the request."""
        names = list(STEPS)
        following = names[names.index(self.step) + 1 :]
        if not following:
            return self.object.get_absolute_url()
        return reverse(step_name(following[0]), args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {
            "form_steps": form_steps(self.step, self.object),
            "title": STEPS[self.step][0],
            "check_url": reverse(check_name(self.step), args=[self.object.pk]),
            **procedure(self.actor, self.object),
            **check_as_entered(self.actor, self.object, kwargs.get("form")),
        }
        return super().get_context_data(**{**own, **kwargs})


class CheckAsEntered(AppointmentRequiredMixin, View):
    """The check of what stands in a form that is not saved yet, as a fragment of its page. Saves nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, step: str, pk: object = None) -> HttpResponse:
        if pk is None and not policy.may_create(self.actor, AssistanceRequest):
            raise Forbidden
        row = policy.get(self.actor, AssistanceRequest, pk) if pk else new_request()
        if pk and not policy.may_edit(self.actor, row):
            raise Forbidden
        form = STEPS[step][1](data=request.POST, files=request.FILES, actor=self.actor, instance=row if pk else None)
        found = check_as_entered(self.actor, row, form)
        return TemplateResponse(request, "assistance/requests/check.html", found)


def form_steps(here: str, row: AssistanceRequest | None) -> list[dict[str, Any]]:
    """Return the steps of the form, with links to those of a draft that is stored."""
    return [
        {
            "label": heading,
            "is_here": name == here,
            "number": number,
            "url": reverse(step_name(name), args=[row.pk]) if row else "",
        }
        for number, (name, (heading, _form)) in enumerate(STEPS.items(), start=1)
    ]


# ── Decisions, comparison and the note verbale ───────────────────────────────
class RequestTransition(TransitionView):
    model = AssistanceRequest
    forms = FORMS

    def get_success_message(self) -> str:
        """Return what changed and who is notified; of a choice, the parties of matches accepted and declined by it."""
        done = changed(self.actor, self.object)
        if self.transition.name not in ("choose", "confirm-choice") or self.object.choice_proposed_by_id:
            return outcome(self.actor, self.object, done)
        matches = queries.decided_by_choice(self.actor, self.object)
        return outcome(self.actor, self.object, done, about=[self.object, *matches])


class Comparison(RequestPage):
    """The offers for a request side by side, for the State that chooses."""

    template_name = "assistance/requests/comparison.html"

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        row = super().get_object(queryset)
        if not rules.is_of_state(self.actor, row):
            raise Forbidden(who=policy.who_can("state", row), url=row.get_absolute_url())
        return row


class NoteVerbale(AppointmentRequiredMixin, View):
    """The note verbale of a request, for its State, UNOCT and CTED. Served as an attachment."""

    def get(self, request: HttpRequest, pk: object) -> HttpResponseBase:
        rows = policy.visible(self.actor, AssistanceRequest).select_related("note_verbale")
        row = policy.get(self.actor, AssistanceRequest, pk, rows=rows)
        if row.note_verbale is None or not rules.is_party(self.actor, row):
            raise NotVisible
        answer = serving.response(row.note_verbale)
        log.read([row])
        return answer
