"""A conversation as pages show it: plain values, nested three deep, without the database."""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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


NOTHING = Markup("")
#: No mail is answered within this time.
AT_ONCE = timedelta(seconds=2)
# Asked of the locale each time otherwise.
_MONTHS = tuple(calendar.month_abbr)
_END = Markup("</ol></li>")


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
    #: Whether its letters may run from right to left.
    may_turn: bool
    #: Why there are no words, or `None`.
    gone: str | None = None
    #: What it answers, where it is not set right under that.
    answers: "Answered | None" = None
    replies: "list[Remark]" = field(default_factory=list)
    #: What ends after it, as the last answer of a conversation.
    closes: Markup = NOTHING


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
        remark = remark_of(row, place)
        if row.state is not State.SHOWN:
            remark.gone = TAKEN_BACK[row.state]
        known[row.id] = remark
        above = known.get(row.branch_id or row.root_id)
        if row.parent_id and (above is None or row.parent_id != above.id):
            remark.answers = _answered(row.parent_id, known)
        (begun if above is None else above.replies).append(remark)
    return _remaining(begun)


def flat(remarks: list[Remark], ends: int = 0) -> Iterator[Remark]:
    """Conversations in the order they are read; the last of each tells how many lists end."""
    last = len(remarks) - 1
    for place, remark in enumerate(remarks):
        closing = ends if place == last else 0
        yield remark
        if remark.replies:
            yield from flat(remark.replies, closing + 1)
        elif closing:
            remark.closes = _END * closing


def remark_of(row: Any, place: ZoneInfo) -> Remark:
    """A row of comment columns as pages show it."""
    at: datetime = row.created_at
    return Remark(
        id=row.id,
        name=row.name,
        html=Markup(row.html),
        moment=moment_of(at, place),
        at=f"{at.isoformat()[:16]}Z",
        is_by_author=row.is_by_author,
        is_proved=_is_proved(row),
        is_edited=row.edited_at is not None,
        may_turn=not row.html.isascii(),
    )


def moment_of(at: datetime, place: ZoneInfo) -> str:
    """A moment as comments show it, such as 24 Nov 2026, 09:30."""
    local = at.astimezone(place)
    day = f"{local.day} {_MONTHS[local.month]} {local.year}"
    return f"{day}, {local.hour:02}:{local.minute:02}"


def _is_proved(row: Any) -> bool:
    """Whether whoever wrote it also answered the mail to that address.

    A later comment with the same address is proved from the start, for screening and for
    mail. Readers are not told so: anybody could have typed the address.
    """
    return row.proved_at is not None and row.proved_at - row.created_at > AT_ONCE


def _answered(parent_id: int, known: dict[int, Remark]) -> Answered:
    parent = known.get(parent_id)
    if parent is None:
        return Answered(parent_id, None, is_here=False)
    return Answered(parent_id, parent.name or None, is_here=True)


def _remaining(remarks: list[Remark]) -> list[Remark]:
    for remark in remarks:
        remark.replies = _remaining(remark.replies) if remark.replies else remark.replies
    return [remark for remark in remarks if remark.gone is None or remark.replies]
