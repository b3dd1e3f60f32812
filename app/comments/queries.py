"""What readers may see of the conversations: every SELECT, with its order and its length."""

from typing import Any

import sqlalchemy as sa

from app.blog import Post
from app.core import clock
from app.core.database import db
from app.core.errors import Missing
from app.core.tokens import hash_of

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
    Comment.proved_at,
    # What was taken back does not even leave the database.
    sa.case((_WORDS, Comment.author_name), else_="").label("name"),
    sa.case((_WORDS, Comment.html), else_="").label("html"),
)
_ON_PAGE = (
    sa.select(*_COLUMNS)
    .where(Comment.post_id == sa.bindparam("post_id"))
    .where(Comment.page.between(sa.bindparam("first"), sa.bindparam("last")))
    # The index gives this order; the bound, which no thread reaches, has PostgreSQL use it.
    .order_by(Comment.post_id, Comment.page, Comment.id)
    .limit(20 * MOST_ON_A_PAGE)
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
    return sorted(db.session.execute(_ON_PAGE, values), key=lambda row: row.id)


def answerable(post: Post, comment_id: int) -> Any | None:
    """A shown comment of the post that somebody wants to answer, or `None`."""
    query = sa.select(*_COLUMNS).where(Comment.id == comment_id, Comment.post_id == post.id)
    return db.session.execute(query.where(_WORDS)).first()


def page_of(post: Post, comment_id: int) -> int:
    """The page of the thread that a comment stands on.

    Raises `Missing` when it is of another post, was never shown, or was taken back.
    """
    query = sa.select(Comment.page).where(Comment.id == comment_id, Comment.post_id == post.id)
    page = db.session.scalar(query.where(_WORDS))
    if page is None:
        raise Missing
    return page


def shown_comment(comment_id: int) -> tuple[Comment, Post]:
    """A comment that everybody may read, and its post. Raises `Missing`."""
    query = sa.select(Comment, Post).join(Post, Post.id == Comment.post_id)
    row = db.session.execute(query.where(Comment.id == comment_id, _WORDS)).first()
    if row is None or not row[1].is_shown(clock.now()):
        raise Missing
    return row[0], row[1]


def own_comment(token: str) -> tuple[Comment, Post]:
    """The comment whose private address was opened, and its post. Raises `Missing`."""
    known = Comment.status_token_hash == hash_of(token)
    query = sa.select(Comment, Post).join(Post, Post.id == Comment.post_id).where(known)
    row = db.session.execute(query).first()
    if row is None:
        raise Missing
    return row[0], row[1]
