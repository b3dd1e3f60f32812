"""When somebody wants no mail: nothing about any comment of theirs, whatever was ticked."""

from typing import Any

import sqlalchemy as sa

from app.core.database import transaction
from app.core.privacy import Person, matches

from ..models import Comment
from .models import OwedNotice


def stop_notices(person: Person) -> int:
    """Tell a person of no reply any more; of how many comments that was wished."""
    with transaction() as session:
        theirs = sa.select(Comment.id).where(_is_of(person))
        owed = sa.delete(OwedNotice).where(OwedNotice.comment_id.in_(theirs))
        session.execute(owed.execution_options(synchronize_session=False))
        stopped: Any = session.execute(
            sa.update(Comment)
            .where(_is_of(person), Comment.wants_replies.is_(True))
            .values(wants_replies=False)
            .execution_options(synchronize_session=False)
        )
    return int(stopped.rowcount)


def _is_of(person: Person) -> sa.ColumnElement[bool]:
    by_mail = matches(Comment.author_email, person.email)
    if person.account_id is None:
        return by_mail
    return sa.or_(by_mail, Comment.user_id == person.account_id)
