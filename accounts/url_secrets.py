"""Secrets in URLs: logs, histories and bookmarks keep URLs, so parameters named like secrets are refused everywhere."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

NAMES = frozenset(
    {
        "token", "accesstoken", "authtoken", "apitoken", "apikey", "xapikey", "key", "auth", "authorization", "bearer",
        "secret",
    }
)  # fmt: skip
CODE = "token_in_address"
MESSAGE = _(
    "Tokens are not accepted in the URL, because URLs are recorded in logs. Send the token in "
    "the Authorization header, and revoke this one."
)


def secret_in(parameters: Iterable[str]) -> str | None:
    """Return the first parameter name that denotes a secret, in any spelling; None if there is none."""
    return next((name for name in parameters if name.lower().replace("-", "").replace("_", "") in NAMES), None)
