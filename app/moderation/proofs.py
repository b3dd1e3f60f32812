"""Proving an address: one mail asks, its owner's button answers.

An address is proved for one blog. The mail holds nothing that its sender typed, so
that nobody can have us send their words to strangers, and it is sent once: whoever does
not answer is not asked again.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from blinker import signal
from flask import current_app
from sqlalchemy.orm import Mapped, Session

from app.core import clock
from app.core.database import Model, UtcDateTime, db, transaction
from app.core.mail import enqueue
from app.core.privacy import (
    NOBODY,
    Sealed,
    by_email,
    lookup_of,
    matches,
    not_personal,
    open_for,
    personal,
    reseal_into,
    uid_column,
)

from .mail_links import LinkOver, name_in, token_for

USE = "proof"
LIFE = timedelta(days=7)

#: Sent inside the transaction in which an address was proved, with its `proof`.
address_proved = signal("address_proved")


class AddressProof(Model):
    """One question to one address: is this yours? While it is unanswered, there is no second."""

    __tablename__ = "address_proofs"
    __belongs__ = by_email("email", since="asked_at")

    uid: Mapped[uuid.UUID] = uid_column()
    blog_id: Mapped[int] = not_personal("the blog it was used on", sa.ForeignKey("blogs.id"))
    email: Mapped[Sealed | None] = personal(
        "email",
        why="nobody is asked twice",
        opens_for=NOBODY,
        keep="KEEP_COMMENT_EMAIL_DAYS",
        seal="proof.email",
        interest="write to nobody who did not ask for it",
        clock="asked_at",
        on_expiry="delete_row",
        on_erasure="delete_row",
        uses=("mail",),
    )
    email_lookup: Mapped[bytes | None] = lookup_of("email")
    asked_at: Mapped[datetime] = not_personal("when it was asked", UtcDateTime, default=clock.now)
    proved_at: Mapped[datetime | None] = not_personal("when it was answered", UtcDateTime)

    def is_of(self, attribute: Any) -> sa.ColumnElement[bool]:
        """The condition that a sealed column holds this address."""
        return matches(attribute, open_for(self, "email", "mail"))


class ProofOver(LinkOver):
    """A question that was asked too long ago."""

    message = "It is older than seven days, or the address was forgotten meanwhile."
    advice = "Nothing is lost: what you wrote does not depend on it."


def ask_owner(item: Any, attribute: str, template: str, *, page: str, **facts: Any) -> None:
    """Ask the owner of an item's address once whether it is theirs; the answer goes to `page`.

    An address that was asked by this blog before, or by any blog without an answer, is
    left alone.
    """
    with transaction() as session:
        proof = AddressProof(blog_id=item.blog_id)
        reseal_into(item, attribute, proof, "email", purpose="mail")
        if _is_asked(session, proof):
            return
        session.add(proof)
        enqueue(
            template,
            to=(item, attribute),
            gives_way=True,
            link=f"{page}{token_for(USE, proof.uid)}/",
            days=LIFE.days,
            **facts,
        )


def asked_proof(token: str) -> AddressProof:
    """The question of a link. Raises `LinkOver`."""
    proof = db.session.scalar(
        sa.select(AddressProof).where(AddressProof.uid == name_in(USE, token))
    )
    if proof is None or (proof.proved_at is None and proof.asked_at < clock.now() - LIFE):
        raise ProofOver
    return proof


def prove(token: str) -> None:
    """The address is theirs: whoever keeps items of that blog hears of it at once."""
    with transaction() as session:
        proof = asked_proof(token)
        if proof.proved_at is not None:
            return
        proof.proved_at = clock.now()
        address_proved.send(session, proof=proof)


def forget_proofs(session: Session) -> None:
    """Forget whom we asked too long ago."""
    kept = timedelta(days=current_app.config["KEEP_COMMENT_EMAIL_DAYS"])
    old = AddressProof.asked_at < clock.now() - kept
    session.execute(sa.delete(AddressProof).where(old))


def _is_asked(session: Session, proof: AddressProof) -> bool:
    """Whether this blog asked before, or any blog did and got no answer."""
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    AddressProof.email_lookup == proof.email_lookup,
                    sa.or_(AddressProof.blog_id == proof.blog_id, AddressProof.proved_at.is_(None)),
                )
            )
        )
    )
