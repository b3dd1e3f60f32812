"""What mail about comments has to remember: what it still owes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped

from app.core.database import Model, UtcDateTime
from app.core.privacy import not_personal


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
