"""Blogs, their authors and posts, and the listings that posts stand in."""

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Model, UtcDateTime


class Blog(Model):
    """One blog of the site, as its `blog.toml` describes it."""

    __tablename__ = "blogs"

    slug: Mapped[str] = mapped_column(String(120), unique=True)
    source: Mapped[str] = mapped_column(String(1_000))
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(300))
    rank: Mapped[int] = mapped_column(default=0)
    per_page: Mapped[int] = mapped_column(default=20)
    comments_open: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    #: How long a post takes comments, unless it says otherwise itself.
    comments_days: Mapped[int | None] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

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


class Author(Model):
    """Somebody, or a team, whose name stands over posts."""

    __tablename__ = "authors"

    slug: Mapped[str] = mapped_column(String(120), unique=True)
    source: Mapped[str] = mapped_column(String(1_000))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str | None] = mapped_column(String(120))
    bio_html: Mapped[str] = mapped_column(Text)
    links: Mapped[Any] = mapped_column(JSON)


class Post(Model):
    """One post. Its HTML is made when its file is read, never when it is shown."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("blog_id", "slug"),
        Index(None, "blog_id", "series_slug", "series_part"),
    )

    blog_id: Mapped[int] = mapped_column(ForeignKey("blogs.id"), index=True)
    slug: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(1_000), index=True)
    digest: Mapped[str] = mapped_column(String(32), index=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500))
    body_html: Mapped[str] = mapped_column(Text, deferred=True, deferred_group="article")
    plain: Mapped[str] = mapped_column(Text, deferred=True, deferred_group="search")
    contents: Mapped[Any] = mapped_column(JSON, deferred=True, deferred_group="article")
    reading_minutes: Mapped[int] = mapped_column()
    #: [{slug, name}], in the order of the file.
    tags: Mapped[Any] = mapped_column(JSON)
    #: [{slug, name}], in the order of the file.
    authors: Mapped[Any] = mapped_column(JSON)
    cover: Mapped[Any | None] = mapped_column(JSON)
    series_slug: Mapped[str | None] = mapped_column(String(120))
    series_name: Mapped[str | None] = mapped_column(String(120))
    series_part: Mapped[int | None] = mapped_column()
    canonical: Mapped[str | None] = mapped_column(String(2_000))
    is_draft: Mapped[bool] = mapped_column(default=False)
    #: The day readers see, in the site's time zone.
    published_on: Mapped[date] = mapped_column()
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unpublish_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    comments_open: Mapped[bool] = mapped_column(default=True)
    comments_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: How many comments are shown, and how many pages they were given; kept by `count_comments`.
    comment_count: Mapped[int] = mapped_column(default=0, server_default="0")
    comment_pages: Mapped[int] = mapped_column(default=0, server_default="0")

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

    blog_id: Mapped[int] = mapped_column(ForeignKey("blogs.id"))
    slug: Mapped[str] = mapped_column(String(120))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)


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
    __table_args__ = (
        UniqueConstraint("post_id", "shelf", "key"),
        Index("ix_listings_place", "blog_id", "shelf", "key", "place", "post_id"),
        Index("ix_listings_time", "blog_id", "shelf", "key", "published_at", "place"),
    )

    blog_id: Mapped[int] = mapped_column(ForeignKey("blogs.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    shelf: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[int] = mapped_column(default=0)
