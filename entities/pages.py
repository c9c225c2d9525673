"""The base view of forms for people with a running appointment."""

from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts import sending
from accounts.models import SentForm, User
from entities.access import AppointmentRequiredMixin
from entities.reauthentication import require_recent_login
from web.views import FORM_KEY, DomainFormView


class SentOnceFormView(DomainFormView):
    """A form each showing of which is sent once: a second send leads to the result of the first.

    What its reader could not send, because the session had ended, is in it again.
    """

    kept: QueryDict | None = None
    renew_key: bool = False

    # ── What was typed is not lost ──
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.kept = sending.kept(request) if "empty" not in request.GET else None
        if self.kept is not None:
            text = _(
                "The form contains the entries that you made before your session ended. Check them, then "
                "send the form again."
            )
            link = format_html('<a href="?empty">{}</a>', _("Start with an empty form"))
            messages.info(request, format_html("{} {}", text, link))
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return kwargs if self.kept is None else {**kwargs, "data": self.kept}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if self.kept is not None:
            form._errors = ErrorDict(renderer=form.renderer)  # shown as it was typed; it is checked when it is sent
        return form

    # ── Each showing is sent once ──
    def get_form_key(self) -> str:
        sent = self.request.POST.get(FORM_KEY, "")
        return sent if sent and not self.renew_key else sending.new_key(cast(User, self.request.user))

    def send(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            row, first = sending.claim(self.request)
            answer = self.form_valid(form) if first is None else self.sent_before(form, row, first)
            if row is not None and first is None:
                sending.settle(row, answer, self.get_back_url())
            if answer.status_code < 400:
                sending.forget(self.request)
        return answer

    def sent_before(self, form: Any, row: SentForm | None, first: SentForm) -> HttpResponse:
        """Answer a second send: with the result of the first, or with a question where the texts differ."""
        if row is not None and row.digest == first.digest:
            messages.info(self.request, _("You sent this form twice. It was recorded once: this is the result."))
            return redirect(first.location)
        if self.request.POST.get("version"):  # compared with what is stored
            return self.form_valid(form)
        self.renew_key = True
        link = format_html('<a href="{}">{}</a>', first.location, _("Open what was recorded"))
        messages.info(self.request, link)
        form.add_error(
            None, _("You have already sent this form with a different text. Send it again to record this text as well.")
        )
        return self.form_invalid(form, status=409)


class MemberFormView(AppointmentRequiredMixin, SentOnceFormView):
    """A form for people with a running appointment; with `needs_recent_login`, after a recent proof of identity."""

    needs_recent_login: bool = False

    def check_permissions(self) -> None:
        super().check_permissions()
        if self.needs_recent_login:
            require_recent_login(self.request)
