"""What the sorter of each blog was taught, and what it takes waiting items for.

The sorter is the sum of its lessons: one for each item that a moderator marked as spam or
published. It keeps no other memory, so whatever erases a lesson is unlearnt to the last digit.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from app.core.database import Model, UtcDateTime, db
from app.core.privacy import (
    NOBODY,
    by_uid,
    not_personal,
)

from .classifier import FEWEST, LIKE_FINE, LIKE_SPAM, Classifier, unpacked
from .models import at_column, blog_column, with_row

#: A lesson's time; what spam looks like changes faster than that.
LASTS = timedelta(days=365)
#: Of each kind; older ones make room.
MOST_LESSONS = 2_000

_INTEREST = "moderators' time goes to what needs a person"


class Sorter(Model):
    """How far a blog's log of decisions was read, and how often that changed anything."""

    __tablename__ = "sorters"

    blog_id: Mapped[int] = blog_column(unique=True)
    read_to: Mapped[datetime] = not_personal("the last decision it read", UtcDateTime)
    read_id: Mapped[int] = not_personal("the last decision it read", sa.Integer, default=0)
    changes: Mapped[int] = not_personal("counts its lessons", sa.Integer, default=0)
    #: Traits hashed with another key mean nothing, so all is learnt anew when it changes.
    key_check: Mapped[bytes] = not_personal("tells a key from any other", sa.LargeBinary(8))


class Lesson(Model):
    """One item that somebody decided about: spam, or fit to be published.

    Its traits say nothing without the key, and tell with it whether a known word was there.
    """

    __tablename__ = "sorter_lessons"
    __belongs__ = by_uid("item_uid")
    __table_args__ = (sa.Index("ix_sorter_lessons_kind", "blog_id", "is_spam", "created_at"),)

    blog_id: Mapped[int] = blog_column()
    item_uid: Mapped[uuid.UUID] = not_personal("random name of a comment", sa.Uuid, unique=True)
    is_spam: Mapped[bool] = not_personal("a moderator's decision", sa.Boolean)
    traits: Mapped[bytes] = with_row(
        "content",
        why="what waits can be sorted by what was decided before",
        opens_for=NOBODY,
        keep=LASTS,
        interest=_INTEREST,
        source="derived",
        type_=sa.LargeBinary,
    )
    #: What the sorter had taken it for before it was told, in percent.
    guessed: Mapped[int | None] = not_personal("how good the sorter is", sa.SmallInteger)
    created_at: Mapped[datetime] = at_column("when it was decided")


class Guess(Model):
    """What the sorter takes an item for. It sorts lists and has no other power."""

    __tablename__ = "sorter_guesses"
    __belongs__ = by_uid("item_uid")

    blog_id: Mapped[int] = blog_column(index=True)
    item_uid: Mapped[uuid.UUID] = not_personal("random name of a comment", sa.Uuid, unique=True)
    percent: Mapped[int] = with_row(
        "status",
        why="moderators can begin with what is likeliest spam",
        keep=None,
        until="the comment is published or erased",
        interest=_INTEREST,
        source="derived",
        type_=sa.SmallInteger,
    )
    #: [[start, end], ...] in the text that was judged.
    places: Mapped[Any] = not_personal("where a text says so", sa.JSON, default=list)
    #: Of how many changes of the sorter it knew.
    changes: Mapped[int] = not_personal("counts the sorter's lessons", sa.Integer)
    created_at: Mapped[datetime] = at_column("when it was made")


@dataclass(frozen=True)
class Schooling:
    """How far a blog's sorter is, and how good it was on what it was told about afterwards."""

    spam: int = 0
    fine: int = 0
    right: int = 0
    unsure: int = 0
    wrong: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether it has seen enough of both kinds to speak."""
        return min(self.spam, self.fine) >= FEWEST


def schooling_of(blogs: frozenset[int]) -> dict[int, Schooling]:
    """How far the sorters of some blogs are."""
    is_sure = sa.or_(Lesson.guessed >= LIKE_SPAM, Lesson.guessed < LIKE_FINE)
    said_spam = Lesson.guessed >= LIKE_SPAM
    query = (
        sa.select(
            Lesson.blog_id,
            sa.func.count().filter(Lesson.is_spam),
            sa.func.count().filter(~Lesson.is_spam),
            sa.func.count().filter(is_sure, said_spam == Lesson.is_spam),
            sa.func.count().filter(~is_sure),
            sa.func.count().filter(is_sure, said_spam != Lesson.is_spam),
        )
        .where(Lesson.blog_id.in_(blogs))
        .group_by(Lesson.blog_id)
    )
    found = {blog_id: Schooling(*numbers) for blog_id, *numbers in db.session.execute(query)}
    return {blog_id: found.get(blog_id, Schooling()) for blog_id in blogs}


def taught(session: Session, blog_id: int) -> tuple[Classifier, dict[uuid.UUID, bool]]:
    """A blog's sorter, and which items it learnt as what."""
    sorter, learnt = Classifier(), {}
    rows = session.execute(
        sa.select(Lesson.item_uid, Lesson.is_spam, Lesson.traits).where(Lesson.blog_id == blog_id)
    )
    for uid, is_spam, traits in rows:
        sorter.learn(unpacked(traits), is_spam=is_spam)
        learnt[uid] = is_spam
    return sorter, learnt


def unlearn(session: Session, item_uids: Iterable[uuid.UUID]) -> None:
    """Take out what some items taught, and what they were taken for."""
    uids = list(item_uids)
    session.execute(sa.delete(Lesson).where(Lesson.item_uid.in_(uids)))
    session.execute(sa.delete(Guess).where(Guess.item_uid.in_(uids)))


def make_room(session: Session, blog_id: int) -> None:
    """Drop the oldest lessons of a kind that has more than is kept."""
    for is_spam in (True, False):
        surplus = (
            sa.select(Lesson.id)
            .where(Lesson.blog_id == blog_id, Lesson.is_spam.is_(is_spam))
            .order_by(Lesson.created_at.desc(), Lesson.id.desc())
            .offset(MOST_LESSONS)
        )
        session.execute(sa.delete(Lesson).where(Lesson.id.in_(list(session.scalars(surplus)))))
