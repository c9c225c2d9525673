"""What every request carries: an id for the log, who is acting, and the trail it leaves in the audit log."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
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
# What somebody who views as another may still send: to stop, to leave, to read the page in another language.
STILL_ALLOWED = {"view-as-end", "account_logout", "set_language"}
Handler = Callable[[HttpRequest], HttpResponse]


def request_id(get_response: Handler) -> Handler:
    """Give each request an id of ours; what a client sends as one is not trusted."""

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
    """Put the actor on the request and before the wall, worked out at first use of every request; dates in their zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        def admit(actor: Actor) -> Actor:
            row_security.set_groups(actor.groups)
            request.actor = actor  # type: ignore[attr-defined]
            return actor

        def enter() -> Actor:
            own = actor_of(request.user)
            row_security.set_groups(own.groups)  # those of who really looks: viewing as somebody shows no more
            actor, request.viewing = impersonation.seen_by(own, request.session)  # type: ignore[attr-defined]
            return actor

        request.viewing = None  # type: ignore[attr-defined]
        request.admit = admit  # type: ignore[attr-defined]  # for whoever comes by a token instead of a session
        request.actor = SimpleLazyObject(enter)  # type: ignore[attr-defined]
        try:
            if request.user.is_authenticated:
                bool(request.actor)  # type: ignore[attr-defined]  # now: the bell asks policy, but nobody for the actor
            with timezone.override(getattr(request.user, "time_zone", None)):
                return get_response(request)
        finally:
            row_security.set_groups(())

    return middleware


def audit_trail(get_response: Handler) -> Handler:
    """Write down what was shown or refused, before the answer leaves: if that fails, so does the request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with follow(lambda: audit_middleware.circumstances(request)) as followed:
            response = get_response(request)
            log.write(audit_middleware.entries(request, response, followed))
        return response

    return middleware


def look_only(get_response: Handler) -> Handler:
    """Refuse every change to whoever views as somebody else (403), whatever door it comes by."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE and impersonation.KEY in request.session and request.user.is_authenticated:
            # Asked apart from request.actor, which may become that of a token's owner.
            looking, _viewing = impersonation.seen_by(actor_of(request.user), request.session)
            if looking.viewer is not None and not _is_still_allowed(request):
                return answer_of(request, Forbidden(_("You are viewing as somebody else and can change nothing.")))
        return get_response(request)

    return middleware


def sound_address(get_response: Handler) -> Handler:
    """Refuse an address with a NUL, which nothing is called (404), and a page's with a token (422); the API does too.

    Whoever put a token into an address is to learn of it.
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
