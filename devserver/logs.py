"""Brings errors out of the children's logs to the terminal, where somebody sees them."""

import re
from pathlib import Path

LOUD = re.compile(r"\b(ERROR|CRITICAL|FATAL|PANIC)\b|^[\w.]*(Error|Exception)\b")


class ErrorFollower:
    """Reads what is added to some logs and picks the lines that report an error."""

    def __init__(self, logs: dict[str, Path]) -> None:
        self.logs = logs
        self.seen = {title: _size(log) for title, log in logs.items()}

    def new_errors(self) -> list[str]:
        """Lines added since the last call that report an error, each with the name of the process."""
        return [
            f"[{title}] {line}"
            for title, log in self.logs.items()
            for line in self._added(title, log)
            if LOUD.search(line)
        ]

    def _added(self, title: str, log: Path) -> list[str]:
        """Whole lines added to one log; the start of a line that is still being written waits for the next call."""
        if _size(log) < self.seen[title]:
            self.seen[title] = 0  # a new log took its place
        if _size(log) == self.seen[title]:
            return []
        with log.open("rb") as file:
            file.seek(self.seen[title])
            whole, newline, _rest = file.read().rpartition(b"\n")
        self.seen[title] += len(whole) + len(newline)
        return whole.decode(errors="replace").splitlines()


def _size(log: Path) -> int:
    try:
        return log.stat().st_size
    except FileNotFoundError:
        return 0
