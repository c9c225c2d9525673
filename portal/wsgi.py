"""The WSGI application."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from portal import database_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Only web processes have readers. PORTAL_ROW_SECURITY=0 turns the policies off, for measuring
# (docs/decisions/0011-row-security.md); production refuses it.
os.environ.setdefault("PORTAL_ROW_SECURITY", "1")

django = get_wsgi_application()
if settings.PRODUCTION:
    database_role.guard()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request, read as UTF-8 whatever charset it names: on one such as zlib Django fails before middleware."""
    parts = environ.get("CONTENT_TYPE", "").split(";")
    if len(parts) > 1:
        environ["CONTENT_TYPE"] = ";".join(part for part in parts if part.split("=")[0].strip().lower() != "charset")
    return django(environ, start_response)
