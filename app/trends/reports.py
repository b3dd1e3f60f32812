"""The reports of months that are over: made once, kept as they were published, and checked."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.consent import answers_between, visitor_days
from app.core import clock
from app.core.database import db, transaction
from app.core.errors import Missing

from .cells import NOTHING, Tally
from .figures import Cells, Figures, figures_of, total_of
from .labels import label
from .models import OTHER, Dimension, TrendDay, TrendReport
from .tallies import Key, add_days, month_after

#: After a month has ended, this long is left for what still waits to be added.
GRACE = timedelta(days=1)
#: The dimensions whose values others can make up, or that few readers may share.
OPEN = (Dimension.PAGE, Dimension.SOURCE, Dimension.BROWSER, Dimension.LANGUAGE)


@dataclass(frozen=True)
class Report:
    """A month's figures as they were published."""

    figures: Figures
    published_at: datetime
    digest: str
    text: str


def figures_so_far(month: date) -> Figures:
    """The figures that a month would be told by, were it over now."""
    last = month_after(month) - timedelta(days=1)
    return figures_of(month, cells_of(month), label, answers_between(month, last))


def total_so_far(month: date) -> int | None:
    """The total of `figures_so_far`, of which nothing else is read."""
    return total_of(_gathered(_counted(month, TrendDay.dimension == Dimension.TOTAL)))


def cells_of(month: date) -> Cells:
    """What was counted in a month."""
    last = month_after(month) - timedelta(days=1)
    visitors = (
        (day, Dimension.VISITOR, value, count) for day, value, count in visitor_days(month, last)
    )
    return _gathered([*_counted(month), *visitors])


def publish_due() -> list[date]:
    """Publish each month that is over and has no report yet; which ones.

    What a report does not tell by itself is put together in the totals of its days, so that
    nothing rare outlives its month.
    """
    published = []
    for month in _months_due(clock.now()):
        with transaction() as session:
            figures = figures_so_far(month)
            text = figures.to_text()
            session.add(
                TrendReport(
                    month=month,
                    published_at=clock.now(),
                    total=figures.total,
                    text=text,
                    digest=digest_of(text),
                )
            )
            _forget_rare(session, month, figures)
        published.append(month)
    return published


def report_of(month: date) -> Report:
    """The report of a month. Raises `Missing` for one that was not published."""
    row = db.session.scalar(sa.select(TrendReport).where(TrendReport.month == month))
    if row is None:
        raise Missing
    return _read(row)


def reports_between(first: date, last: date) -> list[Report]:
    """The reports of some months, oldest first."""
    rows = db.session.scalars(
        sa.select(TrendReport)
        .where(TrendReport.month.between(first, last))
        .order_by(TrendReport.month)
    )
    return [_read(row) for row in rows]


def months_told() -> list[tuple[date, int | None, datetime]]:
    """Every published month with its total and when it was published, newest first."""
    rows = db.session.execute(
        sa.select(TrendReport.month, TrendReport.total, TrendReport.published_at).order_by(
            TrendReport.month.desc()
        )
    )
    return [(month, total, at) for month, total, at in rows]


def altered() -> list[date]:
    """The months whose report is not what was published."""
    rows = db.session.execute(
        sa.select(TrendReport.month, TrendReport.text, TrendReport.digest).order_by(
            TrendReport.month
        )
    )
    return [month for month, text, digest in rows if digest_of(text) != digest]


def digest_of(text: str) -> str:
    """The SHA-256 by which a report is known."""
    return hashlib.sha256(text.encode()).hexdigest()


def _months_due(at: datetime) -> Iterable[date]:
    newest = db.session.scalar(sa.select(sa.func.max(TrendReport.month)))
    first = db.session.scalar(sa.select(sa.func.min(TrendDay.day)))
    if newest is None and first is None:
        return
    month = month_after(newest) if newest else (first or at.date()).replace(day=1)
    while month_after(month) <= (at - GRACE).date():
        yield month
        month = month_after(month)


def _counted(month: date, *which: sa.ColumnElement[bool]) -> list[tuple[date, Dimension, str, int]]:
    last = month_after(month) - timedelta(days=1)
    rows = db.session.execute(
        sa.select(TrendDay.day, TrendDay.dimension, TrendDay.value, TrendDay.count).where(
            TrendDay.day.between(month, last), *which
        )
    )
    return [(day, dimension, value, count) for day, dimension, value, count in rows]


def _gathered(rows: Iterable[tuple[date, Dimension, str, int]]) -> Cells:
    cells: dict[Dimension, dict[str, Tally]] = defaultdict(lambda: defaultdict(lambda: NOTHING))
    for day, dimension, value, count in rows:
        cells[Dimension(dimension)][value] += Tally(count, 1 << day.day)
    return cells


def _forget_rare(session: Session, month: date, figures: Figures) -> None:
    """Put together, day by day, what the report did not tell by itself."""
    last = month_after(month) - timedelta(days=1)
    told = _told_values(figures)
    for dimension in OPEN:
        rare = sa.and_(
            TrendDay.day.between(month, last),
            TrendDay.dimension == dimension,
            TrendDay.value.not_in([*told[dimension], OTHER]),
        )
        rows = session.execute(
            sa.select(TrendDay.day, sa.func.sum(TrendDay.count)).where(rare).group_by(TrendDay.day)
        ).all()
        session.execute(sa.delete(TrendDay).where(rare))
        together: dict[Key, int] = {(day, dimension, OTHER): int(count) for day, count in rows}
        add_days(session, together)


def _told_values(figures: Figures) -> Mapping[Dimension, list[str]]:
    keys = {"pages": Dimension.PAGE, "sources": Dimension.SOURCE}
    keys |= {"browsers": Dimension.BROWSER, "languages": Dimension.LANGUAGE}
    told: dict[Dimension, list[str]] = defaultdict(list)
    for table in figures.tables:
        if table.key in keys:
            told[keys[table.key]] = [row.value for row in table.rows]
    return told


def _read(row: TrendReport) -> Report:
    return Report(Figures.from_text(row.text), row.published_at, row.digest, row.text)
