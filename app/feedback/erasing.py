"""Erasing feedback for good: its words, its names, its addresses; not that it was once there."""

import sqlalchemy as sa

from app.core.database import db, transaction
from app.moderation import forget

from .models import Feedback, State
from .records import Answer, End, Wording
from .seals import hash_of
from .signals import feedback_withdrawn
from .standing import (
    end_approvals,
    end_grants,
    live_grants,
    locked,
    public_hash,
    put_on_record,
    put_wording,
)


def erase_feedback(feedback_id: int) -> None:
    """Take one's own feedback back for good; erasing it twice changes nothing.

    What stays is the hash of each text, which no word can be made from again, so that an
    import or a restored copy does not bring it back.
    """
    with transaction() as session:
        feedback = locked(session, feedback_id)
        if feedback.state is State.REMOVED:
            return
        was_public = public_hash(session, feedback_id) is not None
        put_wording(session, feedback, feedback.text)
        end_grants(session, feedback, End.ERASED, *live_grants(session, feedback_id))
        end_approvals(session, feedback)
        session.execute(
            sa.update(Wording).where(Wording.feedback_id == feedback_id).values(text="", html="")
        )
        session.execute(sa.delete(Answer).where(Answer.feedback_id == feedback_id))
        put_on_record(session, feedback, "feedback.erase", {})
        _wipe(feedback)
        forget(feedback.uid)
    if was_public:
        feedback_withdrawn.send(number=feedback_id)


def was_erased(text: str) -> bool:
    """Whether this very text was here and its sender erased it; nobody may bring it in again."""
    erased = sa.exists().where(Wording.text_hash == hash_of(text), Wording.text == "")
    return bool(db.session.scalar(sa.select(erased)))


def _wipe(feedback: Feedback) -> None:
    """Leave nothing of it but its number."""
    feedback.state = State.REMOVED
    feedback.text = feedback.html = ""
    feedback.sender_name = feedback.told = feedback.proved_at = None
    feedback.sender_email = feedback.sender_ip = None
    feedback.reasons = []
    feedback.revision += 1
    feedback.quiet_from = None
    feedback.created_at = feedback.created_at.replace(hour=0, minute=0, second=0, microsecond=0)
