"""What stands around one feedback: what was said since, and who else is there."""

import sqlalchemy as sa

from app.core.database import db
from app.moderation import Scope

from ..models import Feedback
from ..records import Answer


def answers_of(feedback: Feedback) -> list[Answer]:
    """What was answered officially, and what the sender said to it, in order."""
    query = sa.select(Answer).where(Answer.feedback_id == feedback.id).order_by(Answer.number)
    return list(db.session.scalars(query.limit(20)))


def senders_at(feedback: Feedback) -> dict[Scope, int]:
    """How many senders are known to have written from where a feedback came from."""
    keys = {
        Scope.ADDRESS: Feedback.sender_ip_lookup == feedback.sender_ip_lookup,
        Scope.NEIGHBOURHOOD: Feedback.sender_ip_near == feedback.sender_ip_near,
    }
    by_name = sa.case((Feedback.sender_email_lookup.is_(None), Feedback.sender_name))
    counts = [
        sa.select(sa.func.count()).select_from(
            sa.select(Feedback.sender_email_lookup, by_name)
            .where(Feedback.blog_id == feedback.blog_id, is_there)
            .distinct()
            .limit(1_000)
            .subquery()
        )
        for is_there in keys.values()
    ]
    found = db.session.execute(sa.select(*(count.scalar_subquery() for count in counts))).one()
    return {Scope.EMAIL: 0} | dict(zip(keys, found, strict=True))
