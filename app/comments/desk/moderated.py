"""What comments tell the floor that judges them: what was said, what waits, who shares a place."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from flask import url_for

from app.core.database import db
from app.core.privacy import Viewer
from app.desk import Mark, authors_there
from app.moderation import (
    ItemLine,
    ModeratedKind,
    PastItem,
    Trust,
    Waiting,
    authored_by,
    is_guessed,
)

from ..excerpts import excerpt
from ..judging import KIND
from ..models import Comment, State
from .acts import Act
from .deciding import decide
from .queries import KINDRED, oldest_waiting
from .tallies import count_states


def past(blog_id: int, since: datetime) -> Iterator[PastItem]:
    """A blog's comments since some day, the newest first; its own answers are left out."""
    query = (
        sa.select(Comment.state, Comment.text, Comment.author_name)
        .where(
            Comment.blog_id == blog_id, Comment.created_at >= since, Comment.is_by_author.is_(False)
        )
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .execution_options(yield_per=500)
    )
    for row in db.session.execute(query):
        yield PastItem(*row)


def waiting(blogs: frozenset[int]) -> Waiting:
    """How many comments wait on some blogs, and since when."""
    counts = count_states(blogs)
    return Waiting(sum(each.get(State.HELD, 0) for each in counts.values()), oldest_waiting(blogs))


def requeue(trusted: Trust, since: datetime, viewer: Viewer) -> int:
    """Hold again what a trusted person wrote since some day and is public; how much that was."""
    query = sa.select(Comment.id, Comment.revision).where(
        authored_by(trusted, Comment.author_email),
        Comment.blog_id == trusted.blog_id,
        Comment.state == State.SHOWN,
        Comment.created_at >= since,
    )
    marks = [Mark(*row) for row in db.session.execute(query)]
    return len(decide(viewer, Act.HOLD, marks).ids) if marks else 0


def items(uids: list[uuid.UUID]) -> dict[uuid.UUID, ItemLine]:
    """Each of some comments in one line."""
    if not uids:
        return {}
    query = sa.select(Comment.uid, Comment.id, Comment.state, Comment.text)
    return {
        row.uid: ItemLine(
            url_for("comments_case.show", comment_id=row.id), row.state.value, excerpt(row.text)
        )
        for row in db.session.execute(query.where(Comment.uid.in_(uids)))
    }


def texts(uids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The words of some comments, of those that still have any."""
    query = sa.select(Comment.uid, Comment.text)
    found = query.where(Comment.uid.in_(uids), Comment.text != "")
    return {row.uid: row.text for row in db.session.execute(found)}


def to_sort(blog_id: int, changes: int, most: int) -> list[tuple[uuid.UUID, str]]:
    """Comments that wait or are spam, and that the sorter has said nothing recent about."""
    worded_at = sa.func.coalesce(Comment.edited_at, Comment.created_at)
    found: list[tuple[uuid.UUID, str]] = []
    for state in (State.HELD, State.SPAM):
        query = (
            sa.select(Comment.uid, Comment.text)
            .where(
                Comment.blog_id == blog_id,
                Comment.state == state,
                Comment.text != "",
                ~is_guessed(Comment.uid, worded_at, changes),
            )
            .order_by(Comment.created_at, Comment.id)
            .limit(most - len(found))
        )
        found += [(row.uid, row.text) for row in db.session.execute(query)]
    return found


MODERATED = ModeratedKind(
    name=KIND,
    past=past,
    waiting=waiting,
    authors_there=partial(authors_there, KINDRED),
    requeue=requeue,
    items=items,
    texts=texts,
    to_sort=to_sort,
)
