"""Mail about comments: when what happened is told to whom.

What is told is only noted here, in the transaction in which it came about; `telling`
writes the mails a little later, about what still holds then.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.database import UtcDateTime

from ..models import Comment
from .models import OwedNotice

_Owner = aliased(Comment)


def comments_shown(session: Session, ids: Sequence[int]) -> None:
    """Comments have become public: those they answer, and their own authors, may be told.

    Called in the transaction that shows them. One statement, however many comments.
    """
    if ids:
        is_decision = sa.and_(_Owner.id == Comment.id, Comment.decided_by.is_not(None))
        _owe(session, sa.or_(_Owner.id == Comment.parent_id, is_decision), ids)


def comments_refused(session: Session, ids: Sequence[int]) -> None:
    """Comments were refused, not as spam: their authors may be told. One statement."""
    if ids:
        _owe(session, _Owner.id == Comment.id, ids)


def _owe(session: Session, whose: sa.ColumnElement[bool], about: Sequence[int]) -> None:
    """Note what the authors of some comments are to be told, if they asked and were not yet."""
    is_noted = sa.exists().where(
        OwedNotice.comment_id == _Owner.id, OwedNotice.about_id == Comment.id
    )
    # Nobody is told of their own answers.
    is_others = sa.or_(
        _Owner.id == Comment.id,
        Comment.author_email_lookup.is_(None),
        Comment.author_email_lookup != _Owner.author_email_lookup,
    )
    owed = (
        sa.select(_Owner.id, Comment.id, sa.literal(clock.now(), UtcDateTime))
        .join_from(Comment, _Owner, whose)
        .where(Comment.id.in_(about), _Owner.wants_replies, _Owner.author_email.is_not(None))
        .where(is_others, ~is_noted)
    )
    columns = ["comment_id", "about_id", "owed_since"]
    session.execute(sa.insert(OwedNotice).from_select(columns, owed))
