"""The embedded run from outside: it starts, is killed, starts again, and leaves no processes or locks behind."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devserver import banner, binaries, postgres, programs
from devserver.errors import LocalError
from devserver.layout import PROJECT, SOCKET_PATH_LIMIT, Layout
from devserver.lease import needs_services
from devserver.locks import FileLock, read_note
from devserver.logs import ErrorFollower
from devserver.port import chosen_port
from devserver.process import identity
from devserver.services import Services
from devserver.supervisor import GIVE_UP_AFTER, Restarts

OURS = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MAKELEVEL", "PORT", "SITE_URL")
PASSWORD = "a long password for a test"
PROMPTLY = 6.0  # seconds


def environment(var: Path, **changes: str) -> dict[str, str]:
    """Return the environment of a new terminal, plus a folder and an administrator of the test's own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in OURS and not name.startswith(("PORTAL_", "PYTEST_", "COV_"))
    }
    admin = {"DJANGO_SUPERUSER_EMAIL": "first@example.org", "DJANGO_SUPERUSER_PASSWORD": PASSWORD, "DEMO": "0"}
    return kept | admin | {"PORTAL_VAR": str(var)} | changes


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `var` folder of a copy of the project, so that edits meanwhile cause no new set-up.

    It keeps its database from test to test, so that it is created once.
    """
    project = tmp_path_factory.mktemp("local") / "project"
    left_out = shutil.ignore_patterns(".*", "var", "__pycache__")
    shutil.copytree(PROJECT, project, ignore=left_out)
    if sys.prefix != sys.base_prefix:
        (project / ".venv").symlink_to(sys.prefix)
    return project / "var"


def manage(var: Path, *arguments: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """Run ./manage.py as a user would."""
    return subprocess.run(
        [python, "manage.py", *arguments],
        cwd=var.parent,
        env=environment(var),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def ask_database(var: Path) -> subprocess.CompletedProcess[str]:
    return manage(
        var,
        "shell",
        "--verbosity=0",
        "--command=from django.db import connection as c; k = c.cursor(); k.execute('select 41 + 1'); print(k.fetchone()[0])",
    )


def parents() -> dict[int, int]:
    """Return every process of this machine with its parent."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return {int(pid): int(parent) for pid, parent in (line.split() for line in listing.splitlines())}


def family(pid: int) -> dict[int, str]:
    """Return the identities of a process and all its descendants."""
    known, members = parents(), [pid]
    for member in members:
        members += [child for child, parent in known.items() if parent == member]
    return {member: found for member in members if (found := identity(member))}


def wait_until(happened: Callable[[], object], seconds: float) -> float:
    """Return how many seconds it took; fails when it takes longer."""
    begun = time.monotonic()
    while not happened():
        assert time.monotonic() - begun < seconds, "it did not happen in time"
        time.sleep(0.05)
    return time.monotonic() - begun


def all_gone(members: dict[int, str]) -> Callable[[], bool]:
    return lambda: not any(identity(pid) == known for pid, known in members.items())


class Portal:
    """A `make run` without make, on its own port."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.output = var.parent / f"output-{self.port}"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "devserver", "run"],
                cwd=var.parent,
                env=environment(var, PORT=str(self.port)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self.members: dict[int, str] = {}

    def said(self) -> str:
        return self.output.read_text()

    def wait(self, seconds: float) -> float:
        """Wait for the last line of a start and return the seconds."""

        def is_up() -> bool:
            assert self.process.poll() is None, self.said()
            return "Stop it with Ctrl-C." in self.said()

        taken = wait_until(is_up, seconds)
        self.members = family(self.process.pid)
        return taken

    def health(self) -> int:
        with urllib.request.urlopen(f"http://localhost:{self.port}/health/", timeout=10) as answer:
            return int(answer.status)

    def end(self, number: signal.Signals) -> float:
        """Send a signal; return the seconds until no process of the portal was left."""
        self.process.send_signal(number)
        begun = time.monotonic()
        self.process.wait(30)
        wait_until(all_gone(self.members), 2 * PROMPTLY)
        return time.monotonic() - begun


@pytest.fixture(scope="module")
def started() -> Iterator[list[Portal]]:
    """Collect all portals of this file; those still running at the end are killed."""
    portals: list[Portal] = []
    yield portals
    for one in portals:
        if one.process.poll() is None:
            one.end(signal.SIGTERM)


@pytest.fixture
def portal(var: Path, started: list[Portal]) -> Portal:
    """Return a portal that has printed its last line: the running one, else a new one."""
    if not started or started[-1].process.poll() is not None:
        started.append(Portal(var))
        started[-1].wait(120)
    return started[-1]


@pytest.fixture
def var_at_rest(var: Path, started: list[Portal]) -> Path:
    """Return the `var` folder with no portal running in it, whatever tests ran before."""
    if started and started[-1].process.poll() is None:
        started[-1].end(signal.SIGINT)
    return var


def test_answers_and_says_where(portal: Portal) -> None:
    assert portal.health() == 200
    assert f"The portal runs at http://localhost:{portal.port}" in portal.said()
    assert len(read_note(portal.var / "run" / "children.json")) == 5  # database, broker, web, worker, scheduler


def test_refuses_a_second_run_in_the_same_folder(portal: Portal) -> None:
    second = Portal(portal.var)
    assert second.process.wait(30) == 1
    assert second.said().strip() == (
        f"The portal already runs here (process {portal.process.pid}) at http://localhost:{portal.port}; "
        "stop that one with Ctrl-C first."
    )


@pytest.mark.turns(days=3)
def test_commands_work_beside_it(portal: Portal) -> None:
    answer = ask_database(portal.var)
    assert (answer.stdout, answer.returncode) == ("42\n", 0), answer.stderr
    assert portal.health() == 200


@pytest.mark.turns(days=3)
def test_starts_a_dead_web_server_again(portal: Portal) -> None:
    web = next(pid for pid in portal.members if "gunicorn" in command_of(pid))
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: "The web server died and is started again" in portal.said(), PROMPTLY)
    programs.wait_for_web(portal.port, [])
    portal.members = family(portal.process.pid)


def command_of(pid: int) -> str:
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


@pytest.mark.turns(days=3)
def test_kill_leaves_no_process_and_the_next_start_is_quick(portal: Portal, started: list[Portal]) -> None:
    assert portal.end(signal.SIGKILL) < PROMPTLY
    again = Portal(portal.var)
    started.append(again)
    assert again.wait(20) < 10
    assert again.health() == 200
    assert "Bringing the tables up to date" not in again.said()


@pytest.mark.turns(days=3)
def test_ctrl_c_ends_everything(portal: Portal) -> None:
    assert portal.end(signal.SIGINT) < 2 * PROMPTLY
    assert portal.process.returncode == 0
    assert not list((portal.var / "sockets").iterdir())


@pytest.mark.turns(days=3)
def test_commands_work_alone_and_leave_nothing(var_at_rest: Path) -> None:
    answer = ask_database(var_at_rest)
    assert (answer.stdout, answer.returncode) == ("42\n", 0), answer.stderr
    wait_until(lambda: not (var_at_rest / "postgres" / "data" / "postmaster.pid").exists(), PROMPTLY)


@pytest.mark.turns(days=3)
def test_commands_at_the_same_time_share_one_database(var_at_rest: Path) -> None:
    long_one = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--verbosity=0", "--command=input(); from django.db import connection; "
         "connection.ensure_connection(); print('still there')"],
        cwd=var_at_rest.parent, env=environment(var_at_rest), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    short = [ask_database(var_at_rest).stdout for _ in range(2)]
    time.sleep(1)  # long enough for a database that ends with its client to have ended
    assert long_one.communicate("\n", timeout=30)[0] == "still there\n"
    assert short == ["42\n", "42\n"]


@pytest.mark.turns(days=3)
def test_commands_without_a_need_start_no_database(var: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", "version"], cwd=var.parent, env=environment(var.with_name("none")), check=False
    )
    assert answer.returncode == 0
    assert not var.with_name("none").exists()


@pytest.mark.turns(days=3)
def test_commands_find_their_own_python(var: Path) -> None:
    if not (var.parent / ".venv").exists():
        pytest.skip("these tests run outside a virtual environment")
    answer = manage(var, "version", python=getattr(sys, "_base_executable", sys.executable))
    assert re.fullmatch(r"\d+\.\d+(\.\d+)?\n", answer.stdout), answer.stderr


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("migrate", True),
        ("api_token a@example.org", True),
        ("check --database default", True),
        ("check --deploy", False),
        ("makemigrations --check", False),
        ("makemessages -l ar", False),
        ("migrate --help", False),
        ("--version", False),
        ("", False),
    ],
)
def test_knows_which_commands_need_a_database(line: str, needed: bool) -> None:
    assert needs_services(["manage.py", *line.split()]) is needed


def test_a_taken_port_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        with pytest.raises(LocalError, match="taken by another program; choose another one: PORT="):
            chosen_port()


def test_a_taken_port_is_named_before_anything_is_loaded() -> None:
    """The check uses the standard library alone: `make run` asks before it installs the libraries."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        given = {"PATH": os.environ["PATH"], "PORT": str(other.getsockname()[1])}
        command = [
            sys.executable,
            "-I",
            "-S",
            "-c",
            "import sys; sys.path.insert(0, '.'); import devserver.port as p; sys.exit(p.main())",
        ]
        done = subprocess.run(command, cwd=PROJECT, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "is taken by another program" in done.stderr and "Traceback" not in done.stderr
    steps = (PROJECT / "Makefile").read_text()
    assert "\nrun: port install\n" in steps, "make takes prerequisites in their order"


@pytest.mark.turns(4)
@pytest.mark.parametrize("delay", [0.3, 0.5, 0.8, 1.5])
def test_an_early_ctrl_c_shows_no_traceback(var_at_rest: Path, delay: float) -> None:
    portal = Portal(var_at_rest)
    time.sleep(delay)
    portal.process.send_signal(signal.SIGINT)
    assert portal.process.wait(30) in (0, 130, -signal.SIGINT)
    assert "Traceback" not in portal.said(), portal.said()


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80 80", "٨٠٠٠"])
def test_a_wrong_port_is_named(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(LocalError, match="PORT must be a number from 1 to 65535"):
        chosen_port()


@pytest.mark.parametrize("folder", ["deep/" * 30, "with blank", "with,comma", "ميثاق"])
def test_sockets_move_where_their_path_would_not_do(tmp_path: Path, folder: str) -> None:
    sockets = Layout(tmp_path / folder / "var").sockets
    assert len(f"{sockets}/.s.PGSQL.5432") <= SOCKET_PATH_LIMIT
    assert not sockets.is_relative_to(tmp_path)


def test_without_servers_one_sentence_names_both_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_package_folder", lambda name: None)
    monkeypatch.setattr(binaries, "SYSTEM_POSTGRES", ())
    monkeypatch.setenv("PATH", "/nowhere")
    for find in (binaries.find_postgres, binaries.find_valkey):
        with pytest.raises(LocalError, match="set DATABASE_URL and REDIS_URL to running servers"):
            find()


def test_data_of_another_version_are_named_not_touched() -> None:
    with pytest.raises(LocalError, match="made by PostgreSQL 9"):
        binaries.find_postgres(9)


def test_files_of_a_killed_server_are_no_hindrance(tmp_path: Path) -> None:
    """Also when its process id belongs to another process by now, as after a reboot."""
    layout = Layout(tmp_path / "var")
    layout.create()
    for _ in range(2):
        services = Services(layout, wanted=["DATABASE_URL"], throw_away=True)
        services.start()
        services.stop()
        (layout.data / "postmaster.pid").write_text(f"{os.getpid()}\n{layout.data}\n0\n5432\n{layout.sockets}\n\n")
        (layout.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")


def test_search_by_trigrams_knows_every_script(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "var")
    layout.create()
    services = Services(layout, wanted=["DATABASE_URL"], throw_away=True)
    services.start()
    try:
        link = postgres.connect(layout)
        with link.cursor() as cursor:
            cursor.execute("CREATE EXTENSION pg_trgm")
            for word in ("الإرهاب", "терроризм", "恐怖主义", "terrorism"):
                cursor.execute("SELECT cardinality(show_trgm(%s)), upper('э')", [word])
                trigrams, upper = cursor.fetchone()
                assert trigrams > 3, word
                assert upper == "Э"
        link.close()
    finally:
        services.stop()


def test_restarts_wait_longer_each_time_and_give_up() -> None:
    now = 0.0
    restarts = Restarts(clock=lambda: now)
    pauses = []
    for _ in range(GIVE_UP_AFTER - 1):
        assert restarts.note_death()
        assert restarts.due is not None
        pauses.append(restarts.due - now)
        now = restarts.due
        assert restarts.is_due()
    assert pauses == [1, 2, 4, 8]
    assert not restarts.note_death()


def test_deaths_long_ago_are_forgiven() -> None:
    now = 0.0
    restarts = Restarts(clock=lambda: now)
    for day in range(20):
        now = day * 86400.0
        assert restarts.note_death()


def test_errors_come_out_of_the_logs(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("ERROR from an earlier run\n")
    follower = ErrorFollower({"The web server": log})
    with log.open("a") as file:
        file.write("2026-03-07 INFO fine\nValueError: not fine\n2026-03-07 ERROR half")
    assert follower.new_errors() == ["[The web server] ValueError: not fine"]
    with log.open("a") as file:
        file.write(" a line\n")
    assert follower.new_errors() == ["[The web server] 2026-03-07 ERROR half a line"]
    log.write_text("CRITICAL\n")
    assert follower.new_errors() == ["[The web server] CRITICAL"]


def test_a_lock_keeps_others_out_until_it_is_let_go(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert one.take()
    assert other.is_held_elsewhere()
    assert not other.take(shared=True)
    one.release()
    assert other.take(shared=True) and one.take(shared=True)
    assert not FileLock(tmp_path / "lock").take()


def test_the_greeting_names_people_and_how_to_stop() -> None:
    people = [
        {"email": "a@cted.example", "password": "secret", "organisation": "cted", "role": "assessor"},
        {"email": "b@unodc.example", "password": "secret", "organisation": "unodc", "role": "focal point", "more": 1},
    ]
    lines = banner.greeting("http://localhost:8000", people).splitlines()
    assert "The portal runs at http://localhost:8000" in lines
    assert "  cted   assessor     a@cted.example   secret" in lines
    assert lines[-1] == "Stop it with Ctrl-C."
