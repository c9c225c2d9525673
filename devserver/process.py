"""One child process: ends with this one, logs to a file, stops with its process group, is recognised after a crash."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from devserver.layout import PROJECT

LOG_LIMIT = 10 * 1024 * 1024
ORPHAN_SECONDS = 8.0


@dataclass
class Child:
    """A program to run: its full command, and the signal that stops it."""

    name: str
    title: str
    command: list[str]
    log: Path
    environment: dict[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it in its own session, so that Ctrl-C reaches only this process, which stops the children in order."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id; 0 if it was never started."""
        return self.process.pid if self.process else 0

    def is_running(self) -> bool:
        """Return whether it is running; stores its exit code if not."""
        return self.process is not None and self.process.poll() is None

    def tell_to_stop(self) -> None:
        """Send the signal to stop, without waiting."""
        if self.process and self.is_running():
            self.process.send_signal(self.stop_signal)

    def wait_until_gone(self, seconds: float) -> None:
        """Wait for its end, at most so many seconds, then kill what is left of its process group."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            end_group(self.pid)
            self.process.wait()
        end_group(self.pid)

    def last_lines(self, count: int = 15) -> str:
        """Return the last lines of its log."""
        return tail(self.log, count)


def tail(log: Path, count: int) -> str:
    """Return the last lines of a file; empty when it cannot be read."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""


def end_group(pid: int) -> None:
    """Kill a child and everything it started; does nothing when all are gone or it was never started."""
    if not pid:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says "permission" for a group of zombies
        os.killpg(pid, signal.SIGKILL)


def identity(pid: int) -> str | None:
    """Return when a process was started, which distinguishes it from a later one with the same id; None without one."""
    try:
        # Field 22; the name in brackets before it may contain blanks and brackets itself.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if fields[0] == "Z" else fields[19]
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return None
    except (ProcessLookupError, PermissionError):
        return None
    answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def end_orphans(noted: dict[str, str]) -> None:
    """Kill surviving children of a supervisor that was killed; `noted` maps process ids to identities."""
    living = {int(pid): known for pid, known in noted.items() if identity(int(pid)) == known}
    for pid in living:
        os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + ORPHAN_SECONDS
    while any(identity(pid) == known for pid, known in living.items()) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in living:
        end_group(pid)
