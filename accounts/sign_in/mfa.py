"""The second factor: required of everyone outside the demonstration, with a limit on guesses."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as allauth_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import forms as webauthn_forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, resolve
from django.urls.exceptions import Resolver404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.sign_in.lockout import count_for_network

Handler = Callable[[HttpRequest], HttpResponse]

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
HAS_FACTOR = "has_factor"  # session key: the user was seen to have a factor; removing a factor ends or clears sessions
# What a user without a second factor can open: the pages that set one up, sign-out and the language switch.
OPEN = frozenset(
    {
        "security", "set_language", "account_logout", "account_reauthenticate", "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes", "health",
    }
)  # fmt: skip


def second_factor(get_response: Handler) -> Handler:
    """Redirect a signed-in user without a second factor to the pages that set one up."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SECOND_FACTOR_REQUIRED and request.user.is_authenticated and not _has_factor(request):
            match = _match(request)
            if match is None or match.view_name not in OPEN:
                return _lead_to_set_up(request)
        return get_response(request)

    return middleware


def _has_factor(request: HttpRequest) -> bool:
    """Return whether this user has a second factor; queried until it was seen once in this session."""
    if not request.session.get(HAS_FACTOR) and is_mfa_enabled(request.user, FACTORS):
        request.session[HAS_FACTOR] = True
    return bool(request.session.get(HAS_FACTOR))


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _lead_to_set_up(request: HttpRequest) -> HttpResponse:
    text = _("Set up two-factor authentication to continue. You can use an authenticator app or a passkey.")
    if request.path.startswith("/api/"):
        body = {"errors": [{"field": "", "code": "second_factor_required", "message": text}]}
        return JsonResponse(body, status=403)
    messages.warning(request, text)
    return redirect("security")


# ── Codes ────────────────────────────────────────────────────────────────────
class FiveTries:
    """Limits wrong one-time codes to five in 15 minutes, per user and not per session."""

    user: User

    def clean_code(self) -> str:
        """Return the code. Raises ValidationError for a wrong or used one, or when too many were wrong."""
        key = f"code:{self.user.pk}"
        if not ratelimit.consume(context.request, action="code_failed", key=key):
            raise ValidationError(_("Five codes were incorrect. Try again in 15 minutes."), "limited")
        counted = count_for_network(context.request)
        if counted is None:
            raise get_adapter().validation_error("too_many_from_network")
        code: str = super().clean_code()  # type: ignore[misc]
        counted.rollback()
        ratelimit.clear(context.request, action="code_failed", key=key)
        return code


class AuthenticateForm(FiveTries, allauth_forms.AuthenticateForm):
    """The code asked for at sign-in, and of API clients as a recent proof."""


class AddKeyForm(webauthn_forms.AddWebAuthnForm):
    """Adds a passkey; the label of its name, which allauth leaves to Django, is translated."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = pgettext("security key", "Name")


class ReauthenticateForm(FiveTries, allauth_forms.ReauthenticateForm):
    """The code asked for on reauthentication."""


# ── Receivers ────────────────────────────────────────────────────────────────
def renew_mark(sender: object, instance: Authenticator, created: bool = True, **kwargs: Any) -> None:
    """Invalidate every earlier session when a factor is added or removed, by whatever path."""
    if created:
        User.objects.filter(pk=instance.user_id).update(security_mark=uuid4())


def forget_factor(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    """Query again whether this user has a factor, after one was removed in this session."""
    request.session.pop(HAS_FACTOR, None)
