"""The pages of memberships: proposals and decisions, for administrators of the site and coordinators of UNOCT."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from entities import memberships
from entities.access import MemberRequest, not_appointed
from entities.forms import MembershipDecisionForm, MembershipForm
from entities.models import MembershipChange
from entities.pages import SentOnceFormView
from entities.reauthentication import require_recent_login
from web.exceptions import Conflict, Forbidden

DECIDED_SHOWN = 50


@require_GET
def membership_list(request: MemberRequest) -> HttpResponse:
    """Show the proposals that wait, and the latest that were decided."""
    if not memberships.may_keep(request.actor):
        return refused(request)
    rows = memberships.visible(request.actor)
    context = {
        "open": [(row, memberships.may_decide(request.actor, row)) for row in rows.filter(decided_at=None)],
        "decided": rows.exclude(decided_at=None)[:DECIDED_SHOWN],
    }
    return render(request, "entities/memberships.html", context)


def refused(request: MemberRequest) -> HttpResponse:
    """Return the page for people without an appointment; raise Forbidden for all others."""
    if not request.actor.appointments:
        return not_appointed(request)
    raise Forbidden


class MembershipFormView(SentOnceFormView):
    """A form for those who keep memberships, with an appointment or without, after a recent proof of identity."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.actor = request.actor  # type: ignore[attr-defined]
        if not memberships.may_keep(self.actor):
            return refused(request)  # type: ignore[arg-type]
        return super().dispatch(request, *args, **kwargs)

    def check_permissions(self) -> None:
        require_recent_login(self.request)

    def get_back_url(self) -> str:
        return reverse("memberships")


class MembershipNew(MembershipFormView):
    """The page that proposes a change; one that takes sight away is done at once."""

    form_class = MembershipForm
    title = gettext_lazy("Propose a membership")
    lead = gettext_lazy(
        "Adding an organization gives its users more access and must be confirmed by a second "
        "person: an administrator or a coordinator of UNOCT. Removing an organization takes effect "
        "immediately."
    )
    submit = gettext_lazy("Send proposal")

    def form_valid(self, form: MembershipForm) -> HttpResponse:
        self.object = memberships.propose(actor=self.actor, **form.values())
        return super().form_valid(form)

    def get_success_message(self) -> str:
        if self.object.adds:
            return str(
                gettext_lazy("The proposal has been sent. Another administrator or coordinator of UNOCT will decide.")
            )
        return str(
            gettext_lazy("The membership has ended. The users of the organization have lost the access that it gave.")
        )


class MembershipDecide(MembershipFormView):
    """The page that shows who would gain access to how much, and confirms or rejects."""

    form_class = MembershipDecisionForm
    template_name = "entities/membership_decide.html"
    title = gettext_lazy("Decide on a membership")
    submit = gettext_lazy("Save decision")

    def get_object(self) -> MembershipChange:
        change = memberships.find(self.actor, self.kwargs["pk"])
        if not change.is_open:
            raise Conflict(gettext_lazy("The decision has already been taken."))
        return change

    def check_permissions(self) -> None:
        self.may_confirm = memberships.may_decide(self.actor, self.object)
        super().check_permissions()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "may_confirm": self.may_confirm}

    def form_valid(self, form: MembershipDecisionForm) -> HttpResponse:
        if form.cleaned_data["decision"] == MembershipDecisionForm.CONFIRM:
            memberships.confirm(actor=self.actor, change=self.object)
        else:
            memberships.reject(actor=self.actor, change=self.object, reason=form.cleaned_data["reason"])
        self.confirmed = form.cleaned_data["decision"] == MembershipDecisionForm.CONFIRM
        return super().form_valid(form)

    def get_success_message(self) -> str:
        if self.confirmed:
            return str(
                gettext_lazy(
                    "The membership has been confirmed. The States whose releases its users can now read have "
                    "been notified."
                )
            )
        return str(gettext_lazy("The proposal has been refused. The membership has not changed."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"gain": memberships.gain_of(self.object), **kwargs})


@require_GET
def membership(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show one change to those who keep memberships, and to the States that were told of it."""
    if not (memberships.may_keep(request.actor) or request.actor.appointments):
        return not_appointed(request)
    change = memberships.find(request.actor, pk)
    keeps = memberships.may_keep(request.actor)
    gain = memberships.gain_of(change) if keeps and change.is_open else None
    context = {
        "change": change,
        "keeps": keeps,
        "gain": gain,
        "may_decide": memberships.may_decide(request.actor, change),
    }
    return render(request, "entities/membership.html", context)
