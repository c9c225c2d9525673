"""The pages of the holidays of the United Nations, kept by the coordinators of UNOCT."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views import View
from django.views.generic import TemplateView

from entities import working_days
from entities.access import AppointmentRequiredMixin
from entities.forms import HolidayForm
from entities.pages import MemberFormView
from web.dates import in_words
from web.exceptions import Forbidden, NotVisible


class HolidayList(AppointmentRequiredMixin, TemplateView):
    """The holidays of one year, with the years that can be chosen."""

    template_name = "entities/holidays.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context. Raises Forbidden, or NotVisible for a year whose list is not kept."""
        if not working_days.may_keep(self.actor):
            raise Forbidden
        year = self.request.GET.get("year", str(timezone.now().year))
        if year not in map(str, working_days.years()):
            raise NotVisible
        own = {"year": int(year), "years": working_days.years(), "holidays": working_days.in_year(int(year))}
        return super().get_context_data(**{**own, **kwargs})


class HolidayNew(MemberFormView):
    """The form that adds a holiday."""

    form_class = HolidayForm
    title = gettext_lazy("Add a holiday")
    lead = gettext_lazy("Periods of working days that begin from now on are longer by this day.")
    submit = pgettext_lazy("button", "Add holiday")

    def check_permissions(self) -> None:
        super().check_permissions()
        if not working_days.may_keep(self.actor):
            raise Forbidden

    def form_valid(self, form: HolidayForm) -> HttpResponse:
        self.holiday = working_days.add(actor=self.actor, **form.cleaned_data)
        return super().form_valid(form)

    def get_success_message(self) -> str:
        return _("%(day)s has been added to the holidays.") % {"day": in_words(self.holiday.day)}

    def get_success_url(self) -> str:
        return page_of(self.holiday.day.year)

    def get_back_url(self) -> str:
        return reverse("holidays")


class HolidayRemove(AppointmentRequiredMixin, View):
    """Remove a holiday from the list."""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        row = working_days.remove(actor=self.actor, pk=pk)
        messages.success(request, _("%(day)s has been removed from the holidays.") % {"day": in_words(row.day)})
        return redirect(page_of(row.day.year))


def page_of(year: int) -> str:
    """Return the address of the list of a year."""
    return f"{reverse('holidays')}?year={year}"
