"""The digest: what waits for the moderators of a blog, at most once in a while.

It is written when something new waits, and less and less often while nobody answers it:
the pause doubles with each digest after which no moderator decided on anything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from app.accounts import User, moderators_of
from app.blog import Blog, Post
from app.core import clock
from app.core.database import db, transaction
from app.core.mail import enqueue, is_waiting
from app.moderation import LinkOver, name_in, token_for

from ..excerpts import excerpt
from ..models import Comment, State
from .models import Digest, DigestStop

TEMPLATE = "comments/digest"
MOST_SHOWN = 10
MOST_DOUBLINGS = 10
LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True)
class Waiting:
    """A held comment as the digest shows it: no name and no address."""

    post: str
    text: str
    reason: str
    age: str
    link: str


def write_digests() -> int:
    """Write what is due, blog by blog; how many mails. None while an earlier one still waits."""
    if is_waiting(TEMPLATE):
        return 0
    held = sa.select(Comment.blog_id).where(Comment.state == State.HELD).distinct()
    blogs = db.session.scalars(held.order_by(Comment.blog_id)).all()
    least_pause = timedelta(minutes=current_app.config["DIGEST_MINUTES"])
    return sum(_write(blog_id, least_pause) for blog_id in blogs)


def reader_of(blog_id: int, token: str) -> tuple[User, Blog]:
    """The moderator and the blog that a link to stop is about. Raises `LinkOver`."""
    user = db.session.scalar(sa.select(User).where(User.uid == name_in(_use(blog_id), token)))
    blog = db.session.get(Blog, blog_id)
    if user is None or blog is None:
        raise LinkOver
    return user, blog


def stop_digest(blog_id: int, token: str) -> None:
    """Send a moderator no more digests of a blog. Raises `LinkOver`."""
    with transaction():
        user, blog = reader_of(blog_id, token)
        choose_digest(user.id, blog.id, wanted=False)


def choose_digest(user_id: int, blog_id: int, *, wanted: bool) -> None:
    """Whether a moderator gets the digest of a blog from now on."""
    theirs = (DigestStop.user_id == user_id, DigestStop.blog_id == blog_id)
    with transaction() as session:
        if wanted:
            session.execute(sa.delete(DigestStop).where(*theirs))
        elif session.scalar(sa.select(DigestStop.id).where(*theirs)) is None:
            session.add(DigestStop(user_id=user_id, blog_id=blog_id))


def stopped_digests(user_id: int) -> set[int]:
    """The blogs whose digest a person does not want."""
    query = sa.select(DigestStop.blog_id).where(DigestStop.user_id == user_id)
    return set(db.session.scalars(query))


def _write(blog_id: int, least_pause: timedelta) -> int:
    at = clock.now()
    with transaction() as session:
        queue = _queue(session, blog_id)
        last = session.scalar(sa.select(Digest).where(Digest.blog_id == blog_id))
        if last is None:
            last = Digest(blog_id=blog_id, newest_id=0, waiting=0, unanswered=0)
            session.add(last)
        elif queue.newest_id <= last.newest_id or not _is_due(session, last, least_pause, at):
            return 0
        last.sent_at, last.newest_id, last.waiting = at, queue.newest_id, queue.count
        readers = _readers(session, blog_id)
        if readers:
            _mail(session, blog_id, queue, readers)
    return len(readers)


def _queue(session: Session, blog_id: int) -> Any:
    """How many comments wait, which is the newest, and since when the oldest does."""
    return session.execute(
        sa.select(
            sa.func.count().label("count"),
            sa.func.coalesce(sa.func.max(Comment.id), 0).label("newest_id"),
            sa.func.min(Comment.created_at).label("oldest_at"),
        ).where(Comment.blog_id == blog_id, Comment.state == State.HELD)
    ).one()


def _is_due(session: Session, last: Digest, least_pause: timedelta, at: datetime) -> bool:
    """Whether enough time has passed; if so, noted is whether the last one was answered."""
    if at < last.sent_at + least_pause:
        return False
    left = session.scalar(
        sa.select(sa.func.count()).where(
            Comment.blog_id == last.blog_id,
            Comment.state == State.HELD,
            Comment.id <= last.newest_id,
        )
    )
    is_answered = (left or 0) < last.waiting
    pause = least_pause if is_answered else least_pause * 2**last.unanswered
    if at < last.sent_at + min(pause, max(least_pause, LONGEST_PAUSE)):
        return False
    last.unanswered = 0 if is_answered else min(last.unanswered + 1, MOST_DOUBLINGS)
    return True


def _readers(session: Session, blog_id: int) -> list[User]:
    stopped = set(
        session.scalars(sa.select(DigestStop.user_id).where(DigestStop.blog_id == blog_id))
    )
    return [user for user in moderators_of(blog_id) if user.id not in stopped]


def _mail(session: Session, blog_id: int, queue: Any, readers: list[User]) -> None:
    blog = session.get_one(Blog, blog_id)
    at = clock.now()
    comments = _oldest(session, blog_id, at)
    for user in readers:
        enqueue(
            TEMPLATE,
            to=(user, "email"),
            gives_way=True,
            unsubscribe=f"/comments/digest/{blog_id}/{token_for(_use(blog_id), user.uid)}/",
            blog=blog.title,
            count=queue.count,
            oldest=age(at - queue.oldest_at),
            comments=comments,
            queue="/admin/comments/",
        )


def _oldest(session: Session, blog_id: int, at: datetime) -> list[Waiting]:
    query = (
        sa.select(Comment.id, Comment.text, Comment.reasons, Comment.created_at, Post.title)
        .join(Post, Post.id == Comment.post_id)
        .where(Comment.blog_id == blog_id, Comment.state == State.HELD)
        .order_by(Comment.created_at, Comment.id)
        .limit(MOST_SHOWN)
    )
    return [
        Waiting(
            post=row.title,
            text=excerpt(row.text),
            reason=row.reasons[0]["sentence"] if row.reasons else "Held for a look.",
            age=age(at - row.created_at),
            link=f"/admin/comments/{row.id}/",
        )
        for row in session.execute(query)
    ]


def age(passed: timedelta) -> str:
    """A length of time in its largest whole unit."""
    minutes = max(int(passed.total_seconds() // 60), 1)
    units = (("day", 1440), ("hour", 60), ("minute", 1))
    unit, length = next(entry for entry in units if minutes >= entry[1])
    count = minutes // length
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _use(blog_id: int) -> str:
    return f"digest of {blog_id}"
