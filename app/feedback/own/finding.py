"""The feedback whose private address was opened."""

import sqlalchemy as sa

from app.core.database import db
from app.core.errors import Missing
from app.core.tokens import hash_of

from ..models import Feedback, State
from ..records import Grant, Wording

#: What sealed fields are called on the private page.
FIELDS = {"feedback.email": "your email address", "feedback.ip": "your network address"}


def own_feedback(token: str) -> Feedback:
    """The feedback of a private address. Raises `Missing`."""
    known = Feedback.link_token_hash == hash_of(token)
    found = db.session.scalar(sa.select(Feedback).where(known))
    if found is None:
        raise Missing
    return found


def kept_feedback(token: str) -> Feedback:
    """The same, while there is something of it left to decide about. Raises `Missing`."""
    found = own_feedback(token)
    if found.state is State.REMOVED:
        raise Missing
    return found


def wording_of(feedback_id: int, text_hash: bytes) -> Wording | None:
    """An exact wording of a feedback, while its words are kept."""
    query = sa.select(Wording).where(
        Wording.feedback_id == feedback_id, Wording.text_hash == text_hash, Wording.text != ""
    )
    return db.session.scalar(query)


def granted(feedback_id: int) -> tuple[Grant, Wording] | None:
    """What its sender lets be public, the newest; and the words of that."""
    query = (
        sa.select(Grant, Wording)
        .join(
            Wording,
            sa.and_(Wording.feedback_id == Grant.feedback_id, Wording.text_hash == Grant.text_hash),
        )
        .where(Grant.feedback_id == feedback_id, Grant.live.is_(True))
    )
    row = db.session.execute(query.order_by(Grant.id.desc()).limit(1)).first()
    return (row[0], row[1]) if row else None
