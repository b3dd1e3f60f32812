"""What the digest says about feedback that waits: numbers, and nobody's words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.blog import feedback_room_id
from app.core.database import db
from app.desk import DigestKind, Pile
from app.desk import write_digests as write

from ..models import Feedback
from .queries import WAITS, counts_of
from .rows import PATH


def write_digests() -> int:
    """Write to the people of the room what waits there, if it is due; how many mails."""
    return write(_KIND)


def _rooms() -> Iterable[int]:
    room = feedback_room_id()
    return [room] if _pile(room, None).count else []


def _pile(room: int, newest: int | None) -> Pile:
    query = sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.max(Feedback.id), 0),
        sa.func.min(Feedback.created_at),
    ).where(Feedback.blog_id == room, WAITS)
    if newest is not None:
        query = query.where(Feedback.id <= newest)
    return Pile(*db.session.execute(query).one())


def _facts(room: int, _at: datetime) -> dict[str, Any]:
    counts = counts_of(room)
    return {"held": counts.held, "agreed": counts.to_approve, "queue": PATH}


_KIND = DigestKind(template="feedback/digest", blogs=_rooms, pile=_pile, facts=_facts)
