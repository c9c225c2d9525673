"""Production refuses unsafe settings, and web and worker a database role that passes the restrictions."""

import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from portal import database_role, production
from portal.tests.production import SAFE

ROOT = Path(__file__).resolve().parents[2]
RANDOM = SAFE["SECRET_KEY"]


def load(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> dict[str, Any]:
    """Return the settings of a production site with these variables; None removes one."""
    for name in ("DEMO", "DEMO_ALLOWED", "DEBUG", "PORTAL_ROW_SECURITY", "HEALTH_TOKEN", "OIDC_ISSUER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**SAFE, **changes}.items():
        monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "portal" / "settings.py"))


def test_safe_settings_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, HEALTH_TOKEN=RANDOM[:40], OIDC_ISSUER="https://login.example.org")["PRODUCTION"]
    assert load(monkeypatch, ALLOWED_HOSTS="portal.example.org,10.1.2.3,[::1]", PORTAL_ROW_SECURITY="1")


@pytest.mark.parametrize("name", production.NEEDED)
def test_what_has_no_safe_default_has_to_be_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{name} must be set"):
        load(monkeypatch, **{name: None})
    if name not in ("DATABASE_URL", "EMAIL_URL"):  # an empty address cannot be read at all
        with pytest.raises(ImproperlyConfigured, match=f"{name} must be set"):
            load(monkeypatch, **{name: ""})


UNSAFE = (
    ("SITE_URL", "http://portal.example.org", "https address"),
    ("SITE_URL", "portal.example.org", "https address"),
    ("SITE_URL", "https://portal.example.org/portal", "https address"),
    ("SITE_URL", "https://elsewhere.example.org", "does not name"),
    ("ALLOWED_HOSTS", "*", "wildcard"),
    ("ALLOWED_HOSTS", ".org", "leading dot"),
    ("ALLOWED_HOSTS", ".example.org", "leading dot"),
    ("ALLOWED_HOSTS", "portal.example.org,*.example.org", "wildcard"),
    ("ALLOWED_HOSTS", "portal.example.org:443", "port"),
    ("ALLOWED_HOSTS", "https://portal.example.org", "in full"),
    ("EMAIL_URL", "filemail:///tmp/mail", "mail server"),
    ("EMAIL_URL", "consolemail://", "mail server"),
    ("EMAIL_URL", "dummymail://", "mail server"),
    ("EMAIL_URL", "memorymail://", "mail server"),
    ("DEFAULT_FROM_EMAIL", "portal@localhost", "can be answered"),
    ("DEFAULT_FROM_EMAIL", "portal", "can be answered"),
    ("CONTACT_EMAIL", "portal@localhost", "can be answered"),
    ("SECRET_KEY", RANDOM[:49], "at least 50"),
    ("SECRET_KEY", "a1" * 40, "random"),
    ("SECRET_KEY", "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ", "random"),
    ("SECRET_KEY", RANDOM[:20] * 4, "random"),
    ("SECRET_KEY", "django-insecure-" + RANDOM, "placeholder"),
    ("SECRET_KEY", "change-me-" + RANDOM, "placeholder"),
    ("HEALTH_TOKEN", "a-token", "at least 32"),
    ("HEALTH_TOKEN", "ab" * 20, "random"),
    ("SECOND_FACTOR_REQUIRED", "0", "SECOND_FACTOR_REQUIRED must not be off"),
    ("PORTAL_ROW_SECURITY", "0", "PORTAL_ROW_SECURITY must not be off"),
    ("DEBUG", "1", "must be off"),
    ("DEMO_ALLOWED", "1", "must be off"),
    ("DATABASE_URL", "postgres://portal_app:portal_app@database/portal", "can be guessed"),
    ("DATABASE_ROLE_PASSWORD", "aaaaaaaaaaaaaaaa", "can be guessed"),
    ("CSRF_TRUSTED_ORIGINS", "http://portal.example.org", "CSRF_TRUSTED_ORIGINS"),
    ("CSRF_TRUSTED_ORIGINS", "https://*.example.org", "CSRF_TRUSTED_ORIGINS"),
    ("OIDC_ISSUER", "http://login.example.org", "OIDC_ISSUER"),
)


# The secret key differs in each process, so no name of a test holds a part of it.
@pytest.mark.parametrize(
    ("name", "value", "words"), UNSAFE, ids=[f"{name}-{number}" for number, (name, *_rest) in enumerate(UNSAFE)]
)
def test_an_unsafe_value_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        load(monkeypatch, **{name: value})


def test_all_faults_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        load(monkeypatch, SITE_URL="http://portal.example.org", SECRET_KEY="short", ALLOWED_HOSTS="*")
    assert all(name in str(refused.value) for name in ("SITE_URL", "SECRET_KEY", "ALLOWED_HOSTS"))


# ── check --deploy ───────────────────────────────────────────────────────────
def deploy_check(*options: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"]} | SAFE | changes
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.turns(days=4)
def test_the_deploy_check_takes_a_safe_site_and_refuses_the_owner_of_the_tables() -> None:
    done = deploy_check()
    assert done.returncode == 0, done.stderr
    owner = deploy_check(DATABASE_URL=SAFE["DATABASE_URL"].replace("portal_app", "portal_owner"))
    assert owner.returncode != 0 and "'portal_owner'" in owner.stderr


@pytest.mark.turns(days=3)
def test_the_deploy_check_of_a_site_that_is_not_in_production_names_every_fault(settings: Any) -> None:
    with pytest.raises(SystemCheckError) as refused:
        call_command("check", "--deploy")
    for words in ("PRODUCTION must be on", "SITE_URL must be", "mail server", "SECRET_KEY must have"):
        assert words in str(refused.value)


# ── The role of the database ─────────────────────────────────────────────────
@pytest.fixture
def role(transactional_db: None) -> Iterator[str]:
    """Yield the name of a role that has what the working role has."""
    run("CREATE ROLE portal_test_web LOGIN; GRANT portal_app TO portal_test_web")
    yield "portal_test_web"
    run("RESET SESSION AUTHORIZATION; DROP ROLE portal_test_web")


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def faults_of(role: str) -> list[str]:
    run(f"SET SESSION AUTHORIZATION {role}")
    try:
        return database_role.faults()
    finally:
        run("RESET SESSION AUTHORIZATION")


def test_the_working_role_has_no_power_too_much(role: str) -> None:
    assert faults_of("portal_app") == faults_of(role) == []


@pytest.mark.turns(2)
@pytest.mark.parametrize(
    ("grant", "undo", "words"),
    [
        ("ALTER ROLE {} SUPERUSER", "", "superuser"),
        ("ALTER ROLE {} BYPASSRLS", "", "passes row-level security"),
        ("ALTER ROLE {} CREATEROLE", "", "may make other roles"),
        ("GRANT portal TO {}", "", "superuser"),
        ("GRANT pg_write_server_files TO {}", "", "files of the database server"),
        ("ALTER TABLE assistance_need OWNER TO {}", "ALTER TABLE assistance_need OWNER TO portal", "owns tables"),
        ("GRANT UPDATE ON audit_entry TO {}", "REVOKE UPDATE ON audit_entry FROM {}", "audit log"),
        ("GRANT DELETE ON audit_seal TO {}", "REVOKE DELETE ON audit_seal FROM {}", "audit log"),
        ("ALTER TABLE assistance_need NO FORCE ROW LEVEL SECURITY",
         "ALTER TABLE assistance_need FORCE ROW LEVEL SECURITY", "row-level security is off"),
        ("ALTER TABLE assistance_offer DISABLE ROW LEVEL SECURITY",
         "ALTER TABLE assistance_offer ENABLE ROW LEVEL SECURITY", "row-level security is off"),
    ],
)  # fmt: skip
def test_a_role_with_a_power_too_much_is_found(role: str, grant: str, undo: str, words: str) -> None:
    run(grant.format(role))
    try:
        assert any(words in fault for fault in faults_of(role))
    finally:
        if undo:
            run(undo.format(role))


def started(command: list[str], role: str) -> subprocess.CompletedProcess[str]:
    """Run a process of the portal in production as a role of the test database; it ends by itself if it is refused."""
    database = urlsplit(os.environ["DATABASE_URL"])
    folder, name = database.path.rpartition("/")[0], connection.settings_dict["NAME"]
    url = database._replace(netloc=f"{role}@", path=f"{folder}/{name}").geturl()
    environment = {"PATH": os.environ["PATH"], **SAFE, "DATABASE_URL": url, "REDIS_URL": os.environ["REDIS_URL"]}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


WEB = ["-c", "import portal.wsgi; print('started')"]
CELERY = ["-c", "from portal.celery import app, check_database_role; check_database_role(); print('started')"]


@pytest.mark.turns(2)
@pytest.mark.slow
@pytest.mark.parametrize("command", [WEB, CELERY], ids=["web", "worker"])
def test_web_and_worker_start_as_the_working_role_only(transactional_db: None, command: list[str]) -> None:
    refused = started(command, "portal")
    assert refused.returncode != 0 and "The database role portal is a superuser" in refused.stderr
    taken = started(command, "portal_app")
    assert taken.returncode == 0 and "started" in taken.stdout, taken.stderr


@pytest.mark.turns(days=4)
@pytest.mark.slow
def test_a_real_worker_ends_when_it_is_the_owner(transactional_db: None) -> None:
    done = started(["-m", "celery", "--app", "portal.celery", "worker", "--concurrency", "1"], "portal")
    assert done.returncode != 0 and "is a superuser" in done.stderr
