"""Totals of days and years, and the reports that were made of them."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.core.database import Model, UtcDateTime
from app.core.privacy import not_personal

#: The longest value of a dimension that is stored.
LONGEST = 160
#: What takes in every value that is too rare to stand by itself.
OTHER = "other"


class Dimension(enum.StrEnum):
    """What is told apart. A request adds one to each, and never to two together."""

    TOTAL = "total"
    PAGE = "page"
    BROWSER = "browser"
    LANGUAGE = "language"
    SOURCE = "source"
    HOUR = "hour"
    #: What was asked for and is no page that somebody read.
    APART = "apart"
    #: Visitors who agreed, by when they came before; of years only.
    VISITOR = "visitor"


def _words() -> sa.Enum:
    return sa.Enum(
        Dimension,
        native_enum=False,
        length=20,
        values_callable=lambda words: [word.value for word in words],
    )


class TrendDay(Model):
    """How often one value of one dimension was met on a day."""

    __tablename__ = "trend_days"
    __table_args__ = (sa.UniqueConstraint("day", "dimension", "value"),)

    day: Mapped[date] = not_personal("a day")
    dimension: Mapped[Dimension] = not_personal("what is told apart", _words())
    value: Mapped[str] = not_personal(
        "page of this site, family of browsers, language, site that links here, or an hour",
        sa.String(LONGEST),
    )
    count: Mapped[int] = not_personal("a number")


class TrendYear(Model):
    """What remains of the days of a year when their time is over."""

    __tablename__ = "trend_years"
    __table_args__ = (sa.UniqueConstraint("year", "dimension", "value"),)

    year: Mapped[int] = not_personal("a year")
    dimension: Mapped[Dimension] = not_personal("what is told apart", _words())
    value: Mapped[str] = not_personal("what was met often enough", sa.String(LONGEST))
    count: Mapped[int] = not_personal("a number")


class TrendReport(Model):
    """The report of a month as it was published. Nothing changes it afterwards."""

    __tablename__ = "trend_reports"

    month: Mapped[date] = not_personal("first day of a month", unique=True)
    published_at: Mapped[datetime] = not_personal("when it was published", UtcDateTime)
    #: How many pages were shown; nothing where that was too few to be told.
    total: Mapped[int | None] = not_personal("a number")
    text: Mapped[str] = not_personal("published figures above the thresholds", sa.Text)
    digest: Mapped[str] = not_personal("hash of the published figures", sa.String(64))


class TrendFile(Model):
    """A log that was added to the totals, so that it is not added twice."""

    __tablename__ = "trend_files"

    digest: Mapped[str] = not_personal("hash of a log file", sa.String(64), unique=True)
    folded_at: Mapped[datetime] = not_personal("when it was added", UtcDateTime)
