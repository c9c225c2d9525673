"""Settings that production refuses: with them the portal would start, but not be safe, or send people to nowhere."""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SECRET_LENGTH, TOKEN_LENGTH = 50, 32
FEWEST_CHARACTERS = 12  # different ones; a random hexadecimal text has about 16
LONGEST_RUN = 5  # letters in the order of the alphabet, or digits in that of counting
LONGEST_REPETITION = 7
PLACEHOLDERS = ("insecure", "changeme", "change-me", "change_me", "password", "secret", "example", "replace")
HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]", re.IGNORECASE)
HERE = ("localhost", "localhost.localdomain", "portal.localhost")
SMTP = "django.core.mail.backends.smtp.EmailBackend"
# Without these a default of the development run would be used.
NEEDED = ("SITE_URL", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "CONTACT_EMAIL")

Settings = Mapping[str, Any]
Environment = Container[str]


def refuse(settings: Settings, environment: Environment) -> None:
    """Raise ImproperlyConfigured with all faults of these settings, None if there are none."""
    if found := list(faults(settings, environment)):
        raise ImproperlyConfigured("\n  ".join(["Production does not start with these settings:", *found]))


def faults(settings: Settings, environment: Environment) -> Iterator[str]:
    """Yield what is unsafe in settings; `environment` has the names of the variables that are set."""
    yield from (f"{name} must be set." for name in NEEDED if name not in environment)
    for check in CHECKS:
        yield from check(settings)
    if "PORTAL_ROW_SECURITY" in environment and not settings["ROW_SECURITY"]:
        yield "PORTAL_ROW_SECURITY must not be off: it is the second check of who reads what."


def weakness(text: str, length: int) -> str:
    """Return what makes a secret guessable; empty when nothing is seen to."""
    if len(text) < length:
        return f"must have at least {length} characters"
    if len(set(text)) < FEWEST_CHARACTERS or _runs(text) or _repeats(text):
        return "must be random; its characters repeat or follow in order"
    if any(word in text.lower() for word in PLACEHOLDERS):
        return "must be random; it is the placeholder of an example"
    return ""


def _runs(text: str) -> bool:
    steps = "".join("+" if ord(after) - ord(before) == 1 else "." for before, after in pairwise(text))
    return "+" * LONGEST_RUN in steps


def _repeats(text: str) -> bool:
    size = LONGEST_REPETITION + 1
    parts = [text[start : start + size] for start in range(len(text) - size + 1)]
    return len(set(parts)) < len(parts)


def _switches(settings: Settings) -> Iterator[str]:
    if settings["DEBUG"] or settings["DEMO_ALLOWED"]:
        yield "DEBUG and DEMO_ALLOWED must be off."
    if not settings["SECOND_FACTOR_REQUIRED"]:
        yield "SECOND_FACTOR_REQUIRED must not be off."


def _secrets(settings: Settings) -> Iterator[str]:
    if weak := weakness(settings["SECRET_KEY"], SECRET_LENGTH):
        yield f"SECRET_KEY {weak}: openssl rand -base64 48"
    if settings["HEALTH_TOKEN"] and (weak := weakness(settings["HEALTH_TOKEN"], TOKEN_LENGTH)):
        yield f"HEALTH_TOKEN {weak}: openssl rand -hex 32"
    database = str(settings["DATABASES"]["default"].get("PASSWORD") or "")
    for name, password in (("DATABASE_ROLE_PASSWORD", settings["DATABASE_ROLE_PASSWORD"]), ("DATABASE_URL", database)):
        if password and (len(password) < 12 or len(set(password)) < 6):
            yield f"The password of {name} can be guessed: use at least 12 random characters."


def _addresses(settings: Settings) -> Iterator[str]:
    hosts, site = settings["ALLOWED_HOSTS"], urlsplit(settings["SITE_URL"])
    for host in hosts:
        if not HOST.fullmatch(host):
            yield f"ALLOWED_HOSTS must name each host in full, without a wildcard, a leading dot or a port: {host!r}"
    if site.scheme != "https" or not site.hostname or site.path.strip("/") or site.query or site.username:
        yield "SITE_URL must be the https address of the site, without a path: mails lead to it."
    elif site.hostname not in [host.lower() for host in hosts]:
        yield f"SITE_URL leads to {site.hostname}, which ALLOWED_HOSTS does not name."
    for origin in settings["CSRF_TRUSTED_ORIGINS"]:
        if not origin.startswith("https://") or "*" in origin:
            yield f"CSRF_TRUSTED_ORIGINS may hold https addresses only, without a wildcard: {origin!r}"
    if settings["OIDC_ISSUER"] and not settings["OIDC_ISSUER"].startswith("https://"):
        yield "OIDC_ISSUER must be reached by https."


def _mail(settings: Settings) -> Iterator[str]:
    if settings["EMAIL_BACKEND"] != SMTP or not settings["EMAIL_HOST"]:
        yield "EMAIL_URL must name a mail server (smtp+tls://user:password@host:587): others keep the mail to themselves."
    for name in ("DEFAULT_FROM_EMAIL", "CONTACT_EMAIL"):
        _name, at, domain = settings[name].rstrip(">").rpartition("@")
        if not at or not HOST.fullmatch(domain) or domain in HERE:
            yield f"{name} must be an address that can be answered: {settings[name]!r}"


CHECKS: tuple[Callable[[Settings], Iterator[str]], ...] = (_switches, _secrets, _addresses, _mail)
