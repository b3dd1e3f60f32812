"""Erasing feedback for good: its words, its names, its addresses; not that it was once there."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.database import db, transaction
from app.core.privacy import Erasure, note_erasure
from app.moderation import forget

from .credits import signature
from .models import Feedback, State
from .records import Answer, Credit, End, Wording
from .seals import hash_of
from .signals import feedback_published, feedback_withdrawn
from .standing import (
    Said,
    end_approvals,
    end_grants,
    live_grants,
    locked,
    public_hash,
    put_card,
    put_grant,
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
        note_erasure(session, feedback)
        was_public = _erase(session, feedback)
    if was_public:
        feedback_withdrawn.send(number=feedback_id)


def erase_sender(erasure: Erasure) -> None:
    """The eraser of feedback: it is erased as its sender erases it, or signed by nobody."""
    session, numbers = erasure.session, erasure.ids("feedback")
    for number in numbers:
        feedback = locked(session, number)
        if not erasure.is_everything:
            _unsign(session, feedback)
        elif feedback.state is not State.REMOVED and _erase(session, feedback):
            # Within the transaction, so that the search index forgets it together with us.
            feedback_withdrawn.send(number=number)
    if erasure.is_everything and numbers:
        erasure.settle("feedback", numbers)
        why = "the same words are not brought in again by an import"
        erasure.keep("a hash of each text you sent us", why, "for good", number=len(numbers))
    erasure.settle("feedback_grants", erasure.ids("feedback_grants"))


def was_erased(text: str) -> bool:
    """Whether this very text was here and its sender erased it; nobody may bring it in again."""
    erased = sa.exists().where(Wording.text_hash == hash_of(text), Wording.text == "")
    return bool(db.session.scalar(sa.select(erased)))


def _erase(session: Session, feedback: Feedback) -> bool:
    """Take it down and erase it; whether it was public."""
    was_public = public_hash(session, feedback.id) is not None
    put_wording(session, feedback, feedback.text)
    end_grants(session, feedback, End.ERASED, *live_grants(session, feedback.id))
    end_approvals(session, feedback)
    session.execute(
        sa.update(Wording).where(Wording.feedback_id == feedback.id).values(text="", html="")
    )
    session.execute(sa.delete(Answer).where(Answer.feedback_id == feedback.id))
    put_on_record(session, feedback, "feedback.erase", {})
    _wipe(feedback)
    forget(feedback.uid)
    return was_public


def _unsign(session: Session, feedback: Feedback) -> None:
    """Let what is public stay so without a name: the same word, given then and for as long."""
    public = public_hash(session, feedback.id)
    for old in live_grants(session, feedback.id):
        if old.credit is Credit.ANONYMOUS:
            continue
        nobody = signature(Credit.ANONYMOUS)
        said = replace(Said.of(old), credit=nobody.credit, credit_line=nobody.line)
        end_grants(session, feedback, End.REPLACED, old)
        put_grant(session, feedback, said)
        if said.text_hash == public:
            put_card(session, feedback.id, said.text_hash)
            feedback_published.send(number=feedback.id)


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
