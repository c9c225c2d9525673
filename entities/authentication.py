"""Token authentication with appointments: a token has the rights of those it was issued under, and ends with them."""

from rest_framework.request import Request

from accounts.models import ApiToken
from accounts.tokens import authentication
from accounts.tokens.authentication import refused
from entities.actors import actor_of


class TokenAuthentication(authentication.TokenAuthentication):
    """Limits the request's actor to the appointments the token was issued under; later ones are not included."""

    def admit(self, request: Request, token: ApiToken) -> None:
        """Set the actor on the request. Raises AuthenticationFailed when none of the token's appointments runs."""
        actor = actor_of(token.user, within=token.appointments)
        if not actor.appointments:
            raise refused(request, "no appointment of the token runs")
        request._request.admit(actor)  # type: ignore[attr-defined]
