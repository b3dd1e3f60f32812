"""Whether the address of a comment is its author's: asked once by mail."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.blog import Blog, Post
from app.core.database import transaction
from app.moderation import AddressProof, ask_owner

from ..models import Comment


def ask_address(session: Session, comment: Comment) -> None:
    """Ask the address of a new comment once whether it is its author's."""
    if comment.author_email is None:
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
