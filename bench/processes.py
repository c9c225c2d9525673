"""CPU time and memory of processes, read from /proc (Linux); elsewhere nothing is known."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
BACKEND = "[local]"  # in the title of a process of PostgreSQL that serves a client


def children_of(pid: int) -> list[int]:
    """Return the processes that this process started and that still run."""
    with contextlib.suppress(OSError):
        return [int(each) for each in (PROC / f"{pid}/task/{pid}/children").read_text().split()]
    return []


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that the threads of a process have used so far; 0 for one that has ended."""
    return sum(_of_thread(task) for task in _tasks(pid))


def _tasks(pid: int) -> list[Path]:
    with contextlib.suppress(OSError):
        return list((PROC / f"{pid}/task").iterdir())
    return []


def _of_thread(task: Path) -> float:
    """Return nanoseconds where the kernel keeps them, else ticks."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int((task / "schedstat").read_text().split()[0]) / 1e9
    with contextlib.suppress(OSError, IndexError, ValueError):
        fields = (task / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def memory(pid: int) -> int:
    """Return the resident memory of a process in bytes; 0 for one that has ended."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int((PROC / f"{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def backends(server: int) -> Iterator[int]:
    """Yield the processes of a PostgreSQL server that serve clients."""
    for pid in children_of(server):
        with contextlib.suppress(OSError):
            if BACKEND in (PROC / f"{pid}/cmdline").read_text():
                yield pid


class Meter:
    """The CPU time that some processes use between `start` and `stop`; processes that begin or end are left out."""

    def __init__(self, pids: Iterator[int] | list[int]) -> None:
        self.before = {pid: cpu_seconds(pid) for pid in pids}

    def stop(self) -> float:
        """Return the seconds used since."""
        return sum(max(0.0, cpu_seconds(pid) - used) for pid, used in self.before.items())
