"""The pages of the reader's API tokens: issue, list with last use, revoke; there is no API for them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import TokenForm
from accounts.models import ApiToken
from entities.access import MemberRequest
from entities.actors import Actor
from entities.pages import MemberFormView
from web.exceptions import Forbidden


def issue(*, actor: Actor, name: str, days: int, scopes: Iterable[str] | None = None) -> tuple[ApiToken, str]:
    """Return a token under the appointments that run now, and its secret, which is not stored anywhere.

    Raises Forbidden without an appointment, ValueError for too many days or an unknown scope.
    """
    if not actor.appointments:
        raise Forbidden(_("A token requires an appointment in force. You have none."))
    under: list[Any] = [appointment.pk for appointment in actor.appointments]
    return ApiToken.issue(user=actor.user, name=name, days=days, scopes=scopes, appointments=under)


@require_GET
def tokens(request: MemberRequest) -> HttpResponse:
    """The reader's API tokens."""
    reader = request.actor.viewer or request.actor  # an impersonated user's tokens are not shown
    own = ApiToken.objects.filter(user=reader.user).select_related("user")
    running = {appointment.pk for appointment in reader.appointments}
    rows = [(token, token.is_dead or running.isdisjoint(token.appointments)) for token in own]
    context = {"tokens": rows, "may_make": bool(running), "most_days": settings.TOKEN_MAX_DAYS}
    return render(request, "entities/tokens.html", context)


@method_decorator(never_cache, name="dispatch")
class TokenNew(MemberFormView):
    """Issue a token, after a recent proof of identity; its secret is shown in this response only."""

    form_class = TokenForm
    title = gettext_lazy("Create a token")
    lead = gettext_lazy("The token is shown once. Protect it as you protect a password.")
    submit = pgettext_lazy("button", "Create token")
    needs_recent_login = True

    def form_valid(self, form: TokenForm) -> HttpResponse:
        made = form.cleaned_data
        token, secret = issue(actor=self.actor, name=made["name"], days=made["days"], scopes=form.scopes())
        return render(self.request, "entities/token_made.html", {"token": token, "secret": secret})

    def get_back_url(self) -> str:
        return reverse("tokens")


@require_POST
def token_revoke(request: MemberRequest, uid: UUID) -> HttpResponse:
    """Revoke a token; the next request with it is refused."""
    token = get_object_or_404(ApiToken, user=request.actor.user, uid=uid)
    token.delete()
    messages.success(request, _("The token “%(name)s” has been revoked.") % {"name": token.name})
    return redirect("tokens")
