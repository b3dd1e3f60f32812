"""From content files to drafts: what a blog, an author and a post may say, checked."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.core import markup
from app.core.content import ContentProblem, Document, Fields, Workshop

RESERVED_POSTS = frozenset({"tags", "archive", "authors", "series", "page"})
SUMMARY_LENGTH = 220
CONTENTS_FROM = 3

_ALIAS = re.compile(r"/?(?:([a-z0-9-]{1,120})/)?([^\s/?#]{1,120})/?")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-")
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class BlogDraft:
    """A `blog.toml`, read."""

    slug: str
    title: str
    description: str
    rank: int
    per_page: int
    comments_open: bool
    comments_days: int | None


@dataclass(frozen=True, kw_only=True)
class AuthorDraft:
    """An author's file, read."""

    slug: str
    name: str
    role: str | None
    bio_html: str
    links: list[dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class PostDraft:
    """A post's file, read and rendered; `values` are its columns.

    Each alias is the slug of a blog and what the post was called there.
    """

    blog: str
    slug: str
    values: dict[str, Any]
    authors: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...]
    lines: Mapping[str, int]

    def problem(self, key: str, reason: str) -> ContentProblem:
        """A problem at the line of a key that only the database could tell."""
        return ContentProblem(reason, line=self.lines.get(key, 1))


def read_blog(document: Document, _workshop: Workshop) -> BlogDraft:
    """The blog a `blog.toml` describes. Raises `ContentProblem`."""
    fields = Fields(document.front, lines=document.lines)
    slug = Fields({"folder": _blog_of(document)}).slug("folder", default="")
    draft = BlogDraft(
        slug=slug,
        title=fields.text("title", longest=120),
        description=fields.optional_text("description", longest=300) or "",
        rank=fields.number("order", low=0, high=1_000, default=0),
        per_page=fields.number("per_page", low=1, high=100, default=20),
        comments_open=_are_open(fields),
        comments_days=fields.number("comments_days", low=0, high=36_500, default=0) or None,
    )
    fields.done()
    return draft


def read_author(document: Document, workshop: Workshop) -> AuthorDraft:
    """The author a file describes. Raises `ContentProblem`."""
    fields = Fields(document.front, lines=document.lines)
    links = []
    for entry in fields.each("links", most=10):
        to = entry.link("to")
        if to is None:
            raise entry.problem("to", "is missing")
        links.append({"label": entry.text("label", longest=60), "to": to})
        entry.done()
    draft = AuthorDraft(
        slug=fields.slug("slug", default=document.name),
        name=fields.text("name", longest=120),
        role=fields.optional_text("role", longest=120),
        bio_html=workshop.render(document).html,
        links=links,
    )
    fields.done()
    return draft


def read_post(document: Document, workshop: Workshop) -> PostDraft:
    """The post a file describes. Raises `ContentProblem`."""
    fields = Fields(document.front, lines=document.lines)
    title = fields.text("title", longest=200)
    slug = fields.slug("slug", default=_DATED.sub("", document.name, count=1))
    if slug in RESERVED_POSTS:
        raise fields.problem("slug", f"cannot be “{slug}”: the blog uses that address itself")
    day = fields.moment("date", zone=workshop.zone)
    if day is None:
        raise fields.problem("date", "is missing")
    article = workshop.render(document)
    values = {
        "digest": document.digest,
        "title": title,
        "summary": fields.optional_text("summary", longest=500) or _summary(article.plain),
        "body_html": article.html,
        "plain": article.plain,
        "contents": _contents(article),
        "reading_minutes": article.reading_minutes,
        "tags": _tags(fields),
        "cover": _cover(fields, document, workshop),
        **_series(fields),
        "canonical": _canonical(fields),
        "is_draft": fields.flag("draft"),
        **_times(fields, day, workshop),
        "removed_at": None,
        **_comments(fields, workshop),
    }
    draft = PostDraft(
        blog=_blog_of(document),
        slug=slug,
        values=values,
        authors=fields.texts("authors", most=12),
        aliases=_aliases(fields, (_blog_of(document), slug)),
        lines=document.lines,
    )
    fields.done()
    return draft


def slug_of(text: str) -> str:
    """A text as part of an address; empty when nothing of it can be."""
    return _NOT_IN_SLUG.sub("-", text.lower()).strip("-")


def _blog_of(document: Document) -> str:
    return document.path.split("/")[1]


def _summary(plain: str) -> str:
    """The beginning of a text, cut at a word."""
    if len(plain) <= SUMMARY_LENGTH:
        return plain
    cut = plain[:SUMMARY_LENGTH]
    return (cut.rpartition(" ")[0] or cut).rstrip(",.;:") + "…"


def _times(fields: Fields, day: datetime, workshop: Workshop) -> dict[str, Any]:
    published = fields.moment("publish", zone=workshop.zone) or day
    until = fields.moment("unpublish", zone=workshop.zone)
    if until is not None and until <= published:
        raise fields.problem("unpublish", "is not after the post is published")
    return {
        "published_on": published.astimezone(workshop.zone).date(),
        "published_at": published,
        "updated_at": fields.moment("updated", zone=workshop.zone),
        "unpublish_at": until,
    }


def _canonical(fields: Fields) -> str | None:
    address = fields.link("canonical")
    if address and not address.lower().startswith(("https://", "http://")):
        raise fields.problem("canonical", "must be a whole address such as https://example.org/x/")
    return address


def _aliases(fields: Fields, own: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Old slugs, of this blog where no other is named; the post's own address is none."""
    found: dict[tuple[str, str], None] = {}
    for text in fields.texts("aliases"):
        alias = _ALIAS.fullmatch(text)
        if alias is None:
            raise fields.problem("aliases", f"“{text}” must be an old slug, or /blog/slug/")
        found[alias[1] or own[0], alias[2]] = None
    return tuple(alias for alias in found if alias != own)


def _contents(article: markup.Article) -> list[dict[str, Any]]:
    if len(article.contents) < CONTENTS_FROM:
        return []
    return [asdict(heading) for heading in article.contents]


def _tags(fields: Fields) -> list[dict[str, str]]:
    tags = [
        {"slug": slug_of(name), "name": name} for name in fields.texts("tags", most=20, longest=100)
    ]
    slugs = [tag["slug"] for tag in tags]
    if not all(slugs):
        raise fields.problem("tags", "must have a letter a-z or a digit each")
    if len(set(slugs)) != len(slugs):
        raise fields.problem("tags", "names something twice")
    return tags


def _series(fields: Fields) -> dict[str, Any]:
    raw = fields.raw("series")
    if raw is None:
        return {"series_slug": None, "series_name": None, "series_part": None}
    entry = Fields({"name": raw}) if isinstance(raw, str) else fields.nested("series")
    if entry is None:
        raise fields.problem("series", "must be a name, or `name:` and `part:`")
    name = entry.text("name", longest=120)
    part = entry.number("part", low=1, high=1_000, default=0)
    entry.done()
    if not slug_of(name):
        raise fields.problem("series", "needs a name with a letter a-z or a digit")
    return {"series_slug": slug_of(name), "series_name": name, "series_part": part}


def _are_open(fields: Fields) -> bool:
    raw = fields.raw("comments")
    if raw not in (None, "open", "closed"):
        raise fields.problem("comments", "must be open or closed")
    return raw != "closed"


def _comments(fields: Fields, workshop: Workshop) -> dict[str, Any]:
    raw = fields.raw("comments")
    if raw in (None, "open", "closed"):
        return {"comments_open": raw != "closed", "comments_until": None}
    entry = fields.nested("comments") if isinstance(raw, dict) else None
    if entry is None:
        raise fields.problem("comments", "must be open, closed, or `until:` with a date")
    until = entry.moment("until", zone=workshop.zone)
    if until is None:
        raise entry.problem("until", "is missing")
    entry.done()
    return {"comments_open": True, "comments_until": until}


def _cover(fields: Fields, document: Document, workshop: Workshop) -> dict[str, Any] | None:
    entry = fields.nested("cover")
    if entry is None:
        return None
    source = entry.text("image")
    alt = entry.text("alt")
    caption = entry.optional_text("caption")
    entry.done()
    try:
        return asdict(workshop.picture(document, source, alt=alt, caption=caption))
    except ContentProblem as problem:
        raise entry.problem("image", f"cannot be used: {problem.reason}") from None
