"""The wall: what is public today, newest first, and what the site answered to it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from markupsafe import Markup

from app.core import clock
from app.core.database import db
from app.core.errors import Missing
from app.core.web import page_part

from ..cards import CardView, Published, card_of, published_cards
from ..models import Feedback, Kind
from ..records import Answer, Card, Grant, Maker

PER_PAGE = 20
#: The parts of the wall by their word in addresses.
SHELVES = {
    "praise": (Kind.PRAISE, "Praise"),
    "problems": (Kind.PROBLEM, "Problems"),
    "ideas": (Kind.IDEA, "Ideas"),
    "questions": (Kind.QUESTION, "Questions"),
}


@dataclass(frozen=True, slots=True)
class Official:
    """What the site answered."""

    html: Markup
    given_on: date


@dataclass(frozen=True, slots=True)
class Hung:
    """A card on the wall, and under it what the site answered."""

    view: CardView
    published_at: datetime
    answers: tuple[Official, ...]


@dataclass(frozen=True, slots=True)
class WallPage:
    """One page of the wall; `older` is the number after which the next one begins."""

    cards: tuple[Hung, ...]
    older: int | None


def wall_page(shelf: str | None = None, before: int | None = None) -> WallPage:
    """The newest cards, or those published before another one; two statements.

    Raises `Missing` where there is nothing before that one.
    """
    conditions = []
    if shelf is not None:
        conditions.append(Feedback.kind == SHELVES[shelf][0])
    if before is not None:
        conditions.append(_published_before(before))
    found = published_cards(*conditions, most=PER_PAGE + 1)
    if before is not None and not found:
        raise Missing
    shown = found[:PER_PAGE]
    more = len(found) > PER_PAGE
    return WallPage(tuple(_hung(shown)), shown[-1].view.number if more else None)


def wall_card(number: int) -> tuple[Published, Hung]:
    """One card with what the site answered. Raises `CardWithdrawn` and `Missing`."""
    published = card_of(number)
    return published, next(_hung([published]))


def home_quotes() -> Any:
    """A function from a count to the newest cards that may stand on the home page."""
    return lambda count: [found.view for found in published_cards(most=count, on_home=True)]


def newest_published() -> datetime | None:
    """When the newest card that is public became so."""
    newest = published_cards(most=1)
    return newest[0].published_at if newest else None


def public_numbers() -> Iterator[tuple[int, datetime]]:
    """The number of every card that is public, and when it became so; by number."""
    rows = db.session.execute(
        sa.select(Card.feedback_id, Card.published_at)
        .join(Grant, _LIVE_GRANT)
        .where(Card.live.is_(True), Grant.ends_at > clock.now())
        .order_by(Card.feedback_id)
    )
    for row in rows:
        yield row.feedback_id, row.published_at


def card_fingerprints() -> Mapping[int, str]:
    """For every card that is public a text that changes when the card does."""
    rows = db.session.execute(
        sa.select(Card.feedback_id, Card.published_at, Grant.id, Grant.ends_at)
        .join(Grant, _LIVE_GRANT)
        .where(Card.live.is_(True), Grant.ends_at > clock.now())
    )
    # Whatever changes on a card takes another grant.
    return {row.feedback_id: _fingerprint(row.id, row.published_at) for row in rows}


def cards_by_number(numbers: Iterable[int]) -> Iterator[tuple[Published, str, datetime]]:
    """The public ones of these cards, each with its fingerprint and the end of its grant."""
    wanted = list(numbers)
    ends = {
        row.feedback_id: row
        for row in db.session.execute(
            sa.select(Card.feedback_id, Card.published_at, Grant.id, Grant.ends_at)
            .join(Grant, _LIVE_GRANT)
            .where(Card.live.is_(True), Card.feedback_id.in_(wanted))
        )
    }
    for found in published_cards(Card.feedback_id.in_(wanted), most=max(len(wanted), 1)):
        row = ends[found.view.number]
        yield found, _fingerprint(row.id, row.published_at), row.ends_at


_LIVE_GRANT = sa.and_(
    Grant.feedback_id == Card.feedback_id,
    Grant.text_hash == Card.text_hash,
    Grant.live.is_(True),
)


def _fingerprint(grant: int, published_at: datetime) -> str:
    return f"{grant}.{published_at.timestamp():.6f}"


def _published_before(number: int) -> sa.ColumnElement[bool]:
    """Older than a card that is or was public; the row of one that was keeps its place."""
    place = (
        sa.select(column).where(Card.feedback_id == number).scalar_subquery()
        for column in (Card.published_at, Card.feedback_id)
    )
    return sa.tuple_(Card.published_at, Card.feedback_id) < sa.tuple_(*place)


def _hung(found: list[Published]) -> Iterator[Hung]:
    answers = _answers([published.view.number for published in found]) if found else {}
    for published in found:
        number = published.view.number
        yield Hung(published.view, published.published_at, tuple(answers.get(number, ())))


def _answers(numbers: list[int]) -> Mapping[int, list[Official]]:
    """The official answers to these cards. What a sender wrote back is theirs, and not public."""
    zone = ZoneInfo(page_part("site").timezone)
    answers: dict[int, list[Official]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(Answer.feedback_id, Answer.html, Answer.created_at)
        .where(Answer.feedback_id.in_(numbers), Answer.by == Maker.ADMINISTRATOR)
        .order_by(Answer.feedback_id, Answer.number)
    )
    for row in rows:
        official = Official(Markup(row.html), row.created_at.astimezone(zone).date())
        answers[row.feedback_id].append(official)
    return answers
