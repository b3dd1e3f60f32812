"""What is known here before a comment is taken, looked up by one statement."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.blog import Post
from app.core.database import UtcDateTime
from app.core.privacy import near_lookups_of

from .judging import HISTORY, emails_of, is_by
from .models import Comment, State

#: The same words from the same person within this time are the same comment.
TWINS_WITHIN = timedelta(hours=1)
_C: Any = Comment.__table__.c


def known_values(comment: Comment, email: str | None, ip: str) -> dict[str, Any]:
    """What `what_is_known` looks for: hashes of a new comment's author, and its words."""
    return {
        "post_id": comment.post_id,
        "blog_id": comment.blog_id,
        "emails": emails_of(email),
        "has_email": email is not None,
        "networks": near_lookups_of(Comment.author_ip, ip),
        "name": comment.author_name,
        "text": comment.text,
        "since": comment.created_at - TWINS_WITHIN,
        "confirmation": comment.confirmation,
    }


def what_is_known(session: Session, values: dict[str, Any]) -> Any:
    """One row: when the post closes, `twin_id`, `approved`, `proved` and `is_proved`.

    `twin_id` is the same comment if it was taken already: confirmed before, or said within
    the hour. Nobody changes the post until the transaction ends.
    """
    return session.execute(_KNOWN, values).one()


def _confirmed() -> Any:
    number = sa.bindparam("confirmation", type_=sa.LargeBinary())
    return sa.select(_C.id).where(_C.confirmation == number).scalar_subquery()


def _said() -> Any:
    networks = sa.bindparam("networks", expanding=True, type_=sa.LargeBinary())
    has_email = sa.bindparam("has_email", type_=sa.Boolean())
    return (
        sa.select(_C.id)
        .where(_C.author_ip_near.in_(networks), _C.blog_id == sa.bindparam("blog_id"))
        .where(_C.state.in_((State.HELD, State.SHOWN)))
        .where(_C.created_at > sa.bindparam("since", type_=UtcDateTime()))
        .where(_C.post_id == sa.bindparam("post_id"))
        .where(_C.author_name == sa.bindparam("name"), _C.text == sa.bindparam("text"))
        .where(sa.or_(is_by("emails"), sa.and_(~has_email, _C.author_email.is_(None))))
        .order_by(_C.id)
        .limit(1)
        .scalar_subquery()
    )


def _is_proved() -> Any:
    here = _C.blog_id == sa.bindparam("blog_id")
    return sa.exists().where(is_by("emails"), here, _C.proved_at.is_not(None))


_POSTS: Any = Post.__table__
#: Built once: building it costs more than running it.
_KNOWN = (
    sa.select(
        *(_POSTS.c.comments_open, _POSTS.c.comments_until, _POSTS.c.published_at),
        sa.func.coalesce(_confirmed(), _said()).label("twin_id"),
        *HISTORY,
        _is_proved().label("is_proved"),
    )
    .where(_POSTS.c.id == sa.bindparam("post_id"))
    .with_for_update(of=_POSTS)
)
