"""On sign-in: record the visit and the proof of identity, and switch to the user's language."""

import time
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from web.languages import remember

if TYPE_CHECKING:
    from accounts.models import User


PROVED_AT = "proved_at"  # session key: when its user last proved their identity, in seconds since 1970


def note_visit(sender: "type[User]", user: "User", **kwargs: Any) -> None:
    """Save the time of the previous sign-in, so that the dashboard can show what is new since then."""
    sender.objects.filter(pk=user.pk).update(previous_visit_at=F("last_visit_at"), last_visit_at=timezone.now())


def speak_their_language(request: HttpRequest, response: HttpResponse, user: "User", **kwargs: Any) -> None:
    """Switch the interface to the language of the user who signs in, from this response on."""
    translation.activate(user.language)
    remember(response, user.language)


def note_sign_in(sender: object, request: HttpRequest | None, **kwargs: Any) -> None:
    """Count a sign-in as a proof of identity."""
    if request is not None:
        request.session[PROVED_AT] = time.time()


def note_confirmation(sender: object, request: HttpRequest, user: "User", **kwargs: Any) -> None:
    """Count a confirmed password, code or passkey as a proof, unless it is only part of a sign-in."""
    if kwargs.get("reauthenticated") and request.user == user:
        request.session[PROVED_AT] = time.time()
