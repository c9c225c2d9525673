"""One table of domain errors and their answers, for pages and for JSON; nobody is shown a traceback."""

import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import defaults
from rest_framework import exceptions as drf
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.models import User
from accounts.sign_in.reauthentication import proof_url
from files.serving import Withheld
from portal import logs, outages
from web import field_errors
from web.exceptions import (
    BadParameters,
    Busy,
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotVisible,
    ProofLocked,
    ProofNeeded,
    StaleSave,
)
from web.submitted_texts import submitted_texts

CSRF_FIELD = "csrfmiddlewaretoken"
# Said of every such address, whether there is one with a slash or not.
NO_SLASH = gettext_lazy("Every API address ends with a slash. Add the slash and send the request again.")
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
TOO_LARGE_TEXT = gettext_lazy("The request is too large.")
# The status of each error, on pages and in the API alike; a DRF error that is none of these has its own.
STATUS: dict[type[Exception], int] = {
    SuspiciousOperation: 400,
    BadParameters: 400,
    Forbidden: 403,
    Http404: 404,
    NotVisible: 404,
    Conflict: 409,
    ProofLocked: 429,
    RequestDataTooBig: 413,
    TooManyFieldsSent: 413,
    TooManyFilesSent: 413,
    drf.ValidationError: field_errors.STATUS,
    Invalid: field_errors.STATUS,
    Busy: 503,
}


def status_of(error: Exception) -> int:
    """Return the HTTP status of an error: that of its nearest class in the table, or DRF's own."""
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), None)
    return cast(drf.APIException, error).status_code if status is None else status


class DomainErrors:
    """Middleware that turns a view's domain error into a page; views catch those they can show better themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, TOO_LARGE):
            return too_large(request)
        if isinstance(error, ProofNeeded):
            return ask_for_proof(request)
        if isinstance(error, Withheld):
            error = Conflict(str(error))
        return page_of(request, error) if isinstance(error, DomainError) else None


def page_of(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the page for a domain error."""
    status = status_of(error)
    context: dict[str, Any] = {}
    if status != 404:
        context |= {"message": error, "who": getattr(error, "who", ""), "record_url": getattr(error, "url", "")}
    if isinstance(error, Invalid):
        named, more = field_errors.cut(text for texts in error.errors.values() for text in texts)
        context["texts"] = [*named, more] if more else named
    page = field_errors.STATUS if isinstance(error, Invalid) else status
    return render(request, f"errors/{page}.html", context, status=status)


def answer_of(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the response to a domain error before any view was reached: JSON for API clients, else a page."""
    if request.path.startswith("/api/"):
        return HttpResponse(_json_error(error.code, error), "application/json", status=status_of(error))
    return page_of(request, error)


def ask_for_proof(request: HttpRequest) -> HttpResponse:
    """Redirect the reader to the proof of identity and back; a POST is shown with all its values, to be sent again."""
    person = cast(User, request.user)
    if request.method in ("GET", "HEAD"):
        return redirect(proof_url(person, then=request.get_full_path()))
    fields = [(name, value) for name, values in request.POST.lists() if name != CSRF_FIELD for value in values]
    context = {
        "proof_url": proof_url(person, then=reverse("proof-done")),
        "fields": fields,
        "texts": submitted_texts(request),
        "files": list(request.FILES),
    }
    return render(request, "errors/proof.html", context, status=403)


# ── JSON ─────────────────────────────────────────────────────────────────────
def problem(field: str, code: str, message: object) -> dict[str, str]:
    """Return one entry of an error body; a lone surrogate in repeated input becomes “?”."""
    return {name: _encodable(text) for name, text in (("field", field), ("code", code), ("message", str(message)))}


def _encodable(text: str) -> str:
    return text.encode(errors="replace").decode()


def api_exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return every error of the API as ``{"errors": [{"field", "code", "message"}]}``."""
    set_rollback()
    if isinstance(error, Withheld):
        error = Conflict(str(error))
    elif isinstance(error, PermissionDenied):
        error = drf.PermissionDenied()
    if not isinstance(error, (*STATUS, drf.APIException)):
        return None
    named, more = field_errors.cut(_problems(error))
    body: dict[str, Any] = {"errors": [*named, problem("", "more", more)] if more else named}
    if isinstance(error, StaleSave):
        body |= {"theirs": _plain(error.theirs), "yours": _plain(error.yours)}
    return Response(body, status=status_of(error), headers=_headers(error))


def _problems(error: Exception) -> Iterator[dict[str, str]]:
    """Yield the entries of an error's body."""
    if isinstance(error, (Http404, NotVisible)):
        yield problem("", NotVisible.code, NotVisible.message)
    elif isinstance(error, Invalid):
        for field, texts in error.errors.items():
            yield from (problem(field, error.code, text) for text in texts)
    elif isinstance(error, DomainError):
        yield problem("version" if isinstance(error, StaleSave) else "", error.code, error)
    elif isinstance(error, TOO_LARGE):
        yield problem("", "too_large", TOO_LARGE_TEXT)
    elif isinstance(error, SuspiciousOperation):
        yield problem("", "malformed", _("The request cannot be read."))
    else:
        yield from _flatten("", cast(drf.APIException, error).get_full_details())


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as JSON types; what JSON cannot express becomes text."""
    kinds = (str, int, float, list, dict, type(None), UUID, date, Decimal)
    return {name: value if isinstance(value, kinds) else str(value) for name, value in values.items()}


def _headers(error: Exception) -> dict[str, str]:
    """Return the headers WWW-Authenticate and Retry-After, where DRF sets them."""
    said = {"WWW-Authenticate": getattr(error, "auth_header", None), "Retry-After": getattr(error, "wait", None)}
    return {name: str(value) for name, value in said.items() if value}


def _flatten(field: str, details: Any) -> Any:
    """Yield one entry for each message of DRF's nested details; a nested field is named by its path."""
    if isinstance(details, dict) and set(details) == {"message", "code"} and not isinstance(details["message"], dict):
        yield problem(field, details["code"], details["message"])
    elif isinstance(details, dict):
        for name, inner in details.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _flatten(".".join(filter(None, (field, own))), inner)
    elif isinstance(details, list):
        for inner in details:
            yield from _flatten(field, inner)


# ── Django's own error pages ─────────────────────────────────────────────────
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown URL exactly as a hidden object; in the API, name a missing last slash."""
    if request.path.startswith("/api/"):
        message = NotVisible.message if request.path.endswith("/") else NO_SLASH
        return HttpResponse(_json_error("not_found", message), "application/json", status=404)
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer Django's own refusals."""
    return render(request, "errors/403.html", {"message": Forbidden()}, status=403)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer a request with more bytes, fields or files than are accepted."""
    if request.path.startswith("/api/"):
        return HttpResponse(_json_error("too_large", TOO_LARGE_TEXT), "application/json", status=413)
    request.GET = QueryDict()  # to read it again would raise the same error
    most = {"most_text": settings.DATA_UPLOAD_MAX_MEMORY_SIZE, "most_file": settings.FILE_MAX_BYTES}
    return render(request, "errors/413.html", most, status=413)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django cannot parse; it may be refused before anything is known of it."""
    if isinstance(exception, TOO_LARGE):
        return too_large(request)
    if request.path.startswith("/api/"):
        return HttpResponse(_json_error("malformed", _("The request cannot be read.")), "application/json", status=400)
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an internal error, using nothing that could fail as well: 503 when a service is away, else 500."""
    if outages.is_outage(sys.exc_info()[1]):
        text = _("A service on which the portal depends is not available. Your entries may not have been saved.")
        answer = _standing_alone(request, 503, "errors/503.html", "unavailable", text)
        answer["Retry-After"] = str(outages.RETRY_AFTER)
        return answer
    text = _("An error occurred in the portal and has been recorded. Your entries may not have been saved.")
    return _standing_alone(request, 500, "500.html", "server_error", text)


def _standing_alone(request: HttpRequest, status: int, template: str, code: str, text: str) -> HttpResponse:
    """Return an answer that asks nothing of database and cache: JSON for the API, else a page."""
    if request.path.startswith("/api/"):
        return HttpResponse(_json_error(code, text), "application/json", status=status)
    context = {"contact_email": settings.CONTACT_EMAIL, "number": logs.request_id.get()}
    return HttpResponse(render_to_string(template, context), status=status)


def _json_error(code: str, message: object) -> bytes:
    return JSONRenderer().render({"errors": [problem("", code, message)]})
