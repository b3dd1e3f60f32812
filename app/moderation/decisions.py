"""The log of decisions: who moved what from where to where, and the way back."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import transaction
from app.core.errors import Missing
from app.core.privacy import record

from .records import Decision, Outcome, Report
from .reports import close_reports

#: States in which an item is out of sight because of what it is.
REFUSED = frozenset({"rejected", "declined", "spam"})
SHOWN = "shown"


#: Rows with and without a waiting time together, as one statement.
_DECISIONS = sa.insert(Decision).execution_options(render_nulls=True)


@dataclass(frozen=True, kw_only=True)
class Move:
    """One item's way from a state to another.

    `before` is what else its own row held and must get back: moments as texts, numbers
    and flags, never a person's words. `rules` had held it, and it `waited` for the decision.
    """

    kind: str
    blog_id: int
    item_id: int
    item_uid: uuid.UUID
    from_state: str
    to_state: str
    before: dict[str, Any] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    waited: timedelta | None = None


def record_decision(move: Move, *, actor_id: int | None, reason: str | None = None) -> uuid.UUID:
    """Write one decision down; the name of the act, for undoing it."""
    return record_decisions([move], actor_id=actor_id, reason=reason)


def record_decisions(
    moves: Sequence[Move], *, actor_id: int | None, reason: str | None = None
) -> uuid.UUID:
    """Write the decisions of one act down; the name of the act, for undoing it.

    Takes as many statements for ten thousand items as for one, and one audit entry for
    each blog. Open reports about items that were shown and are refused now are upheld.
    """
    batch, at = uuid.uuid4(), clock.now()
    with transaction() as session:
        if not moves:
            return batch
        rows = [_row(move) for move in moves]
        same = {"batch": batch, "created_at": at, "actor_id": actor_id, "reason": reason}
        session.execute(_DECISIONS, [row | same for row in rows])
        if _takes_down(moves):
            close_reports(_items_of(batch), Outcome.UPHELD, actor_id=actor_id)
        _audit(session, "decide", moves, actor_id=actor_id, reason=reason)
    return batch


def undo(
    batch: uuid.UUID, *, blogs: frozenset[int], actor_id: int, since: datetime | None = None
) -> list[Move]:
    """Take an act back: the moves whose items must return to `from_state` and `before`.

    What was undone before is not undone again, so a repeated call answers an empty list;
    with `since`, so does one about what somebody else did, or was done before.
    Raises `Missing` for an act that is not there or touched a blog outside `blogs`.
    """
    with transaction() as session:
        columns = sa.select(*Decision.__table__.columns)
        made = session.execute(columns.where(Decision.batch == batch)).all()
        if not made or any(decision.blog_id not in blogs for decision in made):
            raise Missing
        if since and (made[0].actor_id != actor_id or made[0].created_at <= since):
            return []
        moves = [_move(decision) for decision in made if decision.undone_at is None]
        if not moves:
            return []
        at = clock.now()
        session.execute(
            sa.update(Decision)
            .where(Decision.batch == batch, Decision.undone_at.is_(None))
            .values(undone_at=at, undone_by=actor_id)
        )
        if _takes_down(moves):
            _reopen_reports(session, batch, made[0].created_at)
        _audit(session, "undo", moves, actor_id=actor_id, reason=None)
    return moves


def _takes_down(moves: Sequence[Move]) -> bool:
    """Whether any item that was shown is refused; reports are about those alone."""
    return any(move.from_state == SHOWN and move.to_state in REFUSED for move in moves)


def _row(move: Move) -> dict[str, Any]:
    return {
        "kind": move.kind,
        "blog_id": move.blog_id,
        "item_id": move.item_id,
        "item_uid": move.item_uid,
        "from_state": str(move.from_state),
        "to_state": str(move.to_state),
        "before": move.before,
        "rules": list(move.rules),
        "waited": None if move.waited is None else int(move.waited.total_seconds()),
    }


def _move(decision: Any) -> Move:
    return Move(
        kind=decision.kind,
        blog_id=decision.blog_id,
        item_id=decision.item_id,
        item_uid=decision.item_uid,
        from_state=decision.from_state,
        to_state=decision.to_state,
        before=decision.before,
        rules=tuple(decision.rules),
    )


def _items_of(batch: uuid.UUID) -> sa.Select:
    return sa.select(Decision.item_uid).where(Decision.batch == batch)


def _reopen_reports(session: Session, batch: uuid.UUID, at: datetime) -> None:
    """Let reports that this act upheld wait again; it closed them in its own transaction."""
    session.execute(
        sa.update(Report)
        .where(
            Report.item_uid.in_(_items_of(batch)),
            Report.outcome == Outcome.UPHELD,
            Report.decided_at >= at,
        )
        .values(outcome=Outcome.OPEN, decided_at=None, decided_by=None)
    )


def _audit(
    session: Session,
    kind: str,
    moves: Sequence[Move],
    *,
    actor_id: int | None,
    reason: str | None,
) -> None:
    for blog_id in sorted({move.blog_id for move in moves}):
        here = [move for move in moves if move.blog_id == blog_id]
        ways = Counter(f"{move.from_state}-{move.to_state}" for move in here)
        record(
            f"moderation.{kind}",
            session,
            actor_id=actor_id,
            blog_id=blog_id,
            subject_uid=here[0].item_uid if len(here) == 1 else None,
            reason=reason,
            facts=dict(ways),
        )
