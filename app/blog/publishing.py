"""A blog's posts for the rooms above it: feeds, search and the sitemap."""

import re
from collections.abc import Iterable, Iterator

from app.core.errors import Gone
from app.core.registry import Feed, FeedEntry, PublicDocument
from app.core.web import page_part

from .cards import Named
from .lists import shelf_name
from .models import Blog, Post, Shelf
from .queries import feed_posts, fingerprint, posts_by_id, tag_suggestions

SOURCE = "blog.posts"
ENTRIES = 20

_LIST = re.compile(r"/([a-z0-9-]+)/(?:(tags|authors)/([a-z0-9-]+)/)?")


def feed_of(address: str) -> Feed | None:
    """The feed of a blog, tag or author page; `None` for another address.

    Raises `Missing` for a tag or author nobody wrote under, `Gone` for a removed blog.
    """
    found = _LIST.fullmatch(address)
    blog = _blog_called(found[1]) if found else None
    if found is None or blog is None:
        return None
    if blog.removed_at is not None:
        raise Gone
    shelf = {"tags": Shelf.TAG, "authors": Shelf.AUTHOR, None: Shelf.BLOG}[found[2]]
    key = found[3] or ""
    title = blog.title
    if shelf is not Shelf.BLOG:
        title = f"{shelf_name(blog, shelf, key)} · {blog.title}"
    posts = feed_posts(blog, shelf, key, count=ENTRIES)
    return Feed(
        title=f"{title} · {page_part('site').name}",
        description=blog.description,
        address=address,
        entries=tuple(_entry(blog, post) for post in posts),
    )


def public_documents(ids: Iterable[int]) -> Iterator[PublicDocument]:
    """Posts as search finds them, while they are shown."""
    for post, blog in posts_by_id(list(ids)):
        facts = (post.digest, post.slug, post.published_at, post.unpublish_at)
        tags = " ".join(tag["name"] for tag in post.tags)
        yield PublicDocument(
            source=SOURCE,
            source_id=post.id,
            digest=fingerprint((*facts, blog.slug, blog.title)),
            address=f"{blog.address}{post.slug}/",
            section=blog.title,
            title=post.title,
            summary=f"{post.summary} {tags}".strip(),
            body=post.plain,
            visible_from=post.published_at,
            visible_until=post.unpublish_at,
        )


def suggestions() -> list[Named]:
    """The subjects most written about, for a search that found nothing."""
    found: dict[str, Named] = {}
    for blog, key, name in tag_suggestions():
        # A subject that blogs share leads to the one that writes most about it.
        found.setdefault(key, Named(name, f"/{blog}/tags/{key}/"))
    return list(found.values())


def _blog_called(slug: str) -> Blog | None:
    for blog in page_part("every_blog"):
        if blog.slug == slug:
            return blog
    return None


def _entry(blog: Blog, post: Post) -> FeedEntry:
    return FeedEntry(
        address=f"{blog.address}{post.slug}/",
        title=post.title,
        summary=post.summary,
        html=post.body_html,
        published_at=post.published_at,
        updated_at=post.updated_at or post.published_at,
        authors=tuple(author["name"] for author in post.authors),
        tags=tuple(tag["name"] for tag in post.tags),
    )
