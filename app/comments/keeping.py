"""How long comments are kept that nobody may read."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from .models import Comment, State

_SINCE = sa.func.coalesce(Comment.decided_at, Comment.created_at)


def goes_at(comment: Comment) -> datetime | None:
    """When a comment is erased unless it is published before; `None` for one that is shown."""
    if comment.is_shown:
        return None
    return (comment.decided_at or comment.created_at) + _kept()


def is_over(at: datetime) -> sa.ColumnElement[bool]:
    """The condition that a comment nobody may read has been kept for its time."""
    return sa.and_(Comment.state != State.SHOWN, at - _kept() > _SINCE)


def _kept() -> timedelta:
    return timedelta(days=current_app.config["KEEP_UNPUBLISHED_DAYS"])
