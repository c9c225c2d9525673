"""One child process: started tied to us, logged to a file, stopped with its whole group, recognised again after a crash."""

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
    """A program we run: its full command, and how it wants to be told to stop."""

    name: str
    title: str
    command: list[str]
    log: Path
    environment: dict[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C in the terminal reaches only us and we stop things in order."""
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
        """Its process id; 0 while it was never started."""
        return self.process.pid if self.process else 0

    def is_running(self) -> bool:
        """Whether it lives; collects its exit code if not."""
        return self.process is not None and self.process.poll() is None

    def tell_to_stop(self) -> None:
        """Ask it to end; does not wait."""
        if self.process and self.is_running():
            self.process.send_signal(self.stop_signal)

    def wait_until_gone(self, seconds: float) -> None:
        """Wait for its end, at most so long, then end what is left of its group by force."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            end_group(self.pid)
            self.process.wait()
        end_group(self.pid)

    def last_lines(self, count: int = 15) -> str:
        """The end of its log."""
        return tail(self.log, count)


def tail(log: Path, count: int) -> str:
    """The last lines of a file; empty when it cannot be read."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""


def end_group(pid: int) -> None:
    """End a child and everything it started, by force; harmless when all are gone or it was never started."""
    if not pid:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says "permission" for a group of zombies
        os.killpg(pid, signal.SIGKILL)


def identity(pid: int) -> str | None:
    """When a process was started: with its id, that tells it from a later one with the same id. None: there is none."""
    try:
        # Field 22; the name in brackets before it may hold blanks and brackets itself.
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
    """End the children of a supervisor that was killed, if any outlived it: `noted` maps process ids to identities."""
    living = {int(pid): known for pid, known in noted.items() if identity(int(pid)) == known}
    for pid in living:
        os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + ORPHAN_SECONDS
    while any(identity(pid) == known for pid, known in living.items()) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in living:
        end_group(pid)
