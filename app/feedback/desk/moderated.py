"""What feedback tells the floor that judges it: what was said, what waits, who shares a place."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from flask import url_for

from app.blog import feedback_room_id
from app.core.database import db
from app.core.privacy import Viewer
from app.desk import Mark, authors_there, excerpt
from app.moderation import (
    ItemLine,
    ModeratedKind,
    PastItem,
    Trust,
    Waiting,
    authored_by,
    is_guessed,
)

from ..models import Feedback, State
from .acts import Act
from .deciding import KIND, decide
from .queries import IS_PUBLIC, KINDRED, LINES, counts_of


def past(blog_id: int, since: datetime) -> Iterator[PastItem]:
    """The room's feedback since some day, the newest first."""
    query = (
        sa.select(Feedback.state, Feedback.text, sa.func.coalesce(Feedback.sender_name, ""))
        .where(Feedback.blog_id == blog_id, Feedback.created_at >= since)
        .order_by(Feedback.created_at.desc(), Feedback.id.desc())
        .execution_options(yield_per=500)
    )
    for row in db.session.execute(query):
        yield PastItem(*row)


def waiting(blogs: frozenset[int]) -> Waiting:
    """How much feedback waits, and since when, for those who moderate the room."""
    room = feedback_room_id()
    if room not in blogs:
        return Waiting(0, None)
    found = counts_of(room)
    return Waiting(found.waiting, found.oldest_at)


def requeue(trusted: Trust, since: datetime, viewer: Viewer) -> int:
    """Hold again what a trusted person sent since some day; what is public stays so."""
    query = sa.select(Feedback.id, Feedback.revision).where(
        authored_by(trusted, Feedback.sender_email),
        Feedback.blog_id == trusted.blog_id,
        Feedback.state == State.OPEN,
        ~IS_PUBLIC,
        Feedback.created_at >= since,
    )
    marks = [Mark(*row) for row in db.session.execute(query)]
    return len(decide(viewer, Act.HOLD, marks).ids) if marks else 0


def items(uids: list[uuid.UUID]) -> dict[uuid.UUID, ItemLine]:
    """Each of some feedback in one line."""
    if not uids:
        return {}
    return {
        row.uid: ItemLine(
            url_for("feedback_item.show", number=row.id), row.state.value, excerpt(row.text)
        )
        for row in db.session.execute(LINES.where(Feedback.uid.in_(uids)))
    }


def texts(uids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The words of some feedback, of what still has any."""
    query = sa.select(Feedback.uid, Feedback.text)
    found = query.where(Feedback.uid.in_(uids), Feedback.text != "")
    return {row.uid: row.text for row in db.session.execute(found)}


def to_sort(blog_id: int, changes: int, most: int) -> list[tuple[uuid.UUID, str]]:
    """Feedback that waits or is spam, and that the sorter has said nothing recent about."""
    query = (
        sa.select(Feedback.uid, Feedback.text)
        .where(
            Feedback.blog_id == blog_id,
            Feedback.state.in_([State.HELD, State.SPAM]),
            Feedback.text != "",
            ~is_guessed(Feedback.uid, Feedback.created_at, changes),
        )
        .order_by(Feedback.state, Feedback.created_at, Feedback.id)
        .limit(most)
    )
    return [(row.uid, row.text) for row in db.session.execute(query)]


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
