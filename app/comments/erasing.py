"""When somebody is erased: their comments become empty places, or are signed by nobody."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.core.mail import forget_quotes
from app.core.privacy import ANONYMOUS, Erasure, batches
from app.moderation import forget

from .editing import wipe
from .excerpts import excerpt
from .letters.models import OwedNotice
from .models import Comment, State
from .placing import change_states

BATCH = 500
_Answer = aliased(Comment)
_IS_LEAF = ~sa.exists().where(_Answer.parent_id == Comment.id)
_IS_EMPTY = sa.and_(Comment.state == State.REMOVED, Comment.text == "")


def erase_comments(erasure: Erasure) -> None:
    """The eraser of comments; what they answered for a blog only loses their name."""
    ids = erasure.ids("comments")
    if not ids:
        return
    own, for_blogs = _parted(erasure.session, ids)
    _take_name_off(erasure, for_blogs)
    erasure.settle("comments", for_blogs)
    if erasure.is_everything:
        _take_away(erasure, own)
        erasure.settle("comments", own)
    else:
        _unlink(erasure.session, own)


def _parted(session: Session, ids: Sequence[int]) -> tuple[list[int], list[int]]:
    """Those that somebody wrote as a reader, and those that they answered for a blog."""
    own: list[int] = []
    for_blogs: list[int] = []
    for some in batches(ids, BATCH):
        query = sa.select(Comment.id, Comment.is_by_author).where(Comment.id.in_(some))
        for row in session.execute(query):
            (for_blogs if row.is_by_author else own).append(row.id)
    return own, for_blogs


def _take_name_off(erasure: Erasure, ids: list[int]) -> None:
    values: dict[str, object] = {"author_name": ANONYMOUS, "user_id": None}
    nothing = ("author_email", "author_email_lookup", "author_ip", "author_ip_lookup")
    values |= dict.fromkeys((*nothing, "author_ip_near"))
    for some in batches(ids, BATCH):
        _change(erasure.session, some, values)
    if ids:
        why = "they are the blog's own words; your name is off them"
        erasure.keep("answers you gave for a blog", why, "the blog removes them", number=len(ids))


def _unlink(session: Session, ids: list[int]) -> None:
    """Nobody is told of anything any more, and no proof stands behind the name that goes."""
    for some in batches(ids, BATCH):
        _change(session, some, {"wants_replies": False, "proved_at": None})
        session.execute(sa.delete(OwedNotice).where(OwedNotice.comment_id.in_(some)))


def _take_away(erasure: Erasure, ids: list[int]) -> None:
    session = erasure.session
    above: set[int] = set()
    for some in batches(ids, BATCH):
        change_states(session, dict.fromkeys(some, State.REMOVED), at=erasure.at)
        session.expire_all()
        comments = session.scalars(sa.select(Comment).where(Comment.id.in_(some))).all()
        forget_quotes(excerpt(comment.text) for comment in comments)
        forget(*(comment.uid for comment in comments))
        for comment in comments:
            wipe(comment)
        session.flush()
        is_told = sa.or_(OwedNotice.comment_id.in_(some), OwedNotice.about_id.in_(some))
        session.execute(sa.delete(OwedNotice).where(is_told))
        above.update(some)
    _drop_leaves(session, above)


def _drop_leaves(session: Session, ids: Iterable[int]) -> None:
    """Delete empty places without answers, then those above that have none left, and so on."""
    looked_at = set(ids)
    while looked_at:
        parents: set[int] = set()
        for some in batches(sorted(looked_at), BATCH):
            bare = sa.select(Comment.id, Comment.parent_id)
            rows = session.execute(bare.where(Comment.id.in_(some), _IS_EMPTY, _IS_LEAF)).all()
            gone = [row.id for row in rows]
            session.execute(
                sa.delete(Comment)
                .where(Comment.id.in_(gone))
                .execution_options(synchronize_session=False)
            )
            parents.update(row.parent_id for row in rows if row.parent_id is not None)
        looked_at = parents
    session.expire_all()


def _change(session: Session, ids: list[int], values: Mapping[str, object]) -> None:
    session.execute(
        sa.update(Comment)
        .where(Comment.id.in_(ids))
        .values(values)
        .execution_options(synchronize_session=False)
    )
