"""What can be wrong with the trends: for the health of the site, and for its promises."""

import sqlalchemy as sa

from app.core.database import db
from app.core.registry import Finding, Outcome

from .cells import HITS, LEAST_TOTAL, PEOPLE
from .figures import Figures
from .models import Dimension, TrendDay
from .reports import altered, months_told, reports_between
from .tallies import MOST

_FIXED = 24 + 7 + 1


def reports_are_frozen() -> Finding:
    """Whether every report still is what was published."""
    changed = altered()
    if changed:
        months = ", ".join(f"{month:%Y-%m}" for month in changed)
        return Finding(
            "fail",
            f"The trends of {months} are not what was published.",
            "restore the table trend_reports from a backup",
        )
    return Finding("ok", "Every published report of the trends is as it was published.")


def thresholds_hold() -> Outcome:
    """No published figure is below its threshold."""
    told = months_told()
    if not told:
        return Outcome("No month has been published yet.")
    for report in reports_between(told[-1][0], told[0][0]):
        if _is_too_small(report.figures):
            month = f"{report.figures.month:%Y-%m}"
            return Outcome(problem=f"The report of {month} shows a figure that is too small.")
    return Outcome(f"{_months(len(told))}, and no figure below its threshold.")


def as_published() -> Outcome:
    """No published report was changed."""
    if altered():
        return Outcome(problem="A published report is not what was published.")
    return Outcome(f"{_months(len(months_told()))}, unchanged.")


def totals_only() -> Outcome:
    """No day has more totals than a day can have values."""
    largest = (
        sa.select(sa.func.count().label("rows")).group_by(TrendDay.day).select_from(TrendDay)
    ).subquery()
    most = db.session.scalar(sa.select(sa.func.max(largest.c.rows))) or 0
    shown = db.session.scalar(
        sa.select(sa.func.sum(TrendDay.count)).where(TrendDay.dimension == Dimension.TOTAL)
    )
    if most > sum(MOST.values()) + _FIXED:
        return Outcome(problem="A day has more totals than there are values to count.")
    if not shown:
        return Outcome("Nothing has been counted yet.")
    return Outcome(f"A day has at most {most} totals, whatever the number of its readers.")


def _is_too_small(told: Figures) -> bool:
    if told.total is not None and told.total < LEAST_TOTAL:
        return True
    counts = [
        (row.count, PEOPLE.least if row.value == "new" else HITS.least)
        for table in told.tables
        for row in table.rows
    ]
    counts += [(table.rest, HITS.least) for table in told.tables if table.rest]
    return any(count < least for count, least in counts)


def _months(number: int) -> str:
    return f"{number} published month{'' if number == 1 else 's'}"
