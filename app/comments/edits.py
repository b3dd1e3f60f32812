"""Changes that wait for a moderator, while readers see the text before them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.markup import REMARK_VERSION, render_remark

from .acts import Act
from .models import Comment, State


def settle_edits(session: Session, rows: list[Any], act: Act, by: int, at: datetime) -> None:
    """Take or drop the changes of comments that were decided on.

    A comment that stays shown was not touched by its change of state, so its decision is
    written down here.
    """
    for row in rows:
        values: dict[str, Any] = {"pending_text": None}
        if act.takes_edit:
            values |= _worded(row.pending_text) | {"edited_at": at}
        if row.state is act.state is State.SHOWN:
            values |= {"revision": row.revision + 1, "decided_at": at, "decided_by": by}
        session.execute(sa.update(Comment).where(Comment.id == row.id).values(values))


def restore_edits(session: Session, steps: list[Any]) -> None:
    """Bring back the texts and the waiting changes that a decision had replaced."""
    for step in steps:
        values = _worded(step.text)
        values |= {"pending_text": step.pending_text, "edited_at": step.edited_at}
        if step.state is State.SHOWN:
            values["revision"] = Comment.revision + 1
        session.execute(sa.update(Comment).where(Comment.id == step.comment_id).values(values))


def _worded(text: str) -> dict[str, Any]:
    return {"text": text, "html": render_remark(text), "html_version": REMARK_VERSION}
