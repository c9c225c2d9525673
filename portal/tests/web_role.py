"""In tests each request runs as in production: in the web role, with row-level security; the rest runs as the owner."""

from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from assistance.access import row_security


def as_web(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Switch to the web role for the time of a request, outside Django's cursor, so that statement counts stay."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if getattr(connection, "row_security_is_active", False):
            return get_response(request)
        try:
            connection.ensure_connection()
        except RuntimeError:  # a test without a database: no role to switch
            return get_response(request)
        _say(f"SET ROLE {settings.DATABASE_ROLE}; SET portal.groups = '{{}}'; SET portal.now = ''")
        row_security.reset(connection)
        connection.row_security_is_active = True  # type: ignore[attr-defined]
        try:
            return get_response(request)
        finally:
            connection.row_security_is_active = False  # type: ignore[attr-defined]
            if connection.connection.info.transaction_status != TRANSACTION_STATUS_INERROR:
                _say("RESET ROLE; SET portal.groups = '{0}'; SET portal.now = ''")

    return middleware


def _say(statement: str) -> None:
    with connection.connection.cursor() as cursor:
        cursor.execute(statement)
