"""The pages of one's own appointments: progress, deputy and absence."""

from datetime import date
from typing import Any
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views import View
from django.views.decorators.http import require_safe

from accounts.models import User
from entities.access import AppointmentRequiredMixin, MemberRequest
from entities.actors import Actor
from entities.appointments import absence, progress, visible_appointments
from entities.forms import AwayForm
from entities.models import Appointment, Phase
from entities.pages import MemberFormView
from entities.views.designations import TONES
from web.exceptions import Conflict, Forbidden, NotVisible


@require_safe
def my_appointments(request: MemberRequest) -> HttpResponse:
    """Show the reader's own appointments and nominations, without what others wrote about them.

    Also to a reader without a running appointment, who can read here why.
    """
    person = request.actor.user
    rows = Appointment.objects.filter(user=person).with_deputy().select_related("user", "organisation")
    has_factor = is_mfa_enabled(person)
    entries = [
        {
            "appointment": row,
            "phase": row.phase,
            "tone": TONES[row.phase],
            "steps": progress.progress_steps(row, has_factor=has_factor),
            "days": progress.days_since(row.created_at) if row.phase == Phase.AWAITING else None,
            "runs": row.phase == Phase.RUNNING,
            "absence": absence.absence_of(row),
        }
        for row in rows.prefetch_related("absences").order_by("-created_at", "-id")
    ]
    return render(request, "entities/my_appointments.html", {"entries": entries})


class AppointmentAway(MemberFormView):
    """Name a deputy and a period of absence, for oneself or for somebody of one's organisation."""

    form_class = AwayForm
    template_name = "entities/appointment_away.html"
    lead = gettext_lazy(
        "During your absence, emails go to the deputy; all notifications stay in the portal. Users "
        "see the absence in the directory. Days on which all people acting for the organization are "
        "absent do not count towards the time allowed for a response."
    )
    submit = pgettext_lazy("button", "Save")
    success_message = gettext_lazy("Your entries have been saved. During an absence, emails go to the deputy.")

    def get_object(self) -> Appointment:
        row = find(self.actor, self.kwargs["pk"])
        if not absence.may_arrange(self.actor, row):
            raise Forbidden
        if row.phase != Phase.RUNNING:
            raise Conflict
        self.planned = absence.absence_of(row)
        return row

    def get_initial(self) -> dict[str, Any]:
        dates = {"since": self.planned.since, "until": self.planned.until} if self.planned else {}
        return {"deputy": self.object.deputy_id, **dates}

    def get_form_kwargs(self) -> dict[str, Any]:
        people = User.objects.filter(pk__in=absence.deputies(self.object).values("user")).order_by("name", "pk")
        return {**super().get_form_kwargs(), "people": people}

    def form_valid(self, form: AwayForm) -> HttpResponse:
        arrange(self.actor, self.object, **form.cleaned_data)
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return page_after(self.actor, self.object)

    def get_back_url(self) -> str:
        return reverse("my-appointments")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = _("Deputy and absence of %(name)s") % {"name": self.object.user.name}
        own = {"title": title, "appointment": self.object, "absence": self.planned}
        return super().get_context_data(**{**own, **kwargs})


@transaction.atomic
def arrange(actor: Actor, row: Appointment, *, deputy: User | None, since: date | None, until: date | None) -> None:
    """Name the deputy and, with both days, the absence, both or neither."""
    absence.name_deputy(actor=actor, appointment=row, deputy=deputy)
    if since and until:
        absence.be_absent(actor=actor, appointment=row, since=since, until=until)


class AppointmentBack(AppointmentRequiredMixin, View):
    """End the current absence, or delete the coming one."""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = find(self.actor, pk)
        absence.come_back(actor=self.actor, appointment=row)
        messages.success(request, _("Your absence has ended. Emails are sent to you again."))
        return redirect(page_after(self.actor, row))


def page_after(actor: Actor, row: Appointment) -> str:
    """Return the page shown after a change: one's own appointments, or the directory for somebody else's."""
    return reverse("my-appointments" if row.user_id == actor.user.pk else "directory")


def find(actor: Actor, pk: UUID) -> Appointment:
    """Return one's own running appointment, or one this person may read. Raises NotVisible."""
    row = next((one for one in actor.appointments if one.pk == pk), None)
    row = row or visible_appointments(actor).filter(pk=pk).first()
    if row is None:
        raise NotVisible
    return row
