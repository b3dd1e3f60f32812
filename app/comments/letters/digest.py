"""What the digest says about comments that wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.blog import Post
from app.core.database import db
from app.desk import DigestKind, Pile, length_of
from app.desk import write_digests as write

from ..excerpts import excerpt
from ..models import Comment, State

MOST_SHOWN = 10


@dataclass(frozen=True)
class Waiting:
    """A held comment as the digest shows it: no name and no address."""

    post: str
    text: str
    reason: str
    age: str
    link: str


def write_digests() -> int:
    """Write what is due about comments, blog by blog; how many mails."""
    return write(_KIND)


def _blogs() -> Iterable[int]:
    held = sa.select(Comment.blog_id).where(Comment.state == State.HELD).distinct()
    return db.session.scalars(held.order_by(Comment.blog_id)).all()


def _pile(blog_id: int, newest: int | None) -> Pile:
    query = sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.max(Comment.id), 0),
        sa.func.min(Comment.created_at),
    ).where(Comment.blog_id == blog_id, Comment.state == State.HELD)
    if newest is not None:
        query = query.where(Comment.id <= newest)
    return Pile(*db.session.execute(query).one())


def _facts(blog_id: int, at: datetime) -> dict[str, Any]:
    return {"comments": _oldest(blog_id, at), "queue": "/admin/comments/"}


def _oldest(blog_id: int, at: datetime) -> list[Waiting]:
    query = (
        sa.select(Comment.id, Comment.text, Comment.reasons, Comment.created_at, Post.title)
        .join(Post, Post.id == Comment.post_id)
        .where(Comment.blog_id == blog_id, Comment.state == State.HELD)
        .order_by(Comment.created_at, Comment.id)
        .limit(MOST_SHOWN)
    )
    return [
        Waiting(
            post=row.title,
            text=excerpt(row.text),
            reason=row.reasons[0]["sentence"] if row.reasons else "Held for a look.",
            age=length_of(at - row.created_at),
            link=f"/admin/comments/{row.id}/",
        )
        for row in db.session.execute(query)
    ]


_KIND = DigestKind(template="comments/digest", blogs=_blogs, pile=_pile, facts=_facts)
