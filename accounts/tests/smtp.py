"""A small real mail server on the loopback interface: it stores the mails it gets, and can stall or refuse."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, ClassVar


class _Session(socketserver.StreamRequestHandler):
    server: "Sink"
    answers: ClassVar[dict[bytes, bytes]] = {b"DATA": b"354 go on", b"QUIT": b"221 bye"}

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def handle(self) -> None:
        self.server.connections += 1
        self.say(b"220 sink")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"RCPT" and self.server.refuse:
                self.say(b"550 nobody here")
                continue
            self.say(self.answers.get(verb, b"250 sink"))
            if verb == b"DATA":
                self.take()
            elif verb == b"QUIT":
                return

    def take(self) -> None:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b"."))
        else:
            return
        with self.server.lock:
            self.server.kept.append(b"".join(lines))
            stalls = len(self.server.kept) <= self.server.stalls
        self.server.arrived.release()
        if stalls:
            self.server.closing.wait(60)  # the mail is stored, but its sender gets no answer
        self.say(b"250 kept")


class Sink(socketserver.ThreadingTCPServer):
    """Use as a context manager; for the first `stalls` mails the sender gets no answer."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, *, stalls: int = 0, refuse: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.stalls, self.refuse, self.connections = stalls, refuse, 0
        self.kept: list[bytes] = []
        self.lock, self.arrived, self.closing = threading.Lock(), threading.Semaphore(0), threading.Event()

    def __enter__(self) -> "Sink":
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: Any) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: senders are killed here on purpose."""

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def mails(self) -> list[EmailMessage]:
        with self.lock:
            return [message_from_bytes(raw, policy=policy.default) for raw in self.kept]
