"""Measures reads: all servers in turn, operation by operation, in several rounds, so that a busy moment hits all alike."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bench.client import Answer, Connection
from bench.figures import of_rounds, percentile
from bench.operations import Operation, compare
from bench.processes import Meter, backends
from bench.servers import PORTAL, Server
from bench.site.counting import ASKED, TOLD

MOST, LEAST = 20, 2  # requests of one operation to one server in a round


@dataclass
class Cell:
    """What was measured of one operation on one server."""

    rounds: list[list[float]] = field(default_factory=list)
    web: float = 0.0
    database: float = 0.0
    statements: int | None = None
    size: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the figures in milliseconds for each request."""
        times = [one for each in self.rounds for one in each]
        return {
            "p50": round(1000 * of_rounds(self.rounds), 2),
            "p95": round(1000 * percentile(times, 0.95), 2),
            "web_cpu": round(1000 * self.web / len(times), 2),
            "database_cpu": round(1000 * self.database / len(times), 2),
            "statements": self.statements,
            "bytes": self.size,
            "requests": len(times),
        }


class Reads:
    """Runs operations on servers and keeps what was measured, by operation, reader and server."""

    def __init__(self, servers: dict[str, Server], database: int, say: Callable[[str], None]) -> None:
        self.servers, self.database, self.say = servers, database, say
        self.cells: dict[tuple[str, str, str], Cell] = {}
        self.rows: dict[tuple[str, str], int] = {}

    def check(self, operations: Iterable[Operation]) -> list[Operation]:
        """Ask every server once, compare the rows and count statements; return the operations. Raises Differs."""
        checked = []
        for operation in operations:
            answers = {name: self._asked_once(name, raw) for name, raw in self._of(operation).items()}
            self.rows[operation.name, operation.reader] = compare(operation, answers)
            for name, answer in answers.items():
                cell = self.cells.setdefault((operation.name, operation.reader, name), Cell())
                cell.size = len(answer.body)
                cell.statements = int(answer.headers[TOLD.lower()]) if TOLD.lower() in answer.headers else None
            checked.append(operation)
        return checked

    def _of(self, operation: Operation) -> dict[str, bytes]:
        return {name: raw for name, raw in operation.requests.items() if name in self.servers}

    def _asked_once(self, name: str, raw: bytes) -> Answer:
        with Connection(self.servers[name].port) as connection:
            return connection.send(raw.replace(b"\r\n\r\n", f"\r\n{ASKED}: 1\r\n\r\n".encode()))

    def measure(self, operations: list[Operation], rounds: int, seconds: float) -> None:
        """Run the operations in so many rounds, each on each server for so many seconds or `MOST` requests."""
        begun = time.monotonic()
        for number in range(rounds):
            for operation in operations:
                for name, raw in self._of(operation).items():
                    self._batch(self.cells[operation.name, operation.reader, name], self.servers[name], raw, seconds)
            self.say(f"  round {number + 1} of {rounds}: {time.monotonic() - begun:.0f} s")

    def _batch(self, cell: Cell, server: Server, raw: bytes, seconds: float) -> None:
        web, database = Meter(server.workers()), Meter(backends(self.database))
        with Connection(server.port) as connection:
            until, times = time.monotonic() + seconds, [connection.send(raw).seconds]
            while len(times) < LEAST or (len(times) < MOST and time.monotonic() < until):
                times.append(connection.send(raw).seconds)
        cell.rounds.append(times)
        cell.web += web.stop()
        cell.database += database.stop()

    def as_json(self) -> dict[str, Any]:
        """Return the figures: operation → reader → server → figures, and under `rows` how many rows were shown."""
        found: dict[str, Any] = {}
        for (operation, reader, server), cell in self.cells.items():
            if cell.rounds:
                place = found.setdefault(operation, {}).setdefault(reader, {"rows": self.rows[operation, reader]})
                place[server] = cell.as_json()
        return found


def spread(servers: dict[str, Server], operations: list[Operation], rounds: int) -> dict[str, dict[str, float]]:
    """Return for each server how the same read differs between people: percentiles over the median of each person."""
    times: dict[str, dict[str, list[float]]] = {name: {} for name in servers}
    for _round in range(rounds):
        for name, server in servers.items():
            with Connection(server.port) as connection:
                for operation in operations:
                    seconds = connection.send(operation.requests[name]).seconds
                    times[name].setdefault(operation.reader, []).append(seconds)
    found = {}
    for name, each in times.items():
        people = [1000 * statistics.median(own) for own in each.values()]
        middle = percentile(people, 0.5)
        found[name] = {
            "people": len(people),
            "p50": round(middle, 2),
            "p95_to_p50": round(percentile(people, 0.95) / middle, 2),
            "slowest_to_p50": round(max(people) / middle, 2),
        }
    return found


def warm(servers: Iterable[Server], operation: Operation) -> None:
    """Have every thread of every server answer once, so that no measured request opens a connection to the database."""
    for server in servers:
        raw = operation.requests.get(server.name, operation.requests[PORTAL])
        kept = [Connection(server.port) for _each in range(16)]
        for connection in kept:
            connection.link.sendall(raw)
        for connection in kept:
            connection.link.recv(1)
            connection.link.close()
