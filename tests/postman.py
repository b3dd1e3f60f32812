"""A mail server on loopback that behaves as badly as a test asks."""

import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "postman.example.org"
#: What a server on loopback is called by those who check its certificate.
HOST = "localhost"


def certificate(folder: Path) -> Path:
    """A certificate for this machine and its key, in one file, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "postman.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


class Postman(socketserver.ThreadingTCPServer):
    """Takes letters, and keeps each it said yes to or pretended to lose."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self, *, way: str | None = None, scheme: str = "smtp", tls: Path | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.way = way
        self.scheme = scheme
        self.tls: ssl.SSLContext | None = None
        if tls is not None:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(tls)
        self.words: list[str] = []
        self.taken: list[EmailMessage] = []
        self.calls = 0

    @property
    def address(self) -> str:
        """What to set as the mail server."""
        host = "127.0.0.1" if self.tls is None else HOST
        return f"{self.scheme}://{host}:{self.server_address[1]}"

    def with_login(self, user: str, word: str) -> str:
        """The same, signing in."""
        return self.address.replace("://", f"://{user}:{word}@")

    def handle_error(self, _request: Any, _client: Any) -> None:
        """A caller who hangs up, or trusts no certificate, is no fault of the test."""


class _Talk(socketserver.StreamRequestHandler):
    server: Postman

    def handle(self) -> None:
        self.server.calls += 1
        if self.server.scheme == "smtps":
            self.encrypt()
        self.say(f"220 {NAME}")
        while line := self.rfile.readline(2_000):
            self.server.words.append(line.decode().strip())
            verb = line.decode().split(" ")[0].strip().upper()
            if verb == "STARTTLS":
                self.say("220 go on")
                self.encrypt()
                continue
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "DATA":
                if not self.take():
                    return
                continue
            if not self.answer(verb):
                return

    def finish(self) -> None:
        super().finish()
        self.connection.close()

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
        elif verb == "EHLO":
            self.say(f"250-{NAME}")
            if self.server.scheme == "smtp+starttls" and not isinstance(
                self.connection, ssl.SSLSocket
            ):
                self.say("250-STARTTLS")
            self.say("250 AUTH PLAIN")
        elif verb == "AUTH":
            self.say("535 no" if way == "knows nobody" else "235 welcome")
        elif verb in ("HELO", "MAIL", "RCPT", "NOOP", "RSET"):
            self.say("250 fine")
        else:
            self.say("502 what?")
        return True

    def encrypt(self) -> None:
        assert self.server.tls is not None
        self.connection = self.request = self.server.tls.wrap_socket(
            self.connection, server_side=True
        )
        self.rfile = self.connection.makefile("rb")
        self.wfile = socketserver._SocketWriter(self.connection)  # type: ignore[attr-defined]

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
def postman(way: str | None = None, **more: Any) -> Iterator[Postman]:
    """A mail server at work.

    Its ways: None, or "refuses", "greylists", "drops", "takes and drops", "trickles",
    "hangs up after each", "knows nobody".
    """
    with Postman(way=way, **more) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
