"""What every request carries: an id for the log, who is acting, and the trail it leaves in the audit log."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from assistance import wall
from audit import log
from audit.trail import follow
from entities.actors import Actor, actor_of
from portal import logs, trail

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
            wall.face(actor.groups)
            request.actor = actor  # type: ignore[attr-defined]
            return actor

        request.admit = admit  # type: ignore[attr-defined]  # for whoever comes by a token instead of a session
        request.actor = SimpleLazyObject(lambda: admit(actor_of(request.user)))  # type: ignore[attr-defined]
        try:
            with timezone.override(getattr(request.user, "time_zone", None)):
                return get_response(request)
        finally:
            wall.face(())

    return middleware


def audit_trail(get_response: Handler) -> Handler:
    """Write down what was shown or refused, before the answer leaves: if that fails, so does the request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with follow(lambda: trail.circumstances(request)) as followed:
            response = get_response(request)
            log.write(trail.entries(request, response, followed))
        return response

    return middleware
