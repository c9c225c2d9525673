"""What happens when somebody signs in: the visit is noted, and the portal speaks their language."""

from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.languages import remember

if TYPE_CHECKING:
    from accounts.models import User


def note_visit(sender: "type[User]", user: "User", **kwargs: Any) -> None:
    """Keep when the person came last time, so that the dashboard can say what is new since then."""
    sender.objects.filter(pk=user.pk).update(previous_visit_at=F("last_visit_at"), last_visit_at=timezone.now())


def speak_their_language(request: HttpRequest, response: HttpResponse, user: "User", **kwargs: Any) -> None:
    """Switch the interface to the language of the person who signs in, from this answer on."""
    translation.activate(user.language)
    remember(response, user.language)
