"""Copies errors from the logs of child processes to the terminal."""

import re
from pathlib import Path

LOUD = re.compile(r"\b(ERROR|CRITICAL|FATAL|PANIC)\b|^[\w.]*(Error|Exception)\b")


class ErrorFollower:
    """Reads what is added to some logs and selects the lines that report an error."""

    def __init__(self, logs: dict[str, Path]) -> None:
        self.logs = logs
        self.seen = {title: _size(log) for title, log in logs.items()}

    def new_errors(self) -> list[str]:
        """Return lines added since the last call that report an error, each with the name of the process."""
        return [
            f"[{title}] {line}"
            for title, log in self.logs.items()
            for line in self._added(title, log)
            if LOUD.search(line)
        ]

    def _added(self, title: str, log: Path) -> list[str]:
        """Return complete lines added to one log; a partial last line waits for the next call."""
        if _size(log) < self.seen[title]:
            self.seen[title] = 0  # the log was replaced by a new one
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
