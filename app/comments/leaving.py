"""When somebody closes their account: what they answered stays, without their name if they wish."""

import sqlalchemy as sa

from app.core.database import transaction
from app.core.privacy import ANONYMOUS

from .models import Comment


def forget_name(_sender: object, *, user_id: int, forgets_name: bool) -> None:
    """Take a person's name off the answers they gave for a blog; doing it twice changes nothing."""
    if not forgets_name:
        return
    with transaction() as session:
        session.execute(
            sa.update(Comment)
            .where(Comment.user_id == user_id)
            .values(author_name=ANONYMOUS, user_id=None)
            .execution_options(synchronize_session=False)
        )
