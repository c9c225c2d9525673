"""The front page, the dashboard and the health of the house."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts import inbox, outbox
from assistance import dashboard
from entities.appointments import awaiting
from entities.errors import NotVisible
from entities.membership import MemberRequest, members_only


@members_only
def front(request: MemberRequest) -> HttpResponse:
    """Show what needs the reader's action, what is new, and how things stand."""
    actor = request.actor
    context = {
        "tasks": dashboard.tasks(actor),
        "nominations": awaiting(actor).count(),
        "news": inbox.page(actor.user, size=8).rows,
        "pillars": dashboard.pillar_balance(actor),
        "funnel": dashboard.funnel(actor),
        "deadlines": dashboard.deadlines(actor),
    }
    return render(request, "portal/dashboard.html", context)


@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """Say whether the house works: the database answers, and how long the oldest unsent mail has waited (seconds)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    waiting = outbox.oldest_waiting()
    return JsonResponse({"status": "ok", "version": settings.VERSION, "oldest_unsent_seconds": round(waiting)})


@login_not_required
def absent(request: HttpRequest) -> HttpResponse:
    """Answer as if nothing stood here: a page of a library that this house leaves out."""
    raise NotVisible


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form sent with an outdated token, without losing what was typed: the way back keeps it."""
    return render(request, "errors/csrf.html", status=403)
