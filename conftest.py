"""One PostgreSQL and one Valkey for a whole test run: started before the first test, stopped after the last."""

import contextlib
import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from devserver.catalogues import compile_catalogues
from devserver.layout import Layout
from devserver.locks import owner_lock
from devserver.services import Services
from portal.tests.database import template

PREFIX = "portal-test-"
HALF_STARTED = 600.0  # seconds after which a folder without a lock is abandoned
# Playwright keeps an event loop running, which makes Django refuse the database in the same thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytest_plugins = ["portal.tests.figures", "portal.tests.turns"]
SERVICES = pytest.StashKey[Services]()
MIGRATING = pytest.StashKey[Popen[bytes]]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the services in the first process of a run; parallel processes use them."""
    if os.environ.get("PORTAL_TEST_OWNER") != str(os.getpid()) or config.option.help:
        return
    compile_catalogues()
    _remove_left_overs()
    layout = Layout(Path(os.environ["PORTAL_TEST_VAR"]))
    layout.create()
    lock = owner_lock(layout)
    lock.take()
    config.add_cleanup(lock.release)
    services = Services(layout, wanted=os.environ["PORTAL_TEST_SERVICES"].split(), throw_away=True)
    config.stash[SERVICES] = services
    services.start()
    if getattr(config.option, "numprocesses", None) and "DATABASE_URL" in services.wanted:
        os.environ["PORTAL_TEST_TEMPLATE"] = template.NAME
        config.stash[MIGRATING] = template.begin(layout)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the services and remove their folder."""
    migrating = config.stash.get(MIGRATING, None)
    if migrating is not None:
        migrating.kill()
        migrating.wait()
    services = config.stash.get(SERVICES, None)
    if services is not None:
        services.stop()
        _remove(services.layout)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with slow tests first: begun last, the longest would leave all processes but one without work."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """Run the garbage collector less often: scanning the imported modules took an eighth of a run's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _remove_left_overs() -> None:
    """Remove the folders of test runs that were killed; their servers died with them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):  # another run that starts now removed it first
            if folder.stat().st_uid == os.geteuid() and _is_over(Layout(folder)):
                _remove(Layout(folder))


def _is_over(layout: Layout) -> bool:
    """Return whether the test run of a folder is dead, or died before it took its lock."""
    if (layout.run / "owner.lock").exists():
        return not owner_lock(layout).is_held_elsewhere()
    return time.time() - layout.var.stat().st_mtime > HALF_STARTED


def _remove(layout: Layout) -> None:
    shutil.rmtree(layout.var, ignore_errors=True)
    if not layout.sockets.is_relative_to(layout.var):
        shutil.rmtree(layout.sockets, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let parallel processes copy one database instead of each migrating its own."""
    name = os.environ.get("PORTAL_TEST_TEMPLATE")
    if name and template.is_migrated(Layout(Path(os.environ["PORTAL_TEST_VAR"]))):
        connection.settings_dict["TEST"]["TEMPLATE"] = name


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Start every test in English: a request in another language leaves that language active in its thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True, scope="module")
def _counters_from_zero() -> None:
    """Forget the failed attempts of the file before: all tests come from one network address, which they would lock."""
    cache.clear()
