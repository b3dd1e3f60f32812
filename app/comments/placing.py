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

from app.blog import Post, count_comments
from app.core.database import update_each

from .models import Comment, State

PER_PAGE = 50
#: Also the longest thread that is shown whole.
MOST_ON_A_PAGE = 200

#: Sent after the commit, with the `id` of a comment that has become public.
comment_shown = signal("comment_shown")

_Parent = aliased(Comment)
_COLUMNS = (
    *(Comment.id, Comment.post_id, Comment.state, Comment.revision, Comment.shown_at),
    *(Comment.page, Comment.root_id, Comment.branch_id),
    _Parent.page.label("parent_page"),
    Post.comment_pages.label("last_page"),
    # Whether its author, or whom it answers, asked to be told what comes of it.
    sa.or_(Comment.wants_replies, sa.func.coalesce(_Parent.wants_replies, sa.false())).label(
        "is_awaited"
    ),
)


def change_states(
    session: Session,
    wanted: Mapping[int, State],
    *,
    at: datetime,
    rows: Iterable[Any] | None = None,
    own: Mapping[int, dict[str, Any]] | None = None,
) -> list[int]:
    """Bring comments into the states wanted, and answer the ids of those that were in another.

    Four statements at the most, however many comments. To be called in the transaction of
    whoever decides; `tell_shown` is for after its commit. `rows` are those comments, where
    the caller has them from `locked_rows` already. `own` are further values, the same columns
    for each of the rows: with them, those in the wanted state already are written too.
    """
    known = list(locked_rows(session, wanted) if rows is None else rows)
    moved = [row for row in known if row.state is not wanted[row.id]]
    newcomers = [row for row in moved if row.page is None and wanted[row.id] is State.SHOWN]
    last = {row.post_id: row.last_page for row in known}
    rooms = _Rooms(dict(last), _filled(session, newcomers))
    places = {row.id: rooms.place(row) for row in newcomers}
    same = {"decided_at": at, "decided_by": None}
    update_each(
        session,
        Comment,
        [
            _changed(row, wanted[row.id], at)
            | (places.get(row.id) or _place_of(row) if places else {})
            | same
            | (own[row.id] if own else {})
            for row in (known if own else moved)
        ],
    )
    grown = {post_id: page for post_id, page in rooms.last.items() if page != last[post_id]}
    _count(session, moved, wanted, grown)
    return [row.id for row in moved]


def tell_shown(ids: Iterable[int]) -> None:
    """Tell whoever listens that comments have become public; for after the commit."""
    for comment_id in ids:
        comment_shown.send(id=comment_id)


def _changed(row: Any, state: State, at: datetime) -> dict[str, Any]:
    shown_at = row.shown_at or at if state is State.SHOWN else row.shown_at
    return {"id": row.id, "state": state, "revision": row.revision + 1, "shown_at": shown_at}


def _count(
    session: Session, moved: list[Any], wanted: Mapping[int, State], pages: Mapping[int, int]
) -> None:
    changes: Counter[int] = Counter()
    for row in moved:
        changes[row.post_id] += (wanted[row.id] is State.SHOWN) - (row.state is State.SHOWN)
    count_comments(session, changes, pages)


@dataclass
class _Rooms:
    """The last page of each post, and how full the pages are that comments may go to."""

    last: dict[int, int]
    filled: dict[tuple[int, int], int]

    def place(self, row: Any) -> dict[str, int | None]:
        """Where a comment stands from now on that was never shown before."""
        if row.parent_page is not None and self._take(row.post_id, row.parent_page, MOST_ON_A_PAGE):
            return _place_of(row) | {"page": row.parent_page}
        page = self.last[row.post_id] or 1
        if not self._take(row.post_id, page, PER_PAGE):
            page += 1
            self._take(row.post_id, page, PER_PAGE)
        self.last[row.post_id] = page
        return {"page": page, "root_id": None, "branch_id": None}

    def _take(self, post_id: int, page: int, most: int) -> bool:
        taken = self.filled.get((post_id, page), 0)
        if taken >= most:
            return False
        self.filled[post_id, page] = taken + 1
        return True


def locked_rows(session: Session, ids: Iterable[int], *more: Any) -> list[Any]:
    """What placing needs to know of comments; nobody else changes them or their posts' numbers.

    `more` are further columns that the caller needs.
    """
    query = (
        sa.select(*_COLUMNS, *more)
        .join(Post, Post.id == Comment.post_id)
        .outerjoin(_Parent, _Parent.id == Comment.parent_id)
        .where(Comment.id.in_(ids))
        # In one order for everybody, so that no two wait for each other.
        .order_by(Comment.post_id, Comment.id)
        .with_for_update(of=(Comment, Post))
    )
    return list(session.execute(query))


def _filled(session: Session, newcomers: Iterable[Any]) -> dict[tuple[int, int], int]:
    """How many comments the pages hold that newcomers may go to; no page holds many."""
    pages = {
        (row.post_id, page)
        for row in newcomers
        for page in (row.parent_page, row.last_page)
        if page is not None
    }
    if not pages:
        return {}
    query = (
        sa.select(Comment.post_id, Comment.page, sa.func.count().label("taken"))
        .where(sa.tuple_(Comment.post_id, Comment.page).in_(sorted(pages)))
        .group_by(Comment.post_id, Comment.page)
    )
    return {(row.post_id, row.page): row.taken for row in session.execute(query)}


def _place_of(row: Any) -> dict[str, int | None]:
    return {"page": row.page, "root_id": row.root_id, "branch_id": row.branch_id}
