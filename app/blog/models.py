"""Blogs, their authors and posts, and the listings that posts stand in."""

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core.database import Model, UtcDateTime
from app.core.privacy import (
    PUBLIC,
    not_personal,
    of_nobody,
    personal,
)


def _byline(kind: Any, **options: Any) -> Any:
    """A column that says who wrote something, as the company chose to publish it."""
    return personal(
        "name",
        why="readers know who stands behind a text",
        opens_for=PUBLIC,
        keep=None,
        until="the author's file is removed",
        subject="author",
        interest="say who speaks for the company",
        source="content file",
        on_expiry="keep",
        on_erasure="keep",
        type_=kind,
        **options,
    )


class Blog(Model):
    """One blog of the site, as its `blog.toml` describes it; or a room, which has no file.

    A room is where something else than posts is talked about. It has people, rules and
    records as a blog has, and no address: no query of this package answers one.
    """

    __tablename__ = "blogs"

    slug: Mapped[str] = not_personal("address of a blog", String(120), unique=True)
    source: Mapped[str] = not_personal("path of a content file", String(1_000))
    title: Mapped[str] = not_personal("what the company publishes", String(120))
    description: Mapped[str] = not_personal("what the company publishes", String(300))
    rank: Mapped[int] = not_personal("order of the blogs", default=0)
    per_page: Mapped[int] = not_personal("posts on a page", default=20)
    comments_open: Mapped[bool] = not_personal(
        "whether it takes comments", default=True, server_default=sa.true()
    )
    #: How long a post takes comments, unless it says otherwise itself.
    comments_days: Mapped[int | None] = not_personal("how long it takes comments")
    removed_at: Mapped[datetime | None] = not_personal("when its file was removed", UtcDateTime)
    is_room: Mapped[bool] = not_personal(
        "whether it is a room", default=False, server_default=sa.false()
    )

    @property
    def address(self) -> str:
        """Where the blog is on this site."""
        return f"/{self.slug}/"

    @property
    def feed(self) -> str:
        """Its Atom feed."""
        return f"/{self.slug}/feed.xml"

    @property
    def json_feed(self) -> str:
        """Its JSON Feed."""
        return f"/{self.slug}/feed.json"


BYLINES = "bylines are public words of content files; their authors change them there"


class Author(Model):
    """Somebody, or a team, whose name stands over posts."""

    __tablename__ = "authors"
    __belongs__ = of_nobody(BYLINES)

    slug: Mapped[str] = _byline(String(120), unique=True)
    source: Mapped[str] = not_personal("path of a content file", String(1_000))
    name: Mapped[str] = _byline(String(120))
    role: Mapped[str | None] = _byline(String(120))
    bio_html: Mapped[str] = _byline(Text)
    links: Mapped[Any] = _byline(JSON)


class Post(Model):
    """One post. Its HTML is made when its file is read, never when it is shown."""

    __tablename__ = "posts"
    __belongs__ = of_nobody(BYLINES)
    __table_args__ = (
        UniqueConstraint("blog_id", "slug"),
        Index(None, "blog_id", "series_slug", "series_part"),
    )

    blog_id: Mapped[int] = not_personal("which blog", ForeignKey("blogs.id"), index=True)
    slug: Mapped[str] = not_personal("address of a post", String(120))
    source: Mapped[str] = not_personal("path of a content file", String(1_000), index=True)
    digest: Mapped[str] = not_personal("hash of a content file", String(32), index=True)
    title: Mapped[str] = not_personal("what the company publishes", String(200))
    summary: Mapped[str] = not_personal("what the company publishes", String(500))
    body_html: Mapped[str] = not_personal(
        "what the company publishes", Text, deferred=True, deferred_group="article"
    )
    plain: Mapped[str] = not_personal(
        "what the company publishes", Text, deferred=True, deferred_group="search"
    )
    contents: Mapped[Any] = not_personal(
        "headings of the post", JSON, deferred=True, deferred_group="article"
    )
    reading_minutes: Mapped[int] = not_personal("length of the post")
    #: [{slug, name}], in the order of the file.
    tags: Mapped[Any] = not_personal("subjects of the post", JSON)
    #: [{slug, name}], in the order of the file.
    authors: Mapped[Any] = _byline(JSON)
    cover: Mapped[Any | None] = not_personal("which picture", JSON)
    series_slug: Mapped[str | None] = not_personal("address of a series", String(120))
    series_name: Mapped[str | None] = not_personal("what the company publishes", String(120))
    series_part: Mapped[int | None] = not_personal("place in a series")
    canonical: Mapped[str | None] = not_personal("address the post is known by", String(2_000))
    is_draft: Mapped[bool] = not_personal("whether it is published", default=False)
    #: The day readers see, in the site's time zone.
    published_on: Mapped[date] = not_personal("day of publication")
    published_at: Mapped[datetime] = not_personal("moment of publication", UtcDateTime)
    updated_at: Mapped[datetime | None] = not_personal("when the post was changed", UtcDateTime)
    unpublish_at: Mapped[datetime | None] = not_personal(
        "end of publication", UtcDateTime, index=True
    )
    removed_at: Mapped[datetime | None] = not_personal("when its file was removed", UtcDateTime)
    comments_open: Mapped[bool] = not_personal("whether it takes comments", default=True)
    comments_until: Mapped[datetime | None] = not_personal("end of its discussion", UtcDateTime)
    #: How many comments are shown, and how many pages they were given; kept by `count_comments`.
    comment_count: Mapped[int] = not_personal(
        "number of comments shown", default=0, server_default="0"
    )
    comment_pages: Mapped[int] = not_personal(
        "number of pages of comments", default=0, server_default="0"
    )

    def is_shown(self, at: datetime) -> bool:
        """Whether readers may see the post at that moment."""
        if self.is_draft or self.removed_at is not None or self.published_at > at:
            return False
        return self.unpublish_at is None or self.unpublish_at > at

    def is_gone(self, at: datetime) -> bool:
        """Whether readers could see it once, and no longer can."""
        if self.is_draft or self.published_at > at:
            return False
        return not self.is_shown(at)


class PostAlias(Model):
    """A slug a post had before."""

    __tablename__ = "post_aliases"
    __table_args__ = (UniqueConstraint("blog_id", "slug"),)

    blog_id: Mapped[int] = not_personal("which blog", ForeignKey("blogs.id"))
    slug: Mapped[str] = not_personal("former address of a post", String(120))
    post_id: Mapped[int] = not_personal(
        "which post", ForeignKey("posts.id", ondelete="CASCADE"), index=True
    )


class Shelf(enum.StrEnum):
    """The ways a blog's posts are listed."""

    BLOG = "blog"
    TAG = "tag"
    AUTHOR = "author"
    YEAR = "year"
    MONTH = "month"


class Listing(Model):
    """A post's place on one shelf of its blog, such as the tag `privacy`.

    Places count from 1 without gaps, oldest first, so that any page of any list is
    found by two look-ups in an index, however long the list is.
    """

    __tablename__ = "listings"
    __belongs__ = of_nobody(BYLINES)
    __table_args__ = (
        UniqueConstraint("post_id", "shelf", "key"),
        Index("ix_listings_place", "blog_id", "shelf", "key", "place", "post_id"),
        Index("ix_listings_time", "blog_id", "shelf", "key", "published_at", "place"),
    )

    blog_id: Mapped[int] = not_personal("which blog", ForeignKey("blogs.id"))
    post_id: Mapped[int] = not_personal("which post", ForeignKey("posts.id", ondelete="CASCADE"))
    shelf: Mapped[str] = not_personal("which kind of list", String(10))
    key: Mapped[str] = _byline(String(120))
    name: Mapped[str] = _byline(String(120))
    published_at: Mapped[datetime] = not_personal("moment of publication", UtcDateTime)
    place: Mapped[int] = not_personal("place in a list", default=0)
