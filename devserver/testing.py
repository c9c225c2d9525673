"""Test settings: those of the portal, with the test run's own services and without what slows tests down."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from devserver.layout import Layout

PREFIX = "portal-test-"


def _layout() -> Layout:
    """Return the folder of this test run: created by its first process, passed to the others in the environment."""
    if "PORTAL_TEST_VAR" not in os.environ:
        os.environ["PORTAL_TEST_VAR"] = tempfile.mkdtemp(prefix=PREFIX)
        os.environ["PORTAL_TEST_OWNER"] = str(os.getpid())
        os.environ["PORTAL_TEST_SERVICES"] = " ".join(
            name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)
        )
    return Layout(Path(os.environ["PORTAL_TEST_VAR"]))


def _worker_number() -> int:
    """Return 1 for the first parallel test process, 2 for the next; 0 where tests run in one process."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(name.removeprefix("gw")) + 1 if name.startswith("gw") else 0


LAYOUT = _layout()
# The part of a sweep that a run takes depends on this day (portal/tests/sampling.py): the same in all its processes.
os.environ.setdefault("PORTAL_TEST_DAY", datetime.now(UTC).date().isoformat())
if "DATABASE_URL" in os.environ["PORTAL_TEST_SERVICES"]:
    os.environ["DATABASE_URL"] = LAYOUT.database_url
if "REDIS_URL" in os.environ["PORTAL_TEST_SERVICES"]:
    os.environ["REDIS_URL"] = LAYOUT.redis_url(_worker_number())
os.environ["PORTAL_VAR"] = str(LAYOUT.var / f"process{_worker_number()}")

from portal.settings import *  # noqa: E402, F403 (the environment had to be set first)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_FILES = {"whitenoise.middleware.WhiteNoiseMiddleware": "portal.tests.static_files.StaticFiles"}
MIDDLEWARE = ["portal.tests.web_role.as_web", *(STATIC_FILES.get(name, name) for name in MIDDLEWARE)]  # noqa: F405
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 (otherwise each client would warn that it is missing)
DATABASES["default"]["ENGINE"] = "portal.tests.database"  # noqa: F405
