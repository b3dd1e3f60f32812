"""Cards: what is public of a feedback, and the only shape in which it leaves this package.

A card is read through the grant and the wording it stands on, in one statement, so that what
is not granted cannot be on it. Preview, receipt, wall, card page and home page show the same
`CardView` through the same macro, and so the same bytes.
"""

import re
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from markupsafe import Markup

from app.core import clock
from app.core.database import db
from app.core.errors import Gone, Missing
from app.core.web import page_part

from .models import Feedback, Kind
from .records import Card, Credit, Grant, How, Wording

KINDS = {
    Kind.PRAISE: "Praise",
    Kind.PROBLEM: "Problem",
    Kind.IDEA: "Idea",
    Kind.QUESTION: "Question",
    Kind.MESSAGE: "Message",
}
_EMAIL = re.compile(r"\S@\S")


class CardWithdrawn(Gone):
    """A feedback that was public and is not any more; by whom and why is nobody's business."""

    title = "This feedback is no longer public"
    message = "It was here once. Whoever wrote it decides whether it is, and may decide otherwise."
    advice = "The wall has what is public today."


@dataclass(frozen=True, slots=True)
class CardView:
    """Everything that is public of one feedback. An email or an address has no place in it."""

    number: int
    kind: Kind
    html: Markup
    credit: str
    sent_on: date
    is_shortened: bool = False

    def __post_init__(self) -> None:
        """Raise `TypeError` for a value of another type, such as one that was sealed."""
        for field in fields(self):
            if type(getattr(self, field.name)) is not field.type:
                raise TypeError(f"the {field.name} of a card is no {field.type}")
        if _EMAIL.search(self.credit):
            raise TypeError("an email is no credit")

    @property
    def label(self) -> str:
        """What it is, in a word."""
        return KINDS[self.kind]

    @property
    def address(self) -> str:
        """Where it has a page of its own while it is public."""
        return f"/feedback/{self.number}/"


@dataclass(frozen=True, slots=True)
class Published:
    """A card that is public now, with what feeds and lists need beside it."""

    view: CardView
    text: str
    published_at: datetime
    on_home: bool
    credit: Credit


_PUBLIC = (
    sa.select(
        Card.feedback_id,
        Card.published_at,
        Feedback.kind,
        Feedback.created_at,
        Wording.text,
        Wording.html,
        Wording.how,
        Grant.credit,
        Grant.credit_line,
        Grant.on_home,
    )
    .join_from(
        Card,
        Grant,
        sa.and_(
            Grant.feedback_id == Card.feedback_id,
            Grant.text_hash == Card.text_hash,
            Grant.live.is_(True),
        ),
    )
    .join(
        Wording,
        sa.and_(Wording.feedback_id == Card.feedback_id, Wording.text_hash == Card.text_hash),
    )
    .join(Feedback, Feedback.id == Card.feedback_id)
    .where(Card.live.is_(True))
)


def published_cards(
    *conditions: sa.ColumnElement[bool], most: int = 20, on_home: bool = False
) -> list[Published]:
    """The newest cards that are public; of those that the home page may show, the last agreed to.

    One statement, which walks an index from its newest end.
    """
    # Asked in words that no index answers: a database would begin with every grant there is.
    query = _PUBLIC.where((Grant.ends_at > clock.now()).is_(True), *conditions)
    order = (Card.published_at.desc(), Card.feedback_id.desc())
    if on_home:
        query = query.where(Grant.on_home.is_(True))
        order = (Grant.given_at.desc(), Grant.id.desc())
    zone = _zone()
    newest = query.order_by(*order).limit(most)
    return [_published(row, zone) for row in db.session.execute(newest)]


def card_of(number: int) -> Published:
    """The public card of a feedback.

    Raises `CardWithdrawn` for one that was public once, and `Missing`.
    """
    found = published_cards(Card.feedback_id == number, most=1)
    if found:
        return found[0]
    if db.session.scalar(sa.select(Card.id).where(Card.feedback_id == number)) is None:
        raise Missing
    raise CardWithdrawn


def card_view(feedback: Feedback, html: str, how: How, credit: str) -> CardView:
    """How a feedback will look in some wording and under some credit."""
    return _view(feedback.id, feedback.kind, (html, how), (credit, feedback.created_at), _zone())


def _published(row: Any, zone: ZoneInfo) -> Published:
    words, signed = (row.html, row.how), (row.credit_line, row.created_at)
    view = _view(row.feedback_id, row.kind, words, signed, zone)
    return Published(view, row.text, row.published_at, row.on_home, row.credit)


def _view(
    number: int, kind: Kind, words: tuple[str, How], signed: tuple[str, datetime], zone: ZoneInfo
) -> CardView:
    html, how = words
    credit, sent_at = signed
    return CardView(
        number=number,
        kind=kind,
        html=Markup(html),
        credit=credit,
        sent_on=sent_at.astimezone(zone).date(),
        is_shortened=how is How.SHORTENED,
    )


def _zone() -> ZoneInfo:
    return ZoneInfo(page_part("site").timezone)
