"""Changes that wait for a moderator, while readers see the text before them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..models import Comment
from .acts import Act
from .undoing import worded


def settle_edits(session: Session, rows: list[Any], act: Act, at: datetime) -> None:
    """Take or drop the changes of comments that were decided on."""
    for row in rows:
        values: dict[str, Any] = {"pending_text": None}
        if act.takes_edit:
            values |= worded(row.pending_text) | {"edited_at": at}
        session.execute(sa.update(Comment).where(Comment.id == row.id).values(values))


def stamp(session: Session, ids: list[int], by: int | None, at: datetime) -> None:
    """Write a decision down on comments whose state it left as it was."""
    if ids:
        values = {"revision": Comment.revision + 1, "decided_at": at, "decided_by": by}
        session.execute(sa.update(Comment).where(Comment.id.in_(ids)).values(values))
