"""What stands around one comment: the conversation, trust in its author, and who else is there."""

import sqlalchemy as sa

from app.core.database import db
from app.moderation import Trust

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
