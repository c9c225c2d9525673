"""Tokens of programs: found by their hash alone, in one statement, and refused when expired or their owner inactive."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import ApiToken, User


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Token …`. Knox reads every token of the owner on each request and fails on bytes that are no text."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """Return owner and token; raise AuthenticationFailed, in the same words whatever the reason."""
        digest = hash_token(token.decode("utf-8", errors="replace"))
        found = ApiToken.objects.select_related("user").filter(digest=digest, user__is_active=True).first()
        if found is None or found.has_expired:
            raise AuthenticationFailed(_("Invalid token."))
        return found.user, found


class TokenScheme(OpenApiAuthenticationExtension):
    """Describes the header in the OpenAPI schema."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the security scheme object."""
        return build_bearer_security_scheme_object("Authorization", self.target.authenticate_header(""))
