"""What stands around one feedback: what was said since, and who else is there."""

import sqlalchemy as sa

from app.core.database import db

from ..models import Feedback
from ..records import Approval, Ask, Grant, How, Wording


def granted_of(feedback: Feedback) -> list[tuple[Grant, Wording]]:
    """The words that the sender lets be public now, each with how; the newest first."""
    query = (
        sa.select(Grant, Wording)
        .join(
            Wording,
            sa.and_(Wording.feedback_id == Grant.feedback_id, Wording.text_hash == Grant.text_hash),
        )
        .where(Grant.feedback_id == feedback.id, Grant.live.is_(True), Wording.text != "")
        .order_by(Grant.id.desc())
    )
    return [(grant, wording) for grant, wording in db.session.execute(query)]


def shortened_from(feedback: Feedback, hashes: list[bytes]) -> list[Wording]:
    """The wordings that administrators cut from some others, the newest first."""
    query = sa.select(Wording).where(
        Wording.feedback_id == feedback.id,
        Wording.how == How.SHORTENED,
        Wording.made_from.in_(hashes),
        Wording.text != "",
    )
    return list(db.session.scalars(query.order_by(Wording.id.desc()).limit(10)))


def asks_of(feedback: Feedback) -> list[Ask]:
    """What the sender was asked, the newest first."""
    query = sa.select(Ask).where(Ask.feedback_id == feedback.id).order_by(Ask.id.desc())
    return list(db.session.scalars(query.limit(20)))


def approvals_of(feedback: Feedback) -> list[Approval]:
    """The approvals there were, the newest first."""
    query = sa.select(Approval).where(Approval.feedback_id == feedback.id)
    return list(db.session.scalars(query.order_by(Approval.id.desc()).limit(20)))


def wording_called(feedback: Feedback, key: str) -> Wording | None:
    """A wording of a feedback by its hash in hex; `None` for none of its own."""
    try:
        text_hash = bytes.fromhex(key)
    except ValueError:
        return None
    query = sa.select(Wording).where(
        Wording.feedback_id == feedback.id, Wording.text_hash == text_hash
    )
    return db.session.scalar(query)
