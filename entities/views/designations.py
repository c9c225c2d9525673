"""The pages of designations: the list, one appointment, nomination, approval, end and invitation."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import django_filters as df
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views import View
from django.views.generic import TemplateView

from entities import appointments, impersonation, working_days
from entities.access import AppointmentRequiredMixin
from entities.actors import Actor
from entities.appointments import progress
from entities.appointments.attention import attention, last_day
from entities.collation import by_name
from entities.filters import AppointmentFilters
from entities.forms import EndForm, NominationForm
from entities.models import Appointment, Phase, Renewal, Role
from entities.pages import MemberFormView
from entities.reauthentication import require_recent_login
from files import serving
from web import cells
from web.exceptions import Conflict, Forbidden, NotVisible
from web.forms import DomainForm
from web.sorting import SortKey, by_rank
from web.views import Column, FilteredListView, Link

TONES = {
    Phase.AWAITING: "warning",
    Phase.COMING: "info",
    Phase.RUNNING: "success",
    Phase.LAPSED: "danger",
    Phase.CLOSED: "neutral",
    Phase.OVER: "neutral",
    Phase.ENDED: "neutral",
}


@dataclass(frozen=True)
class Entry:
    """One row of the list: the appointment, as this reader may see it, and the actions available."""

    appointment: Appointment
    phase: Phase
    tone: str
    name: str
    other_name: str
    days: int | None
    old: bool
    may_approve: bool
    may_confirm: bool
    may_end: bool
    may_invite: bool
    may_read_letter: bool

    @property
    def called(self) -> str:
        """The name of the person as this reader may know it, or the address."""
        return self.name or self.appointment.user.email


def entry(actor: Actor, row: Appointment) -> Entry:
    """Return a row for this reader; only UNOCT sees the existing user's name for an address nominated by others."""
    phase, may_end = row.phase, appointments.may_end(actor, row) and not row.ended_at
    coordinates, waits = appointments.is_coordinator(actor), phase == Phase.AWAITING
    return Entry(
        appointment=row,
        phase=phase,
        tone=TONES[phase],
        name=progress.name_for(row, coordinates=coordinates),
        other_name=progress.other_name(row, coordinates=coordinates),
        days=progress.days_since(row.created_at) if waits else None,
        old=waits and progress.is_old(row.created_at),
        may_approve=waits and appointments.may_approve(actor, row),
        may_confirm=phase in (Phase.RUNNING, Phase.COMING) and appointments.may_confirm(actor, row),
        may_end=may_end,
        may_invite=may_end and phase in (Phase.RUNNING, Phase.COMING) and not row.user.has_usable_password(),
        may_read_letter=row.letter_id is not None and appointments.may_end(actor, row),
    )


class DesignationList(AppointmentRequiredMixin, FilteredListView):
    """The appointments this user may read: all for a coordinator of UNOCT, else those of their organisations.

    Those that await approval come first, then those that end soon; what is over comes last.
    """

    model = Appointment
    template_name = "entities/designations.html"
    filterset_class = AppointmentFilters
    columns: ClassVar[Sequence[Column]] = (
        Column(
            pgettext_lazy("label", "Person"), template="entities/cells/nominee.html", row_heading=True, width="wide", card="title"
        ),
        Column(
            pgettext_lazy("label", "Organization"), "appointment.organisation", "entities/cells/organisation.html",
            sort="organisation", card="line",
        ),
        Column(pgettext_lazy("label", "Role"), "appointment.get_role_display", sort="role", card="line"),
        Column(pgettext_lazy("label", "Stage"), template="entities/cells/phase.html", card="foot"),
        Column(pgettext_lazy("date", "From"), "appointment.since", cells.day, sort="from", numeric=True),
        Column(
            pgettext_lazy("date", "Until"), template="entities/cells/last_day.html", sort="until", numeric=True, card="labelled"
        ),
        Column(
            pgettext_lazy("label", "Action"), template="entities/cells/designation_actions.html", hidden_label=True, card="foot"
        ),
    )  # fmt: skip
    orders: ClassVar[dict[str, tuple[str, ...]]] = {
        "attention": ("attention_key", "last_day_key", "id"),
        "organisation": ("organisation_key", "id"),
        "role": ("role_key", "id"),
        "from": ("since", "id"),
        "until": ("last_day_key", "id"),
    }
    sort_keys: ClassVar[Mapping[str, SortKey]] = {
        "attention_key": attention,
        "last_day_key": last_day,
        "organisation_key": by_name("organisation__name"),
        "role_key": by_rank("role", Role),
    }
    default_order = "attention"

    def get_queryset(self) -> QuerySet[Appointment]:
        """Return the appointments. Raises Forbidden for a reader who acts for nobody."""
        if not appointments.is_coordinator(self.actor) and not self.actor.acting_for:
            raise Forbidden
        return appointments.visible_appointments(self.actor)

    def get_filterset(self) -> df.FilterSet:
        filters = super().get_filterset()
        if not appointments.is_coordinator(self.actor):
            del filters.form.fields["organisation"], filters.form.fields["q"]
        return filters

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor, coordinates = self.actor, appointments.is_coordinator(self.actor)
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "entries": [entry(actor, row) for row in context["object_list"]],
            "may_nominate": appointments.may_nominate(actor),
            "keeps_holidays": working_days.may_keep(actor),
            "waiting": appointments.awaiting(actor).count() if coordinates else 0,
            "renewals": [asked(one) for one in _undecided(actor)],
            "unconfirmed": appointments.to_confirm(actor).to_be_confirmed_soon().count(),
        }


def _undecided(actor: Actor) -> list[Renewal]:
    """Return the renewals that wait for this user's decision, the oldest first, at most one screen of them."""
    rows = appointments.undecided(actor).select_related("appointment__user", "appointment__organisation", "asked_by")
    return list(rows.order_by("asked_at", "id")[:50])


def asked(renewal: Renewal) -> dict[str, object]:
    """Return one renewal with how long it has waited."""
    days, old = progress.days_since(renewal.asked_at), progress.is_old(renewal.asked_at)
    return {"renewal": renewal, "appointment": renewal.appointment, "days": days, "old": old}


class DesignationPage(AppointmentRequiredMixin, TemplateView):
    """One appointment: its progress, terms and dates, and what this reader may do with it."""

    template_name = "entities/designation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = find(self.actor, kwargs["pk"])
        open_request = row.renewals.filter(decided_at__isnull=True).select_related("asked_by").first()
        if open_request:
            open_request.appointment = row
        own = {
            "entry": entry(self.actor, row),
            "steps": progress.progress_steps(row),
            "renewal": open_request,
            "buttons": buttons(self.actor, row, open_request),
        }
        return super().get_context_data(**{**own, **kwargs})


def buttons(actor: Actor, row: Appointment, open_request: Renewal | None) -> list[Link]:
    """Return the actions this reader may take on an appointment now, each with its consequence."""
    words = {
        "approve": (pgettext("button", "Approve appointment"),
        _("The appointment gives access rights from its first day."), "primary"),
        "decide": (_("Decide on the request"), _("Approve it, or refuse it with a reason."), "primary"),
        "confirm": (pgettext("button", "Confirm appointment"),
        _("The appointment stays in force for another 6 months."), "primary"),
        "extend": (pgettext("button", "Extend appointment"), _("UNOCT approves the new last day."), "secondary"),
        "reinstate": (pgettext("button", "Request reinstatement"),
        _("The appointment was not confirmed in time. UNOCT decides."), "primary"),
        "hand-over": (
            _("Hand over to a successor"), _("You nominate the successor. Open tasks pass to the successor."), "secondary"
        ),
        "view-as": (
            _("View as another user"),
            _("See the pages as this person sees them for 15 minutes. You cannot change anything."), "secondary",
        ),
        "end": (pgettext("button", "End appointment") if row.approved_at else pgettext("button", "Refuse nomination"),
        _("Takes effect immediately. A reason is required."), "danger"),
    }  # fmt: skip
    legal = set(appointments.transitions(actor, row, open_request))
    if row.phase == Phase.RUNNING and impersonation.may_view_as(actor, row):
        legal.add("view-as")
    return [Link(reverse(f"designation-{name}", args=[row.pk]), *said) for name, said in words.items() if name in legal]


class DesignationLetter(AppointmentRequiredMixin, View):
    """The letter of nomination, for UNOCT and the focal points of the organisation."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        row = find(self.actor, pk)
        if row.letter is None or not appointments.may_end(self.actor, row):
            raise NotVisible
        return serving.response(row.letter)


class DesignationAdd(MemberFormView):
    """Nominate a person; approval needs another user."""

    form_class = NominationForm
    title = gettext_lazy("Nominate a person")
    lead = gettext_lazy(
        "A coordinator of UNOCT who did not nominate the person must approve the nomination. The "
        "person is then invited, and the appointment gives access rights."
    )
    submit = pgettext_lazy("button", "Nominate person")
    needs_recent_login = True
    success_message = gettext_lazy(
        "The nomination has been sent. A coordinator of UNOCT approves it, then the person is invited."
    )

    def check_permissions(self) -> None:
        if not appointments.may_nominate(self.actor):
            raise Forbidden
        super().check_permissions()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.actor}

    def form_valid(self, form: NominationForm) -> HttpResponse:
        self.object = appointments.nominate(actor=self.actor, **form.cleaned_data)
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return reverse("designation", args=[self.object.pk])

    def get_back_url(self) -> str:
        return reverse("designations")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"keep": "nomination", **kwargs})


class AppointmentFormView(MemberFormView):
    """A form about one appointment, shown with its facts. It can be used in the stages `phases`, in all if empty.

    A Conflict is answered by the page for conflicts, which names what can be done now. The title has a placeholder for
    the name of the person.
    """

    form_class: type[DomainForm] = DomainForm
    template_name = "entities/appointment_form.html"
    needs_recent_login = True
    phases: ClassVar[Collection[Phase]] = ()

    def get_object(self) -> Appointment:
        row = find(self.actor, self.kwargs["pk"])
        if not self.has_permission(row):
            raise Forbidden
        if self.phases and row.phase not in self.phases:
            raise appointments.wrong_phase(row)
        return row

    def has_permission(self, row: Appointment) -> bool:
        """Return whether this user may do this with the appointment; by default, whoever may end it."""
        return appointments.may_end(self.actor, row)

    def form_conflict(self, form: DomainForm, error: Conflict) -> HttpResponse:
        raise error

    def get_success_url(self) -> str:
        return reverse("designation", args=[self.object.pk])

    def get_back_url(self) -> str:
        return reverse("designation", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = entry(self.actor, self.object)
        context = super().get_context_data(**{"entry": shown, **kwargs})
        return {**context, "title": str(context["title"]) % {"name": shown.called}}


class DesignationApprove(AppointmentFormView):
    """The page that shows what approval will grant, and approves."""

    template_name = "entities/designation_approve.html"
    phases = (Phase.AWAITING,)
    title = gettext_lazy("Approve the appointment of %(name)s")
    lead = gettext_lazy("From the first day, this person can read and do what the role allows for the organization.")
    submit = pgettext_lazy("button", "Approve appointment")
    success_message = gettext_lazy("The appointment has been approved. It gives access rights from its first day.")

    def has_permission(self, row: Appointment) -> bool:
        return appointments.may_approve(self.actor, row)

    def form_valid(self, form: DomainForm) -> HttpResponse:
        appointments.approve(actor=self.actor, appointment=self.object)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"invites": not self.object.user.has_usable_password(), **kwargs})


class DesignationEnd(AppointmentFormView):
    """The page that asks for the reason, shows what ends, and ends the appointment or refuses a nomination."""

    form_class = EndForm
    tone = "danger"
    success_message = gettext_lazy("The appointment has ended and gives no access rights.")

    def get_object(self) -> Appointment:
        row = super().get_object()
        if row.ended_at:
            raise Conflict(transitions=appointments.TRANSITIONS[row.phase])
        return row

    def form_valid(self, form: EndForm) -> HttpResponse:
        appointments.end(actor=self.actor, appointment=self.object, reason=form.cleaned_data["reason"])
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return reverse("designations")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        texts = {
            "title": _("End the appointment of %(name)s"),
            "lead": _(
                "The appointment ends immediately and permanently, and the person loses the access that it "
                "gave. A later appointment requires a new nomination."
            ),
            "submit": pgettext("button", "End appointment"),
        }
        if not self.object.approved_at:
            texts = {
                "title": _("Refuse the nomination of %(name)s"),
                "lead": _(
                    "The person receives no access rights and no message. The organization can read the reason "
                    "and nominate again."
                ),
                "submit": pgettext("button", "Refuse nomination"),
            }
        return super().get_context_data(**{**texts, **kwargs})


class DesignationInvite(AppointmentRequiredMixin, View):
    """Send the invitation again."""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = find(self.actor, pk)
        if not appointments.may_end(self.actor, row):
            raise Forbidden
        if row.phase not in (Phase.RUNNING, Phase.COMING):
            raise appointments.wrong_phase(row)
        if row.user.has_usable_password():
            raise Conflict(transitions=appointments.TRANSITIONS[row.phase])
        require_recent_login(request)
        appointments.invite(actor=self.actor, appointment=row)
        messages.success(request, _("The invitation has been sent again. Its link works once."))
        return redirect("designations")


def find(actor: Actor, pk: UUID) -> Appointment:
    """Return an appointment this user may read. Raises NotVisible."""
    row = appointments.visible_appointments(actor).filter(pk=pk).first()
    if row is None:
        raise NotVisible
    return row
