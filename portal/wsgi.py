"""Where a web server finds the portal."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Only web processes answer readers; PORTAL_ROW_SECURITY=0 takes the second wall down (docs/decisions/0011-second-wall.md).
os.environ.setdefault("PORTAL_ROW_SECURITY", "1")

django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request, read as UTF-8 whatever codec it names: Django fails before any middleware on one such as zlib."""
    parts = environ.get("CONTENT_TYPE", "").split(";")
    if len(parts) > 1:
        environ["CONTENT_TYPE"] = ";".join(part for part in parts if part.split("=")[0].strip().lower() != "charset")
    return django(environ, start_response)
