"""What every request carries: an id for the log, and who is acting."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from entities.actors import actor_of
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
    """Put the actor on the request, worked out at first use and afresh for every request; dates are in their zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request.user))  # type: ignore[attr-defined]
        with timezone.override(getattr(request.user, "time_zone", None)):
            return get_response(request)

    return middleware
