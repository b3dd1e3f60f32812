"""Counting visitors who agreed to be counted: by day, and by how long ago they came before."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from app.core import clock
from app.core.database import db, is_sqlite, transaction
from app.core.privacy import Viewer
from app.core.registry import Figure

from .models import Recency, VisitorDay
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
