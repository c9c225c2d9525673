"""Secrets in URLs: logs, histories and bookmarks keep URLs, so parameters named like secrets are refused everywhere.

The keys of one-time links stand in the path, because a mail program opens nothing else; logs show them masked.
"""

import re
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
# Where a path continues with the key of a one-time link: all that follows is masked, however the rest is misspelt.
# In each the slashes may be doubled or percent-encoded.
ONE_TIME_LINKS = ("reset/key", "unlock")
_SLASH = "(?:/|%2f)+"
_KEY = re.compile(
    "((?:^|/|%2f)(?:" + "|".join(link.replace("/", _SLASH) for link in ONE_TIME_LINKS) + f"){_SLASH})[^\\s\"']+",
    re.IGNORECASE,
)
# A segment of a path that is neither a word nor the id of a row: a key in a link that was cut or glued together.
_LONG = re.compile(r"(?<=/)(?=[^/\s\"']*[0-9A-Z])[^/\s\"'.]{40,}")
_PARAMETER = re.compile(r"(?<=[?&;])([a-z_-]+)=[^&;\s\"']+", re.IGNORECASE)
MASK = "…"


def secret_in(parameters: Iterable[str]) -> str | None:
    """Return the first parameter name that denotes a secret, in any spelling; None if there is none."""
    return next((name for name in parameters if _is_secret(name)), None)


def masked(text: str) -> str:
    """Return a line of a log without the keys of one-time links and the values of parameters named like secrets."""
    text = _LONG.sub(MASK, _KEY.sub(rf"\1{MASK}", text))
    return _PARAMETER.sub(lambda found: f"{found[1]}={MASK}" if _is_secret(found[1]) else found[0], text)


def _is_secret(name: str) -> bool:
    return name.lower().replace("-", "").replace("_", "") in NAMES
