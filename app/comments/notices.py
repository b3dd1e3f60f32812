"""Mail about comments: when what happened is told to whom."""

from sqlalchemy.orm import Session

from .models import Comment


def comment_posted(session: Session, comment: Comment, status: str) -> None:
    """A comment was stored, shown or held; `status` is its private address.

    Called in the transaction that stores it.
    """


def comments_shown(session: Session, ids: list[int]) -> None:
    """Comments have become public. Called in the transaction that shows them."""
