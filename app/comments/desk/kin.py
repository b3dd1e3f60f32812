"""What else is known of the authors of comments, of whom nothing is opened for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.core.database import db
from app.moderation import Ban, Note, Outcome, Report

from ..models import Comment, State
from .wording import CAP

_Other = aliased(Comment)


@dataclass(frozen=True)
class Kin:
    """How many other comments share something with one, counted up to `CAP`."""

    shown: int = 0
    rejected: int = 0
    spam: int = 0
    same_address: int = 0
    neighbours: int = 0
    notes: int = 0
    reports: int = 0
    #: Until when somebody who may be the author is or was banned.
    banned_until: datetime | None = None


def kin_of(ids: list[int]) -> dict[int, Kin]:
    """What else is known of the authors and addresses of some comments, by their numbers."""
    if not ids:
        return {}
    by_email = _Other.author_email_lookup == Comment.author_email_lookup
    query = sa.select(
        Comment.id,
        _count(by_email, _Other.state == State.SHOWN),
        _count(by_email, _Other.state == State.REJECTED),
        _count(by_email, _Other.state == State.SPAM),
        _count(_Other.author_ip_lookup == Comment.author_ip_lookup),
        _count(_Other.author_ip_near == Comment.author_ip_near),
        _about(Note, Note.item_uid == Comment.uid),
        _about(Report, Report.item_uid == Comment.uid, Report.outcome == Outcome.OPEN),
        _ban(),
    ).where(Comment.id.in_(ids))
    found = {}
    for comment_id, shown, rejected, spam, same, near, *about in db.session.execute(query):
        found[comment_id] = Kin(shown, rejected, spam, same, max(0, near - same), *about)
    return found


def _ban() -> Any:
    """Until when the author of a comment, or somebody near, is or was banned on its blog.

    A ban is known here by the comment it was set from, so that nothing has to be opened.
    """
    is_kin = sa.or_(
        _Other.author_email_lookup == Comment.author_email_lookup,
        _Other.author_ip_near == Comment.author_ip_near,
    )
    return (
        sa.select(sa.func.max(Ban.ends_at))
        .select_from(Ban)
        .join(_Other, _Other.uid == Ban.item_uid)
        .where(Ban.blog_id == Comment.blog_id, is_kin)
        .correlate(Comment)
        .scalar_subquery()
    )


def _count(*conditions: sa.ColumnElement[bool]) -> Any:
    """How many other comments of the same blog meet conditions, counted up to `CAP`."""
    some = (
        sa.select(sa.literal(1).label("one"))
        .where(*conditions, _Other.blog_id == Comment.blog_id, _Other.id != Comment.id)
        .correlate(Comment)
        .limit(CAP)
        .subquery()
    )
    return sa.select(sa.func.count()).select_from(some).correlate(Comment).scalar_subquery()


def _about(kind: Any, *conditions: sa.ColumnElement[bool]) -> Any:
    count = sa.select(sa.func.count()).select_from(kind).where(*conditions)
    return count.correlate(Comment).scalar_subquery()
