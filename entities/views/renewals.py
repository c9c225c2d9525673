"""The pages of renewals and handovers: confirm, extend, reinstate, decide, hand over."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from entities import appointments, pending_work
from entities.appointments import progress
from entities.forms import ConfirmForm, DecisionForm, ExtendForm, SuccessorForm
from entities.models import Appointment, Phase
from entities.pages import MemberFormView
from entities.views.designations import AppointmentFormView, entry
from web import cells
from web.exceptions import Conflict, Forbidden
from web.forms import DomainForm
from web.pagination import page_of
from web.views import Column, Heading

SOONEST = ("confirm_by", "id")
ASKED = gettext_lazy("The request has been sent. A coordinator of UNOCT who did not make the request decides.")


class DesignationsConfirm(MemberFormView):
    """All running appointments this user may confirm, the most urgent first, each with a checkbox."""

    form_class = ConfirmForm
    template_name = "entities/designations_confirm.html"
    columns: ClassVar[Sequence[Column]] = (
        Column(gettext_lazy("Still valid"), "appointment.pk", "entities/cells/still_right.html"),
        Column(pgettext_lazy("label", "Person"), "name", "entities/cells/still_right_label.html", row_heading=True),
        Column(
            pgettext_lazy("label", "Organization"), "appointment.organisation", "entities/cells/organisation_name.html"
        ),
        Column(pgettext_lazy("label", "Role"), "appointment.get_role_display"),
        Column(gettext_lazy("To be confirmed by"), "appointment.confirm_by", cells.whole_day),
    )

    def check_permissions(self) -> None:
        if not (appointments.is_coordinator(self.actor) or appointments.headed_by(self.actor)):
            raise Forbidden
        self.needs_recent_login = self.request.method == "POST"
        super().check_permissions()

    def get_queryset(self) -> QuerySet[Appointment]:
        """Return the appointments that this user may confirm."""
        return appointments.to_confirm(self.actor)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "rows": self.get_queryset()}

    def form_valid(self, form: ConfirmForm) -> HttpResponse:
        self.confirmed = sum(self.confirm(row) for row in form.cleaned_data["chosen"])
        return super().form_valid(form)

    def confirm(self, row: Appointment) -> bool:
        """Confirm one of several; one that ended or lapsed meanwhile does not prevent the others."""
        try:
            appointments.confirm(actor=self.actor, appointment=row)
        except Conflict as refusal:
            messages.warning(self.request, f"{row.user.name}: {refusal}")
            return False
        return True

    def get_success_message(self) -> str:
        text = ngettext(
            "%(n)d appointment has been confirmed.", "%(n)d appointments have been confirmed.", self.confirmed
        )
        return text % {"n": self.confirmed}

    def get_success_url(self) -> str:
        return reverse("designations-confirm")

    def get_back_url(self) -> str:
        return reverse("designations")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = page_of(self.get_queryset(), self.request, ordering=SOONEST)
        own = {
            "page": page,
            "headings": [Heading(column) for column in self.columns],
            "entries": [entry(self.actor, row) for row in page],
        }
        return super().get_context_data(**{**own, **kwargs})


class DesignationConfirm(AppointmentFormView):
    """The page that explains what confirming means, and confirms one appointment."""

    phases = (Phase.RUNNING, Phase.COMING)
    title = gettext_lazy("Confirm the appointment of %(name)s")
    lead = gettext_lazy(
        "You confirm for your organization that this person still holds this role. The appointment "
        "then stays in force for another 6 months until the next confirmation."
    )
    submit = pgettext_lazy("button", "Confirm appointment")
    success_message = gettext_lazy("The appointment has been confirmed for another 6 months.")

    def has_permission(self, row: Appointment) -> bool:
        return appointments.may_confirm(self.actor, row)

    def form_valid(self, form: DomainForm) -> HttpResponse:
        appointments.confirm(actor=self.actor, appointment=self.object)
        return super().form_valid(form)


class DesignationExtend(AppointmentFormView):
    """The page that asks UNOCT for a later last day."""

    form_class = ExtendForm
    phases = (Phase.RUNNING, Phase.COMING)
    title = gettext_lazy("Extend the appointment of %(name)s")
    lead = gettext_lazy(
        "A coordinator of UNOCT who did not make the request must approve the new last day. Until "
        "then, the current last day applies."
    )
    submit = pgettext_lazy("button", "Send request")
    success_message = ASKED

    def form_valid(self, form: ExtendForm) -> HttpResponse:
        appointments.extend(actor=self.actor, appointment=self.object, until=form.cleaned_data["until"])
        return super().form_valid(form)


class DesignationReinstate(AppointmentFormView):
    """The page that asks UNOCT to reinstate an appointment that was not confirmed in time."""

    phases = (Phase.LAPSED,)
    title = gettext_lazy("Reinstate the appointment of %(name)s")
    lead = gettext_lazy(
        "The appointment was not confirmed in time and gives no access rights. With this request you "
        "confirm for your organization that the person still holds the role. A person at UNOCT who "
        "did not make the request decides."
    )
    submit = pgettext_lazy("button", "Send request")
    success_message = ASKED

    def form_valid(self, form: DomainForm) -> HttpResponse:
        appointments.reinstate(actor=self.actor, appointment=self.object)
        return super().form_valid(form)


class DesignationDecide(AppointmentFormView):
    """The page that grants or refuses the open request for an appointment."""

    form_class = DecisionForm
    template_name = "entities/designation_decide.html"
    title = gettext_lazy("Decide on the appointment of %(name)s")
    lead = gettext_lazy(
        "Approval also counts as the confirmation for the next 6 months. The requester and the person are notified."
    )
    submit = pgettext_lazy("button", "Submit decision")
    success_message = gettext_lazy("The decision has been saved. The requester and the person are notified.")

    def has_permission(self, row: Appointment) -> bool:
        return appointments.is_coordinator(self.actor)

    def get_object(self) -> Appointment:
        row = super().get_object()
        renewal = row.renewals.select_related("asked_by").first()
        if renewal is None or renewal.decided_at:
            raise Conflict(_("No decisions pending"), appointments.TRANSITIONS[row.phase])
        renewal.appointment = row
        if not appointments.may_decide(self.actor, renewal):
            raise Forbidden
        self.renewal = renewal
        return row

    def form_valid(self, form: DecisionForm) -> HttpResponse:
        if form.cleaned_data["decision"] == DecisionForm.GRANT:
            appointments.grant(actor=self.actor, renewal=self.renewal)
        else:
            appointments.refuse(actor=self.actor, renewal=self.renewal, reason=form.cleaned_data["reason"])
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {"renewal": self.renewal, "days": progress.days_since(self.renewal.asked_at)}
        return super().get_context_data(**{**own, **kwargs})


class DesignationHandOver(AppointmentFormView):
    """The page that nominates a successor, with a list of the pending work that is handed over."""

    form_class = SuccessorForm
    template_name = "entities/designation_hand_over.html"
    phases = (Phase.RUNNING, Phase.LAPSED)
    title = gettext_lazy("Hand over the role of %(name)s to a successor")
    lead = gettext_lazy(
        "You nominate the successor for the same role; a coordinator of UNOCT approves. Then the "
        "predecessor’s appointment ends and open tasks pass to the successor."
    )
    submit = pgettext_lazy("button", "Nominate successor")
    success_message = gettext_lazy(
        "The successor has been nominated. The appointment passes to the successor once UNOCT approves."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.actor}

    def form_valid(self, form: SuccessorForm) -> HttpResponse:
        self.successor = appointments.hand_over(actor=self.actor, appointment=self.object, **form.cleaned_data)
        return super().form_valid(form)

    def form_conflict(self, form: DomainForm, error: Conflict) -> HttpResponse:
        form.add_conflict(error)
        return self.form_invalid(form, status=409)

    def get_success_url(self) -> str:
        return reverse("designation", args=[self.successor.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"items": pending_work.open_items(self.object, self.actor), **kwargs})
