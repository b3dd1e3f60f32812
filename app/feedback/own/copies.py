"""Everything that is held about a feedback, for its sender to take along."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.database import db
from app.core.privacy import masked
from app.moderation import looks_at

from ..answering import exchange
from ..models import Feedback
from ..receipts import receipt_of
from ..records import Ask, Grant, Wording
from .finding import FIELDS, granted


def copy_of(feedback: Feedback) -> dict[str, Any]:
    """The item, every wording, grant and question, the exchange, and who looked at what."""
    return {
        "number": feedback.id,
        "kind": str(feedback.kind),
        "channel": str(feedback.channel),
        "state": str(feedback.state),
        "sent_at": _moment(feedback.created_at),
        "text": feedback.text,
        "name": feedback.sender_name,
        "email": masked(feedback, "sender_email") or None,
        "email_confirmed_at": _moment(feedback.proved_at),
        "network_address": "sealed" if feedback.sender_ip is not None else None,
        "told": feedback.told,
        "wordings": [_wording(wording) for wording in _rows(Wording, feedback)],
        "grants": [_grant(grant) for grant in _rows(Grant, feedback)],
        "questions": [_ask(ask) for ask in _rows(Ask, feedback)],
        "answers": [
            {"by": str(said.by), "at": _moment(said.created_at), "text": said.text}
            for said in exchange(feedback.id)
        ],
        "looks": [
            {"at": _moment(look.at), "at_what": look.field, "for": look.purpose}
            for look in looks_at(feedback.uid, FIELDS)
        ],
        "receipt": receipt_of(feedback, granted(feedback.id)),
    }


def _wording(wording: Wording) -> dict[str, Any]:
    return {
        "text": wording.text,
        "sha256": wording.text_hash.hex(),
        "is": str(wording.how),
        "by": str(wording.made_by),
        "at": _moment(wording.made_at),
    }


def _grant(grant: Grant) -> dict[str, Any]:
    return {
        "grant": grant.uid.hex,
        "sha256": grant.text_hash.hex(),
        "holds": grant.live is True,
        "credit": str(grant.credit),
        "signed_as": grant.credit_line,
        "home_page": grant.on_home,
        "sentence": grant.sentence,
        "given_at": _moment(grant.given_at),
        "ends_at": _moment(grant.ends_at),
        "ended_at": _moment(grant.ended_at),
        "ended": str(grant.ended) if grant.ended else None,
    }


def _ask(ask: Ask) -> dict[str, Any]:
    return {
        "about": str(ask.about),
        "asked_at": _moment(ask.asked_at),
        "answered_at": _moment(ask.answered_at),
        "answer": str(ask.reply) if ask.reply else None,
    }


def _rows(model: Any, feedback: Feedback) -> Any:
    query = sa.select(model).where(model.feedback_id == feedback.id).order_by(model.id)
    return db.session.scalars(query)


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
