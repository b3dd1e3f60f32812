"""How many comments a post shows and how many pages they fill, kept beside the post.

The package that keeps comments stands above this one; it tells, so that a page or a
list never has to count.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .models import Post


def count_comments(
    session: Session, changes: Mapping[int, int], pages: Mapping[int, int] | None = None
) -> None:
    """Add to the posts' numbers of shown comments, and store their numbers of pages."""
    pages = pages or {}
    rows = [
        {"post": post_id, "change": change, "pages": pages.get(post_id, 0)}
        for post_id, change in sorted(changes.items())
        if change or post_id in pages
    ]
    if rows:
        session.connection().execute(_COUNT, rows)


# Pages are handed out and never taken back, so the larger number is the newer one.
_PAGES = sa.bindparam("pages", type_=sa.Integer())
_COUNT = (
    sa.update(Post.__table__)  # type: ignore[arg-type]  # it is a Table
    .where(Post.id == sa.bindparam("post"))
    .values(
        comment_count=Post.comment_count + sa.bindparam("change", type_=sa.Integer()),
        comment_pages=sa.case((Post.comment_pages < _PAGES, _PAGES), else_=Post.comment_pages),
    )
)
