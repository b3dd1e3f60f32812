"""The outbox: mail written down in the transaction of what it tells about.

Either both are kept or neither is. Recipient and words are sealed; the words are
forgotten as soon as the mail is sent, and the rest of the row some days later.
"""

import enum
import uuid
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from email_validator import validate_email
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime, transaction
from app.core.privacy import (
    NOBODY,
    Sealed,
    Unsealed,
    by_email,
    lookup_of,
    not_personal,
    personal,
    reseal_into,
    seal,
    uid_column,
)

from .render import render, sender_address

PATIENCE = timedelta(days=5)


class MailState(enum.StrEnum):
    """Where a mail is on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    #: Written to a file, because no mail server is set.
    KEPT = "kept"
    GIVEN_UP = "given_up"


class OutgoingMail(Model):
    """One mail to one person. The database alone tells neither who nor what."""

    __tablename__ = "outbox"
    __belongs__ = by_email("recipient", is_passing=True)
    __table_args__ = (
        sa.Index("ix_outbox_state_due_at", "state", "due_at"),
        sa.Index("ix_outbox_finished_at", "finished_at"),
    )

    uid: Mapped[uuid.UUID] = uid_column()
    template: Mapped[str] = not_personal("name of a template", sa.String(80))
    message_id: Mapped[str] = not_personal("random", sa.String(300), unique=True)
    state: Mapped[MailState] = not_personal(
        "where it is on its way",
        sa.Enum(
            MailState,
            native_enum=False,
            length=16,
            values_callable=lambda states: [state.value for state in states],
        ),
        default=MailState.WAITING,
    )
    gives_way: Mapped[bool] = not_personal("whether somebody waits for it", default=False)
    recipient: Mapped[Sealed | None] = personal(
        "email",
        why="the mail reaches its reader",
        opens_for=NOBODY,
        keep="KEEP_MAIL_DAYS",
        seal="outbox.recipient",
        subject="recipient",
        basis="6(1)(b)",
        clock="finished_at",
        on_expiry="delete_row",
        on_erasure="delete_row",
        uses=("mail",),
    )
    recipient_lookup: Mapped[bytes | None] = lookup_of("recipient")
    words: Mapped[Sealed | None] = personal(
        "content",
        why="the mail can be sent again when the mail server was away",
        opens_for=NOBODY,
        keep="KEEP_MAIL_DAYS",
        seal="outbox.words",
        subject="recipient",
        basis="6(1)(b)",
        clock="finished_at",
        on_expiry="delete_row",
        on_erasure="delete_row",
        withheld="it is on its way to you",
        uses=("mail",),
    )
    created_at: Mapped[datetime] = not_personal("when it was written", UtcDateTime)
    due_at: Mapped[datetime] = not_personal("when it is tried next", UtcDateTime)
    expires_at: Mapped[datetime] = not_personal("when trying ends", UtcDateTime)
    claimed_at: Mapped[datetime | None] = not_personal("when a worker took it", UtcDateTime)
    finished_at: Mapped[datetime | None] = not_personal("when its way ended", UtcDateTime)
    attempts: Mapped[int] = not_personal("how often it was tried", default=0)
    problem: Mapped[str | None] = not_personal("a sentence of ours", sa.String(120))

    def finish(self, state: MailState, at: datetime) -> None:
        """The mail is out of the house; nobody needs its words any more."""
        self.state = state
        self.finished_at = at
        self.problem = None
        self.words = None

    def wait(self, until: datetime, problem: str | None) -> None:
        """Try again later; the reason is for the administrator to read."""
        self.state = MailState.WAITING
        self.due_at = until
        self.problem = problem

    def give_up(self, at: datetime, problem: str) -> None:
        """Stop trying. The words stay a while, for somebody who mends the cause."""
        self.state = MailState.GIVEN_UP
        self.finished_at = at
        self.problem = problem

    def begin_again(self, at: datetime) -> None:
        """Try as if the mail were new; what is out of the house stays there."""
        if self.state in (MailState.WAITING, MailState.GIVEN_UP) and self.words is not None:
            self.wait(at, None)
            self.finished_at = None
            self.attempts = 0
            self.expires_at = at + PATIENCE


def enqueue(
    template: str,
    *,
    to: str | tuple[Any, str],
    unsubscribe: str | None = None,
    gives_way: bool = False,
    **facts: Any,
) -> None:
    """Write a mail down; it is sent after the caller's transaction, and only if that holds.

    `to` is an address just typed, or a row and the name of its sealed attribute, which
    then never leaves the vault; when that is empty, there is nobody to write to. A mail
    that `gives_way` goes after those that somebody waits for, and leaves room for them
    under the site's ceiling. Facts
    must not hold anybody else's email or address: a sealed one raises `TypeError`.
    Raises `ValueError` for what is no address.
    """
    hidden = [name for name, fact in facts.items() if isinstance(fact, Sealed | Unsealed)]
    if hidden:
        raise TypeError(f"{hidden[0]} is sealed and has no place in a mail")
    if not isinstance(to, str) and getattr(*to) is None:
        return
    words = render(template, facts, unsubscribe=unsubscribe)
    at = clock.now()
    host = sender_address().rpartition("@")[2]
    mail = OutgoingMail(
        template=template,
        gives_way=gives_way,
        message_id=f"<{uuid.uuid4().hex}@{host}>",
        recipient=seal(_deliverable(to)) if isinstance(to, str) else None,
        words=seal(words.to_json()),
        created_at=at,
        due_at=at,
        expires_at=at + PATIENCE,
    )
    if not isinstance(to, str):
        reseal_into(*to, mail, "recipient", purpose="mail")
    with transaction() as session:
        session.add(mail)


def _deliverable(address: str) -> str:
    checked = validate_email(address, check_deliverability=False, test_environment=True)
    return checked.ascii_email or checked.normalized
