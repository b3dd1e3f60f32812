"""Posts as lists and pages show them: plain values, no database behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.content import Picture

from .models import Post

#: The columns a card is made of; everything longer stays in the database.
CARD_COLUMNS = (
    Post.id,
    Post.slug,
    Post.title,
    Post.summary,
    Post.published_at,
    Post.updated_at,
    Post.reading_minutes,
    Post.tags,
    Post.authors,
    Post.cover,
    Post.series_part,
    Post.comment_count,
)


#: The few columns of a brief, which a post page needs up to a few dozen of.
BRIEF_COLUMNS = (
    Post.id,
    Post.slug,
    Post.title,
    Post.published_at,
    Post.reading_minutes,
    Post.series_part,
    Post.comment_count,
)


@dataclass(frozen=True, slots=True)
class Named:
    """A tag, author, series or blog as a link, with how many posts it has where that is shown."""

    name: str
    address: str
    count: int = 0
    role: str | None = None


@dataclass(frozen=True, slots=True)
class PostLink:
    """A post as a link."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class PostBrief:
    """A post at the end of another: what its link says, and its part of a series."""

    id: int
    title: str
    address: str
    published_at: datetime
    reading_minutes: int
    part: int | None
    comment_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCard:
    """A post in a list."""

    id: int
    title: str
    address: str
    summary: str
    published_at: datetime
    updated_at: datetime | None
    reading_minutes: int
    tags: Sequence[Named]
    authors: Sequence[Named]
    cover: Picture | None
    part: int | None
    comment_count: int | None = None


def card_of(row: Any, blog_address: str) -> PostCard:
    """The card of a row that has `CARD_COLUMNS`."""
    return PostCard(
        id=row.id,
        title=row.title,
        address=f"{blog_address}{row.slug}/",
        summary=row.summary,
        published_at=row.published_at,
        updated_at=row.updated_at,
        reading_minutes=row.reading_minutes,
        tags=_named(row.tags, f"{blog_address}tags/"),
        authors=_named(row.authors, f"{blog_address}authors/"),
        cover=Picture(**row.cover) if row.cover else None,
        part=row.series_part,
        comment_count=row.comment_count or None,
    )


def brief_of(row: Any, blog_address: str) -> PostBrief:
    """The brief of a row that has `BRIEF_COLUMNS`."""
    address = f"{blog_address}{row.slug}/"
    facts = (row.published_at, row.reading_minutes, row.series_part, row.comment_count or None)
    return PostBrief(row.id, row.title, address, *facts)


def _named(entries: list[dict[str, str]], below: str) -> tuple[Named, ...]:
    return tuple(Named(entry["name"], f"{below}{entry['slug']}/") for entry in entries)
