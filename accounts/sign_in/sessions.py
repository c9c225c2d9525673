"""Sessions: lifetime, the list of a user's own, and how they end; all enforced on the server."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, logout, update_session_auth_hash
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from ua_parser import parse

from accounts import sending
from accounts.models import User
from web.submitted_texts import submitted_texts

BEGAN_AT, SEEN_AT = "began_at", "seen_at"
SEEN_IS_NOTED_EVERY = 60.0  # seconds: not every page view should cost a write

Handler = Callable[[HttpRequest], HttpResponse]


class Clock:
    """Ends a session 30 minutes after its last use and 12 hours after its start, whatever its cookie says.

    Source: NIST SP 800-63B-4, AAL2, made stricter by the reliability design. The last use is saved once a minute, so a
    session ends up to a minute early and never late.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if is_over(request.session, now := time.time()):
                logout(request)
                request.signed_out = True  # type: ignore[attr-defined]
                if request.method != "POST":
                    messages.info(request, _("You were signed out after a period without activity."))
            elif now - request.session.get(SEEN_AT, 0) >= SEEN_IS_NOTED_EVERY:
                _note_use(request, now)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Show a user whose session expired while writing the texts they typed, instead of redirecting to the sign-in.

        The CSRF check has passed by now, so no other site can make this page repeat its texts.
        """
        late = request.method == "POST" and getattr(request, "signed_out", False)
        if not late or not getattr(view, "login_required", True):
            return None
        kept = sending.keep(request) is not None
        context = {"texts": submitted_texts(request), "kept": kept, "sign_in_url": sending.sign_in_url(request)}
        return render(request, "errors/signed_out.html", context, status=403)


class LoginRequired(LoginRequiredMiddleware):
    """Keeps a form that arrives after its session was deleted, and leads to the sign-in and back to it."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        row = sending.keep(request) if request.method == "POST" else None
        answer = sending.back_to_the_form(request, row) if row is not None else None
        return answer or super().handle_no_permission(request, view_func)


def is_over(session: Any, now: float) -> bool:
    """Return whether a session was idle for too long or is too old."""
    began, seen = session.get(BEGAN_AT, now), session.get(SEEN_AT, now)
    return now - seen >= settings.SESSION_IDLE_SECONDS or now - began >= settings.SESSION_COOKIE_AGE


def _note_use(request: HttpRequest, now: float) -> None:
    request.session.setdefault(BEGAN_AT, now)
    request.session[SEEN_AT] = now
    own = UserSession.objects.filter(session_key=request.session.session_key)
    own.update(last_seen_at=timezone.now(), ip=get_adapter().get_client_ip(request))


@dataclass(frozen=True)
class Own:
    """One of a user's own sessions, as the list shows it."""

    row: UserSession
    is_this: bool

    @property
    def device(self) -> str:
        """Browser and system, such as "Firefox · Windows"; the browser's own name for itself if unknown."""
        told = parse(self.row.user_agent)
        known = [part.family for part in (told.user_agent, told.os) if part]
        return " · ".join(known) or self.row.user_agent


def sessions_of(user: User, this: str | None) -> list[Own]:
    """Return the user's active sessions, the last used first. Two statements, however many sessions."""
    rows = {row.session_key: row for row in UserSession.objects.filter(user=user).order_by("-last_seen_at")}
    kept = Session.objects.filter(session_key__in=rows, expire_date__gt=timezone.now())
    alive = {session.session_key for session in kept if _opens(session, user)}
    return [Own(row, key == this) for key, row in rows.items() if key in alive]


def _opens(session: Session, user: User) -> bool:
    values = session.get_decoded()
    same = constant_time_compare(values.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    return same and not is_over(values, time.time())


def end(user: User, pk: int) -> None:
    """End one session of this user. Raises UserSession.DoesNotExist for one that is not theirs."""
    with transaction.atomic():
        UserSession.objects.get(user=user, pk=pk).end()


def end_others(user: User, this: str | None) -> int:
    """End all sessions of this user except the current one; return how many there were."""
    others = [own.row for own in sessions_of(user, this) if not own.is_this]
    with transaction.atomic():
        for row in others:
            row.end()
    return len(others)


def keep_only(request: HttpRequest, user: User) -> None:
    """Keep only this session, under a new key, after its user changed password or second factors.

    The other sessions no longer match the user's session hash and end at their next request.
    """
    user.refresh_from_db(fields=["security_mark"])
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


# ── Receivers ────────────────────────────────────────────────────────────────
def begin(sender: object, request: HttpRequest | None, **kwargs: Any) -> None:
    """Set the start time of a new session."""
    if request is not None:
        request.session[BEGAN_AT] = request.session[SEEN_AT] = time.time()


def factor_changed(sender: object, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """End the other sessions when a second factor was added, removed or replaced."""
    keep_only(request, cast(User, request.user))
