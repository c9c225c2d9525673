"""Stores in the embedded database what was set up there, so that a second start can skip it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import psycopg2

from devserver import postgres
from devserver.layout import PROJECT, Layout

# What can change tables, reference data or demonstration data; tests, templates and translations cannot.
PACKAGES = ("audit", "files", "accounts", "entities", "assistance", "portal")
KINDS = {".py", ".csv", ".json", ".sql"}
# The exit code of a set-up without administrator.
NO_ADMINISTRATOR = 3
LEFT_OUT = {"tests", "static", "templates", "__pycache__"}


def wanted_state(*, demo: bool) -> str:
    """Return a digest of everything that determines the content of a set-up database."""
    digest = hashlib.sha256(b"demo" if demo else b"clean")
    for path in _deciding_files():
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _deciding_files() -> list[Path]:
    found = [PROJECT / "requirements.txt"]
    for package in PACKAGES:
        found += [path for path in (PROJECT / package).rglob("*") if path.suffix in KINDS and path.is_file()]
    return sorted(path for path in found if path.exists() and not LEFT_OUT.intersection(path.parts))


def is_set_up(layout: Layout, wanted: str) -> bool:
    """Return whether the database was set up for `wanted` and its migrations have not changed since."""
    link = postgres.connect(layout)
    try:
        with link.cursor() as cursor:
            return bool(_read(cursor) == {"state": wanted, "migrations": _migrations(cursor)})
    finally:
        link.close()


def remember(layout: Layout, wanted: str) -> None:
    """Store that the database is set up for `wanted`."""
    link = postgres.connect(layout)
    try:
        with link.cursor() as cursor:
            note = json.dumps({"state": wanted, "migrations": _migrations(cursor)})
            cursor.execute("COMMENT ON DATABASE portal IS %s", [note])
    finally:
        link.close()


def _read(cursor: Any) -> Any:
    """Return the comment on the database, None if there is none or it has another format."""
    cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()")
    (comment,) = cursor.fetchone()
    try:
        return json.loads(comment or "null")
    except ValueError:
        return None


def _migrations(cursor: Any) -> str:
    """Return a digest of the applied migrations, so that one reverted by hand is noticed."""
    try:
        cursor.execute("SELECT md5(string_agg(app || '.' || name, ',' ORDER BY app, name)) FROM django_migrations")
    except psycopg2.errors.UndefinedTable:
        return ""
    (digest,) = cursor.fetchone()
    return str(digest)
