"""Tokens of programs, as far as appointments decide: a token acts under those it was issued under, and dies with them."""

from rest_framework.request import Request

from accounts.models import ApiToken
from accounts.tokens import authentication
from accounts.tokens.authentication import refused
from entities.actors import actor_of


class TokenAuthentication(authentication.TokenAuthentication):
    """Narrows the actor of the request to what the token was issued under; a right given later is not in it."""

    def admit(self, request: Request, token: ApiToken) -> None:
        """Put the actor on the request. Raises AuthenticationFailed when none of the token's appointments runs."""
        actor = actor_of(token.user, within=token.appointments)
        if not actor.appointments:
            raise refused(request, "no appointment of the token runs")
        request._request.admit(actor)  # type: ignore[attr-defined]
