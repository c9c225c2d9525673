"""The migration that creates the application's role: repeatable, safe concurrently, and helpful when not permitted."""

import threading
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from audit.chain import verify
from audit.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)
role_of = import_module("audit.migrations.0003_role")
ROLE = '"portal_test_role"'


@pytest.fixture
def named(settings: Any) -> Iterator[None]:
    """Name a role in the settings that does not exist yet; it is dropped afterwards."""
    settings.DATABASE_ROLE = ROLE.strip('"')
    yield
    run(f"DROP ROLE IF EXISTS {ROLE}")


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def make() -> None:
    try:
        with connection.cursor() as cursor:
            role_of.ensure_role(cursor, ROLE)
    finally:
        if threading.current_thread() is not threading.main_thread():
            connection.close()


def test_several_databases_may_make_it_at_once(named: None) -> None:
    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connection.cursor() as cursor:
        assert role_of.attributes(cursor, ROLE.strip('"')) == (False, False, False)
    make()


@pytest.mark.parametrize("power", ["SUPERUSER", "BYPASSRLS", "CREATEROLE"])
def test_a_role_that_passes_the_walls_is_refused(named: None, power: str) -> None:
    run(f"CREATE ROLE {ROLE} {power}")
    with pytest.raises(ImproperlyConfigured, match=r"ALTER ROLE .* NOSUPERUSER"):
        make()


def test_an_owner_who_may_not_make_roles_is_told_what_the_administrator_runs(named: None) -> None:
    run("CREATE ROLE portal_test_owner")
    run("SET ROLE portal_test_owner")
    try:
        with pytest.raises(ImproperlyConfigured, match=r'CREATE ROLE "portal_test_role" LOGIN NOSUPERUSER'):
            make()
    finally:
        run("RESET ROLE")
        run("DROP ROLE portal_test_owner")


def test_the_owner_of_the_tables_cannot_be_the_role_itself(settings: Any) -> None:
    settings.DATABASE_ROLE = connection.settings_dict["USER"]
    with pytest.raises(ImproperlyConfigured, match="must not belong"):
        make()


@pytest.mark.turns(days=6)
@pytest.mark.slow
def test_down_and_up_again_leaves_a_log_that_works() -> None:
    Entry.objects.create(kind="read")
    try:
        call_command("migrate", "audit", "0002", verbosity=0)
        call_command("migrate", "audit", "zero", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)  # and what depends on it
    Entry.objects.create(kind="read")
    assert verify().position == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('portal_app', 'audit_entry', 'INSERT'), "
                       "has_table_privilege('portal_app', 'audit_entry', 'UPDATE')")  # fmt: skip
        assert cursor.fetchone() == (True, False)
