"""What moderators do to comments: decide on one or on ten thousand, and take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import transaction
from app.core.errors import Gone, Missing
from app.core.privacy import Viewer

from . import notices
from .acts import Act, possible
from .edits import restore_edits, settle_edits
from .models import Comment, State
from .placing import change_states, tell_shown
from .undoing import UNDO_FOR, Step, remember, restore_decisions

_COLUMNS = (
    Comment.id,
    Comment.blog_id,
    Comment.post_id,
    Comment.state,
    Comment.revision,
    Comment.shown_at,
    Comment.decided_at,
    Comment.decided_by,
    Comment.told,
    Comment.edited_at,
    Comment.pending_text,
    # The text is needed only where a change of it is decided on.
    sa.case((Comment.pending_text.is_not(None), Comment.text), else_=None).label("text"),
)


class TooLate(Gone):
    """What was done can no longer be taken back."""

    title = "That cannot be undone any more"
    message = "It was done too long ago, or taken back already."
    advice = "Open the comment: it can be decided on anew."


@dataclass(frozen=True)
class Mark:
    """A comment as the moderator saw it."""

    id: int
    revision: int

    def __str__(self) -> str:
        return f"{self.id}.{self.revision}"


@dataclass(frozen=True)
class Clash:
    """A comment that is no longer what the moderator saw."""

    id: int
    state: State
    decided_at: datetime | None
    decided_by: int | None
    edited_at: datetime | None


@dataclass(frozen=True)
class Done:
    """What came of an act: the comments it changed, and those it left as they are."""

    batch: str | None
    ids: tuple[int, ...]
    clashes: tuple[Clash, ...] = ()


def decide(viewer: Viewer, act: Act, marks: Sequence[Mark], *, told: str | None = None) -> Done:
    """Bring comments into the state of an act, as one step that can be undone.

    What somebody else changed meanwhile is left alone and answered as a clash. Doing what
    this viewer just did changes nothing. Raises `Missing` when one of the comments is not
    theirs to moderate. At most eight statements, however many comments.
    """
    at = clock.now()
    seen = {mark.id: mark.revision for mark in marks}
    with transaction() as session:
        rows = _locked(session, viewer, list(seen))
        fit = [row for row in rows if row.revision == seen[row.id] and _fits(row, act)]
        fitting = {row.id for row in fit}
        clashes = tuple(
            Clash(row.id, row.state, row.decided_at, row.decided_by, row.edited_at)
            for row in rows
            if row.id not in fitting and not _is_repeated(row, viewer, act)
        )
        if not fit:
            return Done(None, (), clashes)
        batch = remember(session, fit, act.value, viewer.id, at)
        wanted = {row.id: act.state for row in fit}
        changed = change_states(session, wanted, at=at, by=viewer.id)
        settle_edits(session, [row for row in fit if row.pending_text], act, viewer.id, at)
        if told is not None or any(row.told for row in fit):
            session.execute(sa.update(Comment).where(Comment.id.in_(wanted)).values(told=told))
        shown = changed if act is Act.APPROVE else []
        notices.comments_shown(session, shown)
        if act is Act.REJECT:
            notices.comments_refused(session, changed)
    tell_shown(shown)
    return Done(batch, tuple(wanted), clashes)


def undo(viewer: Viewer, batch: str) -> list[int]:
    """Give comments back the very state they had before an act; answers their numbers.

    Those changed again since are left alone. Raises `TooLate` when there is nothing to undo.
    """
    at = clock.now()
    with transaction() as session:
        steps = _steps(session, viewer, batch, since=at - UNDO_FOR)
        if not steps:
            raise TooLate
        before = {step.comment_id: step for step in steps}
        change_states(session, {id: step.state for id, step in before.items()}, at=at)
        restore_decisions(session, steps)
        restore_edits(session, [step for step in steps if step.text is not None])
        session.execute(sa.delete(Step).where(Step.batch == batch))
    return sorted(before)


def _locked(session: Session, viewer: Viewer, ids: list[int]) -> list[Any]:
    """Comments as they are, which nobody else changes until the commit."""
    rows = session.execute(
        sa.select(*_COLUMNS).where(Comment.id.in_(ids)).order_by(Comment.id).with_for_update()
    ).all()
    if len(rows) != len(ids) or not all(viewer.moderates(row.blog_id) for row in rows):
        raise Missing
    return list(rows)


def _fits(row: Any, act: Act) -> bool:
    return act in possible(row.state, has_edit=row.pending_text is not None)


def _is_repeated(row: Any, viewer: Viewer, act: Act) -> bool:
    return row.state is act.state and row.decided_by == viewer.id


def _steps(session: Session, viewer: Viewer, batch: str, *, since: datetime) -> list[Any]:
    """The steps of an act whose comments nobody has touched since."""
    query = (
        sa.select(Step.comment_id, Step.state, Step.shown_at)
        .add_columns(Step.decided_at, Step.decided_by, Step.told)
        .add_columns(Step.text, Step.pending_text, Step.edited_at)
        .join(Comment, Comment.id == Step.comment_id)
        .where(Step.batch == batch, Step.actor_id == viewer.id, Step.at > since)
        .where(Comment.revision == Step.revision)
        .order_by(Step.comment_id)
        .with_for_update(of=Comment)
    )
    return list(session.execute(query))
