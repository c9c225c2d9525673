"""Middleware for every request: a request id for the log, the actor, and the audit entries."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts import url_secrets
from assistance.access import row_security
from audit import log
from audit.trail import follow
from entities import impersonation
from entities.actors import Actor, actor_of
from portal import audit_middleware, logs
from portal.errors import answer_of
from web.exceptions import Forbidden, Invalid, NotVisible

SAFE = {"GET", "HEAD", "OPTIONS"}
# What an impersonating user may still send: end the impersonation, sign out, switch the language.
STILL_ALLOWED = {"view-as-end", "account_logout", "set_language"}
Handler = Callable[[HttpRequest], HttpResponse]


class Common(CommonMiddleware):
    """Django's middleware, which adds a missing last slash by a redirect only where nothing is lost by it.

    Clients follow a redirect of a POST by a GET: they would get 200 and nothing would be written. The API answers 404.
    """

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        """Return whether the reader is sent to the same address with a slash at its end."""
        if request.path.startswith("/api/") or request.method not in SAFE:
            return False
        return super().should_redirect_with_slash(request)


def request_id(get_response: Handler) -> Handler:
    """Give each request an id generated here; one sent by a client is not trusted."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = logs.request_id.set(uuid.uuid4().hex[:12])
        try:
            response = get_response(request)
            response["X-Request-ID"] = logs.request_id.get()
            return response
        finally:
            logs.request_id.reset(token)

    return middleware


def actor(get_response: Handler) -> Handler:
    """Set the actor, computed at first use, as request attribute and for row-level security; use their time zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        def admit(actor: Actor) -> Actor:
            row_security.set_groups(actor.groups)
            request.actor = actor  # type: ignore[attr-defined]
            return actor

        def enter() -> Actor:
            own = request.own = actor_of(request.user)  # type: ignore[attr-defined]
            row_security.set_groups(own.groups)  # those of the coordinator: impersonation must not show more
            actor, request.viewing = impersonation.seen_by(own, request.session)  # type: ignore[attr-defined]
            return actor

        request.viewing = request.own = None  # type: ignore[attr-defined]
        request.admit = admit  # type: ignore[attr-defined]  # for whoever comes by a token instead of a session
        request.actor = SimpleLazyObject(enter)  # type: ignore[attr-defined]
        try:
            if request.user.is_authenticated:
                request.actor = enter()  # type: ignore[attr-defined]  # now: the bell asks policy, but nobody for the actor
            with timezone.override(getattr(request.user, "time_zone", None)):
                return get_response(request)
        finally:
            row_security.set_groups(())

    return middleware


def audit_trail(get_response: Handler) -> Handler:
    """Write the audit entries before the response is sent: if that fails, so does the request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with follow(lambda: audit_middleware.circumstances(request)) as followed:
            response = get_response(request)
            log.write(audit_middleware.entries(request, response, followed))
        return response

    return middleware


def look_only(get_response: Handler) -> Handler:
    """Refuse every change by an impersonating user (403), on pages and in the API."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE and impersonation.KEY in request.session and request.user.is_authenticated:
            # Computed apart from request.actor, which may become that of a token's owner.
            looking, _viewing = impersonation.seen_by(actor_of(request.user), request.session)
            if looking.viewer is not None and not _is_still_allowed(request):
                return answer_of(request, Forbidden(_("You are viewing as another user and cannot change anything.")))
        return get_response(request)

    return middleware


def sound_address(get_response: Handler) -> Handler:
    """Refuse a URL with a NUL, which matches nothing (404), and a page's URL with a token (422); the API does so too.

    A client that put a token into a URL must learn of it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            return answer_of(request, NotVisible())
        if not request.path.startswith("/api/") and url_secrets.secret_in(request.GET) is not None:
            return answer_of(request, Invalid({}, url_secrets.MESSAGE))
        return get_response(request)

    return middleware


def _is_still_allowed(request: HttpRequest) -> bool:
    route = audit_middleware.route_of(request)
    return route is not None and route.url_name in STILL_ALLOWED
