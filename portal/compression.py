"""Compresses pages and answers of the API, but not those that show a secret (docs/decisions/0027-compression.md)."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from portal.audit_middleware import route_of

# Each shows a secret that is not made anew for every answer: keys of a second factor, recovery codes, a token.
SECRETS = {
    "mfa_activate_totp",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
    "token-new",
    "tokens",
}


class Compression(GZipMiddleware):
    """gzip with a random length, which hides how well a guess was compressed; attached files stay as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the response, compressed if the client takes it and nothing forbids it."""
        route = route_of(request)
        if (route and route.url_name in SECRETS) or response.has_header("Content-Disposition"):
            return response
        return super().process_response(request, response)
