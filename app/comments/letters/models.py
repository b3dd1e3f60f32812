"""What mail about comments has to remember: what it still owes, and what was stopped."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped

from app.core.database import Model, UtcDateTime
from app.core.privacy import NOBODY, not_personal, personal


class OwedNotice(Model):
    """Something the author of a comment asked to be told: about a reply, or the comment itself.

    What was told stays a while, so that a reply which comes and goes is told once.
    """

    __tablename__ = "comment_notices"
    __table_args__ = (
        sa.UniqueConstraint("comment_id", "about_id"),
        sa.Index("ix_comment_notices_told_at_owed_since", "told_at", "owed_since"),
    )

    #: Whose author is told.
    comment_id: Mapped[int] = not_personal(
        "whose author is told", ForeignKey("comments.id", ondelete="CASCADE")
    )
    #: The reply; the comment itself when it was decided on.
    about_id: Mapped[int] = not_personal(
        "the reply", ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    owed_since: Mapped[datetime] = not_personal("when it came about", UtcDateTime)
    told_at: Mapped[datetime | None] = not_personal("when it was told", UtcDateTime)


class Digest(Model):
    """How far the moderators of a blog have been told what waits."""

    __tablename__ = "comment_digests"

    blog_id: Mapped[int] = not_personal("which blog", ForeignKey("blogs.id"), unique=True)
    sent_at: Mapped[datetime] = not_personal("when the last one was written", UtcDateTime)
    newest_id: Mapped[int] = not_personal("the newest comment that it counted")
    waiting: Mapped[int] = not_personal("how many waited then")
    #: How many went out since a moderator last decided on something.
    unanswered: Mapped[int] = not_personal("a number", default=0)


class DigestStop(Model):
    """A moderator who wants no digest of a blog."""

    __tablename__ = "digest_stops"
    __table_args__ = (sa.UniqueConstraint("user_id", "blog_id"),)

    user_id: Mapped[int] = personal(
        "account",
        ForeignKey("users.id", ondelete="CASCADE"),
        why="who wants no digest gets none",
        opens_for=NOBODY,
        keep=None,
        until="they want it again, or leave the blog",
        subject="administrator",
        basis="6(1)(b)",
        on_expiry="keep",
        on_erasure="delete_row",
    )
    blog_id: Mapped[int] = not_personal("which blog", ForeignKey("blogs.id"))
