"""What readers may see of the conversations: every SELECT, with its order and its length."""

from typing import Any

import sqlalchemy as sa

from app.blog import Post
from app.core.database import db

from .models import Comment, State
from .placing import MOST_ON_A_PAGE

#: A thread of removed comments may have more pages than its number of shown ones needs.
MOST_PAGES_AT_ONCE = 8

_WORDS = Comment.state == State.SHOWN
_COLUMNS = (
    Comment.id,
    Comment.state,
    Comment.parent_id,
    Comment.root_id,
    Comment.branch_id,
    Comment.created_at,
    Comment.edited_at,
    Comment.is_by_author,
    Comment.proved_at.is_not(None).label("is_proved"),
    # What was taken back does not even leave the database.
    sa.case((_WORDS, Comment.author_name), else_="").label("name"),
    sa.case((_WORDS, Comment.html), else_="").label("html"),
)
_ON_PAGE = (
    sa.select(*_COLUMNS)
    .where(Comment.post_id == sa.bindparam("post_id"))
    .where(Comment.page.between(sa.bindparam("first"), sa.bindparam("last")))
    .order_by(Comment.id)
)


def is_paged(post: Post) -> bool:
    """Whether the thread is too long to be shown whole."""
    return post.comment_count > MOST_ON_A_PAGE or post.comment_pages > MOST_PAGES_AT_ONCE


def visible_comments(post: Post, page: int = 1) -> list[Any]:
    """The comments of a page of the thread, or of a thread that is shown whole; oldest first.

    Those taken back are among them, without their words, as answers may stand under them.
    One statement and a few hundred rows at the most, however long the thread is.
    """
    if not post.comment_pages:
        return []
    last = page if is_paged(post) else post.comment_pages
    values = {"post_id": post.id, "first": page, "last": last}
    return list(db.session.execute(_ON_PAGE, values))
