"""Putting pages together: the facts that browsers and search engines read, and shared parts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from flask import render_template
from markupsafe import Markup

from app.core.registry import Section, registry
from app.core.web import Crumb, FeedLink, Meta, absolute, page_meta, page_part, structured_data

from .cards import PostCard, card_of
from .models import Blog, Post
from .queries import newest_posts
from .surroundings import surroundings

#: The room of the site's feedback, and the first part of its addresses.
FEEDBACK = "feedback"


def every_blog() -> list[Blog]:
    """All blogs there are or were."""
    return [blog for blog in page_part("blogs_and_rooms") if not blog.is_room]


def shown_blogs() -> list[Blog]:
    """The blogs readers may see."""
    return [blog for blog in page_part("every_blog") if blog.removed_at is None]


def feedback_room_id() -> int:
    """The number of the room that feedback is kept in."""
    rooms = (blog for blog in page_part("blogs_and_rooms") if blog.is_room)
    return next(room.id for room in rooms if room.slug == FEEDBACK)


def latest_posts() -> Any:
    """A function from a blog's slug, or `None`, and a count to the newest posts."""
    return newest_posts


def feed_links() -> tuple[FeedLink, ...]:
    """The feeds of all blogs."""
    return tuple(FeedLink(blog.title, blog.feed) for blog in page_part("blogs"))


def blog_of(post: Post) -> Blog:
    """The blog a post is in; asks the database once for all posts."""
    return next(blog for blog in page_part("every_blog") if blog.id == post.blog_id)


def render_post(post: Post, *sections: Section, failed: bool = False) -> str:
    """The page of a post, with the sections that features put under it.

    A section given here takes the place of its namesake. `failed` says in the title that
    what was sent from the page needs another look; such an answer is not for search engines.
    """
    page = post_page(blog_of(post), post)
    page["post"]["body_html"] = Markup(page["post"]["body_html"])
    if sections:
        page["meta"] = _answer_meta(page["meta"], failed=failed)
    return render_template("blog/show.html", sections=list(_under(post, sections)), **page)


def list_meta(
    blog: Blog, title: str, *, address: str, feed: str | None = None, **facts: Any
) -> Meta:
    """The facts of a list of a blog's posts."""
    is_front = address == blog.address
    crumbs = [Crumb("Home", "/"), Crumb(blog.title, None if is_front else blog.address)]
    if not is_front:
        crumbs.append(Crumb(title))
    feeds = [FeedLink(blog.title, blog.feed)]
    feeds.append(FeedLink(blog.title, blog.json_feed, "application/feed+json"))
    if feed:
        feeds.insert(0, FeedLink(f"{title} · {blog.title}", feed))
    meta = Meta(
        title=title,
        canonical=absolute(address),
        feeds=tuple(feeds),
        breadcrumbs=tuple(crumbs),
        **{"description": blog.description or None} | facts,
    )
    return page_meta(meta, section=None if is_front else blog.title)


def post_page(blog: Blog, post: Post) -> dict[str, Any]:
    """Everything the template of a post shows."""
    card = card_of(post, blog.address)
    around = surroundings(blog, post)
    canonical = post.canonical or absolute(card.address)
    values = {name: getattr(card, name) for name in PostCard.__slots__}
    values |= {
        "body_html": post.body_html,
        "contents": post.contents,
        "canonical": canonical,
        "previous": around.previous,
        "next": around.next,
        "related": around.related,
        "series": around.series,
        "edit_address": _edit_address(post),
        "share_mail": _share_mail(post, canonical),
    }
    return {"blog": blog, "post": values, "meta": _post_meta(blog, post, card, canonical)}


def _under(post: Post, given: Iterable[Section]) -> Iterator[Section]:
    in_place = {section.name: section for section in given}
    for make in registry().every("under_post"):
        # Asked before it is made: making one reads the database.
        yield in_place.get(make.__name__) or make(post)


def _answer_meta(meta: Meta, *, failed: bool) -> Meta:
    title = f"Error: {meta.full_title}" if failed else meta.full_title
    return replace(meta, full_title=title, robots="noindex")


def _post_meta(blog: Blog, post: Post, card: PostCard, canonical: str) -> Meta:
    card_image = absolute(f"{card.address}card.png")
    meta = Meta(
        title=post.title,
        description=post.summary or None,
        canonical=canonical,
        kind="article",
        image=card_image,
        image_alt=f"{post.title} · {page_part('site').name}",
        feeds=(
            FeedLink(blog.title, blog.feed),
            FeedLink(blog.title, blog.json_feed, "application/feed+json"),
        ),
        breadcrumbs=(Crumb("Home", "/"), Crumb(blog.title, blog.address), Crumb(post.title)),
        structured=(structured_data(_posting(post, card, canonical, card_image)),),
    )
    return page_meta(meta, section=blog.title)


def _posting(post: Post, card: PostCard, canonical: str, image: str) -> dict[str, Any]:
    """https://schema.org/BlogPosting"""
    site = page_part("site")
    authors = [
        {"@type": "Person", "name": author.name, "url": absolute(author.address)}
        for author in card.authors
    ]
    return {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": post.title,
        "description": post.summary,
        "mainEntityOfPage": canonical,
        "image": [image],
        "datePublished": post.published_at.isoformat(),
        "dateModified": (post.updated_at or post.published_at).isoformat(),
        "inLanguage": site.language,
        "keywords": [tag.name for tag in card.tags],
        "author": authors or {"@type": "Organization", "name": site.name},
        "publisher": {"@type": "Organization", "name": site.name, "url": absolute("/")},
    }


def _edit_address(post: Post) -> str | None:
    template = page_part("site").edit_address
    return template.replace("{path}", quote(post.source)) if template else None


def _share_mail(post: Post, canonical: str) -> str:
    return f"mailto:?subject={quote(post.title)}&body={quote(canonical)}"
