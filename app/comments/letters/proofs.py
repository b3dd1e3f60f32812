"""Proving an address: one mail asks, its owner's button answers.

An address is proved for one blog. The mail holds nothing that its sender typed, so
that nobody can have us send their words to strangers, and it is sent once: whoever does
not answer is not asked again.
"""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.blog import Blog, Post
from app.core import clock
from app.core.database import db, transaction
from app.core.mail import enqueue
from app.core.privacy import matches, open_for, reseal_into

from ..models import Comment
from .links import LinkOver, name_in, token_for
from .models import AddressProof

USE = "proof"
LIFE = timedelta(days=7)


class ProofOver(LinkOver):
    """A question that was asked too long ago."""

    message = "It is older than seven days, or the address was forgotten meanwhile."
    advice = "Nothing is lost: your comment does not depend on it."


def settle_address(session: Session, comment: Comment) -> None:
    """Mark a new comment as of a proved address, or ask its address once whether it is theirs."""
    if comment.author_email_lookup is None:
        return
    if _is_proved(session, comment):
        comment.proved_at = clock.now()
        return
    proof = AddressProof(blog_id=comment.blog_id)
    reseal_into(comment, "author_email", proof, "email", purpose="mail")
    if _is_asked(session, proof):
        return
    session.add(proof)
    post = session.get_one(Post, comment.post_id)
    enqueue(
        "comments/proof",
        to=(comment, "author_email"),
        gives_way=True,
        blog=session.get_one(Blog, comment.blog_id).title,
        post=post.title,
        link=f"/comments/proof/{token_for(USE, proof.uid)}/",
        days=LIFE.days,
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
    """The address is theirs: every comment it left on that blog says so from now on."""
    with transaction() as session:
        proof = asked_proof(token)
        if proof.proved_at is not None:
            return
        proof.proved_at = clock.now()
        session.execute(
            sa.update(Comment)
            .where(
                Comment.blog_id == proof.blog_id,
                Comment.proved_at.is_(None),
                matches(Comment.author_email, open_for(proof, "email", "mail")),
            )
            .values(proved_at=proof.proved_at)
            .execution_options(synchronize_session=False)
        )


def _is_proved(session: Session, comment: Comment) -> bool:
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    Comment.author_email_lookup == comment.author_email_lookup,
                    Comment.blog_id == comment.blog_id,
                    Comment.proved_at.is_not(None),
                )
            )
        )
    )


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
