"""What stands around a post: its neighbours, its series and its kin, in one statement."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa

from app.core import clock
from app.core.database import UtcDateTime, db

from .cards import BRIEF_COLUMNS, PostBrief, PostCard, PostLink, brief_of
from .models import Blog, Listing, Post, Shelf

Card = TypeVar("Card", PostCard, PostBrief)

RELATED = 3
# Of each tag only the newest posts are compared, so that a tag with thousands costs no more.
CANDIDATES_PER_TAG = 30
LONGEST_SERIES = 200

_AT = sa.bindparam("at", type_=UtcDateTime())
_BLOG = sa.bindparam("blog_id", type_=sa.Integer())
_POST = sa.bindparam("post_id", type_=sa.Integer())


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
    related: list[PostBrief] = field(default_factory=list)
    series: SeriesPlace | None = None


def surroundings(blog: Blog, post: Post) -> Surroundings:
    """Earlier and later posts, up to three related ones, and the post's place in its series."""
    values = {"at": clock.now(), "blog_id": post.blog_id, "post_id": post.id}
    values |= {f"tag_{number}": tag["slug"] for number, tag in enumerate(post.tags)}
    values |= {"series": post.series_slug}
    found: dict[str, list[PostBrief]] = {"previous": [], "next": [], "related": [], "series": []}
    statement = _statement(len(post.tags), in_series=post.series_slug is not None)
    for row in db.session.execute(statement, values):
        found[row.role].append(brief_of(row, blog.address))
    return Surroundings(
        previous=_link(found["previous"]),
        next=_link(found["next"]),
        related=found["related"],
        series=place_in_series(blog, post, found["series"]) if post.series_slug else None,
    )


def numbered(cards: list[Card]) -> dict[int, Card]:
    """Parts of a series by number: as the files say, or by date where they do not."""
    parts: dict[int, Card] = {}
    for card in sorted(cards, key=lambda card: not card.part):
        number = card.part or 1
        while number in parts:
            number += 1
        parts[number] = card
    return parts


def place_in_series(blog: Blog, post: Post, cards: list[PostBrief]) -> SeriesPlace | None:
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


def _link(cards: list[PostBrief]) -> PostLink | None:
    return PostLink(cards[0].title, cards[0].address) if cards else None


@cache
def _statement(tags: int, *, in_series: bool) -> Any:
    """The one statement, by how many tags it compares; building it costs more than running it."""
    parts = [_neighbour(later=False), _neighbour(later=True)]
    if tags:
        parts.append(_related(tags))
    if in_series:
        parts.append(_series())
    return sa.union_all(*parts)


def _neighbour(*, later: bool) -> Any:
    mine = (
        sa.select(Listing.place)
        .where(Listing.post_id == _POST, Listing.shelf == Shelf.BLOG.value)
        .scalar_subquery()
    )
    is_beyond = Listing.place > mine if later else Listing.place < mine
    order = Listing.place.asc() if later else Listing.place.desc()
    query = (
        _cards("next" if later else "previous")
        .join(Listing, Listing.post_id == Post.id)
        .where(Listing.blog_id == _BLOG, Listing.shelf == Shelf.BLOG.value)
        .where(Listing.key == "", is_beyond, Listing.published_at <= _AT)
        .order_by(order)
        .limit(1)
    )
    return sa.select(query.subquery())


def _related(tags: int) -> Any:
    """Posts that share the most tags; of those that share as many, the newest."""
    candidates = [
        sa.select(
            sa.select(Listing.post_id)
            .where(Listing.blog_id == _BLOG, Listing.shelf == Shelf.TAG.value)
            .where(Listing.key == sa.bindparam(f"tag_{number}"), Listing.published_at <= _AT)
            .order_by(Listing.place.desc())
            .limit(CANDIDATES_PER_TAG)
            .subquery()
        )
        for number in range(tags)
    ]
    every = sa.union_all(*candidates).subquery()
    best = (
        sa.select(every.c.post_id, sa.func.count().label("shared"))
        .where(every.c.post_id != _POST)
        .group_by(every.c.post_id)
        .subquery()
    )
    query = (
        _cards("related")
        .join(best, best.c.post_id == Post.id)
        .order_by(best.c.shared.desc(), Post.published_at.desc(), Post.id.desc())
        .limit(RELATED)
    )
    return sa.select(query.subquery())


def _series() -> Any:
    query = (
        _cards("series")
        .where(Post.blog_id == _BLOG, Post.series_slug == sa.bindparam("series"))
        .where(Post.is_draft.is_(False), Post.removed_at.is_(None), Post.published_at <= _AT)
        .order_by(Post.series_part, Post.published_at, Post.id)
        .limit(LONGEST_SERIES)
    )
    return sa.select(query.subquery())


def _cards(role: str) -> Any:
    is_current = sa.or_(Post.unpublish_at.is_(None), Post.unpublish_at > _AT)
    return sa.select(sa.literal(role).label("role"), *BRIEF_COLUMNS).where(is_current)
