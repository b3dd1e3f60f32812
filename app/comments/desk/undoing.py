"""Words that a moderator's act replaced, kept for as long as the act can be taken back.

Where a comment stood is in the log of decisions, which may hold no person's words.
"""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from app.core import clock
from app.core.database import Model, UtcDateTime, transaction
from app.core.markup import REMARK_VERSION, render_remark
from app.core.privacy import BLOG_ADMINS, not_personal, personal
from app.desk import UNDO_FOR

from ..models import Comment


def _words(why: str) -> Any:
    return personal(
        "content",
        why=why,
        opens_for=BLOG_ADMINS,
        keep=UNDO_FOR,
        clock="at",
        interest="mistakes of moderators can be taken back",
        type_=sa.Text,
        on_expiry="delete_row",
        on_erasure="delete_row",
    )


class ReplacedWords(Model):
    """The words of one comment before one act."""

    __tablename__ = "replaced_words"

    batch: Mapped[uuid.UUID] = not_personal("random name of an act", sa.Uuid, index=True)
    at: Mapped[datetime] = not_personal("when it was done", UtcDateTime, index=True)
    comment_id: Mapped[int] = not_personal(
        "the comment", sa.ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    told: Mapped[str | None] = _words("what its author was told can come back")
    #: Only of a comment whose change was decided on.
    text: Mapped[str | None] = _words("the text before a change can come back")
    pending_text: Mapped[str | None] = _words("the change can wait again")
    edited_at: Mapped[datetime | None] = not_personal("when it had last changed", UtcDateTime)


def keep_words(session: Session, batch: uuid.UUID, rows: list[Any], at: datetime) -> None:
    """Keep the words of comments that an act is about to replace."""
    if not rows:
        return
    columns = ("told", "text", "pending_text", "edited_at")
    same = {"batch": batch, "at": at}
    session.execute(
        sa.insert(ReplacedWords),
        [
            same | {"comment_id": row.id} | {name: getattr(row, name) for name in columns}
            for row in rows
        ],
    )


def bring_words_back(session: Session, batch: uuid.UUID, ids: frozenset[int]) -> None:
    """Give comments back the words that an act had replaced."""
    kept = session.scalars(
        sa.select(ReplacedWords).where(
            ReplacedWords.batch == batch, ReplacedWords.comment_id.in_(ids)
        )
    )
    for words in kept.all():
        values: dict[str, Any] = {"told": words.told}
        if words.text is not None:
            values |= worded(words.text)
            values |= {"pending_text": words.pending_text, "edited_at": words.edited_at}
        session.execute(sa.update(Comment).where(Comment.id == words.comment_id).values(values))
        session.delete(words)


def worded(text: str) -> dict[str, Any]:
    """The columns of a text, rendered."""
    return {"text": text, "html": render_remark(text), "html_version": REMARK_VERSION}


def forget_words() -> int:
    """Delete words that can no longer come back; answers how many."""
    with transaction() as session:
        old = sa.delete(ReplacedWords).where(ReplacedWords.at <= clock.now() - UNDO_FOR)
        return session.execute(old).rowcount  # type: ignore[attr-defined]
