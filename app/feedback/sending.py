"""Taking feedback: judged, stored and sealed in one transaction. Nothing of it is public."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.blog import Blog, feedback_room_id
from app.core import clock
from app.core.database import transaction
from app.core.limits import take
from app.core.markup import REMARK_VERSION, render_remark
from app.core.privacy import matches, near, seal
from app.moderation import Confirmation, Submission, may_take_part, remember, screen

from .letters import settle_address
from .links import new_token, own_address
from .models import Channel, Feedback, Kind, State

#: What moderation calls the items of this package, and the name under which they are counted.
KIND = LIMIT = "feedback"
#: The same words from the same person within this time are the same feedback.
TWINS_WITHIN = timedelta(hours=1)
#: Rules about who wrote it. Everything waits for a reader here, so they would say nothing.
_ABOUT_STRANGERS = frozenset({"first", "unproved", "untrusted"})


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody wrote."""

    kind: Kind
    text: str
    name: str | None = None
    email: str | None = None
    channel: Channel = Channel.FORM


def send_feedback(draft: Draft, ip: str, confirmation: Confirmation | None = None) -> str:
    """Store what somebody wrote, for the people of the feedback room; its private address.

    The same words sent again within the hour are the item that is there. Raises `Banned`.
    """
    with transaction() as session:
        room = feedback_room_id()
        # Two clicks at once must not both find that nothing is there yet.
        session.execute(sa.select(Blog.id).where(Blog.id == room).with_for_update())
        twin = _twin(session, draft, ip, confirmation)
        if twin is not None:
            return own_address(new_token(twin))
        may_take_part(room, draft.email, ip or None)
        feedback = _feedback(room, draft, ip)
        submission = _submission(session, feedback, draft, (ip, confirmation))
        verdict = screen(submission)
        feedback.reasons = [
            reason.as_json() for reason in verdict.reasons if reason.rule not in _ABOUT_STRANGERS
        ]
        feedback.confirmation = confirmation.number if confirmation else None
        address = own_address(new_token(feedback))
        session.add(feedback)
        session.flush()
        remember(submission, verdict, feedback.uid)
        settle_address(session, feedback)
    return address


def _twin(
    session: Session, draft: Draft, ip: str, confirmation: Confirmation | None
) -> Feedback | None:
    """The same feedback, if it was taken already: confirmed before, or sent within the hour."""
    if confirmation is not None:
        known = Feedback.confirmation == confirmation.number
        if twin := session.scalar(sa.select(Feedback).where(known)):
            return twin
    if not ip:
        return None
    email = Feedback.sender_email
    same = (
        Feedback.created_at > clock.now() - TWINS_WITHIN,
        Feedback.kind == draft.kind,
        Feedback.text == draft.text,
        Feedback.sender_name.is_not_distinct_from(draft.name),
        Feedback.state.in_((State.HELD, State.OPEN)),
        near(Feedback.sender_ip, ip),
        matches(email, draft.email) if draft.email else email.is_(None),
    )
    return session.scalar(sa.select(Feedback).where(*same).order_by(Feedback.id).limit(1))


def _feedback(room: int, draft: Draft, ip: str) -> Feedback:
    at = clock.now()
    return Feedback(
        blog_id=room,
        created_at=at,
        quiet_from=at,
        kind=draft.kind,
        channel=draft.channel,
        text=draft.text,
        html=render_remark(draft.text),
        html_version=REMARK_VERSION,
        sender_name=draft.name,
        sender_email=seal(draft.email) if draft.email else None,
        sender_ip=seal(ip) if ip else None,
        state=State.HELD,
    )


def _submission(
    session: Session, feedback: Feedback, draft: Draft, sent: tuple[str, Confirmation | None]
) -> Submission:
    ip, confirmation = sent
    suspicions = confirmation.suspicions if confirmation else ()
    if take(LIMIT, ip):
        suspicions = (*suspicions, "busy")
    return Submission(
        kind=KIND,
        blog_id=feedback.blog_id,
        text=draft.text,
        name=draft.name or "",
        email=draft.email,
        ip=ip or None,
        suspicions=suspicions,
    )
