"""The digest: what waits for the moderators of a blog or a room, at most once in a while.

It is written when something new waits, and less and less often while nobody answers it:
the pause doubles with each digest after which no moderator decided on anything.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session

from app.accounts import User, moderators_of, users_by_id, viewer_for
from app.blog import Blog
from app.core import clock
from app.core.database import Model, UtcDateTime, db, transaction
from app.core.mail import enqueue, is_waiting
from app.core.privacy import (
    NOBODY,
    Person,
    by_account,
    not_personal,
    personal,
)
from app.moderation import LinkOver, name_in, token_for

MOST_DOUBLINGS = 10
LONGEST_PAUSE = timedelta(days=1)


class Digest(Model):
    """How far the moderators of a blog have been told what waits."""

    __tablename__ = "comment_digests"

    blog_id: Mapped[int] = not_personal("which blog", ForeignKey("blogs.id"), unique=True)
    sent_at: Mapped[datetime] = not_personal("when the last one was written", UtcDateTime)
    newest_id: Mapped[int] = not_personal("the newest item that it counted")
    waiting: Mapped[int] = not_personal("how many waited then")
    #: How many went out since a moderator last decided on something.
    unanswered: Mapped[int] = not_personal("a number", default=0)


class DigestStop(Model):
    """A moderator who wants no digest of a blog."""

    __tablename__ = "digest_stops"
    __belongs__ = by_account("user_id")
    __table_args__ = (sa.UniqueConstraint("user_id", "blog_id"),)

    user_id: Mapped[int] = personal(
        "account",
        ForeignKey("users.id", ondelete="CASCADE"),
        why="who wants no digest gets none",
        opens_for=NOBODY,
        keep=None,
        until="they want it again, or leave the blog",
        subject="administrator",
        basis="6(1)(b)",
        on_expiry="keep",
        on_erasure="delete_row",
    )
    blog_id: Mapped[int] = not_personal("which blog", ForeignKey("blogs.id"))


@dataclass(frozen=True)
class Pile:
    """What waits on one blog: how much, which is the newest, and since when the oldest does."""

    count: int
    newest_id: int
    oldest_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class DigestKind:
    """What the feature whose items wait tells about them."""

    template: str
    #: function() -> the blogs where something waits.
    blogs: Callable[[], Iterable[int]]
    #: function(blog) -> what waits there; with a number, of what is no newer than that.
    pile: Callable[[int, int | None], Pile]
    #: function(blog, now) -> what else the mail says.
    facts: Callable[[int, datetime], Mapping[str, Any]]


def write_digests(kind: DigestKind) -> int:
    """Write what is due, blog by blog; how many mails. None while an earlier one still waits."""
    if is_waiting(kind.template):
        return 0
    least_pause = timedelta(minutes=current_app.config["DIGEST_MINUTES"])
    return sum(_write(kind, blog_id, least_pause) for blog_id in kind.blogs())


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


def stop_digests(person: Person) -> int:
    """Send a person no digest of any blog they moderate; how many that stopped."""
    user = users_by_id([person.account_id]).get(person.account_id) if person.account_id else None
    if user is None or not user.is_open:
        return 0
    wanted = viewer_for(user).blogs("moderate") - stopped_digests(user.id)
    for blog_id in sorted(wanted):
        choose_digest(user.id, blog_id, wanted=False)
    return len(wanted)


def stopped_digests(user_id: int) -> set[int]:
    """The blogs whose digest a person does not want."""
    query = sa.select(DigestStop.blog_id).where(DigestStop.user_id == user_id)
    return set(db.session.scalars(query))


def length_of(passed: timedelta) -> str:
    """A length of time in its largest whole unit."""
    minutes = max(int(passed.total_seconds() // 60), 1)
    units = (("day", 1440), ("hour", 60), ("minute", 1))
    unit, length = next(entry for entry in units if minutes >= entry[1])
    count = minutes // length
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _write(kind: DigestKind, blog_id: int, least_pause: timedelta) -> int:
    at = clock.now()
    with transaction() as session:
        pile = kind.pile(blog_id, None)
        last = session.scalar(sa.select(Digest).where(Digest.blog_id == blog_id))
        if last is None:
            last = Digest(blog_id=blog_id, newest_id=0, waiting=0, unanswered=0)
            session.add(last)
        elif pile.newest_id <= last.newest_id or not _is_due(kind, last, least_pause, at):
            return 0
        last.sent_at, last.newest_id, last.waiting = at, pile.newest_id, pile.count
        readers = _readers(session, blog_id)
        if readers:
            _mail(session, kind, (blog_id, pile), readers)
    return len(readers)


def _is_due(kind: DigestKind, last: Digest, least_pause: timedelta, at: datetime) -> bool:
    """Whether enough time has passed; if so, noted is whether the last one was answered."""
    if at < last.sent_at + least_pause:
        return False
    is_answered = kind.pile(last.blog_id, last.newest_id).count < last.waiting
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


def _mail(session: Session, kind: DigestKind, what: tuple[int, Pile], readers: list[User]) -> None:
    blog_id, pile = what
    at = clock.now()
    blog, facts = session.get_one(Blog, blog_id).title, kind.facts(blog_id, at)
    for user in readers:
        enqueue(
            kind.template,
            to=(user, "email"),
            gives_way=True,
            unsubscribe=f"/comments/digest/{blog_id}/{token_for(_use(blog_id), user.uid)}/",
            blog=blog,
            count=pile.count,
            oldest=length_of(at - (pile.oldest_at or at)),
            **facts,
        )


def _use(blog_id: int) -> str:
    return f"digest of {blog_id}"
