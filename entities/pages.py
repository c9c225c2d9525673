"""The base view of forms for people with a running appointment."""

from entities.access import AppointmentRequiredMixin
from entities.reauthentication import require_recent_login
from web.views import DomainFormView


class MemberFormView(AppointmentRequiredMixin, DomainFormView):
    """A form for people with a running appointment; with `needs_recent_login`, after a recent proof of identity."""

    needs_recent_login: bool = False

    def check_permissions(self) -> None:
        super().check_permissions()
        if self.needs_recent_login:
            require_recent_login(self.request)
