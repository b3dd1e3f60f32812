"""Where posts stand: on which lists, and at which place of each."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock

from .models import Listing, Post, Shelf

#: The place of a listing that `settle_listings` has not numbered yet; no list shows it.
UNSETTLED = 0

_NEW_LISTINGS = sa.insert(Listing.__table__)  # type: ignore[arg-type]  # it is a Table


def list_post(session: Session, post: Post, *, is_new: bool = False) -> None:
    """Put the post on every shelf it belongs to, and on no other.

    A place it has stays until `settle_listings`, so that no list shows a gap meanwhile;
    on a new shelf it has none yet.
    """
    wanted = {} if post.is_draft else _shelves(post)
    listed = sa.select(Listing).where(Listing.post_id == post.id)
    for listing in () if is_new else session.scalars(listed):
        name = wanted.pop((listing.shelf, listing.key), None)
        if name is None:
            session.delete(listing)
            continue
        listing.blog_id = post.blog_id
        listing.name = name
        listing.published_at = post.published_at
    if wanted:
        session.execute(_NEW_LISTINGS, list(_rows(post, wanted)))


def listings_of(post: Post) -> Iterator[dict[str, Any]]:
    """The rows of a post that was never listed before."""
    return _rows(post, {} if post.is_draft else _shelves(post))


def settle_listings(session: Session) -> None:
    """Take what has expired off the shelves, and number the places anew where they moved."""
    expired = sa.select(Post.id).where(Post.unpublish_at <= clock.now())
    session.execute(sa.delete(Listing).where(Listing.post_id.in_(expired)))
    order = (Listing.published_at, Listing.post_id)
    shelf = (Listing.blog_id, Listing.shelf, Listing.key)
    ranked = sa.select(
        Listing.id, sa.func.row_number().over(partition_by=shelf, order_by=order).label("place")
    ).subquery()
    session.execute(
        sa.update(Listing)
        .where(Listing.id == ranked.c.id, Listing.place != ranked.c.place)
        .values(place=ranked.c.place)
        .execution_options(synchronize_session=False)
    )


def has_expired(session: Session) -> bool:
    """Whether a listed post's time is over."""
    listed = sa.select(Listing.id).join(Post).where(Post.unpublish_at <= clock.now()).limit(1)
    return session.scalar(listed) is not None


def _rows(post: Post, wanted: dict[tuple[str, str], str]) -> Iterator[dict[str, Any]]:
    for (shelf, key), name in wanted.items():
        yield {
            "blog_id": post.blog_id,
            "post_id": post.id,
            "shelf": shelf,
            "key": key,
            "name": name,
            "published_at": post.published_at,
            "place": UNSETTLED,
        }


def _shelves(post: Post) -> dict[tuple[str, str], str]:
    """The shelves of a post: kind and key, and what the key is called."""
    shelves = {(Shelf.BLOG.value, ""): ""}
    shelves |= {(Shelf.TAG.value, tag["slug"]): tag["name"] for tag in post.tags}
    shelves |= {(Shelf.AUTHOR.value, person["slug"]): person["name"] for person in post.authors}
    shelves[Shelf.YEAR.value, f"{post.published_on:%Y}"] = ""
    shelves[Shelf.MONTH.value, f"{post.published_on:%Y-%m}"] = ""
    return shelves
