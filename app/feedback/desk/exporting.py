"""The room's feedback as a file: what came of it, and of its senders nothing."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.core.database import db
from app.desk import csv_line

from ..models import Feedback
from ..records import Answer, Grant
from .queries import IS_PUBLIC

PER_CHUNK = 500
COLUMNS = (
    *("number", "sent", "kind", "channel", "state", "agreed", "public", "credit"),
    *("answers", "decided", "held by"),
)
WITH_WORDS = (*COLUMNS, "text")


def exported(room: int, *, with_words: bool = False) -> Iterator[str]:
    """All feedback of the room as CSV, oldest first, a piece at a time.

    Names, emails and addresses are in no column. The words are left out unless asked for:
    people write about themselves.
    """
    yield csv_line(WITH_WORDS if with_words else COLUMNS)
    last = 0
    while rows := _chunk(room, last):
        for row in rows:
            line = _line(row)
            yield csv_line((*line, row.text) if with_words else line)
        last = rows[-1].id


def _chunk(room: int, last: int) -> list[Any]:
    answers = (
        sa.select(sa.func.count())
        .where(Answer.feedback_id == Feedback.id)
        .correlate(Feedback)
        .scalar_subquery()
    )
    query = (
        sa.select(
            Feedback.id,
            Feedback.created_at,
            Feedback.kind,
            Feedback.channel,
            Feedback.state,
            Feedback.decided_at,
            Feedback.reasons,
            Feedback.text,
            IS_PUBLIC.label("is_public"),
            answers.label("answers"),
            Grant.credit,
        )
        .outerjoin(Grant, sa.and_(Grant.feedback_id == Feedback.id, Grant.live.is_(True)))
        .where(Feedback.blog_id == room, Feedback.id > last)
        .order_by(Feedback.id)
        .limit(PER_CHUNK)
    )
    return list(db.session.execute(query))


def _line(row: Any) -> tuple[object, ...]:
    return (
        row.id,
        row.created_at.isoformat(timespec="seconds"),
        row.kind.value,
        row.channel.value,
        row.state.value,
        "yes" if row.credit else "no",
        "yes" if row.is_public else "no",
        row.credit.value if row.credit else "",
        row.answers,
        row.decided_at.isoformat(timespec="seconds") if row.decided_at else "",
        " ".join(dict.fromkeys(reason["rule"] for reason in row.reasons or ())),
    )
