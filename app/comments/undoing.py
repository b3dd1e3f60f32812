"""What comments were before a moderator's act, kept for as long as that can be taken back."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from app.core import clock
from app.core.database import Model, UtcDateTime, db, transaction
from app.core.privacy import BLOG_ADMINS, not_personal, personal

from .models import STATE, Comment, State

UNDO_FOR = timedelta(minutes=10)


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


class Step(Model):
    """One comment before one act. An act on many comments is a batch of steps."""

    __tablename__ = "comment_steps"

    batch: Mapped[str] = not_personal("random number of the act", sa.String(22), index=True)
    act: Mapped[str] = not_personal("what was done", sa.String(20))
    at: Mapped[datetime] = not_personal("when it was done", UtcDateTime, index=True)
    actor_id: Mapped[int] = personal(
        "account",
        why="an act is taken back by whoever did it",
        opens_for=BLOG_ADMINS,
        keep=UNDO_FOR,
        clock="at",
        subject="administrator",
        interest="mistakes of moderators can be taken back",
        source="recorded",
        on_expiry="delete_row",
        on_erasure="delete_row",
    )
    comment_id: Mapped[int] = not_personal(
        "the comment", sa.ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    revision: Mapped[int] = not_personal("the comment's revision afterwards")
    state: Mapped[State] = not_personal("where it stood", STATE)
    shown_at: Mapped[datetime | None] = not_personal("when it had become public", UtcDateTime)
    decided_at: Mapped[datetime | None] = not_personal("of the decision before", UtcDateTime)
    decided_by: Mapped[int | None] = not_personal("of the decision before")
    told: Mapped[str | None] = not_personal("what its author had been told", sa.Text)
    #: Only of a comment whose change was decided on.
    text: Mapped[str | None] = _words("the text before a change can come back")
    pending_text: Mapped[str | None] = _words("the change can wait again")
    edited_at: Mapped[datetime | None] = not_personal("when it had last changed", UtcDateTime)


@dataclass(frozen=True)
class Batch:
    """An act that can still be taken back."""

    number: str
    act: str
    count: int
    name: str
    left: timedelta


def remember(session: Session, rows: list[Any], act: str, actor_id: int, at: datetime) -> str:
    """Keep what comments are now; answers the number of the batch. One statement."""
    batch = secrets.token_urlsafe(16)
    same = {"batch": batch, "act": act, "at": at, "actor_id": actor_id}
    session.execute(
        sa.insert(Step),
        [
            same
            | {
                "comment_id": row.id,
                "revision": row.revision + 1,
                "state": row.state,
                "shown_at": row.shown_at,
                "decided_at": row.decided_at,
                "decided_by": row.decided_by,
                "told": row.told,
                "text": row.text,
                "pending_text": row.pending_text,
                "edited_at": row.edited_at,
            }
            for row in rows
        ],
    )
    return batch


def last_batch(number: str, actor_id: int) -> Batch | None:
    """An act of that person which they may still take back, or `None`."""
    now = clock.now()
    row = db.session.execute(
        sa.select(
            sa.func.count(Step.id).label("steps"),
            sa.func.min(Step.at).label("at"),
            sa.func.min(Step.act).label("act"),
            sa.func.min(Comment.author_name).label("name"),
        )
        .join(Comment, Comment.id == Step.comment_id)
        .where(Step.batch == number, Step.actor_id == actor_id, Step.at > now - UNDO_FOR)
    ).one()
    if not row.steps:
        return None
    return Batch(number, row.act, row.steps, row.name, row.at + UNDO_FOR - now)


def forget_steps() -> int:
    """Delete what can no longer be taken back; answers how many steps."""
    with transaction() as session:
        old = sa.delete(Step).where(Step.at <= clock.now() - UNDO_FOR)
        return session.execute(old).rowcount  # type: ignore[attr-defined]


def restore_decisions(session: Session, steps: list[Any]) -> None:
    """Say again of comments when and by whom they had been decided on before an act."""
    table: Any = Comment.__table__
    columns = ("shown_at", "decided_at", "decided_by", "told")
    values = {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in columns}
    session.connection().execute(
        sa.update(table).where(table.c.id == sa.bindparam("comment")).values(values),
        [
            {"comment": step.comment_id} | {f"new_{name}": getattr(step, name) for name in columns}
            for step in steps
        ],
    )
    session.expire_all()
