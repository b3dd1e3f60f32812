"""What moderators do to comments: decide on one or on ten thousand, and take it back."""

import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import transaction
from app.core.errors import Missing
from app.core.privacy import Viewer
from app.desk import UNDO_FOR, Clash, Done, Mark, TooLate
from app.moderation import Move, record_decisions
from app.moderation import undo as undo_decisions

from ..letters import notices
from ..models import Comment, State
from ..placing import change_states, locked_rows, tell_shown
from .acts import Act, possible
from .edits import settled_edits
from .trusting import forget_earned, trust_author
from .undoing import keep_words, words_before

KIND = "comment"

_COLUMNS = (
    Comment.uid,
    Comment.blog_id,
    Comment.created_at,
    Comment.decided_at,
    Comment.decided_by,
    Comment.reasons,
    Comment.told,
    Comment.edited_at,
    Comment.pending_text,
    # The text is needed only where a change of it is decided on.
    sa.case((Comment.pending_text.is_not(None), Comment.text), else_=None).label("text"),
)


def decide(viewer: Viewer, act: Act, marks: Sequence[Mark], *, told: str | None = None) -> Done:
    """Bring comments into the state of an act, as one act that can be undone.

    What somebody else changed meanwhile is left alone and answered as a clash. Doing what
    this viewer just did changes nothing. Raises `Missing` when one of the comments is not
    theirs to moderate. The same few statements for ten thousand comments as for one.
    """
    at = clock.now()
    seen = {mark.id: mark.revision for mark in marks}
    with transaction() as session:
        rows = _locked(session, viewer, seen)
        fit = [row for row in rows if row.revision == seen[row.id] and _fits(row, act)]
        clashes = tuple(_clashes(rows, fit, viewer, act))
        if not fit:
            return Done(None, (), clashes)
        batch = record_decisions([_move(row, act) for row in fit], actor_id=viewer.id)
        keep_words(session, batch, [row for row in fit if told or row.told or row.text], at)
        wanted = {row.id: act.state for row in fit}
        words = settled_edits(fit, act, at)
        own = {row.id: words[row.id] | {"decided_by": viewer.id, "told": told} for row in fit}
        changed = change_states(session, wanted, at=at, rows=fit, own=own)
        shown = changed if act is Act.APPROVE else []
        awaited = [row.id for row in fit if row.is_awaited and row.state is not act.state]
        notices.comments_shown(session, awaited if act is Act.APPROVE else [])
        notices.comments_refused(session, awaited if act is Act.REJECT else [])
        if len(fit) == len(shown) == 1:
            trust_author(session, shown[0], viewer)
    tell_shown(shown)
    return Done(batch, tuple(wanted), clashes)


def undo(viewer: Viewer, batch: uuid.UUID) -> list[int]:
    """Give comments back the very state they had before an act; answers their numbers.

    Those changed again since are left alone. Raises `TooLate` when there is nothing to undo.
    """
    at = clock.now()
    with transaction() as session:
        moves = {move.item_id: move for move in _undone(viewer, batch, at)}
        fit = [row for row in _locked(session, viewer, moves) if _is_as_left(row, moves)]
        if not fit:
            raise TooLate
        wanted = {row.id: State(moves[row.id].from_state) for row in fit}
        words = words_before(session, batch, fit)
        own = {row.id: _decided_before(moves[row.id]) | words[row.id] for row in fit}
        change_states(session, wanted, at=at, rows=fit, own=own)
        if len(moves) == 1:
            forget_earned(session, fit[0].uid, viewer)
    return sorted(wanted)


def _locked(session: Session, viewer: Viewer, ids: Iterable[int]) -> list[Any]:
    """Comments as they are, which nobody else changes until the commit."""
    wanted = list(ids)
    rows = locked_rows(session, wanted, *_COLUMNS)
    if len(rows) != len(wanted) or not all(viewer.moderates(row.blog_id) for row in rows):
        raise Missing
    return rows


def _fits(row: Any, act: Act) -> bool:
    return act in possible(row.state, has_edit=row.pending_text is not None)


def _clashes(rows: list[Any], fit: list[Any], viewer: Viewer, act: Act) -> Iterable[Clash]:
    fitting = {row.id for row in fit}
    for row in rows:
        is_repeated = row.state is act.state and row.decided_by == viewer.id
        if row.id not in fitting and not is_repeated:
            yield Clash(row.id, row.state, row.decided_at, row.decided_by)


def _move(row: Any, act: Act) -> Move:
    waited = clock.now() - row.created_at if row.state is State.HELD else None
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
            "shown_at": _text(row.shown_at),
            "decided_at": _text(row.decided_at),
            "decided_by": row.decided_by,
        },
        rules=tuple(dict.fromkeys(reason["rule"] for reason in row.reasons or ())),
        waited=waited,
    )


def _undone(viewer: Viewer, batch: uuid.UUID, at: datetime) -> list[Move]:
    """What an act of the viewer's own moved; nothing when it may not be undone any more."""
    blogs, since = viewer.blogs("moderate"), at - UNDO_FOR
    with suppress(Missing):
        return undo_decisions(batch, blogs=blogs, actor_id=viewer.id, since=since)
    return []


def _is_as_left(row: Any, moves: dict[int, Move]) -> bool:
    return bool(row.revision == moves[row.id].before["revision"])


def _decided_before(move: Move) -> dict[str, Any]:
    """What a change of state cannot know: when and by whom it had been decided before."""
    return {
        "shown_at": _moment(move.before["shown_at"]),
        "decided_at": _moment(move.before["decided_at"]),
        "decided_by": move.before["decided_by"],
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
