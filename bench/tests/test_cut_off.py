"""A bench that is cut off leaves no process and no data behind, whatever ends it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.services import PREFIX, Borrowed, remove_left_overs
from devserver.layout import PROJECT, Layout
from devserver.locks import read_note
from devserver.tests.test_devserver import all_gone, family, wait_until

pytestmark = pytest.mark.slow
# A bench that has started everything and now measures for a long time.
MEASURING = """
import time
from bench import run
run.catch_signals()
try:
    with run.empty_site() as site:
        site.servers.start("portal", "ordinary")
        print("measuring", flush=True)
        time.sleep(600)
except KeyboardInterrupt:
    raise SystemExit(130)
"""
STARTS, ENDS = 90.0, 30.0  # seconds


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("t")


def environment(temporary: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "PYTEST_", "MAKE"))}
    return {**kept, "TMPDIR": str(temporary), **more}


def started(
    temporary: Path, command: list[str], said: str, **more: str
) -> tuple[subprocess.Popen[bytes], dict[int, str]]:
    """Start a bench; return it with all its processes once it has said something and its services run."""
    output = temporary / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment(temporary, **more), stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )

    def is_up() -> bool:
        assert process.poll() is None, output.read_text()
        return said in output.read_text() and any(notes(temporary))

    wait_until(is_up, STARTS)
    return process, family(process.pid)


def notes(temporary: Path) -> Iterator[dict[str, object]]:
    return (note for folder in folders(temporary) if (note := read_note(Layout(folder).run / "services.json")))


def folders(temporary: Path) -> list[Path]:
    return [*temporary.glob(f"{PREFIX}*"), *temporary.glob("portal-*")]


@pytest.mark.turns(3, days=3)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_leaves_nothing_behind(temporary: Path, number: signal.Signals) -> None:
    process, members = started(temporary, [sys.executable, "-c", MEASURING], "measuring")
    assert len(members) > 8, "keeper, PostgreSQL, Valkey and two web servers with two workers each"
    process.send_signal(number)
    assert process.wait(ENDS) in (130, -number)
    wait_until(all_gone(members), ENDS)
    wait_until(lambda: not folders(temporary), ENDS)


@pytest.mark.turns(days=3)
def test_a_bench_whose_make_was_killed_ends_while_it_loads(temporary: Path) -> None:
    script = f"QUICK=1 {sys.executable} -m bench & wait"
    process, members = started(temporary, ["sh", "-c", script], "loading", MAKELEVEL="1")
    process.kill()
    process.wait(ENDS)
    wait_until(all_gone(members), ENDS)
    wait_until(lambda: not folders(temporary), ENDS)


def test_what_a_killed_keeper_left_is_removed_at_the_next_start(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    left, used = Layout(temporary / f"{PREFIX}left"), Layout(temporary / f"{PREFIX}used")
    for layout in (left, used):
        layout.create()
        (layout.run / "owner.lock").touch()
    with (used.run / "owner.lock").open() as file:
        subprocess.run(["flock", "--exclusive", str(file.fileno())], pass_fds=[file.fileno()], check=True)
        remove_left_overs()
        assert not left.var.exists() and used.var.exists()
    remove_left_overs()
    assert not used.var.exists()


def test_services_that_do_not_start_leave_nothing(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setattr("bench.services.READY_SECONDS", 0.0)
    with pytest.raises(Exception, match="does not start"), Borrowed():
        pytest.fail("it did start")
    wait_until(lambda: not folders(temporary), ENDS)
