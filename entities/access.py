"""Access control for members: without a running appointment every URL gives the same plain page."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views import generic
from django_htmx.middleware import HtmxDetails
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from entities.actors import Actor
from entities.impersonation import Viewing
from web.submitted_texts import submitted_texts


class MemberRequest(HttpRequest):
    """A request with the actor, and whom a coordinator views the portal as, both set by the middleware."""

    actor: Actor
    viewing: Viewing | None
    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]


def appointment_required(view: View) -> View:
    """Wrap a view so that only users with a running appointment reach it; others get a page that says so (403)."""

    @wraps(view)
    def wrapped(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.actor.appointments else not_appointed(request)

    return wrapped


def not_appointed(request: HttpRequest) -> HttpResponse:
    """Return the page for users without a running appointment; what they submitted is shown on it."""
    return render(request, "entities/not_appointed.html", {"texts": submitted_texts(request)}, status=403)


class AppointmentRequiredMixin(generic.View):
    """What `appointment_required` is for class-based views. `self.actor` is the current actor."""

    actor: Actor

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.actor = request.actor  # type: ignore[attr-defined]

    def get_reference_version(self) -> UUID | None:
        """Return the version of the reference lists (`FilteredListView.get_reference_version`)."""
        return self.actor.version

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.actor.appointments:
            return not_appointed(request)
        return super().dispatch(request, *args, **kwargs)


class HasAppointment(BasePermission):
    """The permission of the API that corresponds to `appointment_required`."""

    message = _("You have no appointment in force, so you cannot use this part of the portal.")
    code = "not_appointed"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the user has a running appointment, computed anew for this request."""
        return bool(request.actor.appointments)  # type: ignore[attr-defined]
