"""Audit entries for requests: the user, the route, and what was shown or refused."""

import re
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import Resolver404, ResolverMatch, resolve

from accounts.tokens.authentication import Presented
from assistance.access import audit_subjects
from audit import log
from audit.kinds import Kind
from audit.models import Entry
from audit.trail import Circumstances, Trail
from entities.actors import Actor, post_in_words
from portal import logs
from web import field_errors

REFUSALS = (401, 403, 404, 409, 429)
# Responses that may contain texts: success, and a conflict, which shows what others wrote.
SHOWN = (*range(200, 300), 409)
# The parameter of a regular expression, to write the route in readable form.
PARAMETER = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


def circumstances(request: HttpRequest) -> Circumstances:
    """Return who acts and how, as far as it is known by now."""
    common: dict[str, Any] = {
        "address": address(request),
        "source": source(request),
        "credential": credential(request),
        "request": logs.request_id.get(),
    }
    if not request.user.is_authenticated:
        return Circumstances(**owner(request), **common)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return Circumstances(
        who=actor.user.pk,
        who_name=actor.user.name,
        viewed_by=request.user.pk if actor.viewer else None,
        viewed_by_name=request.user.name if actor.viewer else "",
        as_whom="; ".join(map(post_in_words, actor.appointments)),
        appointments=tuple(appointment.pk for appointment in actor.appointments),
        **common,
    )


def owner(request: HttpRequest) -> dict[str, Any]:
    """Return the owner of a refused token, for the circumstances; empty if the request had no known token."""
    presented = token_of(request)
    return {} if presented is None else {"who": presented.token.user.pk, "who_name": presented.token.user.name}


def token_of(request: HttpRequest) -> Presented | None:
    """Return the known token that came with a request, refused or not."""
    return getattr(request, "presented", None)


def address(request: HttpRequest) -> str | None:
    """Return the client's IP address, None if it is not known."""
    try:
        return get_adapter(request).get_client_ip(request)
    except PermissionDenied:
        return None


def source(request: HttpRequest) -> str:
    """Return method, route and its name; never the URL itself, which may hold search terms."""
    match = route_of(request)
    if match is None:
        return f"{request.method} ?"
    route = PARAMETER.sub(r"<\1>", match.route).replace("^", "").replace("$", "").replace("\\", "")
    return f"{request.method} /{route} {match.view_name}".strip()


def route_of(request: HttpRequest) -> ResolverMatch | None:
    """Return the resolved route, also when a middleware answers before any view is reached; None if there is none."""
    if request.resolver_match is not None:
        return request.resolver_match
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def credential(request: HttpRequest) -> str:
    """Return how the user was authenticated: by session, or by which token, refused or not."""
    presented = token_of(request)
    if presented is not None:
        return f"token {presented.token.uid}"
    if "Authorization" in request.headers and not request.user.is_authenticated:
        return "token not valid"
    return "session" if request.user.is_authenticated else ""


def entries(request: HttpRequest, response: HttpResponse, trail: Trail) -> list[Entry]:
    """Return the entries for a response: what was shown, what was refused, or only that a token was used.

    Each names the token that was used, so that a read by a token is one entry.
    """
    found = []
    if trail.rows and holds_texts(request, response):
        found.append(shown(request, trail))
    if is_refusal(request, response):
        presented = token_of(request)
        detail = f"{response.status_code} {presented.why if presented else ''}".strip()
        found.append(log.entry(Kind.REFUSED, subjects=asked_for(request), detail=detail))
    if not found and getattr(request, "auth", None) is not None:
        found.append(log.entry(Kind.TOKEN_USED))
    return found


def shown(request: HttpRequest, trail: Trail) -> Entry:
    """Return the entry of the rows in a response: READ, beginning with the row the URL names, if shown, else LISTED."""
    own = own_key(request)
    shown = audit_subjects.subjects_of(trail.rows.values())
    named = [subject for subject in shown if subject.pk == own or not isinstance(subject.pk, UUID)]
    return log.entry(
        Kind.READ if any(subject.pk == own for subject in named) else Kind.LISTED,
        subjects=[subject.key for subject in named],
        references=[subject.reference for subject in named],
        states={subject.state for subject in shown if subject.state},
        rows=[(subject.kind, subject.pk) for subject in shown if subject.pk != own and isinstance(subject.pk, UUID)],
    )


def holds_texts(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether a response may hold texts: a page with invalid input does, the API only names the fields."""
    if response.status_code == field_errors.STATUS:
        return not request.path.startswith("/api/")
    return response.status_code in SHOWN


def is_refusal(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether the request was refused: by status, or by a redirect to sign-in or to the second factor.

    A URL without a route is not a refusal.
    """
    if route_of(request) is None:
        return False
    if response.status_code != 302:
        return response.status_code in REFUSALS
    if request.resolver_match is None:  # redirected before any view was reached
        return True
    to_sign_in = response.get("Location", "").startswith(f"{resolve_url(settings.LOGIN_URL)}?")
    return to_sign_in and not request.user.is_authenticated


def asked_for(request: HttpRequest) -> list[str]:
    """Return the row that was asked for, whether it exists or not, so that the log does not tell the two apart."""
    match, key = route_of(request), own_key(request)
    kind = audit_subjects.kind_in(match.route) if match else ""
    return [f"{kind}:{key}"] if kind and key else []


def own_key(request: HttpRequest) -> UUID | None:
    """Return the primary key in the URL; None if there is none or it is not a UUID."""
    match = route_of(request)
    try:
        return UUID(str(match.kwargs.get("pk"))) if match else None
    except ValueError:
        return None
