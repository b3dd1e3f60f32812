"""What is written down about judging: decisions, reports, notes, and answers to use again."""

import enum
import uuid
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core.database import Model, UtcDateTime
from app.core.privacy import (
    NOBODY,
    Sealed,
    by_email,
    by_uid,
    lookup_of,
    near_of,
    not_personal,
    personal,
    uid_column,
)

from .models import at_column, blog_column, by_column, with_row, words_of


class Decision(Model):
    """One item moved from one state to another by somebody, and how to move it back."""

    __tablename__ = "decisions"
    __table_args__ = (
        sa.Index("ix_decisions_blog_id_created_at", "blog_id", "created_at"),
        sa.Index("ix_decisions_batch", "batch"),
        sa.Index("ix_decisions_item_uid", "item_uid"),
    )

    #: What was decided in one act has one batch.
    batch: Mapped[uuid.UUID] = not_personal("random name of an act", sa.Uuid)
    blog_id: Mapped[int] = blog_column()
    kind: Mapped[str] = not_personal("what the item is: comment", sa.String(20))
    item_id: Mapped[int] = not_personal("number of a comment", sa.Integer)
    item_uid: Mapped[uuid.UUID] = not_personal("random name of a comment", sa.Uuid)
    from_state: Mapped[str] = not_personal("a word of the program", sa.String(20))
    to_state: Mapped[str] = not_personal("a word of the program", sa.String(20))
    #: What the item's own row held besides its state; moments and flags, never words of a person.
    before: Mapped[dict[str, Any]] = not_personal("flags of the program", sa.JSON, default=dict)
    #: The rules that had held it.
    rules: Mapped[list[str]] = not_personal("names of rules", sa.JSON, default=list)
    #: Which of the offered reasons was chosen, if any.
    reason: Mapped[str | None] = not_personal("a word of the program", sa.String(40))
    #: From the item's arrival to the decision, when it waited for one.
    waited: Mapped[int | None] = not_personal("seconds in the queue", sa.Integer)
    created_at: Mapped[datetime] = at_column("when it was decided")
    #: `None` when the product acted by itself: at a threshold, or for the author.
    actor_id: Mapped[int | None] = by_column(index=True)
    undone_at: Mapped[datetime | None] = not_personal("when it was undone", UtcDateTime)
    undone_by: Mapped[int | None] = by_column()


class Complaint(enum.StrEnum):
    """Why a reader reports something."""

    SPAM = "spam"
    ABUSE = "abuse"
    PRIVATE = "private"
    ILLEGAL = "illegal"
    OTHER = "other"


COMPLAINTS = {
    Complaint.SPAM: "It advertises something",
    Complaint.ABUSE: "It insults or threatens somebody",
    Complaint.PRIVATE: "It shows somebody's personal data",
    Complaint.ILLEGAL: "I think that it is against the law",
    Complaint.OTHER: "Something else",
}


class Outcome(enum.StrEnum):
    """How a report ended."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Report(Model):
    """A reader's word that something published should be looked at."""

    __tablename__ = "reports"
    __belongs__ = by_email("email")
    __table_args__ = (
        sa.Index("ix_reports_item_uid", "item_uid"),
        sa.Index("ix_reports_blog_id_outcome", "blog_id", "outcome"),
    )

    #: Its first letters are the reference that the reporter is given.
    uid: Mapped[uuid.UUID] = uid_column()
    blog_id: Mapped[int] = blog_column()
    kind: Mapped[str] = not_personal("what the item is: comment", sa.String(20))
    item_id: Mapped[int] = not_personal("number of a comment", sa.Integer)
    item_uid: Mapped[uuid.UUID] = not_personal("random name of a comment", sa.Uuid)
    complaint: Mapped[Complaint] = not_personal("a word of the program", words_of(Complaint))
    text: Mapped[str] = with_row(
        "content",
        why="a moderator understands what is wrong",
        keep=timedelta(days=365),
        subject="reporter",
        type_=sa.Text,
    )
    email: Mapped[Sealed | None] = personal(
        "email",
        why="you can be told what came of your report",
        opens_for=NOBODY,
        keep=timedelta(days=90),
        subject="reporter",
        seal="report.email",
        interest="an answer to who reports",
        uses=("mail",),
    )
    email_lookup: Mapped[bytes | None] = lookup_of("email")
    ip: Mapped[Sealed | None] = personal(
        "ip",
        why="nobody counts twice, and reports made to annoy weigh less",
        opens_for=NOBODY,
        keep="KEEP_COMMENT_IP_DAYS",
        subject="reporter",
        seal="report.ip",
        interest="reports that cannot be multiplied",
        source="observed",
    )
    ip_lookup: Mapped[bytes | None] = lookup_of("ip")
    ip_near: Mapped[bytes | None] = near_of("ip")
    #: Whether it counts towards the threshold: not from somebody whose reports came to nothing.
    counts: Mapped[bool] = not_personal("how much it weighs", sa.Boolean, default=True)
    outcome: Mapped[Outcome] = not_personal("how it ended", words_of(Outcome), default=Outcome.OPEN)
    created_at: Mapped[datetime] = at_column("when it came")
    decided_at: Mapped[datetime | None] = not_personal("when it was answered", UtcDateTime)
    decided_by: Mapped[int | None] = by_column()

    @property
    def reference(self) -> str:
        """What the reporter and the moderator call it."""
        return self.uid.hex[:10].upper()


class Note(Model):
    """What moderators of one blog tell each other about an item. Its author never sees it."""

    __tablename__ = "notes"
    __belongs__ = by_uid("item_uid")

    uid: Mapped[uuid.UUID] = uid_column()
    blog_id: Mapped[int] = blog_column(index=True)
    kind: Mapped[str] = not_personal("what the item is: comment", sa.String(20))
    item_uid: Mapped[uuid.UUID] = not_personal("random name of a comment", sa.Uuid, index=True)
    text: Mapped[str] = with_row(
        "content",
        why="moderators of one blog decide alike",
        keep=timedelta(days=365),
        interest="fair and consistent decisions",
        source="moderator",
        withheld="moderators wrote it to each other; ask us for it",
        type_=sa.Text,
    )
    created_at: Mapped[datetime] = at_column("when it was written")
    created_by: Mapped[int | None] = by_column()


class SavedReply(Model):
    """An answer that moderators of one blog give often; `{name}` and `{post}` are filled in."""

    __tablename__ = "saved_replies"
    __table_args__ = (sa.UniqueConstraint("blog_id", "title"),)

    blog_id: Mapped[int] = blog_column(index=True)
    title: Mapped[str] = not_personal("words of the administrator", sa.String(80))
    text: Mapped[str] = not_personal("words of the administrator", sa.Text)

    def filled(self, *, name: str, post: str) -> str:
        """The text with its two variables filled in; braces of any other kind stay."""
        return self.text.replace("{post}", post).replace("{name}", name)
