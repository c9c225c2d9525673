"""What happens when somebody signs in: visit and proof of identity are noted, and the portal speaks their language."""

import time
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from web.languages import remember

if TYPE_CHECKING:
    from accounts.models import User


PROVED_AT = "proved_at"  # in a session: when its holder proved last who they are, in seconds since 1970


def note_visit(sender: "type[User]", user: "User", **kwargs: Any) -> None:
    """Keep when the person came last time, so that the dashboard can say what is new since then."""
    sender.objects.filter(pk=user.pk).update(previous_visit_at=F("last_visit_at"), last_visit_at=timezone.now())


def speak_their_language(request: HttpRequest, response: HttpResponse, user: "User", **kwargs: Any) -> None:
    """Switch the interface to the language of the person who signs in, from this answer on."""
    translation.activate(user.language)
    remember(response, user.language)


def note_sign_in(sender: object, request: HttpRequest | None, **kwargs: Any) -> None:
    """Count a sign-in as a proof of identity."""
    if request is not None:
        request.session[PROVED_AT] = time.time()


def note_confirmation(sender: object, request: HttpRequest, user: "User", **kwargs: Any) -> None:
    """Count a password, code or passkey confirmed while signed in as a proof; half a sign-in is none."""
    if kwargs.get("reauthenticated") and request.user == user:
        request.session[PROVED_AT] = time.time()
