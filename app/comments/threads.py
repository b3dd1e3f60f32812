"""A conversation as pages show it: plain values, nested three deep, without the database."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from .models import State

#: What stands where a comment was, while answers to it are still there.
TAKEN_BACK = {
    State.REMOVED: "Removed by its author.",
    State.HELD: "Waiting for a moderator.",
    State.REJECTED: "Removed by a moderator.",
    State.SPAM: "Removed by a moderator.",
}


@dataclass(slots=True)
class Remark:
    """A comment in its place, with the answers set under it."""

    id: int
    name: str
    html: Markup
    moment: str
    at: str
    is_by_author: bool
    is_proved: bool
    is_edited: bool
    #: Why there are no words, or `None`.
    gone: str | None
    #: What it answers, where it is not set right under that.
    answers: "Answered | None" = None
    replies: "list[Remark]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answered:
    """A comment as another one refers to it; without a name when it stands on another page."""

    id: int
    name: str | None
    is_here: bool


def nested(rows: Iterable[Any], place: ZoneInfo) -> list[Remark]:
    """The conversations of some comments, oldest first; what was taken back goes without trace
    unless an answer to it remains."""
    known: dict[int, Remark] = {}
    begun: list[Remark] = []
    for row in rows:
        remark = _remark(row, place)
        known[row.id] = remark
        above = known.get(row.branch_id or row.root_id)
        if row.parent_id and (above is None or row.parent_id != above.id):
            remark.answers = _answered(row.parent_id, known)
        (begun if above is None else above.replies).append(remark)
    return _remaining(begun)


def moment_of(at: datetime, place: ZoneInfo) -> str:
    """A moment as comments show it, such as 24 November 2026, 09:30."""
    local = at.astimezone(place)
    month = calendar.month_name[local.month]
    return f"{local.day} {month} {local.year}, {local.hour:02}:{local.minute:02}"


def find(remarks: Iterable[Remark], comment_id: int) -> Remark | None:
    """The comment of that number with its words, anywhere in some conversations."""
    for remark in remarks:
        if remark.id == comment_id and remark.gone is None:
            return remark
        found = find(remark.replies, comment_id)
        if found is not None:
            return found
    return None


def _remark(row: Any, place: ZoneInfo) -> Remark:
    at: datetime = row.created_at
    return Remark(
        id=row.id,
        name=row.name,
        html=Markup(row.html),
        moment=moment_of(at, place),
        at=f"{at:%Y-%m-%dT%H:%MZ}",
        is_by_author=row.is_by_author,
        is_proved=row.is_proved,
        is_edited=row.edited_at is not None,
        gone=None if row.state is State.SHOWN else TAKEN_BACK[row.state],
    )


def _answered(parent_id: int, known: dict[int, Remark]) -> Answered:
    parent = known.get(parent_id)
    if parent is None:
        return Answered(parent_id, None, is_here=False)
    return Answered(parent_id, parent.name or None, is_here=True)


def _remaining(remarks: list[Remark]) -> list[Remark]:
    for remark in remarks:
        remark.replies = _remaining(remark.replies) if remark.replies else remark.replies
    return [remark for remark in remarks if remark.gone is None or remark.replies]
