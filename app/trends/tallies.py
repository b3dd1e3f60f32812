"""Adding to the totals of days: one statement for all that came together, and no row for any.

What others can make up, such as the site they say they come from, cannot fill the table: a
day has so many values of a dimension, and all that come later are one value together.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.database import is_sqlite, transaction

from .models import OTHER, Dimension, TrendDay, TrendReport, TrendYear

Key = tuple[date, Dimension, str]

#: How many values of a dimension a day may have.
MOST = {
    Dimension.PAGE: 400,
    Dimension.SOURCE: 200,
    Dimension.BROWSER: 80,
    Dimension.LANGUAGE: 80,
}
#: Rows in one statement; SQLite takes 32,766 values, of which a row has four.
BATCH = 5_000

_DAYS: Any = TrendDay.__table__
_YEARS: Any = TrendYear.__table__


def add(counts: Mapping[Key, int]) -> int:
    """Add to the totals; how many of the counts were too late.

    A month that was published stays as it is, and so does whatever was before it: nothing would
    ever publish it, nor put together what is rare in it. What still comes for those is dropped.
    """
    if not counts:
        return 0
    with transaction() as session:
        newest = session.scalar(sa.select(sa.func.max(TrendReport.month)))
        first = month_after(newest) if newest else date.min
        open_ones = {key: count for key, count in counts.items() if key[0] >= first}
        bounded = _bounded(session, open_ones)
        add_days(session, bounded)
    return sum(count for key, count in counts.items() if key not in open_ones)


def add_days(session: Session, counts: Mapping[Key, int]) -> None:
    """Add to the totals of days, whatever their number."""
    rows = [
        {"day": day, "dimension": dimension, "value": value, "count": count}
        for (day, dimension, value), count in counts.items()
    ]
    _upsert(session, _DAYS, rows, "day")


def add_years(session: Session, counts: Mapping[tuple[int, Dimension, str], int]) -> None:
    """Add to the totals of years."""
    rows = [
        {"year": year, "dimension": dimension, "value": value, "count": count}
        for (year, dimension, value), count in counts.items()
    ]
    _upsert(session, _YEARS, rows, "year")


def month_after(month: date) -> date:
    """The first day of the next month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _bounded(session: Session, counts: Mapping[Key, int]) -> Counter[Key]:
    """The same counts, with the values that have no room any more put together."""
    days = {day for day, _dimension, _value in counts}
    rows = session.execute(
        sa.select(TrendDay.day, TrendDay.dimension, TrendDay.value).where(
            TrendDay.day.in_(days), TrendDay.dimension.in_(MOST)
        )
    )
    known: set[Key] = {(day, dimension, value) for day, dimension, value in rows}
    room = Counter({(day, dimension): most for day in days for dimension, most in MOST.items()})
    room.subtract((day, dimension) for day, dimension, _value in known)
    bounded: Counter[Key] = Counter()
    # What came most often is let in first, so that made-up values do not push it out.
    for key, count in sorted(counts.items(), key=lambda item: -item[1]):
        day, dimension, value = key
        if dimension not in MOST or key in known:
            bounded[key] += count
        elif value != OTHER and room[day, dimension] > 1:
            room[day, dimension] -= 1
            bounded[key] += count
        else:
            bounded[day, dimension, OTHER] += count
    return bounded


def _upsert(session: Session, table: Any, rows: Iterable[dict[str, Any]], period: str) -> None:
    # Always in one order, so that two that add at once wait for each other only once.
    ordered = sorted(rows, key=lambda row: (row[period], row["dimension"], row["value"]))
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    for start in range(0, len(ordered), BATCH):
        statement: Any = insert(table).values(ordered[start : start + BATCH])
        session.execute(
            statement.on_conflict_do_update(
                index_elements=[period, "dimension", "value"],
                set_={"count": table.c.count + statement.excluded.count},
            )
        )
