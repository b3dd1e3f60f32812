"""How many comments each blog has in each state, kept by the database itself.

Triggers keep the numbers, so that no way of changing a comment can forget them, and so
that a list never has to count. `flask comments recount` proves or repairs them.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from app.core.database import Model, db
from app.core.privacy import not_personal

from ..models import Comment

#: A change waits for a moderator, while the text before it stays public.
EDITED = "edited"

_TEXT = sa.String(20)


class CommentCount(Model):
    """The number of a blog's comments in one state."""

    __tablename__ = "comment_counts"
    __table_args__ = (sa.UniqueConstraint("blog_id", "slot"),)

    blog_id: Mapped[int] = not_personal("which blog", sa.ForeignKey("blogs.id", ondelete="CASCADE"))
    #: A state, or `EDITED`.
    slot: Mapped[str] = not_personal("which state", sa.String(20))
    count: Mapped[int] = not_personal("how many", default=0)


def count_states(
    blogs: frozenset[int], beside: sa.Select[Any] | None = None
) -> dict[int, dict[str, int]]:
    """How many comments each of the blogs has in each slot.

    `beside` asks for other numbers in the same breath: blog, slot of its own, number.
    """
    found: dict[int, dict[str, int]] = {blog_id: {} for blog_id in blogs}
    kept = sa.select(CommentCount.blog_id, CommentCount.slot, CommentCount.count).where(
        CommentCount.blog_id.in_(blogs)
    )
    asked: Any = kept if beside is None else sa.union_all(kept, beside)
    for blog_id, slot, count in db.session.execute(asked):
        found[blog_id][slot] = count
    return found


def recount(session: Session) -> list[tuple[int, str, int, int]]:
    """Set every number to what is there; answers blog, slot, wrong and right of each repair."""
    slot = sa.case((Comment.pending_text.is_not(None), EDITED), else_=sa.cast(Comment.state, _TEXT))
    query = sa.select(Comment.blog_id, slot, sa.func.count()).group_by(Comment.blog_id, slot)
    truth = {(blog_id, name): count for blog_id, name, count in session.execute(query)}
    kept = {(row.blog_id, row.slot): row for row in session.scalars(sa.select(CommentCount))}
    repaired = []
    for blog_id, name in sorted(truth.keys() | kept.keys()):
        right, row = truth.get((blog_id, name), 0), kept.get((blog_id, name))
        wrong = row.count if row else 0
        if wrong == right:
            continue
        if row is None:
            row = CommentCount(blog_id=blog_id, slot=name, count=0)
            session.add(row)
        row.count = right
        repaired.append((blog_id, name, wrong, right))
    return repaired
