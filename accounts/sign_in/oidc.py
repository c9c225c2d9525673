"""Sign-in by an OpenID Connect provider: it says who somebody is, the portal alone says whether they come in.

A provider opens the account of an active person whom the portal knows by the address the provider has verified. It makes
no person, no appointment and no right, nothing of it is kept, and the portal's own second factor is asked whatever the
provider says of its own: how that one was checked cannot be seen from here.
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
    """Lets in whom the portal knows, and answers everybody else with one page."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Return False: people enter by the invitation of an appointment."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person. Raises ImmediateHttpResponse for nobody, whatever the reason."""
        person = person_of(sociallogin.account.extra_data)
        if person is None or sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(render(request, "socialaccount/not_known.html", status=403))
        sociallogin.user = person

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """Show the page of a sign-in that failed; nothing of the provider's own words is repeated."""
        raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=403))


def person_of(said: dict[str, Any]) -> User | None:
    """Return the active person, let in, with the address that the provider has verified; None without one.

    The signed token and the answer about the user must speak of the same one (OpenID Connect Core 1.0, 5.3.2).
    """
    token, about = said.get("id_token") or {}, said.get("userinfo") or {}
    if token and about and token.get("sub") != about.get("sub"):
        return None
    claims = {**token, **about}
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str) or not email.strip():
        return None
    person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    return person if person and may_come_in(person) else None


class Unreachable:
    """Answers with the page of a failed sign-in when the provider cannot be reached; for the middleware."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> Any:
        """Return the page for an error of the connection to the provider, None for any other."""
        if not isinstance(error, requests.RequestException):
            return None
        return render(request, "socialaccount/authentication_error.html", status=502)
