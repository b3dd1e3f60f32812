"""What somebody wrote to the site: private, and for good unless they say otherwise."""

import enum
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime
from app.core.privacy import (
    BLOG_ADMINS,
    BLOG_TEAM,
    SUBJECT,
    Sealed,
    by_email,
    lookup_of,
    near_of,
    not_personal,
    personal,
    uid_column,
)

LONGEST_NAME = 80
LONGEST_EMAIL = 254
LONGEST_TEXT = 5_000

_INTEREST = "being told what is good, bad and missing, and answering it"


class Kind(enum.StrEnum):
    """What it is. The first four can become public; a message is for the site alone."""

    PRAISE = "praise"
    PROBLEM = "problem"
    IDEA = "idea"
    QUESTION = "question"
    MESSAGE = "message"


class Channel(enum.StrEnum):
    """The way it came."""

    FORM = "form"
    CONTACT = "contact"
    SUPPORT = "support"


class State(enum.StrEnum):
    """Where it stands with the moderators. None of these is public: a card is, and needs more."""

    HELD = "held"
    OPEN = "open"
    DECLINED = "declined"
    SPAM = "spam"
    REMOVED = "removed"


def word(kind: type[enum.StrEnum]) -> sa.Enum:
    """A column that holds one of the words of an enumeration, as plain text."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=16,
        values_callable=lambda kind: [each.value for each in kind],
    )


def _kept(kind: str, type_: Any, why: str, **more: Any) -> Any:
    """A column that goes with its row, a while after the last thing that happened."""
    terms: dict[str, Any] = {
        "opens_for": BLOG_TEAM,
        "place": "the site's feedback",
        "keep": "KEEP_FEEDBACK_DAYS",
        "clock": "quiet_from",
        "since": "after the last thing that happened with it",
        "subject": "sender",
        "interest": _INTEREST,
        "on_expiry": "delete_row",
        "on_erasure": "tombstone",
    }
    return personal(kind, why=why, type_=type_, **terms | more)


class Feedback(Model):
    """One thing that somebody told the site.

    The people of the feedback room read its words; email and address are sealed at once and
    open only for the room's administrators. What is public of it is a `Card`.
    """

    __tablename__ = "feedback"
    __belongs__ = by_email("sender_email")
    __table_args__ = (
        Index("ix_feedback_queue", "blog_id", "state", "created_at", "id"),
        Index("ix_feedback_sender", "sender_email_lookup", "blog_id", "state", "created_at"),
        Index("ix_feedback_address", "sender_ip_lookup", "blog_id", "state", "created_at"),
        Index("ix_feedback_near", "sender_ip_near", "blog_id", "state", "created_at"),
        # A number in an address stays with its item for good.
        {"sqlite_autoincrement": True},
    )

    uid: Mapped[uuid.UUID] = uid_column()
    blog_id: Mapped[int] = not_personal("the feedback room", ForeignKey("blogs.id"))
    created_at: Mapped[datetime] = _kept(
        "time", UtcDateTime, "it can be answered in its turn", default=clock.now
    )
    kind: Mapped[Kind] = not_personal("praise, a problem, an idea or a question", word(Kind))
    channel: Mapped[Channel] = not_personal(
        "which way it came", word(Channel), default=Channel.FORM
    )
    state: Mapped[State] = not_personal("where it stands", word(State), default=State.HELD)
    revision: Mapped[int] = not_personal("tells two moderators apart", default=0)
    #: Contact and words go `KEEP_FEEDBACK_DAYS` after this; while a card may be public, this is
    #: the end of its grant. What was taken back has none: there is nothing left to go.
    quiet_from: Mapped[datetime | None] = not_personal(
        "the last thing that happened", UtcDateTime, default=clock.now, index=True
    )

    text: Mapped[str] = _kept("content", sa.Text, "we learn what you think")
    html: Mapped[str] = _kept("content", sa.Text, "we learn what you think", source="derived")
    html_version: Mapped[int] = not_personal("the renderer that made the HTML")
    sender_name: Mapped[str | None] = _kept(
        "name", sa.String(LONGEST_NAME), "we know how to address you", on_erasure="null"
    )
    sender_email: Mapped[Sealed | None] = _kept(
        "email",
        None,
        "we can answer, and ask before anything is public",
        opens_for=BLOG_ADMINS,
        seal="feedback.email",
        uses=("mail", "trust", "ban"),
        on_expiry="null",
        on_erasure="null",
    )
    sender_email_lookup: Mapped[bytes | None] = lookup_of("sender_email", index=False)
    sender_ip: Mapped[Sealed | None] = _kept(
        "ip",
        None,
        "abuse can be stopped",
        opens_for=BLOG_ADMINS,
        keep="KEEP_COMMENT_IP_DAYS",
        clock="created_at",
        since=None,
        seal="feedback.ip",
        source="observed",
        uses=("ban",),
        on_expiry="null",
        on_erasure="null",
    )
    sender_ip_lookup: Mapped[bytes | None] = lookup_of("sender_ip", index=False)
    sender_ip_near: Mapped[bytes | None] = near_of("sender_ip", index=False)
    #: When the owner of the email said that it is theirs. Nobody is written to before.
    proved_at: Mapped[datetime | None] = not_personal("whether the email is theirs", UtcDateTime)
    entered_by: Mapped[int | None] = not_personal("the administrator who entered it")

    #: [{rule, sentence, field, start, end}], as screening gave them.
    reasons: Mapped[Any] = not_personal("which rules held it", sa.JSON, default=list)
    decided_at: Mapped[datetime | None] = not_personal("when it was decided on", UtcDateTime)
    decided_by: Mapped[int | None] = not_personal("the moderator who decided")
    #: What its sender is told about a decision.
    told: Mapped[str | None] = _kept(
        "content", sa.Text, "you learn why", opens_for=SUBJECT, source="a moderator"
    )
    link_token_hash: Mapped[bytes] = not_personal(
        "opens the private page of the item", sa.LargeBinary(32), unique=True
    )
    #: Of the single-use token of a check page that this item came through.
    confirmation: Mapped[bytes | None] = not_personal(
        "makes a second confirmation the same item", sa.LargeBinary(32), unique=True
    )

    @property
    def may_become_public(self) -> bool:
        """Whether its sender may be asked to publish it at all."""
        return self.kind is not Kind.MESSAGE and self.state in (State.HELD, State.OPEN)
