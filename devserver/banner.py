"""The last lines printed at a start: the address, who can sign in, how to stop."""

import json
import subprocess
import sys
from typing import Any

from devserver.layout import PROJECT
from devserver.privileges import tied

COLUMNS = ("organisation", "role", "email", "password")


def ask_for_people(environment: dict[str, str]) -> "subprocess.Popen[str]":
    """Start `./manage.py demo_people --json` as a background process."""
    return subprocess.Popen(
        tied([sys.executable, str(PROJECT / "manage.py"), "demo_people", "--json"], "TERM"),
        env=environment,
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def read_people(asked: "subprocess.Popen[str]") -> list[dict[str, Any]]:
    """Return the demonstration users; empty if there are none, or no such command."""
    output, _nothing = asked.communicate(timeout=60)
    if asked.returncode != 0:
        return []
    try:
        people = json.loads(output)
    except ValueError:
        return []
    return [person for person in people if isinstance(person, dict)] if isinstance(people, list) else []


def greeting(address: str, people: list[dict[str, Any]]) -> str:
    """Return the lines to print."""
    lines = ["", f"The portal runs at {address}", ""]
    if people:
        lines += ["Demonstration people:", *_table(people), ""]
    lines.append("Stop it with Ctrl-C.")
    return "\n".join(lines)


def _table(people: list[dict[str, Any]]) -> list[str]:
    """Return one line for each user, in aligned columns."""
    rows = [[_text(person.get(column)) for column in COLUMNS] for person in people]
    widths = [max(len(row[place]) for row in rows) for place in range(len(COLUMNS))]
    return [
        "  " + "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
