"""A client that costs little itself: requests on one kept connection, timed to the last byte of the answer."""

import socket
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

TIMEOUT = 120.0
CHUNK = 1 << 18


class Unanswered(Exception):
    """Raised when the server closed the connection, or sent what is no answer of known length."""


@dataclass(frozen=True)
class Answer:
    """A response: its status, headers by lower-case name, and body; and the seconds from sending to the last byte."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


def request(path: str, headers: dict[str, str] | None = None) -> bytes:
    """Return the bytes of a GET request."""
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Accept-Language: en"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Connection:
    """A connection to a port of this machine; use it as a context manager."""

    def __init__(self, port: int) -> None:
        self.link = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.link.close()

    def send(self, raw: bytes) -> Answer:
        """Send a request and return its answer. Raises Unanswered, OSError."""
        begun = time.perf_counter()
        self.link.sendall(raw)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _blank, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
        if "content-length" not in headers:
            raise Unanswered(f"The answer has no length: {first}")
        parts, missing = [body], int(headers["content-length"]) - len(body)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        seconds = time.perf_counter() - begun
        return Answer(int(first.split()[1]), headers, b"".join(parts), seconds)

    def _more(self) -> bytes:
        received = self.link.recv(CHUNK)
        if not received:
            raise Unanswered("The server closed the connection.")
        return received


def get(port: int, path: str, headers: dict[str, str] | None = None) -> Answer:
    """Return the answer to one request on a connection of its own."""
    with Connection(port) as connection:
        return connection.send(request(path, headers))
