"""A mail server on loopback that behaves as badly as a test asks."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

#: What the server may do wrong.
WAYS = ("refuses", "greylists", "drops", "takes and drops", "trickles")


class Postman(socketserver.ThreadingTCPServer):
    """Takes letters, and keeps each it said yes to or pretended to lose."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, *, way: str | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.way = way
        self.taken: list[EmailMessage] = []
        self.calls = 0

    @property
    def address(self) -> str:
        """What to set as the mail server."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: Postman

    def handle(self) -> None:
        self.server.calls += 1
        self.say("220 postman.example.org")
        while line := self.rfile.readline(2_000):
            verb = line.decode().split(" ")[0].strip().upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "DATA":
                if not self.take():
                    return
                continue
            if not self.answer(verb):
                return

    def answer(self, verb: str) -> bool:
        """Say what comes next; false to hang up."""
        way = self.server.way
        if way == "drops" and verb == "MAIL":
            return False
        if way == "trickles" and verb == "MAIL":
            for _ in range(1_000):
                self.wfile.write(b"2")
                time.sleep(0.02)
        if verb == "RCPT" and way == "refuses":
            self.say("550 no such user ada@example.org here")
        elif verb == "RCPT" and way == "greylists":
            self.say("451 come back later")
        elif verb in ("EHLO", "HELO", "MAIL", "RCPT", "NOOP", "RSET"):
            self.say("250 fine")
        else:
            self.say("502 what?")
        return True

    def take(self) -> bool:
        self.say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline(2_000)) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        letter: Any = BytesParser(policy=policy.default).parsebytes(b"".join(lines))
        self.server.taken.append(letter)
        if self.server.way == "takes and drops":
            return False
        self.say("250 taken")
        return self.server.way != "hangs up after each"

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@contextmanager
def postman(way: str | None = None) -> Iterator[Postman]:
    """A mail server at work."""
    with Postman(way=way) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
