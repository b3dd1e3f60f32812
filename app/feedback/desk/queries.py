"""What the people of the room may see: every list bounded, and nothing without a right there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.blog import feedback_room_id
from app.core.database import db
from app.core.errors import Missing
from app.core.privacy import Viewer, record
from app.desk import Kindred, Kinship

from ..models import Feedback, State
from ..records import Card, Grant, How, Wording
from .sieve import Place, Shelf, Sieve

PAGE = 50

Condition = sa.ColumnElement[bool]

KEYS = {
    Kinship.AUTHOR: Feedback.sender_email_lookup,
    Kinship.ADDRESS: Feedback.sender_ip_lookup,
    Kinship.NEAR: Feedback.sender_ip_near,
}
_STATES = {Shelf.OPEN: State.OPEN, Shelf.DECLINED: State.DECLINED, Shelf.SPAM: State.SPAM}

IS_PUBLIC = (
    sa.exists().where(Card.feedback_id == Feedback.id, Card.live.is_(True)).correlate(Feedback)
)
_SAME_CARD = (
    sa.exists()
    .where(
        Card.feedback_id == Grant.feedback_id,
        Card.text_hash == Grant.text_hash,
        Card.live.is_(True),
    )
    .correlate(Grant)
)
#: Its sender agreed to words that no administrator has approved.
IS_AGREED = (
    sa.exists()
    .where(Grant.feedback_id == Feedback.id, Grant.live.is_(True), ~_SAME_CARD)
    .correlate(Feedback)
)
_TO_APPROVE = sa.and_(Feedback.state.in_([State.HELD, State.OPEN]), IS_AGREED)
#: Somebody of the room has to read it, or to approve it.
WAITS = sa.or_(Feedback.state == State.HELD, _TO_APPROVE)
KINDRED = Kindred(
    Feedback,
    "sender_email_lookup",
    "sender_ip_lookup",
    "sender_ip_near",
    "sender_name",
    State.OPEN,
    State.DECLINED,
    State.SPAM,
)


@dataclass(frozen=True)
class Found:
    """A page of a list, and the place where the next one begins."""

    rows: list[Any]
    next: Place | None


@dataclass(frozen=True)
class Counts:
    """How much there is on each shelf."""

    held: int = 0
    to_approve: int = 0
    open: int = 0
    public: int = 0
    declined: int = 0
    spam: int = 0
    #: What is both held and agreed to; it waits once.
    both: int = 0
    #: When what waits longest was sent.
    oldest_at: datetime | None = None

    @property
    def waiting(self) -> int:
        """How much waits for somebody's hand."""
        return self.held + self.to_approve - self.both


_PUBLIC_CARD = sa.and_(Card.feedback_id == Feedback.id, Card.live.is_(True))
_SHORTENED = sa.and_(
    Wording.feedback_id == Card.feedback_id,
    Wording.text_hash == Card.text_hash,
    Wording.how == How.SHORTENED,
)
#: With `cut_text` and `cut_html` where what is public is less than what was sent.
_ROW = (
    sa.select(Feedback, IS_PUBLIC.label("is_public"), _TO_APPROVE.label("is_agreed"))
    .add_columns(Wording.text.label("cut_text"), Wording.html.label("cut_html"))
    .outerjoin(Card, _PUBLIC_CARD)
    .outerjoin(Wording, _SHORTENED)
)
#: What every moderator of the room may read of each: without what was cut from the public copy.
LINES = (
    sa.select(Feedback.uid, Feedback.id, Feedback.state)
    .add_columns(sa.func.coalesce(Wording.text, Feedback.text).label("text"))
    .outerjoin(Card, _PUBLIC_CARD)
    .outerjoin(Wording, _SHORTENED)
)


def room_of(viewer: Viewer, right: str = "moderate") -> int:
    """The number of the room, for those who hold a right there. Raises `Missing`."""
    room = feedback_room_id()
    if room not in viewer.blogs(right):
        raise Missing
    return room


def feedback_for(viewer: Viewer, number: int, right: str = "moderate") -> Feedback:
    """A feedback for those who hold a right in its room.

    Raises `Missing` for all others, there or not; that somebody without any right asked for
    one that is there is put on record.
    """
    feedback = db.session.get(Feedback, number)
    if feedback is None:
        raise Missing
    if feedback.blog_id in viewer.blogs(right):
        return feedback
    if not viewer.moderates(feedback.blog_id):
        record(
            "feedback.elsewhere",
            actor_id=viewer.id,
            blog_id=feedback.blog_id,
            subject_uid=feedback.uid,
        )
    raise Missing


def row_called(number: int) -> Any:
    """One feedback in the shape of a list's row, whoever asks."""
    return db.session.execute(_ROW.where(Feedback.id == number)).one()


def listed(viewer: Viewer, sieve: Sieve, *, size: int = PAGE) -> Found:
    """One page of what the sieve lets through."""
    room = room_of(viewer, "moderate" if sieve.kinship in (None, Kinship.AUTHOR) else "administer")
    query = _ROW.where(Feedback.blog_id == room, *_conditions(sieve), *_behind(sieve))
    if sieve.text and not viewer.administers(room):
        # Nobody finds by a word what they may not read.
        query = query.where(Wording.id.is_(None))
    rows = list(db.session.execute(query.order_by(*_order(sieve)).limit(size + 1)))
    if len(rows) <= size:
        return Found(rows, None)
    last = rows[size - 1]
    place = Place(bool(last.is_agreed), last.Feedback.created_at, last.Feedback.id)
    return Found(rows[:size], place)


def counts_of(room: int) -> Counts:
    """How much is on each shelf, and since when the oldest waits; one statement."""
    is_held, is_agreed = Feedback.state == State.HELD, _TO_APPROVE

    def of(condition: Condition) -> Any:
        query = sa.select(sa.func.count()).select_from(Feedback)
        return query.where(Feedback.blog_id == room, condition).scalar_subquery()

    row = db.session.execute(
        sa.select(
            of(is_held),
            of(is_agreed),
            of(Feedback.state == State.OPEN),
            of(IS_PUBLIC),
            of(Feedback.state == State.DECLINED),
            of(Feedback.state == State.SPAM),
            of(sa.and_(is_held, is_agreed)),
            sa.select(sa.func.min(Feedback.created_at))
            .where(Feedback.blog_id == room, WAITS)
            .scalar_subquery(),
        )
    ).one()
    return Counts(*row)


def representatives(condition: Condition, room: int, kinship: Kinship) -> list[int]:
    """One feedback for each sealed value that a condition matches."""
    first = sa.func.min(Feedback.id)
    query = (
        sa.select(first)
        .where(condition, Feedback.blog_id == room)
        .group_by(KEYS[kinship])
        .order_by(first.desc())
        .limit(40)
    )
    return list(db.session.scalars(query))


def _conditions(sieve: Sieve) -> Iterator[Condition]:
    if sieve.shelf is Shelf.WAITING:
        yield WAITS
    elif sieve.shelf is Shelf.PUBLIC:
        yield IS_PUBLIC
    elif sieve.shelf is not Shelf.ALL:
        yield Feedback.state == _STATES[sieve.shelf]
    if sieve.kind:
        yield Feedback.kind == sieve.kind
    if sieve.text:
        words = [Feedback.text, Feedback.sender_name]
        yield sa.or_(*(word.icontains(sieve.text, autoescape=True) for word in words))
    if sieve.kinship:
        column = KEYS[sieve.kinship]
        shared = sa.select(column).where(Feedback.id.in_(sieve.examples), column.is_not(None))
        yield column.in_(shared)


def _order(sieve: Sieve) -> tuple[Any, ...]:
    if sieve.is_oldest_first:
        return (sa.case((_TO_APPROVE, 0), else_=1), Feedback.created_at, Feedback.id)
    return (Feedback.created_at.desc(), Feedback.id.desc())


def _behind(sieve: Sieve) -> Iterator[Condition]:
    after = sieve.after
    if after is None:
        return
    here, place = sa.tuple_(Feedback.created_at, Feedback.id), sa.tuple_(after.at, after.id)
    if not sieve.is_oldest_first:
        yield here < place
    elif after.is_agreed:
        yield sa.or_(~_TO_APPROVE, here > place)
    else:
        yield sa.and_(~_TO_APPROVE, here > place)
