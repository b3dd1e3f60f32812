"""What stands around a post: its neighbours, its series and its kin, in one statement."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.database import db

from .cards import CARD_COLUMNS, PostCard, PostLink, card_of
from .models import Blog, Listing, Post, Shelf

RELATED = 3
# Of each tag only the newest posts are compared, so that a tag with thousands costs no more.
CANDIDATES_PER_TAG = 30
LONGEST_SERIES = 200


@dataclass(frozen=True)
class SeriesPlace:
    """Where a post stands in its series; parts not published yet count in `total`."""

    name: str
    address: str
    part: int
    total: int
    previous: PostLink | None
    next: PostLink | None


@dataclass(frozen=True)
class Surroundings:
    """The links at the end of a post."""

    previous: PostLink | None = None
    next: PostLink | None = None
    related: list[PostCard] = field(default_factory=list)
    series: SeriesPlace | None = None


def surroundings(blog: Blog, post: Post) -> Surroundings:
    """Earlier and later posts, up to three related ones, and the post's place in its series."""
    at = clock.now()
    parts = [_neighbour(post, at, later=False), _neighbour(post, at, later=True)]
    if post.tags:
        parts.append(_related(post, at))
    if post.series_slug:
        parts.append(_series(post, at))
    found: dict[str, list[PostCard]] = {"previous": [], "next": [], "related": [], "series": []}
    for row in db.session.execute(sa.union_all(*parts)):
        found[row.role].append(card_of(row, blog.address))
    return Surroundings(
        previous=_link(found["previous"]),
        next=_link(found["next"]),
        related=found["related"],
        series=place_in_series(blog, post, found["series"]) if post.series_slug else None,
    )


def numbered(cards: list[PostCard]) -> dict[int, PostCard]:
    """Parts of a series by number: as the files say, or by date where they do not."""
    return {card.part or position: card for position, card in enumerate(cards, start=1)}


def place_in_series(blog: Blog, post: Post, cards: list[PostCard]) -> SeriesPlace | None:
    """The post's part of its series, with its neighbours there."""
    parts = numbered(cards)
    mine = next((number for number, card in parts.items() if card.id == post.id), None)
    if mine is None:
        return None
    earlier = [number for number in parts if number < mine]
    later = [number for number in parts if number > mine]
    return SeriesPlace(
        name=post.series_name or "",
        address=f"{blog.address}series/{post.series_slug}/",
        part=mine,
        total=max(parts),
        previous=_link([parts[max(earlier)]] if earlier else []),
        next=_link([parts[min(later)]] if later else []),
    )


def _link(cards: list[PostCard]) -> PostLink | None:
    return PostLink(cards[0].title, cards[0].address) if cards else None


def _neighbour(post: Post, at: datetime, *, later: bool) -> Any:
    mine = (
        sa.select(Listing.place)
        .where(Listing.post_id == post.id, Listing.shelf == Shelf.BLOG.value)
        .scalar_subquery()
    )
    is_beyond = Listing.place > mine if later else Listing.place < mine
    order = Listing.place.asc() if later else Listing.place.desc()
    query = (
        _cards("next" if later else "previous", at)
        .join(Listing, Listing.post_id == Post.id)
        .where(Listing.blog_id == post.blog_id, Listing.shelf == Shelf.BLOG.value)
        .where(Listing.key == "", is_beyond, Listing.published_at <= at)
        .order_by(order)
        .limit(1)
    )
    return sa.select(query.subquery())


def _related(post: Post, at: datetime) -> Any:
    """Posts that share the most tags; of those that share as many, the newest."""
    candidates = [
        sa.select(
            sa.select(Listing.post_id)
            .where(Listing.blog_id == post.blog_id, Listing.shelf == Shelf.TAG.value)
            .where(Listing.key == tag["slug"], Listing.published_at <= at)
            .order_by(Listing.place.desc())
            .limit(CANDIDATES_PER_TAG)
            .subquery()
        )
        for tag in post.tags
    ]
    every = sa.union_all(*candidates).subquery()
    best = (
        sa.select(every.c.post_id, sa.func.count().label("shared"))
        .where(every.c.post_id != post.id)
        .group_by(every.c.post_id)
        .subquery()
    )
    query = (
        _cards("related", at)
        .join(best, best.c.post_id == Post.id)
        .order_by(best.c.shared.desc(), Post.published_at.desc(), Post.id.desc())
        .limit(RELATED)
    )
    return sa.select(query.subquery())


def _series(post: Post, at: datetime) -> Any:
    query = (
        _cards("series", at)
        .where(Post.blog_id == post.blog_id, Post.series_slug == post.series_slug)
        .where(Post.is_draft.is_(False), Post.removed_at.is_(None), Post.published_at <= at)
        .order_by(Post.series_part, Post.published_at, Post.id)
        .limit(LONGEST_SERIES)
    )
    return sa.select(query.subquery())


def _cards(role: str, at: datetime) -> Any:
    is_current = sa.or_(Post.unpublish_at.is_(None), Post.unpublish_at > at)
    return sa.select(sa.literal(role).label("role"), *CARD_COLUMNS).where(is_current)
