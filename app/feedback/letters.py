"""Letters to senders. None holds what they wrote; each has the way to take everything back.

Nobody is written to whose address is not proved, except to ask once whether it is theirs.
Support mail that was entered by hand came from its address, which is proof enough to ask.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import transaction
from app.core.mail import enqueue
from app.moderation import AddressProof, ask_owner

from .links import new_token, own_address
from .models import Channel, Feedback
from .records import Asked

PROOF_PAGE = "/feedback/proof/"


def settle_address(session: Session, feedback: Feedback) -> None:
    """Write the receipt to a proved address, or ask its owner once whether it is theirs."""
    if feedback.sender_email_lookup is None:
        return
    if _is_proved(session, feedback):
        feedback.proved_at = clock.now()
        tell_sender(feedback, "receipt")
        return
    ask_owner(feedback, "sender_email", "feedback/proof", page=PROOF_PAGE)


def mark_proved(_sender: object, *, proof: AddressProof) -> None:
    """What was sent with a proved address is its owner's, who gets the receipts now."""
    with transaction() as session:
        unproved = sa.select(Feedback).where(
            Feedback.blog_id == proof.blog_id,
            Feedback.proved_at.is_(None),
            proof.is_of(Feedback.sender_email),
        )
        for feedback in session.scalars(unproved.order_by(Feedback.id)):
            feedback.proved_at = proof.proved_at
            tell_sender(feedback, "receipt")


def may_be_written_to(feedback: Feedback) -> bool:
    """Whether there is an address, and its owner has written from it or said that it is theirs."""
    is_theirs = feedback.proved_at is not None or feedback.channel is Channel.SUPPORT
    return feedback.sender_email_lookup is not None and is_theirs


def tell_sender(feedback: Feedback, template: str, **facts: Any) -> None:
    """Write one letter to a sender who may be written to; nothing happens for others."""
    if not may_be_written_to(feedback):
        return
    page = own_address(new_token(feedback))
    enqueue(
        f"feedback/{template}",
        to=(feedback, "sender_email"),
        number=feedback.id,
        page=page,
        take_back=f"{page}withdraw/",
        **facts,
    )


def letter_about(about: Asked) -> str:
    """The letter in which something is asked."""
    return f"ask_{about}"


def _is_proved(session: Session, feedback: Feedback) -> bool:
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    Feedback.sender_email_lookup == feedback.sender_email_lookup,
                    Feedback.blog_id == feedback.blog_id,
                    Feedback.proved_at.is_not(None),
                )
            )
        )
    )
