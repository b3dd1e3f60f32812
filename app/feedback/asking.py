"""Asking senders: may it be public, in these words, or for longer? And not asking too often."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Conflict

from .letters import letter_about, may_be_written_to, tell_sender
from .models import Feedback
from .records import Ask, Asked, How, Maker, Reply, Wording
from .standing import NotForPublic, locked, put_on_record, put_wording

#: After a no, or no answer, nobody asks again for so long.
REST = timedelta(days=365)


class NobodyToAsk(Conflict):
    """There is no address, or its owner has not said that it is theirs."""

    title = "There is nobody to ask"
    message = "The sender left no email address, or has not confirmed that it is theirs."
    advice = "Nothing was sent."


class AskedBefore(Conflict):
    """The sender said no, or nothing, less than a year ago."""

    title = "The sender was asked before"
    message = "They declined, or have not answered. Nobody is asked again within twelve months."
    advice = "Nothing was sent."


def may_ask(feedback: Feedback, at: datetime) -> bool:
    """Whether its sender may be asked something at that moment."""
    is_possible = feedback.may_become_public and may_be_written_to(feedback)
    return is_possible and not _rests(feedback.id, at)


def ask_permission(feedback_id: int, *, by: int | None) -> None:
    """Ask whether the text may be public as it was sent.

    Raises `NotForPublic`, `NobodyToAsk` and `AskedBefore`.
    """
    with transaction() as session:
        feedback = locked(session, feedback_id)
        wording = put_wording(session, feedback, feedback.text)
        _ask(session, feedback, Asked.PUBLISH, (wording, by))


def propose(feedback_id: int, text: str, *, by: int | None) -> None:
    """Ask whether it may be public in other words.

    Raises `NotForPublic`, `NobodyToAsk` and `AskedBefore`.
    """
    with transaction() as session:
        feedback = locked(session, feedback_id)
        original = put_wording(session, feedback, feedback.text)
        wording = put_wording(
            session,
            feedback,
            text,
            how=How.REWORDED,
            made_by=Maker.ADMINISTRATOR,
            made_by_id=by,
            made_from=original.text_hash,
        )
        _ask(session, feedback, Asked.WORDING, (wording, by))


def ask_renewal(session: Session, feedback: Feedback, wording: Wording) -> None:
    """Ask whether what is public may stay so; a sender who cannot be asked is let alone."""
    if feedback.may_become_public and may_be_written_to(feedback):
        _ask(session, feedback, Asked.RENEWAL, (wording, None))


def open_ask(feedback_id: int) -> Ask | None:
    """The newest question that the sender has not answered; `None` when there is none."""
    waiting = sa.select(Ask).where(Ask.feedback_id == feedback_id, Ask.reply.is_(None))
    return db.session.scalar(waiting.order_by(Ask.id.desc()).limit(1))


def _ask(
    session: Session, feedback: Feedback, about: Asked, what: tuple[Wording, int | None]
) -> None:
    if not feedback.may_become_public:
        raise NotForPublic
    if not may_be_written_to(feedback):
        raise NobodyToAsk
    at = clock.now()
    # A renewal follows a yes, so only asks for something new have to rest.
    if about is not Asked.RENEWAL and _rests(feedback.id, at):
        raise AskedBefore
    wording, by = what
    session.add(
        Ask(
            feedback_id=feedback.id,
            text_hash=wording.text_hash,
            about=about,
            asked_at=at,
            asked_by=by,
        )
    )
    feedback.quiet_from = max(at, feedback.quiet_from or at)
    put_on_record(session, feedback, "feedback.ask", {"about": str(about)}, by=by)
    tell_sender(feedback, letter_about(about))


def _rests(feedback_id: int, at: datetime) -> bool:
    """Whether the last question was declined, or has no answer, and is not a year old."""
    last = db.session.execute(
        sa.select(Ask.asked_at, Ask.reply)
        .where(Ask.feedback_id == feedback_id)
        .order_by(Ask.id.desc())
        .limit(1)
    ).first()
    return last is not None and last.reply is not Reply.AGREED and last.asked_at > at - REST
