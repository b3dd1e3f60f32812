"""What moderators may see: every list bounded, and each row only with the right to its blog."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.blog import Blog, Post
from app.core.database import db
from app.core.errors import Missing
from app.core.privacy import Viewer
from app.desk import Kindred, Kinship
from app.moderation import Outcome, Report, looks_like

from ..models import Comment, State
from .sieve import Place, Sieve

PAGE = 50
#: How many comments are read one by one for a page, where no index knows the answer.
WINDOW = 5_000

Condition = sa.ColumnElement[bool]

_KEYS = {
    Kinship.AUTHOR: Comment.author_email_lookup,
    Kinship.ADDRESS: Comment.author_ip_lookup,
    Kinship.NEAR: Comment.author_ip_near,
}
_Parent = aliased(Comment)
KINDRED = Kindred(
    Comment,
    "author_email_lookup",
    "author_ip_lookup",
    "author_ip_near",
    "author_name",
    State.SHOWN,
    State.REJECTED,
    State.SPAM,
)


@dataclass(frozen=True)
class Found:
    """A page of a list, and the place where the next one begins."""

    rows: list[Any]
    next: Place | None
    #: Whether the page ends because enough was read, and not because it is full.
    gave_up: bool = False


_ROW = (
    sa.select(
        Comment,
        Post.title.label("post_title"),
        Post.slug.label("post_slug"),
        Blog.title.label("blog_title"),
        Blog.slug.label("blog_slug"),
        Post.comment_count,
        Post.comment_pages,
        _Parent.author_name.label("parent_name"),
        sa.func.substr(_Parent.text, 1, 200).label("parent_text"),
        _Parent.state.label("parent_state"),
    )
    .join(Post, Post.id == Comment.post_id)
    .join(Blog, Blog.id == Comment.blog_id)
    .outerjoin(_Parent, _Parent.id == Comment.parent_id)
)


def comment_called(comment_id: int) -> Any | None:
    """One comment in the shape of a list's row, whoever asks; `None` when there is none."""
    return db.session.execute(_ROW.where(Comment.id == comment_id)).first()


def listed(viewer: Viewer, sieve: Sieve, *, size: int = PAGE) -> Found:
    """One page of what the sieve lets through, of the blogs the viewer moderates."""
    window = _window(viewer, sieve, size)
    if window is None:
        return Found([], None)
    query = (
        _ROW.join(window, window.c.id == Comment.id)
        .where(*_inside(sieve))
        .order_by(*_order(sieve, Comment.created_at, Comment.id))
        .limit(size + 1)
    )
    rows = list(db.session.execute(query))
    if len(rows) > size:
        last = rows[size - 1].Comment
        return Found(rows[:size], Place(last.created_at, last.id))
    end = _end_of(window, sieve) if sieve.must_look_inside else None
    return Found(rows, end, gave_up=end is not None)


def matching(viewer: Viewer, sieve: Sieve, *, most: int, newest: int | None = None) -> list[Any]:
    """Number, revision, state and the words of all that a list holds, up to `most` of them.

    `newest` leaves out what came after the comment of that number.
    """
    window = _window(viewer, sieve.but(), most)
    if window is None:
        return []
    query = (
        sa.select(Comment.id, Comment.revision, Comment.state, Comment.author_name)
        .add_columns(sa.func.substr(Comment.text, 1, 200).label("text"))
        .join(window, window.c.id == Comment.id)
        .where(*_inside(sieve))
        .order_by(*_order(sieve, Comment.created_at, Comment.id))
        .limit(most)
    )
    if newest is not None:
        query = query.where(Comment.id <= newest)
    return list(db.session.execute(query))


def stops_early(viewer: Viewer, sieve: Sieve) -> bool:
    """Whether a list holds more than is read one by one, so that there may be more that fits."""
    window = _window(viewer, sieve.but(), WINDOW) if sieve.must_look_inside else None
    if window is None:
        return False
    return (db.session.scalar(sa.select(sa.func.count()).select_from(window)) or 0) >= WINDOW


def representatives(condition: Condition, blogs: frozenset[int], kinship: Kinship) -> list[int]:
    """One comment for each sealed value that a condition matches, on some blogs."""
    key = _KEYS[kinship]
    query = (
        sa.select(sa.func.min(Comment.id))
        .where(condition, Comment.blog_id.in_(blogs))
        .group_by(key)
        .order_by(sa.func.min(Comment.id).desc())
        .limit(40)
    )
    return list(db.session.scalars(query))


def oldest_waiting(blogs: frozenset[int]) -> datetime | None:
    """When the comment that waits longest was written."""
    firsts = [
        sa.select(sa.func.min(Comment.created_at).label("at")).where(
            Comment.blog_id == blog_id, Comment.state == State.HELD
        )
        for blog_id in sorted(blogs)
    ]
    if not firsts:
        return None
    return db.session.scalar(sa.select(sa.func.min(sa.union_all(*firsts).subquery().c.at)))


def blogs_named(blogs: frozenset[int]) -> list[Any]:
    """Number, slug and title of some blogs, in the order the site shows them."""
    query = sa.select(Blog.id, Blog.slug, Blog.title).where(Blog.id.in_(blogs))
    return list(db.session.execute(query.order_by(Blog.rank, Blog.slug)))


def _window(viewer: Viewer, sieve: Sieve, size: int) -> Any | None:
    """The numbers among which a page is found, read from indexes; `None` when there are none."""
    keys = _shared_keys(viewer, sieve)
    blogs = _blogs(viewer, sieve)
    if not blogs or keys == []:
        return None
    length = WINDOW if sieve.must_look_inside else size + 1
    states = [sieve.state] if sieve.state else list(State)
    branches = [
        _branch(sieve, [Comment.blog_id == blog_id, Comment.state == state, *key], length)
        for blog_id in sorted(blogs)
        for state in states
        for key in (keys if keys is not None else [[]])
    ]
    if sieve.state is State.HELD and sieve.kinship is None:
        edited = Comment.pending_text.is_not(None)
        branches += [
            _branch(sieve, [Comment.blog_id == blog_id, edited], length)
            for blog_id in sorted(blogs)
        ]
    together = sa.union(*branches).subquery("candidates")
    order = _order(sieve, together.c.created_at, together.c.id)
    columns = (together.c.id, together.c.created_at)
    return sa.select(*columns).order_by(*order).limit(length).subquery("looked_at")


def _branch(sieve: Sieve, conditions: list[Condition], length: int) -> Any:
    order = _order(sieve, Comment.created_at, Comment.id)
    query = sa.select(Comment.id, Comment.created_at).where(*conditions, *_times(sieve))
    # A compound of limited parts is written in brackets, which only a subquery gives on SQLite.
    return sa.select(query.order_by(*order).limit(length).subquery())


def _order(sieve: Sieve, at: Any, number: Any) -> tuple[Any, Any]:
    return (at, number) if sieve.is_oldest_first else (at.desc(), number.desc())


def _times(sieve: Sieve) -> Iterator[Condition]:
    at, number = Comment.created_at, Comment.id
    if sieve.since:
        yield at >= datetime.combine(sieve.since, time(), UTC)
    if sieve.until:
        yield at < datetime.combine(sieve.until, time(), UTC) + timedelta(days=1)
    if sieve.after is None:
        return
    place = sa.tuple_(sieve.after.at, sieve.after.id)
    here = sa.tuple_(at, number)
    yield here > place if sieve.is_oldest_first else here < place


def _inside(sieve: Sieve) -> Iterator[Condition]:
    """What can only be known by reading the row."""
    if sieve.rule:
        words = sa.cast(Comment.reasons, sa.Text)
        yield words.contains(f'"rule": "{sieve.rule}"', autoescape=True)
    if sieve.look:
        yield looks_like(Comment.uid, sieve.look)
    if sieve.has_link:
        yield Comment.html.contains("<a ", autoescape=True)
    if sieve.is_reported:
        is_open = sa.and_(Report.item_uid == Comment.uid, Report.outcome == Outcome.OPEN)
        yield sa.exists().where(is_open)
    if sieve.text:
        yield sa.or_(
            Comment.text.icontains(sieve.text, autoescape=True),
            Comment.author_name.icontains(sieve.text, autoescape=True),
        )


def _blogs(viewer: Viewer, sieve: Sieve) -> frozenset[int]:
    """The blogs a list covers; addresses are compared only where the viewer administers."""
    needed = "moderate" if sieve.kinship in (None, Kinship.AUTHOR) else "administer"
    blogs = viewer.blogs(needed)
    if not sieve.blog:
        return blogs
    chosen = {blog.id for blog in blogs_named(blogs) if blog.slug == sieve.blog}
    if not chosen:
        raise Missing
    return frozenset(chosen)


def _shared_keys(viewer: Viewer, sieve: Sieve) -> list[list[Condition]] | None:
    """What the examples have in common with what is looked for; `None` without examples.

    Raises `Missing` unless the viewer may moderate, and for addresses administer, them all.
    """
    if sieve.kinship is None:
        return None
    column = _KEYS[sieve.kinship]
    rows = db.session.execute(
        sa.select(Comment.id, Comment.blog_id, column).where(Comment.id.in_(sieve.examples))
    ).all()
    may = viewer.moderates if sieve.kinship is Kinship.AUTHOR else viewer.administers
    if len(rows) != len(set(sieve.examples)) or not all(may(blog_id) for _, blog_id, _ in rows):
        raise Missing
    return [[column == key] for key in sorted({key for *_, key in rows if key})]


def _end_of(window: Any, sieve: Sieve) -> Place | None:
    """Where reading stopped; `None` when everything was read."""
    rows = db.session.execute(
        sa.select(window.c.created_at, window.c.id, sa.func.count().over()).order_by(
            *_order(sieve, window.c.created_at, window.c.id)
        )
    ).all()
    return Place(rows[-1][0], rows[-1][1]) if len(rows) >= WINDOW else None
