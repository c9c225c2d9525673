"""Secrets in addresses: logs, histories and bookmarks keep them, so what is named like one is refused at every door."""

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
    "A token is never read from the address, where logs keep it. Send it in the header Authorization, and revoke this one."
)


def secret_in(parameters: Iterable[str]) -> str | None:
    """Return the first of these names of parameters that is one of a secret, in whatever spelling; None without one."""
    return next((name for name in parameters if name.lower().replace("-", "").replace("_", "") in NAMES), None)
