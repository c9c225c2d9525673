"""The front page, the dashboard and the health check."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare

from accounts import inbox, sending
from assistance import dashboard
from assistance.workflow import deadlines, pending_work
from entities.access import MemberRequest, appointment_required
from entities.actors import Actor
from portal import health as health_check
from portal.decisions import to_decide
from portal.outages import RETRY_AFTER
from web.exceptions import NotVisible

NEWS = 20  # newest notifications, from which the dashboard makes its entries


@appointment_required
def front(request: MemberRequest) -> HttpResponse:
    """Show the reader's open actions, what is new, and the overall figures."""
    actor = request.actor
    context = {
        "delivers": any(not one.is_state for one in actor.providers()),
        "tasks": pending_work.in_order([*pending_work.tasks(actor), *to_decide(actor)]),
        "news": news(actor),
        "last_visit": actor.user.previous_visit_at if actor.viewer is None else None,
        **dashboard.figures(actor),
        "deadlines": deadlines.upcoming(actor),
    }
    return render(request, "portal/dashboard.html", context)


def news(actor: Actor) -> list[inbox.Entry]:
    """Return what came since the reader's last visit or is not read yet, one entry for each matter.

    Notifications are private to their recipient: nothing is returned while viewing as another.
    """
    if actor.viewer is not None:
        return []
    recent = Q(read_at=None)
    if actor.user.previous_visit_at:
        recent |= Q(created_at__gt=actor.user.previous_visit_at)
    found = inbox.notifications(actor.user).filter(~inbox.ASKED).filter(recent)
    return inbox.entries(actor.user, inbox.page(actor.user, found, size=NEWS, actor=actor).rows, actor)


@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """Return whether the portal answers, to everybody; figures only to an administrator or with HEALTH_TOKEN.

    Those who are told figures get 503 for whatever needs attention, so that a monitor need not read them.
    """
    if not health_check.answers():
        return JsonResponse({"status": "down"}, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    if not (_watches(request) or (request.user.is_active and request.user.is_staff)):
        return JsonResponse({"status": "ok"})
    found = health_check.examine()
    return JsonResponse(found.as_json(), status=503 if found.problems else 200)


def _watches(request: HttpRequest) -> bool:
    """Return whether the request has the monitoring token; False if none is configured."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.HEALTH_TOKEN) and constant_time_compare(sent, settings.HEALTH_TOKEN)


@login_not_required
def absent(request: HttpRequest, **address: str) -> HttpResponse:
    """Return 404, for pages of a library that the portal does not use."""
    raise NotVisible


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form sent with an outdated token: show it to its reader again, with what was typed, to be sent anew."""
    row = sending.keep(request)
    answer = sending.back_to_the_form(request, row) if row is not None else None
    if answer is not None:
        return answer
    return render(request, "errors/csrf.html", status=403)
