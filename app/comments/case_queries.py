"""What stands around one comment: the conversation, and who saw what is sealed in it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.database import db
from app.core.privacy import AuditDetail, AuditLink

from .models import Comment


def above(comment: Comment) -> list[Comment]:
    """The comments that one stands under, from the beginning of the conversation."""
    ids = {comment.root_id, comment.branch_id, comment.parent_id} - {None}
    if not ids:
        return []
    query = sa.select(Comment).where(Comment.id.in_(ids)).order_by(Comment.id)
    return list(db.session.scalars(query))


def answers(comment: Comment) -> list[Comment]:
    """The first answers to a comment, in any state."""
    query = sa.select(Comment).where(Comment.parent_id == comment.id).order_by(Comment.id)
    return list(db.session.scalars(query.limit(20)))


def looks_at(comment: Comment) -> list[Any]:
    """Who saw a sealed value of a comment: number, time, account, field and reason."""
    query = (
        sa.select(AuditLink.id, AuditLink.at, AuditDetail.actor_id)
        .add_columns(AuditDetail.field, AuditDetail.reason)
        .join(AuditDetail, AuditDetail.id == AuditLink.id)
        .where(AuditLink.kind == "look", AuditDetail.subject_uid == comment.uid)
        .order_by(AuditLink.id.desc())
        .limit(50)
    )
    return list(db.session.execute(query))


def looks_since(actor_id: int, since: datetime) -> int:
    """How often somebody looked at sealed values since a moment, on all blogs."""
    query = (
        sa.select(sa.func.count())
        .select_from(AuditDetail)
        .join(AuditLink, AuditLink.id == AuditDetail.id)
        .where(AuditDetail.actor_id == actor_id, AuditLink.kind == "look", AuditLink.at > since)
    )
    return db.session.scalar(query) or 0
