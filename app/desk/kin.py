"""What else is known of the authors of items, of whom nothing is opened for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts import User
from app.core.database import db
from app.moderation import Ban, Claim, Guess, Note, Outcome, Report

from .wording import CAP


@dataclass(frozen=True)
class Kindred:
    """By which columns items of a table are kin, and the states that count as their history."""

    table: Any
    email: str
    address: str
    near: str
    name: str
    shown: Any
    rejected: Any
    spam: Any


@dataclass(frozen=True)
class Kin:
    """How many other items share something with one, counted up to `CAP`."""

    shown: int = 0
    rejected: int = 0
    spam: int = 0
    same_address: int = 0
    neighbours: int = 0
    notes: int = 0
    reports: int = 0
    #: Until when somebody who may be the author is or was banned.
    banned_until: datetime | None = None
    #: How likely the sorter takes it to be spam.
    percent: int | None = None
    #: Who decided on it last.
    decided_by: str | None = None
    #: Who said last that they are looking at it, and when.
    claimed_by: str | None = None
    claimed_at: datetime | None = None


def kin_of(ids: list[int], kindred: Kindred) -> dict[int, Kin]:
    """What else is known of the authors and addresses of some items, by their numbers."""
    if not ids:
        return {}
    found = {}
    query = _query(kindred).where(kindred.table.id.in_(ids))
    for item_id, shown, rejected, spam, same, near, *about in db.session.execute(query):
        found[item_id] = Kin(shown, rejected, spam, same, max(0, near - same), *about)
    return found


@cache
def _query(kindred: Kindred) -> Any:
    """The one statement of a table; building it costs more than running it."""
    item, other = kindred.table, aliased(kindred.table)
    by_email = getattr(other, kindred.email) == getattr(item, kindred.email)
    by_address = getattr(other, kindred.address) == getattr(item, kindred.address)
    is_near = getattr(other, kindred.near) == getattr(item, kindred.near)

    def count(*conditions: sa.ColumnElement[bool]) -> Any:
        """How many other items of the same blog meet conditions, counted up to `CAP`."""
        some = (
            sa.select(sa.literal(1).label("one"))
            .where(*conditions, other.blog_id == item.blog_id, other.id != item.id)
            .correlate(item)
            .limit(CAP)
            .subquery()
        )
        return sa.select(sa.func.count()).select_from(some).correlate(item).scalar_subquery()

    def about(kind: Any, *conditions: sa.ColumnElement[bool]) -> Any:
        number = sa.select(sa.func.count()).select_from(kind).where(*conditions)
        return number.correlate(item).scalar_subquery()

    return sa.select(
        item.id,
        count(by_email, other.state == kindred.shown),
        count(by_email, other.state == kindred.rejected),
        count(by_email, other.state == kindred.spam),
        count(by_address),
        count(is_near),
        about(Note, Note.item_uid == item.uid),
        about(Report, Report.item_uid == item.uid, Report.outcome == Outcome.OPEN),
        _ban(item, other, sa.or_(by_email, is_near)),
        *_present(item),
    )


def _present(item: Any) -> Iterator[Any]:
    """What the sorter says of an item, who decided on it, and who is looking at it since when."""
    is_claimed = Claim.item_uid == item.uid
    for column, *conditions in (
        (Guess.percent, Guess.item_uid == item.uid),
        (User.username, User.id == item.decided_by),
        (User.username, User.id == Claim.created_by, is_claimed),
        (Claim.created_at, is_claimed),
    ):
        yield sa.select(column).where(*conditions).correlate(item).scalar_subquery()


def _ban(item: Any, other: Any, is_kin: sa.ColumnElement[bool]) -> Any:
    """Until when the author of an item, or somebody near, is or was banned on its blog.

    A ban is known here by the item it was set from, so that nothing has to be opened.
    """
    return (
        sa.select(sa.func.max(Ban.ends_at))
        .select_from(Ban)
        .join(other, other.uid == Ban.item_uid)
        .where(Ban.blog_id == item.blog_id, is_kin)
        .correlate(item)
        .scalar_subquery()
    )
