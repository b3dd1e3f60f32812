"""Words that a moderator's act replaced, kept for as long as the act can be taken back.

Where a comment stood is in the log of decisions, which may hold no person's words.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from app.core import clock
from app.core.database import Model, UtcDateTime, transaction
from app.core.markup import REMARK_VERSION, render_remark
from app.core.privacy import (
    BLOG_ADMINS,
    by_parent,
    not_personal,
    personal,
)
from app.desk import UNDO_FOR


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
    __belongs__ = by_parent("comment_id", "comments")

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
        sa.insert(ReplacedWords).execution_options(render_nulls=True),
        [
            same | {"comment_id": row.id} | {name: getattr(row, name) for name in columns}
            for row in rows
        ],
    )


def words_before(
    session: Session, batch: uuid.UUID, rows: Sequence[Any]
) -> dict[int, dict[str, Any]]:
    """The columns that give comments back the words that an act had replaced.

    What was kept is forgotten with it. Comments of which nothing was kept stay as they are.
    """
    gone = sa.delete(ReplacedWords).where(
        ReplacedWords.batch == batch, ReplacedWords.comment_id.in_([row.id for row in rows])
    )
    columns = ("comment_id", "told", "text", "pending_text", "edited_at")
    kept = session.execute(gone.returning(*(getattr(ReplacedWords, name) for name in columns)))
    before = {row.comment_id: row for row in kept}
    if not before:
        return {row.id: {} for row in rows}
    return {row.id: _before(row, before.get(row.id)) for row in rows}


def _before(row: Any, kept: Any) -> dict[str, Any]:
    values = unchanged(row)
    if kept is None:
        return values
    values["told"] = kept.told
    if kept.text is not None:
        values |= worded(kept.text)
        values |= {"pending_text": kept.pending_text, "edited_at": kept.edited_at}
    return values


def unchanged(row: Any) -> dict[str, Any]:
    """The columns of words as they are; what may not be empty stays by being named as nothing."""
    same = {name: getattr(row, name) for name in ("told", "pending_text", "edited_at")}
    return dict.fromkeys(("text", "html", "html_version")) | same


def worded(text: str) -> dict[str, Any]:
    """The columns of a text, rendered."""
    return {"text": text, "html": render_remark(text), "html_version": REMARK_VERSION}


def forget_words() -> int:
    """Delete words that can no longer come back; answers how many."""
    with transaction() as session:
        old = sa.delete(ReplacedWords).where(ReplacedWords.at <= clock.now() - UNDO_FOR)
        return session.execute(old).rowcount  # type: ignore[attr-defined]
