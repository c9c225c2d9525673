"""Sign-in by an OpenID Connect provider: it identifies the user; whether they may sign in is the portal's decision.

A provider signs in an active user whom the portal knows by the address the provider has verified. It creates no user,
no appointment and no right, nothing of its answer is stored, and the portal's own second factor is always required: how
the provider checked one cannot be seen from here.
"""

from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.http import HttpRequest
from django.shortcuts import render

from accounts.mail.visibility import may_come_in
from accounts.models import User


class KnownPeopleOnly(DefaultSocialAccountAdapter):
    """Signs in known users, and answers everybody else with one page."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Return False: users come in only by the invitation of an appointment."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the user. Raises ImmediateHttpResponse if there is none, whatever the reason."""
        person = person_of(sociallogin.account.extra_data)
        if person is None or sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(render(request, "socialaccount/not_known.html", status=403))
        sociallogin.user = person

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """Show the page of a failed sign-in, without the provider's own texts."""
        raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=403))


def person_of(said: dict[str, Any]) -> User | None:
    """Return the active, admitted user with the address that the provider has verified; None if there is none.

    The ID token and the userinfo response must name the same subject (OpenID Connect Core 1.0, 5.3.2).
    """
    token, about = said.get("id_token") or {}, said.get("userinfo") or {}
    if token and about and token.get("sub") != about.get("sub"):
        return None
    claims = {**token, **about}
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str) or not email.strip():
        return None
    person = User.objects.filter(email=email, is_active=True).first()
    return person if person and may_come_in(person) else None


class Unreachable:
    """Middleware that shows the page of a failed sign-in when the provider cannot be reached."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> Any:
        """Return the page for a connection error of the provider, None for any other error."""
        if not isinstance(error, requests.RequestException):
            return None
        return render(request, "socialaccount/authentication_error.html", status=502)
