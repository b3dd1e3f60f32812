"""Comments enter the conversation and leave it: their state, their page, and the numbers kept.

A comment gets its page when it is first shown, and keeps it for good, so that addresses
last and no page ever has to be counted or moved. New conversations go to the last page
until it holds `PER_PAGE` comments. An answer joins the page of what it answers until that
one holds `MOST_ON_A_PAGE`; then it opens a conversation of its own on the last page.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from blinker import signal
from sqlalchemy.orm import Session, aliased

from app.blog import count_comments, lock_posts

from .models import Comment, State

PER_PAGE = 50
#: Also the longest thread that is shown whole.
MOST_ON_A_PAGE = 200

#: Sent after the commit, with the `id` of a comment that has become public.
comment_shown = signal("comment_shown")

_TABLE: Any = Comment.__table__
_Parent = aliased(Comment)
_PLACE = (
    sa.update(_TABLE)
    .where(_TABLE.c.id == sa.bindparam("comment"))
    .values(
        page=sa.bindparam("on", type_=sa.Integer()),
        root_id=sa.bindparam("under", type_=sa.Integer()),
        branch_id=sa.bindparam("beside", type_=sa.Integer()),
    )
)


def change_states(
    session: Session,
    wanted: Mapping[int, State],
    *,
    at: datetime,
    by: int | None = None,
    rows: Iterable[Any] | None = None,
) -> list[int]:
    """Bring comments into the states wanted, and answer the ids of those that were in another.

    Six statements at the most for one state, however many comments. To be called in the
    transaction of whoever decides; `tell_shown` is for after its commit. `rows` are those
    comments, where the caller has them from `locked_rows` already.
    """
    known = locked_rows(session, wanted) if rows is None else rows
    rows = [row for row in known if row.state is not wanted[row.id]]
    if not rows:
        return []
    rooms = _Rooms(lock_posts(session, {row.post_id for row in rows}), {})
    newcomers = [row for row in rows if row.page is None and wanted[row.id] is State.SHOWN]
    rooms.filled = _filled(session, newcomers, rooms.last)
    changes: Counter[int] = Counter()
    for row in rows:
        changes[row.post_id] += (wanted[row.id] is State.SHOWN) - (row.state is State.SHOWN)
    for state in sorted({wanted[row.id] for row in rows}):
        ids = [row.id for row in rows if wanted[row.id] is state]
        session.execute(_change(ids, state, at=at, by=by))
    if newcomers:
        places = [{"comment": row.id} | rooms.place(row) for row in newcomers]
        session.connection().execute(_PLACE, places)
    count_comments(session, changes, rooms.last)
    session.expire_all()
    return [row.id for row in rows]


def tell_shown(ids: Iterable[int]) -> None:
    """Tell whoever listens that comments have become public; for after the commit."""
    for comment_id in ids:
        comment_shown.send(id=comment_id)


def _change(ids: list[int], state: State, *, at: datetime, by: int | None) -> sa.Update:
    """One statement for all of them: PostgreSQL counts once a statement."""
    values: dict[str, Any] = {"state": state, "decided_at": at, "decided_by": by}
    if state is State.SHOWN:
        values["shown_at"] = sa.func.coalesce(_TABLE.c.shown_at, at)
    change = sa.update(_TABLE).where(_TABLE.c.id.in_(ids))
    return change.values(revision=_TABLE.c.revision + 1, **values)


@dataclass
class _Rooms:
    """The last page of each post, and how full the pages are that comments may go to."""

    last: dict[int, int]
    filled: dict[tuple[int, int], int]

    def place(self, row: Any) -> dict[str, int | None]:
        """Where a comment stands from now on that was never shown before."""
        if row.parent_page is not None and self._take(row.post_id, row.parent_page, MOST_ON_A_PAGE):
            return _place_of(row) | {"on": row.parent_page}
        page = self.last[row.post_id] or 1
        if not self._take(row.post_id, page, PER_PAGE):
            page += 1
            self._take(row.post_id, page, PER_PAGE)
        self.last[row.post_id] = page
        return {"on": page, "under": None, "beside": None}

    def _take(self, post_id: int, page: int, most: int) -> bool:
        taken = self.filled.get((post_id, page), 0)
        if taken >= most:
            return False
        self.filled[post_id, page] = taken + 1
        return True


def locked_rows(session: Session, ids: Iterable[int], *more: Any) -> list[Any]:
    """What placing needs to know of comments, which nobody else changes until the commit.

    `more` are further columns that the caller needs.
    """
    columns = (Comment.id, Comment.post_id, Comment.state, Comment.shown_at, Comment.page)
    query = (
        sa.select(*columns, Comment.root_id, Comment.branch_id, _Parent.page.label("parent_page"))
        .add_columns(*more)
        .outerjoin(_Parent, _Parent.id == Comment.parent_id)
        .where(Comment.id.in_(ids))
        .order_by(Comment.id)
        .with_for_update(of=Comment)
    )
    return list(session.execute(query))


def _filled(
    session: Session, rows: Iterable[Any], last: Mapping[int, int]
) -> dict[tuple[int, int], int]:
    """How many comments the pages hold that newcomers may go to; no page holds many."""
    pages = {(row.post_id, row.parent_page) for row in rows if row.parent_page is not None}
    pages |= {(row.post_id, last[row.post_id]) for row in rows}
    if not pages:
        return {}
    query = (
        sa.select(Comment.post_id, Comment.page, sa.func.count().label("taken"))
        .where(sa.tuple_(Comment.post_id, Comment.page).in_(sorted(pages)))
        .group_by(Comment.post_id, Comment.page)
    )
    return {(row.post_id, row.page): row.taken for row in session.execute(query)}


def _place_of(row: Any) -> dict[str, int | None]:
    return {"on": row.page, "under": row.root_id, "beside": row.branch_id}
