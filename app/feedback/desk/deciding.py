"""What moderators do to feedback: decide on one or on many, and take it back."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import transaction
from app.core.errors import Missing
from app.core.privacy import Viewer
from app.desk import UNDO_FOR, Clash, Done, Mark, TooLate
from app.moderation import Decision, Move, record_decisions
from app.moderation import undo as undo_decisions

from ..models import Feedback, State
from .acts import Act, possible
from .queries import IS_PUBLIC

KIND = "feedback"

_ROW = sa.select(
    Feedback.id,
    Feedback.uid,
    Feedback.blog_id,
    Feedback.state,
    Feedback.revision,
    Feedback.created_at,
    Feedback.decided_at,
    Feedback.decided_by,
    Feedback.reasons,
    IS_PUBLIC.label("is_public"),
)


def decide(viewer: Viewer, act: Act, marks: Sequence[Mark], *, told: str | None = None) -> Done:
    """Bring feedback into the state of an act, as one act that can be undone.

    What somebody else changed meanwhile is left alone and answered as a clash, and so is
    what is public. Doing what this viewer just did changes nothing. Raises `Missing` when
    one is not theirs to moderate. As many statements for ten thousand as for one.
    """
    at = clock.now()
    seen = {mark.id: mark.revision for mark in marks}
    with transaction() as session:
        rows = _locked(session, viewer, seen)
        fit = [row for row in rows if row.revision == seen[row.id] and _fits(row, act)]
        clashes = tuple(_clashes(rows, fit, viewer, act))
        if not fit:
            return Done(None, (), clashes)
        batch = record_decisions([_move(row, act, at) for row in fit], actor_id=viewer.id)
        values: dict[str, Any] = {"state": act.state, "decided_at": at, "decided_by": viewer.id}
        if act is Act.DECLINE:
            values["told"] = told
        ids = tuple(row.id for row in fit)
        _change(session, ids, values)
    return Done(batch, ids, clashes)


def undo(viewer: Viewer, batch: uuid.UUID) -> list[int]:
    """Give feedback back the very state it had before an act; answers the numbers.

    What was changed again since is left alone. Raises `TooLate` when there is nothing to undo.
    """
    at = clock.now()
    with transaction() as session:
        if not _may_undo(session, viewer, batch, at):
            raise TooLate
        blogs = viewer.blogs("moderate")
        moves = {
            move.item_id: move for move in undo_decisions(batch, blogs=blogs, actor_id=viewer.id)
        }
        rows = _locked(session, viewer, moves)
        fit = [row for row in rows if row.revision == moves[row.id].before["revision"]]
        if not fit:
            raise TooLate
        _restore(session, [moves[row.id] for row in fit])
    return sorted(row.id for row in fit)


def _locked(session: Session, viewer: Viewer, ids: Iterable[int]) -> list[Any]:
    """Feedback as it is, which nobody else changes until the commit."""
    wanted = list(ids)
    query = _ROW.where(Feedback.id.in_(wanted)).order_by(Feedback.id)
    rows = list(session.execute(query.with_for_update(of=Feedback)))
    if len(rows) != len(wanted) or not all(viewer.moderates(row.blog_id) for row in rows):
        raise Missing
    return rows


def _fits(row: Any, act: Act) -> bool:
    return act in possible(row.state, is_public=row.is_public)


def _clashes(rows: list[Any], fit: list[Any], viewer: Viewer, act: Act) -> Iterable[Clash]:
    fitting = {row.id for row in fit}
    for row in rows:
        is_repeated = row.state is act.state and row.decided_by == viewer.id
        if row.id not in fitting and not is_repeated:
            yield Clash(row.id, row.state, row.decided_at, row.decided_by)


def _move(row: Any, act: Act, at: datetime) -> Move:
    return Move(
        kind=KIND,
        blog_id=row.blog_id,
        item_id=row.id,
        item_uid=row.uid,
        from_state=row.state.value,
        to_state=act.state.value,
        before={
            "act": act.value,
            "revision": row.revision + 1,
            "decided_at": row.decided_at.isoformat() if row.decided_at else None,
            "decided_by": row.decided_by,
        },
        rules=tuple(dict.fromkeys(reason["rule"] for reason in row.reasons or ())),
        waited=at - row.created_at if row.state is State.HELD else None,
    )


def _change(session: Session, ids: Iterable[int], values: dict[str, Any]) -> None:
    counted = {"revision": Feedback.revision + 1} | values
    changed = sa.update(Feedback).where(Feedback.id.in_(list(ids))).values(counted)
    session.execute(changed.execution_options(synchronize_session=False))
    session.expire_all()


def _may_undo(session: Session, viewer: Viewer, batch: uuid.UUID, at: datetime) -> bool:
    own = sa.select(Decision.id).where(
        Decision.batch == batch,
        Decision.kind == KIND,
        Decision.actor_id == viewer.id,
        Decision.undone_at.is_(None),
        Decision.created_at > at - UNDO_FOR,
    )
    return session.scalar(own.limit(1)) is not None


def _restore(session: Session, moves: list[Move]) -> None:
    table: Any = Feedback.__table__
    names = ("state", "decided_at", "decided_by")
    values = {name: sa.bindparam(f"old_{name}", type_=table.c[name].type) for name in names}
    values["revision"] = table.c.revision + 1
    session.connection().execute(
        sa.update(table).where(table.c.id == sa.bindparam("number")).values(values),
        [
            {
                "number": move.item_id,
                "old_state": State(move.from_state),
                "old_decided_at": _moment(move.before["decided_at"]),
                "old_decided_by": move.before["decided_by"],
            }
            for move in moves
        ],
    )
    session.expire_all()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
