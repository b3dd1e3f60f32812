"""The lists a blog's posts stand in, page by page, and the posts each key has."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.database import db
from app.core.errors import Missing

from .cards import CARD_COLUMNS, PostCard, card_of
from .models import Blog, Listing, Post, Shelf

FURTHEST = 1_000_000_000


def shelf_page(
    blog: Blog, shelf: Shelf, key: str, number: int, *, per_page: int
) -> tuple[list[PostCard], int]:
    """Page `number` of a list, newest first, and how many posts the whole list shows.

    Two index look-ups, whatever the length of the list. An empty list has no posts.
    """
    at = clock.now()
    here = (*on_shelf(blog, shelf, key), Listing.published_at <= at, Listing.place > 0)
    is_numbered = _unexpired(blog, shelf, key, at)
    top = (
        sa.select(Listing.place)
        .where(*here)
        .order_by(Listing.published_at.desc(), Listing.place.desc())
        .limit(1)
        .scalar_subquery()
    )
    # Beyond any list, and still a number that databases can count with.
    last = min((number - 1) * per_page, FURTHEST)
    rows = db.session.execute(
        sa.select(*CARD_COLUMNS, top.label("total"))
        .join(Listing, Listing.post_id == Post.id)
        .where(*here, Listing.place <= top - last, Listing.place > top - last - per_page)
        .where(is_numbered)
        .order_by(Listing.place.desc())
        .limit(per_page)
    ).all()
    if not rows:
        return _counted_page(blog, here, last, per_page)
    return [card_of(row, blog.address) for row in rows], rows[0].total


def shelf_keys(blog: Blog, shelf: Shelf) -> list[tuple[str, str, int]]:
    """Each key of a shelf with its name and number of shown posts, by key."""
    rows = db.session.execute(
        sa.select(Listing.key, sa.func.max(Listing.name), sa.func.count())
        .where(Listing.blog_id == blog.id, Listing.shelf == shelf.value)
        .where(*current(clock.now()))
        .group_by(Listing.key)
        .order_by(Listing.key)
    )
    return [(key, name, count) for key, name, count in rows]


def shelf_name(blog: Blog, shelf: Shelf, key: str) -> str:
    """What a key is called. Raises `Missing` when no shown post stands there."""
    name = db.session.scalar(
        sa.select(Listing.name).where(*on_shelf(blog, shelf, key), *current(clock.now())).limit(1)
    )
    if name is None:
        raise Missing
    return name


def on_shelf(blog: Blog, shelf: Shelf, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    """The listings of one key of a shelf."""
    return (Listing.blog_id == blog.id, Listing.shelf == shelf.value, Listing.key == key)


def current(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Listings of posts that are published, and whose time is not over."""
    expired = sa.select(Post.id).where(Post.unpublish_at <= at)
    return (Listing.published_at <= at, Listing.post_id.not_in(expired))


def _counted_page(
    blog: Blog, here: tuple[sa.ColumnElement[bool], ...], first: int, per_page: int
) -> tuple[list[PostCard], int]:
    """A page by counting, for the minute in which places count a post whose time is over."""
    shown = (*here, *current(clock.now()))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Listing).where(*shown)) or 0
    if first >= total:
        return [], total
    rows = db.session.execute(
        sa.select(*CARD_COLUMNS)
        .join(Listing, Listing.post_id == Post.id)
        .where(*shown)
        .order_by(Listing.place.desc())
        .offset(first)
        .limit(per_page)
    )
    return [card_of(row, blog.address) for row in rows], total


def _unexpired(blog: Blog, shelf: Shelf, key: str, at: datetime) -> sa.ColumnElement[bool]:
    """Whether no post of a list has expired since its places were numbered.

    Asked from the side of the expired posts, of which there are few, and not of the list.
    """
    listed = aliased(Listing)
    expired = aliased(Post)
    still_listed = (
        sa.select(listed.id)
        .where(listed.post_id == expired.id, listed.blog_id == blog.id)
        .where(listed.shelf == shelf.value, listed.key == key)
        .correlate(expired)
        .exists()
    )
    return ~sa.select(expired.id).where(expired.unpublish_at <= at, still_listed).exists()
