"""Token authentication: tokens are found by hash, refused when invalid, and limited to their scopes."""

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied, ValidationError
from rest_framework.request import Request

from accounts import url_secrets
from accounts.models import ApiToken, User
from accounts.tokens.scopes import ANY, scope_of
from web.statements import Statements

SCHEMES = (b"token", b"bearer")  # RFC 6750 names the second, which most client libraries send


@dataclass
class Presented:
    """The token of a request and the reason for its refusal; set on Django's own request, for the audit log."""

    token: ApiToken
    why: str = ""


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Token …` or `Authorization: Bearer …`, for every URL of the API.

    The scope is checked here and not by a permission class, which a view could leave out: a view without a `scope`
    refuses every token.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return owner and token, or None. Raises AuthenticationFailed, PermissionDenied or ValidationError."""
        _refuse_in_address(request)
        secret = _secret_of(request)
        if secret is None:
            return None
        user, token = self.authenticate_credentials(secret)
        request._request.presented = Presented(token)  # type: ignore[attr-defined]
        if token.is_dead:
            raise refused(request, "token expired" if token.has_expired else "owner closed or password changed")
        self.admit(request, token)
        token.note_use(get_adapter().get_client_ip(request))
        _require_scope(request, token)
        return user, token

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """Return owner and token, which may be invalid by now. Raises AuthenticationFailed for an unknown one.

        Knox reads every token of the owner on each request and fails on bytes that are not text; this is one statement.
        """
        digest = hash_token(token.decode("utf-8", errors="replace"))
        found = STATEMENTS.rows("token", _with_digest, [digest], [""])
        if not found:
            raise invalid()
        return found[0].user, found[0]

    def admit(self, request: Request, token: ApiToken) -> None:
        """Raise AuthenticationFailed if the token's appointments have ended; implemented by subclasses."""


STATEMENTS = Statements()


def _with_digest(digest: str) -> QuerySet[ApiToken]:
    return ApiToken.objects.select_related("user").filter(digest=digest).order_by()


def _secret_of(request: Request) -> bytes | None:
    """Return the token in the header, None without one. Raises AuthenticationFailed for a header of another form."""
    scheme, *words = get_authorization_header(request).split() or [b""]
    if scheme.lower() not in SCHEMES:
        return None
    if len(words) != 1:
        raise invalid()
    return bytes(words[0])


def invalid() -> AuthenticationFailed:
    """Return the one error for every refused token, whatever the reason."""
    return AuthenticationFailed(_("Invalid token."))


def refused(request: Request, why: str) -> AuthenticationFailed:
    """Return the error for a known token; owner and reason are recorded in the audit log only."""
    request._request.presented.why = why  # type: ignore[attr-defined]
    return invalid()


def _refuse_in_address(request: Request) -> None:
    """Raise ValidationError for a secret in the URL: it is never read from there, and by now it is in logs."""
    name = url_secrets.secret_in(request.query_params)
    if name is not None:
        raise ValidationError({name: [url_secrets.MESSAGE]}, code=url_secrets.CODE)


def require_scope_of(request: Request, collection: str) -> None:
    """Raise PermissionDenied for a token that may not send such a request to another collection than that of the view."""
    if isinstance(request.auth, ApiToken):
        _require(request, request.auth, collection)


def _require_scope(request: Request, token: ApiToken) -> None:
    collection = getattr(request.parser_context["view"], "scope", None)
    if collection != ANY:
        _require(request, token, collection)


def _require(request: Request, token: ApiToken, collection: str | None) -> None:
    needed = scope_of(collection or "", request.method or "")
    if needed not in token.scopes:
        request._request.presented.why = f"scope missing: {needed}"  # type: ignore[attr-defined]
        text = _("This token does not have the scope “%(scope)s”. Its owner can create one that does.") % {
            "scope": needed
        }
        raise PermissionDenied(text, code="scope_missing")


class TokenScheme(OpenApiAuthenticationExtension):
    """Describes the header in the OpenAPI schema."""

    target_class = TokenAuthentication
    match_subclasses = True
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the security scheme object."""
        return build_bearer_security_scheme_object("Authorization", self.target.authenticate_header(""))
