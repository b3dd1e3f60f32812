"""The end of days: after their time, totals of years remain of them."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.consent import take_visitor_days
from app.core import clock
from app.core.database import transaction

from .models import Dimension, TrendDay
from .reports import publish_due
from .tallies import add_years


def turn_months() -> None:
    """Publish what is over, and add the days whose time is over to the totals of their years."""
    publish_due()
    end_days()


def end_days() -> int:
    """Delete the days of months that ended longer ago than is kept; how many rows went."""
    last = first_kept() - timedelta(days=1)
    is_over = TrendDay.day <= last
    with transaction() as session:
        counts: Counter[tuple[int, Dimension, str]] = Counter()
        for day, dimension, value, count in session.execute(
            sa.select(TrendDay.day, TrendDay.dimension, TrendDay.value, TrendDay.count).where(
                is_over
            )
        ):
            counts[day.year, Dimension(dimension), value] += count
        for day, recency, count in take_visitor_days(last):
            counts[day.year, Dimension.VISITOR, recency] += count
        add_years(session, counts)
        gone: Any = session.execute(sa.delete(TrendDay).where(is_over))
    return int(gone.rowcount)


def first_kept() -> date:
    """The first day of which the totals are still kept day by day."""
    today = clock.now().date()
    months = today.year * 12 + today.month - 1 - current_app.config["KEEP_TRENDS_MONTHS"]
    return date(months // 12, months % 12 + 1, 1)
