"""The comment, the life it leads, and its place in the conversation."""

import enum
import uuid
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped

from app.core import clock
from app.core.database import Model, UtcDateTime
from app.core.privacy import (
    BLOG_ADMINS,
    NOBODY,
    PUBLIC,
    SUBJECT,
    Sealed,
    by_account,
    by_email,
    lookup_of,
    near_of,
    not_personal,
    personal,
    uid_column,
)

#: How long its author may change a comment.
EDITABLE_FOR = timedelta(minutes=15)
LONGEST_NAME = 80
LONGEST_EMAIL = 254
LONGEST_TEXT = 5_000

_INTEREST = "a conversation under a post, kept free of abuse"


def _public(kind: str, type_: Any, why: str, **more: Any) -> Any:
    """A column that everybody may read while the comment is shown."""
    terms: dict[str, Any] = {
        "opens_for": PUBLIC,
        "keep": None,
        "until": "its author or an administrator removes it",
        "interest": _INTEREST,
        "on_expiry": "tombstone",
        "on_erasure": "tombstone",
    }
    return personal(kind, why=why, type_=type_, **terms | more)


class State(enum.StrEnum):
    """Where a comment stands. Only a shown one is public; a removed one has no words left."""

    HELD = "held"
    SHOWN = "shown"
    REJECTED = "rejected"
    SPAM = "spam"
    REMOVED = "removed"


STATE = sa.Enum(
    State,
    native_enum=False,
    create_constraint=False,
    length=10,
    values_callable=lambda states: [state.value for state in states],
)


class Comment(Model):
    """One reader's remark under a post.

    Name and text are public while the comment is shown. Email and address are sealed at
    once and open only for administrators of the blog it was left on.
    """

    __tablename__ = "comments"
    __belongs__ = (by_email("author_email"), by_account("user_id"))
    __table_args__ = (
        Index("ix_comments_thread", "post_id", "page"),
        Index("ix_comments_recent", "post_id", "created_at"),
        Index("ix_comments_queue", "blog_id", "state", "created_at", "id"),
        Index("ix_comments_author", "author_email_lookup", "blog_id", "state", "created_at"),
        Index("ix_comments_address", "author_ip_lookup", "blog_id", "state", "created_at"),
        Index("ix_comments_near", "author_ip_near", "blog_id", "state", "created_at"),
        Index(
            "ix_comments_pending",
            "blog_id",
            "created_at",
            sqlite_where=sa.text("pending_text IS NOT NULL"),
            postgresql_where=sa.text("pending_text IS NOT NULL"),
        ),
        # A number in an address stays with its comment for good.
        {"sqlite_autoincrement": True},
    )

    uid: Mapped[uuid.UUID] = uid_column()
    blog_id: Mapped[int] = not_personal("the blog it was left on", ForeignKey("blogs.id"))
    post_id: Mapped[int] = not_personal(
        "the post it stands under", ForeignKey("posts.id", ondelete="CASCADE")
    )
    created_at: Mapped[datetime] = _public(
        "time", UtcDateTime, "a conversation can be followed", default=clock.now
    )
    shown_at: Mapped[datetime | None] = not_personal("when it became public", UtcDateTime)
    state: Mapped[State] = not_personal("where it stands", STATE, default=State.HELD)
    revision: Mapped[int] = not_personal("tells two moderators apart", default=0)

    #: What it answers; the two above it that it is set under, at most; and the page it was given.
    parent_id: Mapped[int | None] = not_personal(
        "what it answers", ForeignKey("comments.id", ondelete="SET NULL"), index=True
    )
    root_id: Mapped[int | None] = not_personal("what its conversation began with")
    branch_id: Mapped[int | None] = not_personal("the answer it is set under")
    page: Mapped[int | None] = not_personal("its page of the thread, once it was shown")

    author_name: Mapped[str] = _public(
        "name", sa.String(LONGEST_NAME), "others know whom they answer"
    )
    text: Mapped[str] = _public("content", sa.Text, "others can read it")
    html: Mapped[str] = _public("content", sa.Text, "others can read it", source="derived")
    html_version: Mapped[int] = not_personal("the renderer that made the HTML")
    #: A change that waits for a moderator while the text before it stays public.
    pending_text: Mapped[str | None] = personal(
        "content",
        why="a moderator can look at the change",
        opens_for=BLOG_ADMINS,
        keep=None,
        until="the change is decided on",
        interest=_INTEREST,
        type_=sa.Text,
    )
    author_email: Mapped[Sealed | None] = personal(
        "email",
        why="an administrator can answer",
        opens_for=BLOG_ADMINS,
        keep="KEEP_COMMENT_EMAIL_DAYS",
        renewed_by=("post_id", "shown_at"),
        since="after the last comment under the same post",
        seal="comment.email",
        interest=_INTEREST,
        uses=("mail", "trust", "ban"),
    )
    author_email_lookup: Mapped[bytes | None] = lookup_of("author_email", index=False)
    author_ip: Mapped[Sealed | None] = personal(
        "ip",
        why="abuse can be stopped",
        opens_for=BLOG_ADMINS,
        keep="KEEP_COMMENT_IP_DAYS",
        seal="comment.ip",
        interest=_INTEREST,
        source="observed",
        uses=("ban",),
    )
    author_ip_lookup: Mapped[bytes | None] = lookup_of("author_ip", index=False)
    author_ip_near: Mapped[bytes | None] = near_of("author_ip", index=False)
    proved_at: Mapped[datetime | None] = _public(
        "status", UtcDateTime, "readers see that somebody stands behind the name"
    )
    wants_replies: Mapped[bool] = personal(
        "choice",
        why="replies are mailed to those only who asked for them",
        opens_for=SUBJECT,
        keep=None,
        until="the choice is taken back",
        basis="6(1)(a)",
        default=False,
        on_expiry="keep",
    )
    user_id: Mapped[int | None] = personal(
        "account",
        why="an answer of the blog is marked as one",
        opens_for=NOBODY,
        keep=None,
        until="the comment is removed",
        interest=_INTEREST,
    )
    is_by_author: Mapped[bool] = not_personal("an answer of the blog itself", default=False)

    #: [{rule, sentence, field, start, end}], as screening gave them.
    reasons: Mapped[Any] = not_personal("which rules held it", sa.JSON, default=list)
    decided_at: Mapped[datetime | None] = not_personal("when it was decided on", UtcDateTime)
    decided_by: Mapped[int | None] = not_personal("the moderator who decided")
    #: What its author is told about a refusal.
    told: Mapped[str | None] = _public(
        "content", sa.Text, "its author learns why", opens_for=SUBJECT, source="a moderator"
    )
    edited_at: Mapped[datetime | None] = not_personal("when its text last changed", UtcDateTime)
    status_token_hash: Mapped[bytes] = not_personal(
        "opens the private page of the comment", sa.LargeBinary(32), unique=True
    )
    #: Of the single-use token of a check page that this comment came through.
    confirmation: Mapped[bytes | None] = not_personal(
        "makes a second confirmation the same comment", sa.LargeBinary(32), unique=True
    )

    @property
    def is_shown(self) -> bool:
        """Whether everybody may read it."""
        return self.state is State.SHOWN

    @property
    def editable_until(self) -> datetime:
        """When the time to change it is over."""
        return self.created_at + EDITABLE_FOR

    def may_be_edited(self, at: datetime) -> bool:
        """Whether its author may change it at that moment."""
        is_open = self.state in (State.HELD, State.SHOWN) and not self.is_by_author
        return is_open and at <= self.editable_until

    def answer_to(self, parent: "Comment") -> None:
        """Set it under what it answers, three levels deep at the most."""
        self.parent_id = parent.id
        self.root_id = parent.root_id or parent.id
        self.branch_id = parent.branch_id or (parent.id if parent.root_id else None)
