"""The rows that publishing stands on, written and ended; callers hold the feedback's lock.

Nothing here decides anything. Each function belongs inside the transaction of an act that
a sender or an administrator has chosen.
"""

import uuid
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import db
from app.core.errors import Conflict
from app.core.markup import REMARK_VERSION, render_remark
from app.core.privacy import record
from app.core.web import page_part

from .credits import Signature
from .models import Channel, Feedback
from .records import Approval, Card, Credit, End, Grant, Wording
from .seals import hash_of, seal_approval, seal_grant
from .sentences import LOCALE, VERSION, sentence


class NotForPublic(Conflict):
    """This feedback cannot become public."""

    title = "This cannot be made public"
    message = "It is a private message, was taken back, or was decided against."
    advice = "Nothing has changed."


@dataclass(frozen=True, kw_only=True)
class Said:
    """Everything that a grant says."""

    text_hash: bytes
    credit: Credit
    credit_line: str
    on_home: bool
    channel: Channel
    given_at: datetime
    ends_at: datetime
    sentence: str
    sentence_version: int
    locale: str
    follows_id: int | None = None

    @classmethod
    def of(cls, grant: Grant) -> Self:
        """What a grant says, for one that follows from it."""
        said = {entry.name: getattr(grant, entry.name) for entry in fields(cls)}
        return cls(**said | {"follows_id": grant.id})


def agreed(
    text_hash: bytes, signature: Signature, *, on_home: bool, channel: Channel = Channel.FORM
) -> Said:
    """What is said by somebody who agrees now, in today's words, for as long as the site asks."""
    at = clock.now()
    ends_at = months_after(at, current_app.config["FEEDBACK_MONTHS"])
    site = page_part("site")
    last_day = ends_at.astimezone(ZoneInfo(site.timezone)).date()
    return Said(
        text_hash=text_hash,
        credit=signature.credit,
        credit_line=signature.line,
        on_home=on_home,
        channel=channel,
        given_at=at,
        ends_at=ends_at,
        sentence=sentence(site.name, on_home=on_home, ends=last_day),
        sentence_version=VERSION,
        locale=LOCALE,
    )


def months_after(at: datetime, months: int) -> datetime:
    """The same day so many months later, or the last one of a month that is too short."""
    years, month = divmod(at.month - 1 + months, 12)
    year = at.year + years
    day = min(at.day, monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)


def locked(session: Session, feedback_id: int) -> Feedback:
    """A feedback that nobody else decides about until the transaction ends."""
    query = sa.select(Feedback).where(Feedback.id == feedback_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def live_grants(session: Session, feedback_id: int) -> Sequence[Grant]:
    """What its sender lets be public, the newest last."""
    live = sa.select(Grant).where(Grant.feedback_id == feedback_id, Grant.live.is_(True))
    return session.scalars(live.order_by(Grant.id)).all()


def public_hash(session: Session, feedback_id: int) -> bytes | None:
    """The wording that is public now, or `None`."""
    return session.scalar(
        sa.select(Card.text_hash).where(Card.feedback_id == feedback_id, Card.live.is_(True))
    )


def is_public(feedback_id: int) -> bool:
    """Whether everybody may read some of it now."""
    return public_hash(db.session(), feedback_id) is not None


def put_wording(session: Session, feedback: Feedback, text: str, **made: Any) -> Wording:
    """The row of an exact wording; the one there is, or a new one."""
    text_hash = hash_of(text)
    known = session.scalar(
        sa.select(Wording).where(Wording.feedback_id == feedback.id, Wording.text_hash == text_hash)
    )
    if known is not None:
        return known
    wording = Wording(
        feedback_id=feedback.id,
        text_hash=text_hash,
        text=text,
        html=render_remark(text),
        html_version=REMARK_VERSION,
        **made,
    )
    session.add(wording)
    session.flush()
    return wording


def put_grant(session: Session, feedback: Feedback, said: Said) -> Grant:
    """A new live grant, sealed and on record.

    Raises `IntegrityError` while another one is live for the same text.
    """
    grant = Grant(uid=uuid.uuid4(), feedback_id=feedback.id, live=True, **vars(said))
    grant.mac = seal_grant(grant)
    facts = {"grant": grant.uid.hex, "seal": grant.mac.hex(), "credit": str(grant.credit)}
    grant.entry = put_on_record(
        session, feedback, "feedback.grant", facts | {"home": grant.on_home}
    )
    session.add(grant)
    session.flush()
    feedback.quiet_from = grant.ends_at
    return grant


def end_grants(session: Session, feedback: Feedback, why: End, *grants: Grant) -> None:
    """End grants, which forget at once how they were signed; a card on one of them is down."""
    at = clock.now()
    for grant in grants:
        grant.live, grant.ended, grant.ended_at, grant.credit_line = None, why, at, ""
        if why in (End.WITHDRAWN, End.EXPIRED):
            facts = {"grant": grant.uid.hex}
            put_on_record(session, feedback, f"feedback.{why}", facts)
    session.flush()
    session.expire_all()


def put_approval(session: Session, feedback: Feedback, grant: Grant, by: int | None) -> Approval:
    """A new live approval of what a grant says, sealed and on record."""
    approval = Approval(
        uid=uuid.uuid4(),
        feedback_id=feedback.id,
        text_hash=grant.text_hash,
        live=True,
        widest=grant.credit,
        approved_by=by,
        approved_at=clock.now(),
    )
    approval.mac = seal_approval(approval)
    facts = {"approval": approval.uid.hex, "seal": approval.mac.hex(), "grant": grant.uid.hex}
    approval.entry = put_on_record(session, feedback, "feedback.approve", facts, by=by)
    session.add(approval)
    session.flush()
    return approval


def end_approvals(session: Session, feedback: Feedback, *, only: bytes | None = None) -> None:
    """End the approvals of a feedback, or only that of one text; their cards are down."""
    ended = sa.update(Approval).where(Approval.feedback_id == feedback.id, Approval.live.is_(True))
    if only is not None:
        ended = ended.where(Approval.text_hash == only)
    session.execute(ended.values(live=None, ended_at=clock.now()))
    session.expire_all()


def put_card(
    session: Session, feedback_id: int, text_hash: bytes, *, since: datetime | None = None
) -> None:
    """Put the card up in one wording; without `since`, as if it had never been down.

    The database refuses unless a grant and an approval of that wording are live.
    """
    card = session.scalar(sa.select(Card).where(Card.feedback_id == feedback_id))
    if card is None:
        card = Card(feedback_id=feedback_id)
        session.add(card)
    card.published_at = since or card.published_at
    card.text_hash, card.live = text_hash, True
    session.flush()


def put_on_record(
    session: Session, feedback: Feedback, kind: str, facts: dict[str, Any], by: int | None = None
) -> int:
    """Put an act about a feedback on record; the number of its entry."""
    return record(
        kind,
        session,
        actor_id=by,
        blog_id=feedback.blog_id,
        subject_uid=feedback.uid,
        facts=facts,
    )
