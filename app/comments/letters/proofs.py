"""Whether the address of a comment is its author's: known already, or asked once by mail."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.blog import Blog, Post
from app.core import clock
from app.core.database import transaction
from app.moderation import AddressProof, ask_owner

from ..models import Comment


def settle_address(session: Session, comment: Comment) -> None:
    """Mark a new comment as of a proved address, or ask its address once whether it is theirs."""
    if comment.author_email_lookup is None:
        return
    if _is_proved(session, comment):
        comment.proved_at = clock.now()
        return
    ask_owner(
        comment,
        "author_email",
        "comments/proof",
        page="/comments/proof/",
        blog=session.get_one(Blog, comment.blog_id).title,
        post=session.get_one(Post, comment.post_id).title,
    )


def mark_proved(_sender: object, *, proof: AddressProof) -> None:
    """Every comment that a proved address left on that blog says so from now on."""
    with transaction() as session:
        session.execute(
            sa.update(Comment)
            .where(
                Comment.blog_id == proof.blog_id,
                Comment.proved_at.is_(None),
                proof.is_of(Comment.author_email),
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
