"""Checks that web, worker and scheduler use a database role that cannot pass the restrictions of the database."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

log = logging.getLogger(__name__)

_BECOMES = "EXISTS (SELECT FROM pg_roles WHERE {} AND pg_has_role(session_user, oid, 'MEMBER'))"
# What would be wrong with the role or the tables, and the condition in SQL under which it is.
POWERS = {
    "is a superuser, or may become one": _BECOMES.format("rolsuper"),
    "passes row-level security": _BECOMES.format("rolbypassrls"),
    "may make other roles": _BECOMES.format("rolcreaterole"),
    "may read, write or run files of the database server": _BECOMES.format(
        "rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')"
    ),
    "owns the database": """EXISTS (
        SELECT FROM pg_database WHERE datname = current_database() AND pg_has_role(session_user, datdba, 'MEMBER'))""",
    "owns tables": """EXISTS (
        SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace
        AND relkind IN ('r', 'p', 'v', 'm', 'S') AND pg_has_role(session_user, relowner, 'MEMBER'))""",
    "may change the audit log": """EXISTS (
        SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace
        AND relname IN ('audit_entry', 'audit_seal', 'audit_unsealed')
        AND has_table_privilege(session_user, oid, 'UPDATE, DELETE, TRUNCATE'))""",
    "finds tables whose row-level security is off, or does not bind their owner": """EXISTS (
        SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace
        AND oid IN (SELECT polrelid FROM pg_policy) AND NOT (relrowsecurity AND relforcerowsecurity))""",
}


def faults() -> list[str]:
    """Return what the role of the current connection could do that a web process must not be able to."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT session_user, {', '.join(POWERS.values())}")
        role, *found = cursor.fetchone()
    return [f"The database role {role} {power}." for power, holds in zip(POWERS, found, strict=True) if holds]


def guard() -> None:
    """Check the role now and on each new connection of this process.

    Raises ImproperlyConfigured for a role with too much power; while the database is away, the first connection is
    checked instead.
    """
    connection_created.connect(_check, dispatch_uid="portal.database_role")
    try:
        connection.ensure_connection()
    except OperationalError as error:
        log.warning("The database does not answer; its role is checked when it does (%s).", type(error).__name__)
    finally:
        connection.close()  # none may be open when the process forks


def _check(**kwargs: Any) -> None:
    if found := faults():
        connection.close()
        raise ImproperlyConfigured("\n  ".join(_lines(found)))


def _lines(found: list[str]) -> Iterator[str]:
    yield "The portal does not work as this role; set DATABASE_URL to that of DATABASE_ROLE:"
    yield from found
