"""What stands around one comment: the conversation, and who saw what is sealed in it."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.database import db
from app.core.privacy import AuditDetail, AuditLink
from app.moderation import Decision, Scope, Trust

from ..models import Comment


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


def batch_of(name: uuid.UUID, actor_id: int, since: datetime) -> Any | None:
    """What somebody did in one act since a moment: how many, when, what, and one author's name."""
    query = (
        sa.select(
            sa.func.count(Decision.id).label("moves"),
            sa.func.min(Decision.created_at).label("at"),
            sa.func.min(Decision.before["act"].as_string()).label("act"),
            sa.func.min(Comment.author_name).label("name"),
        )
        .join(Comment, Comment.id == Decision.item_id)
        .where(Decision.batch == name, Decision.actor_id == actor_id)
        .where(Decision.undone_at.is_(None), Decision.created_at > since)
    )
    row = db.session.execute(query).one()
    return row if row.moves else None


def decisions_on(comment: Comment) -> list[Any]:
    """What was decided about a comment, the newest first."""
    query = sa.select(Decision).where(Decision.item_uid == comment.uid).order_by(Decision.id.desc())
    return list(db.session.scalars(query.limit(50)))


def trust_in(comment: Comment) -> Trust | None:
    """The standing trust in the author of a comment, or `None`."""
    if comment.author_email_lookup is None or comment.proved_at is None:
        return None
    earned = sa.select(Comment.uid).where(
        Comment.author_email_lookup == comment.author_email_lookup,
        Comment.blog_id == comment.blog_id,
    )
    query = sa.select(Trust).where(Trust.item_uid.in_(earned), Trust.revoked_at.is_(None))
    return db.session.scalar(query.limit(1))


def authors_at(comment: Comment) -> dict[Scope, int]:
    """How many authors are known to have written on its blog from where a comment came from."""
    keys = {
        Scope.ADDRESS: Comment.author_ip_lookup == comment.author_ip_lookup,
        Scope.NEIGHBOURHOOD: Comment.author_ip_near == comment.author_ip_near,
    }
    by_name = sa.case((Comment.author_email_lookup.is_(None), Comment.author_name))
    counts = [
        sa.select(sa.func.count()).select_from(
            sa.select(Comment.author_email_lookup, by_name)
            .where(Comment.blog_id == comment.blog_id, is_there)
            .distinct()
            .limit(1_000)
            .subquery()
        )
        for is_there in keys.values()
    ]
    found = db.session.execute(sa.select(*(count.scalar_subquery() for count in counts))).one()
    return {Scope.EMAIL: 0} | dict(zip(keys, found, strict=True))
