"""What happens to comments by itself: old refusals go, and numbers are counted anew."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.blog import Post, count_comments
from app.core import clock
from app.core.database import db, transaction
from app.core.markup import REMARK_VERSION, render_remark
from app.moderation import forget

from .editing import wipe
from .keeping import is_over
from .models import Comment, State
from .placing import change_states

BATCH = 500

_Answer = aliased(Comment)
_HAS_ANSWERS = sa.select(_Answer.id).where(_Answer.parent_id == Comment.id).exists()


def drop_unpublished() -> int:
    """Delete comments that have not been public for the time they are kept; how many.

    A place with answers under it stays, without words, and goes with the last of them.
    """
    dropped = 0
    while batch := _drop_batch():
        dropped += batch
    return dropped


def count_unpublished(at: datetime) -> tuple[int, int]:
    """How many comments with words nobody may read, and how many were kept for their time."""
    goes = sa.and_(is_over(at), sa.or_(~_HAS_ANSWERS, Comment.text != ""))
    counts = sa.select(sa.func.count().filter(Comment.text != ""), sa.func.count().filter(goes))
    held, due = db.session.execute(counts.where(Comment.state != State.SHOWN)).one()
    return max(held, due), due


def repair_threads() -> int:
    """Give shown comments without a page their place, and count again; how many posts differed."""
    while _place_batch():
        pass
    shown = (
        sa.select(Comment.post_id, sa.func.count().label("count"))
        .where(Comment.state == State.SHOWN)
        .group_by(Comment.post_id)
        .subquery()
    )
    counted = sa.func.coalesce(shown.c.count, 0)
    query = (
        sa.select(Post.id, (counted - Post.comment_count).label("change"))
        .outerjoin(shown, shown.c.post_id == Post.id)
        .where(Post.comment_count != counted)
    )
    with transaction() as session:
        changes = {row.id: row.change for row in session.execute(query)}
        count_comments(session, changes)
    return len(changes)


def rerender() -> int:
    """Make the HTML anew of comments that an older renderer made; how many."""
    made = 0
    while batch := _rerender_batch():
        made += batch
    return made


def _rerender_batch() -> int:
    old = sa.select(Comment).where(Comment.html_version != REMARK_VERSION).limit(BATCH)
    with transaction() as session:
        comments = session.scalars(old.order_by(Comment.id)).all()
        for comment in comments:
            comment.html, comment.html_version = render_remark(comment.text), REMARK_VERSION
    return len(comments)


def _drop_batch() -> int:
    with transaction() as session:
        old = (
            sa.select(Comment)
            .where(is_over(clock.now()))
            .where(sa.or_(~_HAS_ANSWERS, Comment.text != ""))
            .add_columns(_HAS_ANSWERS.label("has_answers"))
            .order_by(Comment.id)
            .limit(BATCH)
        )
        rows = session.execute(old).all()
        for comment, has_answers in rows:
            if has_answers:
                wipe(comment)
        gone = [comment.id for comment, has_answers in rows if not has_answers]
        forget(*(comment.uid for comment, _has_answers in rows))
        session.flush()
        session.execute(sa.delete(Comment).where(Comment.id.in_(gone)))
    return len(rows)


def _place_batch() -> int:
    """Shown comments that some other program stored without a place."""
    lost = (
        sa.select(Comment.id)
        .where(Comment.state == State.SHOWN, Comment.page.is_(None))
        .order_by(Comment.id)
        .limit(BATCH)
    )
    ids = list(db.session.scalars(lost))
    if not ids:
        return 0
    with transaction() as session:
        # As if they were shown now: the same rules give them their place.
        session.execute(sa.update(Comment).where(Comment.id.in_(ids)).values(state=State.HELD))
        count_comments(session, _lost_counts(session, ids))
        change_states(session, dict.fromkeys(ids, State.SHOWN), at=clock.now())
    return len(ids)


def _lost_counts(session: Session, ids: list[int]) -> dict[int, int]:
    query = sa.select(Comment.post_id, sa.func.count().label("number")).where(Comment.id.in_(ids))
    rows = session.execute(query.group_by(Comment.post_id))
    return {row.post_id: -row.number for row in rows}
