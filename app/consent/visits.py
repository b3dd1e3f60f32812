"""Counting visitors who agreed to be counted: by day, and by how long ago they came before."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from app.core import clock
from app.core.database import db, is_sqlite, transaction
from app.core.privacy import Viewer
from app.core.registry import Figure

from .models import Receipt, ReceiptTotal, Recency, VisitorDay
from .terms import HOME

_DAYS: Any = VisitorDay.__table__


def recency(last: date | None, today: date) -> Recency:
    """How long ago somebody came before; a day that has not come yet counts as none."""
    if last is None or last > today:
        return Recency.NEW
    ago = (today - last).days
    if ago <= 7:
        return Recency.WEEK
    return Recency.MONTH if ago <= 30 else Recency.LONGER


def count_visitor(last: date | None, today: date) -> None:
    """Add one visitor to a day."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    statement: Any = insert(_DAYS).values(day=today, recency=recency(last, today), count=1)
    statement = statement.on_conflict_do_update(
        index_elements=["day", "recency"], set_={"count": _DAYS.c.count + 1}
    )
    with transaction() as session:
        session.execute(statement)


def visitor_days(first: date, last: date) -> list[tuple[date, str, int]]:
    """How many came on each day of a time, by when they came before: day, word, number."""
    rows = db.session.execute(_between(first, last))
    return [(day, word.value, count) for day, word, count in rows]


def take_visitor_days(last: date) -> list[tuple[date, str, int]]:
    """Delete all days up to one, and answer what they held. Inside a transaction only."""
    with transaction() as session:
        rows = session.execute(_between(date.min, last)).all()
        session.execute(sa.delete(VisitorDay).where(VisitorDay.day <= last))
    return [(day, word.value, count) for day, word, count in rows]


def answers_between(first: date, last: date) -> tuple[int, int]:
    """Of the answers given in some months: how many agreed to be counted, and how many did not.

    From the receipts, and the totals of those that are gone; nothing where none are kept.
    """
    begins = datetime.combine(first, time.min, UTC)
    ends = datetime.combine(last, time.max, UTC)
    of_receipts = sa.select(Receipt.measurement, sa.func.count()).where(
        Receipt.given_at.between(begins, ends)
    )
    of_totals = sa.select(ReceiptTotal.measurement, sa.func.sum(ReceiptTotal.count)).where(
        ReceiptTotal.month.between(first, last)
    )
    found = {True: 0, False: 0}
    for query, column in (
        (of_receipts, Receipt.measurement),
        (of_totals, ReceiptTotal.measurement),
    ):
        for has_agreed, count in db.session.execute(query.group_by(column)):
            found[has_agreed] += count
    return found[True], found[False]


def _between(first: date, last: date) -> Any:
    return (
        sa.select(VisitorDay.day, VisitorDay.recency, VisitorDay.count)
        .where(VisitorDay.day.between(first, last))
        .order_by(VisitorDay.day, VisitorDay.recency)
    )


def figures(viewer: Viewer) -> list[Figure]:
    """For owners: how many came yesterday of those who agreed, and how many of them were new."""
    if not viewer.has_right("own") or "measurement" not in current_app.config["OPTIONAL_COOKIES"]:
        return []
    yesterday = clock.now().date() - timedelta(days=1)
    rows = db.session.scalars(sa.select(VisitorDay).where(VisitorDay.day == yesterday))
    counts = {row.recency: row.count for row in rows}
    total, new = sum(counts.values()), counts.get(Recency.NEW, 0)
    label = f"Visitor{'' if total == 1 else 's'} yesterday who agreed to be counted"
    return [Figure(label, f"{total:,}, {new:,} new" if total else 0, HOME)]
