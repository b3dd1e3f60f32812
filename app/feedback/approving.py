"""What administrators decide about what a sender lets be public: approve it, or take it down."""

from dataclasses import replace

import sqlalchemy as sa

from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Conflict

from .letters import tell_sender
from .models import State
from .records import End, Grant, How, Wording
from .signals import feedback_published, feedback_withdrawn
from .standing import (
    Said,
    end_approvals,
    end_grants,
    live_grants,
    locked,
    public_hash,
    put_approval,
    put_card,
    put_grant,
    put_on_record,
)


class GrantChanged(Conflict):
    """Its sender has changed what they let be public since somebody read it."""

    title = "The sender has changed this meanwhile"
    message = "What they let be public is no longer what you read. Nothing was published."
    advice = "Open the feedback again and look at the card as it is now."


class NotGranted(Conflict):
    """Its sender does not let these words be public."""

    title = "Nobody agreed to publish this"
    message = "Its sender has not agreed to these words, or has taken the word back."
    advice = "You can ask for permission instead. Nothing has changed."


def approve(feedback_id: int, text_hash: bytes, *, by: int | None, seen: int | None = None) -> None:
    """Publish exact words that their sender lets be public; `seen` is the grant that was read.

    A shortened wording needs no word of its own: the sender agreed to marked cuts with the
    grant of the longer one, which this one then follows. Raises `NotGranted`, and
    `GrantChanged` when the grant that was read is over.
    """
    with transaction() as session:
        feedback = locked(session, feedback_id)
        if feedback.state not in (State.HELD, State.OPEN):
            raise NotGranted
        grants = {grant.text_hash: grant for grant in live_grants(session, feedback_id)}
        if text_hash == public_hash(session, feedback_id):
            return
        if seen is not None and seen not in {each.id for each in grants.values()}:
            raise GrantChanged if grants else NotGranted
        grant = grants.pop(text_hash, None)
        if grant is None:
            said = replace(Said.of(_longer(feedback_id, text_hash, grants)), text_hash=text_hash)
            grant = put_grant(session, feedback, said)
        end_grants(session, feedback, End.REPLACED, *grants.values())
        end_approvals(session, feedback)
        put_approval(session, feedback, grant, by)
        at = clock.now()
        put_card(session, feedback_id, text_hash, since=at)
        feedback.state, feedback.decided_at, feedback.decided_by = State.OPEN, at, by
        feedback.revision += 1
        tell_sender(feedback, "published")
    feedback_published.send(number=feedback_id)


def take_down(feedback_id: int, *, by: int | None) -> None:
    """Take the approval back: nothing is public any more, and the sender's word stays."""
    with transaction() as session:
        feedback = locked(session, feedback_id)
        if public_hash(session, feedback_id) is None:
            return
        end_approvals(session, feedback)
        put_on_record(session, feedback, "feedback.unapprove", {}, by=by)
        feedback.revision += 1
    feedback_withdrawn.send(number=feedback_id)


def _longer(feedback_id: int, text_hash: bytes, grants: dict[bytes, Grant]) -> Grant:
    """The grant of the words that a shortened wording was cut from. Raises `NotGranted`."""
    wording = db.session.scalar(
        sa.select(Wording).where(
            Wording.feedback_id == feedback_id,
            Wording.text_hash == text_hash,
            Wording.how == How.SHORTENED,
        )
    )
    if wording is None or wording.made_from not in grants:
        raise NotGranted
    return grants[wording.made_from]
