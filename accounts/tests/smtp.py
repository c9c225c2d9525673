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
        carried = 0
        self.say(b"220 sink")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"MAIL" and carried == self.server.most:
                self.say(b"421 too many mails in this connection")
                return
            if verb == b"RCPT" and (self.server.refuse or self.server.refuse_to in line):
                self.say(b"550 nobody here")
                continue
            self.say(self.answers.get(verb, b"250 sink"))
            if verb == b"QUIT" or (verb == b"DATA" and not self.take()):
                return
            carried += verb == b"DATA"
            if carried == self.server.closes_after:
                return

    def take(self) -> bool:
        """Store a mail and return True; False where the connection is lost before its end."""
        lines = []
        for line in self.rfile:
            if self.server.lose:
                self.server.lose = False
                return False
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b"."))
        else:
            return False
        with self.server.lock:
            self.server.kept.append(b"".join(lines))
            stalls = len(self.server.kept) <= self.server.stalls
        self.server.arrived.release()
        if stalls:
            self.server.closing.wait(60)  # the mail is stored, but its sender gets no answer
        self.say(b"250 kept")
        return True


class Sink(socketserver.ThreadingTCPServer):
    """Use as a context manager; for the first `stalls` mails the sender gets no answer.

    It refuses all recipients, or those of an address. After so many mails a connection is closed, with the next answer
    (`most`) or without any (`closes_after`). While `lose` is set, the next mail is lost with its connection.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(
        self, *, stalls: int = 0, refuse: bool = False, refuse_to: str = "nobody@", most: int = 0, closes_after: int = 0
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.stalls, self.refuse, self.refuse_to, self.connections = stalls, refuse, refuse_to.encode(), 0
        self.most, self.closes_after, self.lose = most or -1, closes_after or -1, False
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
