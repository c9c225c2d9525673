"""The front page, the dashboard and the health of the house."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts import outbox
from entities.membership import MemberRequest, members_only


@members_only
def dashboard(request: MemberRequest) -> HttpResponse:
    """Show what needs the reader's action, what is new, and how things stand."""
    return render(request, "portal/dashboard.html", {})


@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """Say whether the house works: the database answers, and how long the oldest unsent mail has waited (seconds)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    waiting = outbox.oldest_waiting()
    return JsonResponse({"status": "ok", "version": settings.VERSION, "oldest_unsent_seconds": round(waiting)})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form sent with an outdated token, without losing what was typed: the way back keeps it."""
    return render(request, "errors/csrf.html", status=403)
