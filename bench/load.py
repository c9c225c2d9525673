"""Mixed load: eight connections at once, each asking for lists, filters, single needs and searches of people in turn."""

import itertools
import statistics
import threading
import time
from collections.abc import Sequence

from bench.client import Connection
from bench.operations import Operation
from bench.servers import Server

CONNECTIONS = 8


def requests_per_second(server: Server, operations: Sequence[Operation], seconds: float) -> float:
    """Return how many requests of the mix a server answers in a second."""
    turns, answered, lock = itertools.cycle(operations), [0] * CONNECTIONS, threading.Lock()
    until = time.monotonic() + seconds

    def work(number: int) -> None:
        with Connection(server.port) as connection:
            while time.monotonic() < until:
                with lock:
                    operation = next(turns)
                connection.send(operation.requests[server.name])
                answered[number] += 1

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(CONNECTIONS)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(answered) / (time.monotonic() - begun)


def mixed(servers: Sequence[Server], operations: Sequence[Operation], rounds: int, seconds: float) -> dict[str, float]:
    """Return the requests a second of each server, the median of interleaved rounds."""
    found: dict[str, list[float]] = {server.name: [] for server in servers}
    for _round in range(rounds):
        for server in servers:
            found[server.name].append(requests_per_second(server, operations, seconds))
    return {name: round(statistics.median(each), 1) for name, each in found.items()}


def mix(lists: Sequence[Operation], seconds: Sequence[Operation], others: Sequence[Operation]) -> list[Operation]:
    """Return the mix: of ten requests five first pages and one second page of different people, four others."""
    found: list[Operation] = []
    far, rest = itertools.cycle(seconds or lists), itertools.cycle(others)
    for number, operation in enumerate(lists):
        found.append(operation)
        if number % 5 == 4:
            found.append(next(far))
            found += [next(rest) for _each in range(4)]
    return found
