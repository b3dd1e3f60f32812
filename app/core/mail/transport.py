"""Ways out of the house: a mail server, or files when none is set."""

import os
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from flask import current_app

from app.core.egress import WayClosed, require_way

from .outbox import MailState
from .render import sender_address

SECONDS_OF_SILENCE = 10
SECONDS_FOR_ONE = 30
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class Undelivered(Exception):
    """A mail stayed here; the sentence names nobody.

    `is_general`: no other mail would have fared better.
    """

    def __init__(self, sentence: str, *, is_general: bool) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_general = is_general


class Transport(Protocol):
    """Something that takes letters."""

    #: What a mail is when it has been taken.
    state: MailState

    def send(self, letter: EmailMessage, *, to: str, name: str) -> None:
        """Hand one letter over. Raises `Undelivered`."""
        ...


@contextmanager
def transport() -> Iterator[Transport]:
    """The way out that is set: a mail server's connection is made when first needed."""
    address: str | None = current_app.config["SMTP_URL"]
    if address is None:
        yield Files(kept_folder())
        return
    server = MailServer(address)
    try:
        yield server
    finally:
        server.leave()


class Files:
    """Letters as `.eml` files that only the site's own user can read."""

    state = MailState.KEPT

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: EmailMessage, *, to: str, name: str) -> None:
        """Write the letter down, whole or not at all."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self.folder / f"{name}.part"
            unfinished.unlink(missing_ok=True)
            with open(
                os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as out:
                out.write(letter.as_bytes())
                out.flush()
                os.fsync(out.fileno())
            unfinished.replace(self.folder / f"{name}.eml")
        except OSError:
            raise Undelivered("The instance folder cannot be written.", is_general=True) from None


class MailServer:
    """One connection to the mail server, used for letter after letter."""

    state = MailState.SENT

    def __init__(self, address: str) -> None:
        self._address = urlsplit(address)
        self._line: smtplib.SMTP | None = None

    def send(self, letter: EmailMessage, *, to: str, name: str) -> None:
        """Hand the letter to the server; done when it has said that it took it."""
        with self._plainly():
            line = self._open_line()
            line.send_message(letter, from_addr=sender_address(), to_addrs=[to])

    def knock(self) -> None:
        """Connect and give our name and password, and send nothing. Raises `Undelivered`."""
        with self._plainly():
            self._open_line()

    def leave(self) -> None:
        """End the connection. What the server took before stays taken, however this ends."""
        if self._line is not None:
            with suppress(smtplib.SMTPException, OSError, ValueError):
                if self._line.sock is not None:
                    self._line.sock.settimeout(1)
                self._line.quit()
            self._line.close()
            self._line = None

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        """Turn every fault of the server and of the line into `Undelivered`."""
        try:
            with self._hurry():
                yield
        except WayClosed as problem:
            raise Undelivered(str(problem), is_general=True) from None
        except smtplib.SMTPException as problem:
            self.leave()
            raise _told(problem) from None
        except ssl.SSLCertVerificationError:
            self.leave()
            raise Undelivered(
                "The mail server's certificate is not valid.", is_general=True
            ) from None
        except (OSError, ValueError):
            self.leave()
            raise Undelivered("The mail server did not answer.", is_general=True) from None

    def _open_line(self) -> smtplib.SMTP:
        """The connection, made anew when the server has hung up since the last letter."""
        if self._line is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._line.noop()[0] == 250:
                    return self._line
            self._line.close()
        host = self._address.hostname or ""
        require_way(host)
        self._line = line = self._new_line()
        # The name to check a certificate by is otherwise learnt only by connecting at once,
        # before there is anything to hang up.
        line._host = host  # type: ignore[attr-defined]
        line.connect(host, self._port)
        if self._address.scheme == "smtp+starttls":
            line.starttls(context=ssl.create_default_context())
        if self._address.username:
            line.login(unquote(self._address.username), unquote(self._address.password or ""))
        return line

    def _new_line(self) -> smtplib.SMTP:
        # Asking the resolver for our own name may take minutes.
        own_name = sender_address().rpartition("@")[2]
        if self._address.scheme == "smtps":
            return smtplib.SMTP_SSL(
                local_hostname=own_name,
                timeout=SECONDS_OF_SILENCE,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(local_hostname=own_name, timeout=SECONDS_OF_SILENCE)

    @property
    def _port(self) -> int:
        return self._address.port or PORTS[self._address.scheme]

    @contextmanager
    def _hurry(self) -> Iterator[None]:
        """Hang up on a server that answers a byte at a time."""
        timer = threading.Timer(SECONDS_FOR_ONE, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _hang_up(self) -> None:
        sock = self._line.sock if self._line is not None else None
        if sock is not None:
            with suppress(OSError):
                # Not the method of a TLS socket, which would take its state from under the reader.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _told(problem: smtplib.SMTPException) -> Undelivered:
    """The reason without the server's own words, which like to repeat the recipient."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in problem.recipients.values()]
        return Undelivered(f"The mail server refused the recipient ({codes[0]}).", is_general=False)
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return Undelivered(
            f"The mail server refused our name and password ({problem.smtp_code}).",
            is_general=True,
        )
    if isinstance(problem, smtplib.SMTPSenderRefused):
        return Undelivered(
            f"The mail server refused our sender ({problem.smtp_code}).", is_general=True
        )
    if isinstance(problem, smtplib.SMTPDataError):
        return Undelivered(
            f"The mail server refused the message ({problem.smtp_code}).", is_general=False
        )
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        return Undelivered("The mail server lacks what this message needs.", is_general=False)
    return Undelivered("The mail server broke off.", is_general=True)


def kept_folder() -> Path:
    """Where letters are kept when no mail server is set."""
    folder: Path = current_app.config["INSTANCE"] / "outbox"
    return folder


def file_name(mail_id: int, written_at: datetime) -> str:
    """The name of a kept letter, without its ending; it tells when, and not to whom."""
    return f"{written_at:%Y%m%d-%H%M%S}-{mail_id:06}"


@dataclass(frozen=True)
class Letter:
    """A kept letter as its reader sees it."""

    subject: str
    text: str


def read_letter(file: Path) -> Letter | None:
    """A kept letter; `None` when its file is gone."""
    try:
        letter = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    except OSError:
        return None
    body = letter.get_body(("plain",))
    return Letter(str(letter["Subject"]), body.get_content() if body else "")
