"""The page of what a reader follows and has muted; the pages of records and States send their choices here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from assistance.workflow.follow_choices import choices_of, choose, to_follow
from assistance.workflow.models import Interest
from entities.access import AppointmentRequiredMixin

ADDED = "add"  # the name of the fields whose values are topics to follow from now on


class FollowingPage(AppointmentRequiredMixin, TemplateView):
    """Records, States and themes that the reader follows or has muted, each with its choice, and States and themes to add."""

    http_method_names = ["get", "head", "options", "post"]
    template_name = "assistance/pages/following.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        states, themes = to_follow(self.actor)
        own = {"rows": choices_of(self.actor), "states": states, "themes": themes, "added": ADDED}
        return super().get_context_data(**{**own, **kwargs})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save the choices: each field that is not one of the page's own is a topic. Raises Invalid."""
        sent = {name: str(value) for name, value in request.POST.items() if ":" in name}
        sent |= {topic: Interest.FOLLOWED for topic in request.POST.getlist(ADDED) if topic}
        choose(self.actor, sent)
        messages.success(request, _("Your choice of what you follow has been saved."))
        target = request.POST.get("next", "")
        is_own = target.startswith("/") and url_has_allowed_host_and_scheme(
            target, {request.get_host()}, request.is_secure()
        )
        return redirect(target if is_own else reverse("following"))
