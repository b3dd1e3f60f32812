"""What readers may see of the blogs: every SELECT, with its order and its length."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer, undefer_group

from app.core import clock
from app.core.content import content_rows
from app.core.database import db
from app.core.errors import Gone, Missing, Moved
from app.core.registry import Location

from .cards import CARD_COLUMNS, PostCard, card_of
from .lists import current, on_shelf
from .models import Author, Blog, Listing, Post, PostAlias, Shelf

#: What a post's search entry is made of; its text stands for by its file's digest.
FINGERPRINT = (
    Post.digest,
    Post.slug,
    Post.published_at,
    Post.unpublish_at,
    Blog.slug.label("blog_slug"),
    Blog.title.label("blog_title"),
)

# Asked for again and again, so built once.
_POST_CALLED = (
    sa.select(Post)
    .where(Post.blog_id == sa.bindparam("blog_id"), Post.slug == sa.bindparam("slug"))
    .options(undefer_group("article"))
)


def all_blogs() -> list[Blog]:
    """The site's blogs and rooms in the order it shows them, removed ones last."""
    return sorted(content_rows(), key=_place)


def published_post(blog: Blog, slug: str) -> Post:
    """A post that readers may see now.

    Raises `Moved` for a slug it had before, `Gone` for a post taken down, else `Missing`.
    """
    at = clock.now()
    post = db.session.scalar(_POST_CALLED, {"blog_id": blog.id, "slug": slug})
    if post and post.is_shown(at) and blog.removed_at is None:
        return post
    moved, home = _called_before(blog, slug)
    if moved and moved.is_shown(at) and home.removed_at is None:
        raise Moved(f"{home.address}{moved.slug}/")
    is_gone = blog.removed_at or any(known and known.is_gone(at) for known in (post, moved))
    raise Gone if is_gone else Missing


def author_called(slug: str) -> Author | None:
    """An author, or `None` when the file is gone."""
    return db.session.scalar(sa.select(Author).where(Author.slug == slug))


def authors_called(slugs: list[str]) -> dict[str, Author]:
    """Authors by slug."""
    rows = db.session.scalars(sa.select(Author).where(Author.slug.in_(slugs)))
    return {author.slug: author for author in rows}


def series_posts(blog: Blog, series: str) -> list[Any]:
    """The shown parts of a series in their order: card columns and the series' name."""
    at = clock.now()
    return list(
        db.session.execute(
            sa.select(*CARD_COLUMNS, Post.series_name)
            .where(Post.blog_id == blog.id, Post.series_slug == series, *_shown(at))
            .order_by(Post.series_part, Post.published_at, Post.id)
            .limit(200)
        )
    )


def all_series(blog: Blog) -> list[tuple[str, str, int]]:
    """Each series with its name and number of shown parts, by name."""
    rows = db.session.execute(
        sa.select(Post.series_slug, sa.func.max(Post.series_name), sa.func.count())
        .where(Post.blog_id == blog.id, Post.series_slug.is_not(None), *_shown(clock.now()))
        .group_by(Post.series_slug)
        .order_by(Post.series_slug)
    )
    return [(slug or "", name or "", count) for slug, name, count in rows]


def newest_posts(blog_slug: str | None, count: int) -> list[PostCard]:
    """The latest posts of one blog, or of all."""
    at = clock.now()
    query = (
        sa.select(*CARD_COLUMNS, Blog.slug.label("blog_slug"))
        .join(Listing, Listing.post_id == Post.id)
        .join(Blog, Blog.id == Post.blog_id)
        .where(Listing.shelf == Shelf.BLOG.value, Listing.published_at <= at, _not_expired(at))
        .where(Blog.removed_at.is_(None))
        .order_by(Listing.published_at.desc(), Listing.post_id.desc())
        .limit(count)
    )
    if blog_slug is not None:
        query = query.where(Blog.slug == blog_slug)
    return [card_of(row, f"/{row.blog_slug}/") for row in db.session.execute(query)]


def feed_posts(blog: Blog, shelf: Shelf, key: str, *, count: int) -> list[Post]:
    """The latest posts of a list with their whole text."""
    at = clock.now()
    rows = db.session.scalars(
        sa.select(Post)
        .join(Listing, Listing.post_id == Post.id)
        .where(*on_shelf(blog, shelf, key), Listing.published_at <= at, _not_expired(at))
        .order_by(Listing.published_at.desc(), Listing.post_id.desc())
        .options(undefer_group("article"))
        .limit(count)
    )
    return list(rows)


def post_locations() -> Iterator[Location]:
    """Every shown post and every blog, for the sitemap."""
    at = clock.now()
    rows = db.session.execute(
        sa.select(Blog.slug, Post.slug, sa.func.coalesce(Post.updated_at, Post.published_at))
        .join(Post, Post.blog_id == Blog.id)
        .where(Blog.removed_at.is_(None), *_shown(at))
        .order_by(Blog.slug, Post.published_at.desc(), Post.id)
    )
    blog_slug = None
    for slug, post_slug, changed_at in rows:
        if slug != blog_slug:
            blog_slug = slug
            # Newest first, so the first post of a blog dates its front page.
            yield Location(address=f"/{slug}/", changed_at=changed_at)
        yield Location(address=f"/{slug}/{post_slug}/", changed_at=changed_at)


def tag_suggestions() -> list[Any]:
    """The tags with the most posts over all blogs: blog slug, key, name."""
    return list(
        db.session.execute(
            sa.select(Blog.slug, Listing.key, sa.func.max(Listing.name))
            .join(Blog, Blog.id == Listing.blog_id)
            .where(Listing.shelf == Shelf.TAG.value, *current(clock.now()))
            .where(Blog.removed_at.is_(None))
            .group_by(Blog.slug, Listing.key)
            .order_by(sa.func.count().desc(), Listing.key)
            .limit(8)
        )
    )


def post_fingerprints() -> Mapping[int, str]:
    """The fingerprint of every post that is, was or will be shown."""
    rows = db.session.execute(
        sa.select(Post.id, *FINGERPRINT)
        .join(Blog)
        .where(Post.is_draft.is_(False), Post.removed_at.is_(None), Blog.removed_at.is_(None))
    )
    return {post_id: fingerprint(facts) for post_id, *facts in rows}


def fingerprint(facts: Sequence[Any]) -> str:
    """Changes with everything that search keeps of a post: the values of `FINGERPRINT`."""
    return hashlib.blake2b(repr(list(facts)).encode(), digest_size=16).hexdigest()


def posts_by_id(ids: list[int]) -> list[tuple[Post, Blog]]:
    """Posts with their plain text and their blogs."""
    rows = db.session.execute(
        sa.select(Post, Blog)
        .join(Blog)
        .where(Post.id.in_(ids))
        .order_by(Post.published_at, Post.id)
        .options(undefer(Post.plain))
    )
    return [(post, blog) for post, blog in rows]


def _place(blog: Blog) -> tuple[bool, int, str]:
    return blog.removed_at is not None, blog.rank, blog.slug


def _called_before(blog: Blog, slug: str) -> tuple[Post | None, Blog]:
    """The post that had an address once, and the blog it is in now."""
    row = db.session.execute(
        sa.select(Post, Blog)
        .join(PostAlias, PostAlias.post_id == Post.id)
        .join(Blog, Blog.id == Post.blog_id)
        .where(PostAlias.blog_id == blog.id, PostAlias.slug == slug)
    ).first()
    return (row[0], row[1]) if row else (None, blog)


def _shown(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Post.is_draft.is_(False),
        Post.removed_at.is_(None),
        Post.published_at <= at,
        _not_expired(at),
    )


def _not_expired(at: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(Post.unpublish_at.is_(None), Post.unpublish_at > at)
