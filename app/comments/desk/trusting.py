"""Trust that a single approval earns, and that taking it back takes back."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.privacy import Viewer
from app.moderation import Earned, Trust, revoke_trust, trust

from ..models import Comment


def trust_author(session: Session, comment_id: int, viewer: Viewer) -> None:
    """Trust the author of a comment somebody looked at and approved, if it is enough for that.

    Approving many at once earns nobody trust: nobody looked at each of them.
    """
    comment = session.get_one(Comment, comment_id)
    earned = Earned(
        comment,
        comment.blog_id,
        comment.author_name,
        comment.text,
        is_proved=comment.proved_at is not None,
    )
    if earned.is_enough:
        trust(earned, actor_id=viewer.id)


def forget_earned(session: Session, uid: uuid.UUID, viewer: Viewer) -> None:
    """Take back the trust that approving a comment had earned."""
    earned = sa.select(Trust.id).where(Trust.item_uid == uid, Trust.revoked_at.is_(None))
    for trust_id in session.scalars(earned).all():
        revoke_trust(trust_id, blogs=viewer.blogs("moderate"), actor_id=viewer.id)
