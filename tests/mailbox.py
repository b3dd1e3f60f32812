"""The mail a test's app has sent, read from where it keeps it when no mail server is set."""

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from flask import Flask

from app.core.mail import kept_folder, send_due

LINK = re.compile(r"https?://\S+")


class Mailbox:
    """The messages sent so far, oldest first; what waits is sent when one looks."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def all(self) -> list[EmailMessage]:
        """Every message."""
        with self.app.app_context():
            send_due()
            files = sorted(kept_folder().glob("*.eml"))
        return [_read(file) for file in files]

    def __iter__(self) -> Iterator[EmailMessage]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def __getitem__(self, number: int) -> EmailMessage:
        return self.all()[number]

    def to(self, address: str) -> list[EmailMessage]:
        """The messages to one address."""
        return [letter for letter in self if letter["To"] == address]


def _read(file: Path) -> EmailMessage:
    letter = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    assert isinstance(letter, EmailMessage)
    return letter


def text_of(letter: EmailMessage) -> str:
    """The plain part of a message."""
    part = letter.get_body(("plain",))
    assert part is not None
    return part.get_content()


def html_of(letter: EmailMessage) -> str:
    """The HTML part of a message."""
    part = letter.get_body(("html",))
    assert part is not None
    return part.get_content()


def links_in(letter: EmailMessage) -> list[str]:
    """The addresses a message shows, in its order."""
    return LINK.findall(text_of(letter))
