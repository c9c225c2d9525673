"""What every request carries: an id for the log, and who is acting."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from assistance import wall
from entities.actors import Actor, actor_of
from portal import logs

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
        def enter() -> Actor:
            actor = actor_of(request.user)
            wall.face(actor.groups)
            return actor

        request.actor = SimpleLazyObject(enter)  # type: ignore[attr-defined]
        try:
            with timezone.override(getattr(request.user, "time_zone", None)):
                return get_response(request)
        finally:
            wall.face(())

    return middleware
