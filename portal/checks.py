"""System checks of `./manage.py check --deploy`: whether the settings, and the database role, are fit for production."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from portal import database_role, production


@register(Tags.security, deploy=True)
def settings_are_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return the faults of the settings; with PRODUCTION on they are refused already when they are loaded."""
    values = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    found = list(production.faults(values, production.NEEDED))
    if not settings.PRODUCTION:
        found.append("PRODUCTION must be on: without it cookies are sent over plain connections.")
    used = settings.DATABASES["default"].get("USER")
    if used != settings.DATABASE_ROLE:
        found.append(
            f"DATABASE_URL names the role {used!r}; web, worker and scheduler work as {settings.DATABASE_ROLE!r}"
            " (DATABASE_ROLE), and only migrate as the owner of the tables."
        )
    return [Error(fault, id="portal.E001") for fault in found]


@register(Tags.database, deploy=True)
def role_is_restricted(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Return what the role of DATABASE_URL could do past the database's restrictions; asked with `--database default`."""
    return [Error(fault, id="portal.E002") for fault in database_role.faults()] if databases else []
