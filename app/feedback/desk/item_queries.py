"""What stands around one feedback: what was said since, and who else is there."""

import sqlalchemy as sa

from app.core.database import db
from app.moderation import Scope

from ..models import Feedback
from ..records import Approval, Ask, Grant, How, Wording


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
